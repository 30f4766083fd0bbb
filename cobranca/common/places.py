"""CEP and UF."""

from cobranca.common.errors import DomainError
from cobranca.common.text import digits

STATES = "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()
STATE_CHOICES = [(uf, uf) for uf in STATES]


def parse_postal_code(text: str, field: str = "postal_code") -> str:
    """Return the eight digits of a CEP typed by a person ("" stays ""), or refuse it."""
    number = digits(text)
    if text.strip() and len(number) != 8:
        raise DomainError("CEP inválido: são oito números, como 88010-000.", field)
    return number


def format_postal_code(code: str) -> str:
    """Return 88010-000."""
    return f"{code[:5]}-{code[5:]}" if len(code) == 8 else code
