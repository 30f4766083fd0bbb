"""The look, checked by arithmetic: contrast, icons, nothing inline."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template

from cobranca.common import clock
from cobranca.common.templatetags import ui

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
# What is read on what; AA asks for 4.5 (text) and 3 (edges of controls).
TEXTS = ("text", "text-2", "text-3", "accent", "danger", "warn", "ok")
GROUNDS = ("bg", "surface", "raised")
PAIRS = [
    *((text, ground, 4.5) for text in TEXTS for ground in GROUNDS),
    *((name, f"{name}-soft", 4.5) for name in ("accent", "danger", "warn", "ok")),
    ("on-accent", "accent-fill", 4.5),
    ("on-accent", "accent-fill-hover", 4.5),
    ("on-accent", "danger-fill", 4.5),
    ("control", "bg", 3.0),
    ("control", "surface", 3.0),
]


def tokens(theme: str) -> dict[str, str]:
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{\n  color-scheme.*?\n}}', TOKENS, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block.group()))


def luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast_is_enough(theme: str, front: str, back: str, least: float) -> None:
    known = tokens(theme)

    lighter, darker = sorted((luminance(known[front]), luminance(known[back])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= least


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
    inline = re.compile(rf"\sstyle=|\son\w+=[\"']|<style|{script}")

    offenders = [str(path) for path in TEMPLATES if inline.search(path.read_text())]

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
