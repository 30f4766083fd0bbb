"""The style guide shows all that the product's pages are made of, so that it cannot rot."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cobranca.accounts.models import User
from cobranca.common import look

SignIn = Callable[[User], Client]
ROOT = Path(settings.BASE_DIR)
PARTS = ROOT / "templates" / "components"
# Whole documents: an error page has no frame, and the guide says how it looks ("Vazio, erro").
WHOLE = {"plain_page.html"}
# What is not drawn by itself: marks of the frame, of narrow screens, of a state of htmx.
UNSEEN = {"skip", "entrance", "page-narrow", "htmx-request"}
STYLES = ("base", "components", "shell")
NAME = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")


@pytest.fixture
def guide(client_for: SignIn, implementer: User) -> str:
    response = client_for(implementer).get(reverse("style_guide"))
    assert response.status_code == 200
    return response.content.decode()


def styled(sheet: str) -> set[str]:
    """Return the classes that a style sheet speaks of."""
    text = re.sub(
        r"/\*.*?\*/", "", (ROOT / "static" / "css" / f"{sheet}.css").read_text(), flags=re.S
    )
    selectors = [each for each in re.findall(r"([^{}]+){", text) if "@" not in each]
    return set(NAME.findall(" ".join(selectors)))


def drawn(html: str) -> set[str]:
    return {name for told in re.findall(r'class="([^"]*)"', html) for name in told.split()}


def test_every_part_in_use_is_shown(client_for: SignIn, implementer: User) -> None:
    response = client_for(implementer).get(reverse("style_guide"))

    shown = {template.name.rpartition("/")[2] for template in response.templates
             if (template.name or "").startswith("components/")}  # fmt: skip
    assert {path.name for path in PARTS.glob("*.html")} - shown - WHOLE == set()


@pytest.mark.parametrize("sheet", STYLES)
def test_every_class_of_the_frame_and_the_parts_is_shown(guide: str, sheet: str) -> None:
    assert styled(sheet) - drawn(guide) - UNSEEN == set()


def test_every_colour_is_shown_with_its_value_in_both_themes(guide: str) -> None:
    for theme in look.THEMES:
        for name in ("bg", "text", "accent", "danger", "warn", "ok"):
            assert f'fill="{look.tokens(theme)[name]}"' in guide
    assert "Insuficiente" not in guide
    assert guide.count("Suficiente") == len(look.PAIRS)


def test_side_by_side_every_part_is_drawn_in_both_themes_with_ids_of_its_own(
    client_for: SignIn, implementer: User
) -> None:
    html = client_for(implementer).get("/estilo/?tema=ambas").content.decode()

    ids = re.findall(r'\sid="([^"]+)"', html)
    assert html.count('data-specimen data-bs-theme="dark"') == html.count(
        'data-specimen data-bs-theme="light"'
    )
    assert len(ids) == len(set(ids))


def test_it_is_for_staff(client_for: SignIn, collector: User, client: Client) -> None:
    assert client_for(collector).get(reverse("style_guide")).status_code == 403
    assert client.get(reverse("style_guide")).status_code == 302


def test_it_costs_the_same_however_many_parts_there_are(
    client_for: SignIn, implementer: User, django_assert_max_num_queries
) -> None:
    client = client_for(implementer)

    with django_assert_max_num_queries(6):  # session, user, agency, roles, permissions
        client.get(reverse("style_guide"))
