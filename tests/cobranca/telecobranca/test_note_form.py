"""The empty form of an event, kept in pieces, is the one that Django draws."""

import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from cobranca.telecobranca import note_form
from cobranca.telecobranca.forms import NoteForm

CONTRACTS = [SimpleNamespace(pk=3, number="A-1"), SimpleNamespace(pk=4, number="<b>&")]


def plain(text: str) -> str:
    return re.sub(r">\s+<", "><", text).strip()


@pytest.mark.parametrize("contracts", [[], CONTRACTS[:1], CONTRACTS])
def test_it_is_what_the_template_would_draw(contracts):
    context = {"debtor": SimpleNamespace(pk=12), "form": NoteForm(contracts=contracts)}

    assert plain(note_form.blank_note_form(12, contracts)) == plain(
        render_to_string(note_form.TEMPLATE, context)
    )


def test_it_says_so_when_the_template_has_nowhere_to_put_them(monkeypatch):
    monkeypatch.setattr(note_form, "render_to_string", lambda *_: "<form></form>")
    note_form._pieces.cache_clear()

    with pytest.raises(LookupError, match="_note_form"):
        note_form.blank_note_form(12, [])

    note_form._pieces.cache_clear()
