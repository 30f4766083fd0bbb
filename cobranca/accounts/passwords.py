"""Passwords that are easy to guess here: made of the house's own words."""

from typing import Any

from django.core.exceptions import ValidationError

from cobranca.common.text import plain as folded

# docs/security.md lists them: what the product, the trade and its roles are called.
WORDS = (
    "cobranca", "telecobranca", "assessoria", "credor", "devedor", "acordo", "boleto",
    "implementador", "supervisor", "cobrador", "auditor", "sienge", "senha", "mudar",
)  # fmt: skip
# A password may hold such a word, but not be little else.
LEAST_BESIDE = 8


class ContextWordsValidator:
    """Refuses a password that is a known word, or the agency's name, and a few signs more."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse, naming the reason and not the word."""
        agency = getattr(user, "agency", None)
        names = folded(agency.name).split() if agency is not None else []
        rest = whole = folded(password).replace(" ", "")
        for word in sorted({*WORDS, *names}, key=len, reverse=True):
            if len(word) > 3:
                rest = rest.replace(word, "")
        if rest != whole and len(rest) < LEAST_BESIDE:
            raise ValidationError(self.get_help_text(), code="password_of_house_words")

    def get_help_text(self) -> str:
        """Say what is expected."""
        return "A senha não pode ser feita de palavras da casa: o produto, o papel, a assessoria."
