"""CPF and CNPJ (numeric and alphanumeric): validated, stored bare, shown with punctuation."""

import re

from stdnum.br import cnpj, cpf

from cobranca.common.errors import DomainError

_NOISE = re.compile(r"[^0-9A-Z]")


def clean_document(text: str | None) -> str:
    """Return a CPF or CNPJ without punctuation, upper case; nothing is validated."""
    return _NOISE.sub("", (text or "").upper())


def is_valid_document(document: str) -> bool:
    """Tell whether a bare CPF or CNPJ has its length and check digits right."""
    if len(document) == 11:
        return bool(cpf.is_valid(document))
    return len(document) == 14 and bool(cnpj.is_valid(document))


def parse_document(text: str, field: str = "document") -> str:
    """Return the bare CPF or CNPJ typed by a person, or refuse it at its field."""
    document = clean_document(text)
    if not is_valid_document(document):
        raise DomainError("CPF ou CNPJ inválido: confira os dígitos.", field)
    return document


def format_document(document: str) -> str:
    """Return 111.444.777-35 or 11.222.333/0001-81; anything else as it came."""
    d = document
    if len(d) == 11:
        return f"{d[:3]}.{d[3:6]}.{d[6:9]}-{d[9:]}"
    if len(d) == 14:
        return f"{d[:2]}.{d[2:5]}.{d[5:8]}/{d[8:12]}-{d[12:]}"
    return d
