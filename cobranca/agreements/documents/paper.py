"""A document: its HTML and the pictures in it, made into PDF only when somebody wants to see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from cobranca.agreements.documents.logos import logo_of
from cobranca.agreements.documents.rendering import render_pdf
from cobranca.creditors.models import Creditor

LOGO = "logo.png"


@dataclass(frozen=True)
class Document:
    """What can be shown, printed or sent. `name` is that of its file, without extension."""

    name: str
    title: str
    html: str
    files: Mapping[str, bytes] = field(default_factory=dict)

    def pdf(self) -> bytes:
        """Return the document as PDF; DomainError where the system cannot draw."""
        return render_pdf(self.html, self.files)


@dataclass(frozen=True)
class Heading:
    """What stands above a document: what it is, and where the reader stands on later pages."""

    title: str
    number: str = ""
    subtitle: str = ""

    @property
    def whole(self) -> str:
        """Recibo nº 12/3."""
        return f"{self.title} nº {self.number}" if self.number else self.title


def put_on_paper(
    template: str,
    heading: Heading,
    creditor: Creditor,
    *,
    name: str,
    on: date,
    context: Mapping[str, Any],
) -> Document:
    """Return a document of a creditor: head with its logo, foot with the agency's name.

    `on` is the day it is issued.
    """
    logo = logo_of(creditor)
    html = render_to_string(
        f"documents/{template}.html",
        {
            **context,
            "heading": heading,
            "creditor": creditor,
            "agency": creditor.agency,
            "logo": LOGO if logo else "",
            "issued_on": on,
        },
    )
    return Document(name, heading.whole, html, {LOGO: logo} if logo else {})
