"""Every page of the product is among those that the browser tests look at (tests/browser/pages.py).

A page is what answers a GET with a whole document; fragments, files and the API are not.
"""

from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve
from django_scopes import scopes_disabled

from cobranca.accounts.models import Agency, User
from cobranca.contracts.models import Negotiation
from tests.browser.pages import sights
from tests.security.planting import Garden
from tests.security.walking import Address, rooms, urls_for

# The configuration screens draw every table alike: tests/browser/pages.py looks at some of each.
ALIKE = "admin/"


class Anything:
    """Stands for whatever the sights ask of the portfolio: only their addresses matter here."""

    def __getattr__(self, name: str) -> "Anything":
        return Anything()

    def __sub__(self, other: int) -> "Anything":
        return self

    def __str__(self) -> str:
        return "1"


def looked_at() -> set[str]:
    every = sights(Anything())  # type: ignore[arg-type]
    paths = {sight.path.partition("?")[0] for sight in every}
    return {resolve(path).view_name for path in paths} | {sight.shows for sight in every}


@pytest.fixture
def garden(agency: Agency, implementer: User) -> Garden:
    planted = Garden(agency, implementer)
    with scopes_disabled():
        planted.row(Negotiation)  # the database asks for it when the test ends
    return planted


def test_every_page_is_in_a_sight(garden: Garden) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(garden.user)
    seen = looked_at()

    missed = [
        f"{address.name}: {address.route}"
        for room in rooms().values()
        for address in room
        if not address.route.startswith((ALIKE, "api/v1/")) or address.name == "api_docs"
        if address.name not in seen and is_page(client, address, garden)
    ]

    assert not missed, "\n".join(missed)


def test_the_walk_knows_a_page_from_a_fragment(garden: Garden) -> None:
    client = Client()
    client.force_login(garden.user)
    known = {address.name: address for room in rooms().values() for address in room}

    assert is_page(client, known["telecobranca:search"], garden)
    assert not is_page(client, known["telecobranca:quick_search"], garden)


def is_page(client: Client, address: Address, garden: Garden) -> bool:
    with scopes_disabled():
        urls = urls_for(address, garden)
    return any(is_document(get(client, url)) for url in urls)


def get(client: Client, url: str) -> Any:
    with transaction.atomic():
        response = client.get(url)
        if response.streaming:
            b"".join(response)  # to its end, where its file is closed
        transaction.set_rollback(True)
    return response


def is_document(response: HttpResponseBase) -> bool:
    if response.streaming or response.status_code != 200:
        return False
    is_html = response.headers["Content-Type"].startswith("text/html")
    return is_html and response.content.lstrip()[:9].lower() == b"<!doctype"
