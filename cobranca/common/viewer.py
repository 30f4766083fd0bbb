"""Who is looking, and whether documents, phones and e-mails are masked for them (PLT-18).

The one place that decides: templates' filters, the API and the exports ask `is_masked`. It is true
for whoever lacks the permission of SEES_PERSONAL (auditors), unless they revealed the very debtor
that the page is about, an act that is written down. Tasks, which nobody looks at, mask nothing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any

from cobranca.common.masking import mask_text
from cobranca.common.phones import format_phone

SEES_PERSONAL = "debtors.see_personal"
_STARS = "***"


class Viewer:
    """Somebody who looks at one page or answer."""

    def __init__(self, user: Any) -> None:
        self.user = user
        # The page is about a debtor whom this person revealed.
        self.has_revealed = False

    @cached_property
    def _sees_all(self) -> bool:
        return bool(self.user.has_perm(SEES_PERSONAL))

    @property
    def is_masked(self) -> bool:
        """Whether personal data are hidden from them here."""
        return not (self.has_revealed or self._sees_all)


_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


@contextmanager
def viewing(viewer: Viewer) -> Iterator[Viewer]:
    """Let `viewer` be the one who looks."""
    token = _viewer.set(viewer)
    try:
        yield viewer
    finally:
        _viewer.reset(token)


def looking() -> Any | None:
    """Return who looks; None where nobody does."""
    viewer = _viewer.get()
    return None if viewer is None else viewer.user


def is_masked() -> bool:
    """Tell whether personal data are hidden from whoever looks."""
    viewer = _viewer.get()
    return viewer is not None and viewer.is_masked


def hidden_document(document: str) -> str:
    """***.456.789-** of a CPF; a company's CNPJ is no personal data."""
    if len(document) != 11 or not document.isdigit():
        return document
    return f"{_STARS}.{document[3:6]}.{document[6:9]}-**"


def hidden_phone(number: str) -> str:
    """(11) *****-1234."""
    if len(number) < 8:
        return _STARS if number else ""
    area, rest = (number[:2], number[2:]) if len(number) >= 10 else ("", number)
    shown = f"{'*' * (len(rest) - 4)}-{rest[-4:]}"
    return f"({area}) {shown}" if area else shown


def hidden_email(email: str) -> str:
    """m***@exemplo.com.br."""
    name, at, host = email.partition("@")
    return f"{name[:1]}{_STARS}@{host}" if at else (_STARS if email else "")


_PHONE = re.compile(r"\(\d{2}\) ?(?:9 ?)?\d{4}-\d{4}|\b\d{10,11}\b")


def hidden_text(text: str) -> str:
    """Free text with its documents, phones and e-mails hidden."""
    text = _PHONE.sub(lambda found: hidden_phone(re.sub(r"\D", "", found.group())), text)
    return mask_text(text)


def shown_document(document: str) -> str:
    """Return a document (digits) as whoever looks may see it."""
    return hidden_document(document) if is_masked() else document


def shown_phone(number: str) -> str:
    """Return a phone as whoever looks may see it, ready to be read."""
    return hidden_phone(number) if is_masked() else format_phone(number)


def shown_number(number: str) -> str:
    """Return a phone (digits) as whoever looks may see it."""
    return hidden_phone(number) if is_masked() else number


def shown_email(email: str) -> str:
    """Return an e-mail as whoever looks may see it."""
    return hidden_email(email) if is_masked() else email


def shown_text(text: str) -> str:
    """Return free text as whoever looks may see it."""
    return hidden_text(text) if is_masked() else text
