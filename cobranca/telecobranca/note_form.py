"""The empty form of a new event, which every debtor's page has ready.

Its fields are drawn once per process; only the debtor and the contracts to choose from differ.
"""

from collections.abc import Iterable
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from cobranca.common.templatetags.steady import path_to
from cobranca.telecobranca.forms import NoteForm

TEMPLATE = "telecobranca/_note_form.html"
_DEBTOR = 7_340_000_000_000_000_000


def blank_note_form(debtor_id: int, contracts: Iterable[Any]) -> SafeString:
    """Return the form of a new event about a debtor, nothing typed yet."""
    before, between, after = _pieces()
    chosen = ((contract.pk, contract.number) for contract in contracts)
    options = format_html_join("", '<option value="{}">{}</option>', chosen)
    path = path_to("telecobranca:add_note", debtor_id)
    return mark_safe(f"{before}{path}{between}{options}{after}")  # noqa: S308


@cache
def _pieces() -> tuple[str, str, str]:
    """Return the form around the address it is sent to and the end of its contracts."""
    context = {"debtor": SimpleNamespace(pk=_DEBTOR), "form": NoteForm(contracts=[])}
    drawn = render_to_string(TEMPLATE, context)
    before, path, rest = drawn.partition(reverse("telecobranca:add_note", args=[_DEBTOR]))
    between, end, after = rest.partition("</select>")
    if not (path and end):
        raise LookupError(f"{TEMPLATE} has no address or no contracts to choose from")
    return before, between, end + after
