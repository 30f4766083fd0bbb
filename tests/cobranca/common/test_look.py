"""The look, checked by arithmetic: contrast, icons, nothing inline."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template

from cobranca.common import clock, look
from cobranca.common.templatetags import ui

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Files that a person takes away: no page of ours, no policy, no style sheet beside them.
TAKEN_AWAY = {ROOT / "templates" / "debtors" / "export.html"}
# Paper, and the configuration screens' own names.
OF_THEIR_OWN = ("document.css", "print.css", "campaigns.css")
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()


def tokens(theme: str) -> dict[str, str]:
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{\n  color-scheme.*?\n}}', TOKENS, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block.group()))


def luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), look.PAIRS)
def test_contrast_is_enough(theme: str, front: str, back: str, least: float) -> None:
    known = tokens(theme)

    lighter, darker = sorted((luminance(known[front]), luminance(known[back])), reverse=True)

    ratio = (lighter + 0.05) / (darker + 0.05)
    assert ratio >= least
    assert look.contrast(known[front], known[back]) == pytest.approx(ratio)  # what the guide says


def test_every_colour_of_text_is_compared_with_what_it_is_read_on() -> None:
    sheets = [path for path in STYLES if path.name not in OF_THEIR_OWN]
    colour = re.compile(r"(?<![\w-])color: var\(--([\w-]+)\)")

    told = {name for path in sheets for name in colour.findall(path.read_text())}

    assert told - {front for front, _, _ in look.PAIRS} == set()


def test_what_moves_without_end_stands_still_for_those_who_ask() -> None:
    moving = [path for path in STYLES if "infinite" in path.read_text()]

    assert moving
    assert [p.name for p in moving if "prefers-reduced-motion" not in p.read_text()] == []


def test_every_icon_named_is_in_the_sprite() -> None:
    sprite = (ROOT / "static" / "vendor" / "lucide" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([\w-]+)"|symbol="([\w-]+)"', path.read_text())
        for name in name
        if name
    }

    assert named - known == set()


def test_nothing_is_styled_or_scripted_inline() -> None:
    script = r'<script(?![^>]*(src=|type="application))'
    # `one=` is the pager's.
    inline = re.compile(rf"\sstyle=|\son(?!e=)\w+=[\"']|<style|{script}")

    offenders = [
        str(path)
        for path in TEMPLATES
        if path not in TAKEN_AWAY and inline.search(path.read_text())
    ]

    assert offenders == []


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(8, "8 s"), (125, "2 min 05 s"), (4200, "1 h 10 min"), (None, "–")],
)
def test_duration(seconds: int | None, told: str) -> None:
    assert ui.duration(seconds) == told


def test_freshness_is_amber_when_old_or_missing() -> None:
    assert "stale" not in ui.freshness(clock.now() - timedelta(hours=2))
    assert "stale" in ui.freshness(clock.now() - timedelta(hours=40))
    assert "nunca" in ui.freshness(None)


def test_numbers_of_a_payload_are_shown_as_they_came() -> None:
    assert ui.pretty('{"a": 1095.50, "b": [1]}') == '{\n  "a": 1095.50,\n  "b": [\n    1\n  ]\n}'
    assert ui.pretty("<xml/>") == "<xml/>"


def test_a_page_that_does_not_exist_has_no_address() -> None:
    assert ui.nav_url("nada:nada") == ""


class Sample(forms.Form):
    amount = forms.DecimalField(label="Valor", help_text="Em reais.")
    kind = forms.ChoiceField(label="Tipo", choices=[("a", "A")], required=False)
    active = forms.BooleanField(label="Ativo", required=False)


def test_a_field_has_its_label_help_and_error_tied_to_the_control() -> None:
    form = Sample({"amount": "x"})
    form.is_valid()

    html = Template("{% load ui %}{% field form.amount %}").render(Context({"form": form}))

    assert 'for="id_amount"' in html
    assert 'aria-describedby="id_amount_help id_amount_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-control"' in html


def test_an_optional_field_says_so_and_a_checkbox_does_not() -> None:
    context = Context({"form": Sample()})

    html = Template("{% load ui %}{% field form.kind %}{% field form.active %}").render(context)

    assert html.count("(opcional)") == 1
    assert 'class="form-select"' in html
    assert 'class="form-check-input"' in html


def test_money_keeps_its_last_cent() -> None:
    assert Template("{{ v|money }}").render(Context({"v": Decimal("1234.10")})) == "1.234,10"
