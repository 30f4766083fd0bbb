"""PLT-01: nobody sees or changes another agency's data, at any address of the product.

The list of addresses is the URL conf itself. One agency has a row in every table, each text
recognisable; an implementer of another agency, who may do everything at home, asks for all of it.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from itertools import filterfalse, product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django_scopes import scopes_disabled
from knox.models import AuthToken

from cobranca.accounts.models import Agency, User
from cobranca.contracts.models import Installment
from tests.factories import (
    make_branch,
    make_contract,
    make_creditor,
    make_debtor,
    make_installment,
)
from tests.security import planting
from tests.security.planting import Garden
from tests.security.walking import Address, leads_to_a_row, rooms, urls_for

# "FILTER" is a GET whose query names the other agency's rows.
METHODS = ("GET", "FILTER", "POST", "PUT", "PATCH", "DELETE")
# Answers that tell a stranger nothing: not here, not yours, not this way, sign in first.
CLOSED = {401, 403, 404, 405, 415}
ROOMS = rooms()
# Open to whoever asks: no data of any agency is behind them.
PUBLIC = re.compile(
    r"account_\w+|mfa_(re)?authenticate|api_schema|api_docs"
    r"|admin:(login|logout|jsi18n)|webhooks?:\w+"
)


# No table of ours has a page of its own outside of its screens.
FOR_NOBODY = {"admin:view_on_site"}


@dataclass
class World:
    """Two agencies: one planted, one from which somebody looks over the fence."""

    garden: Garden
    stranger: User
    token: str
    home: Garden


@pytest.fixture
def world(agency: Agency, implementer: User, stranger: User, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    logo = tmp_path / "logos" / str(agency.pk) / "marca.png"
    logo.parent.mkdir(parents=True)
    logo.write_bytes(b"zqx")
    garden, home = Garden(agency, implementer), Garden(stranger.agency, stranger)
    with scopes_disabled():
        garden.plant_everything()
        # The list of boletos holds the installments that have one.
        Installment.objects.filter(agency=agency).update(has_boleto=True)
        _settle(home)
    Agency.objects.filter(pk=agency.pk).update(name=garden.word())
    return World(garden, stranger, AuthToken.objects.create(stranger)[1], home)


def _settle(home: Garden) -> None:
    """Give the stranger a believable portfolio, so that their own pages have something to show."""
    creditor = make_creditor(home.agency, creditor_type="SIENGE", external_code="9")
    debtor = make_debtor(home.agency)
    contract = make_contract(creditor, debtor)
    rows = (creditor, debtor, contract, make_branch(creditor), make_installment(contract))
    home.rows |= {type(row): row for row in rows}


def poisoned(garden: Garden) -> dict[str, Any]:
    """Return an input that names the other agency's rows in every way a form or filter might."""
    words: dict[str, Any] = {"action": "delete_selected", "post": "yes", "agency": garden.agency.pk}
    for model, row in garden.rows.items():
        name = model._meta.model_name or ""
        words |= {name: row.pk, f"{name}_id": row.pk, f"{name}s": [row.pk]}
        words.setdefault("_selected_action", []).append(str(row.pk))
    return words | {"run": words["importrun"], "q": garden.words[0], "search": garden.words[0]}


def asked(client: Client, method: str, url: str, body: dict[str, Any]) -> HttpResponseBase:
    """Ask once; everything but a plain GET names the other agency's rows."""
    if method in ("GET", "FILTER"):
        return client.get(url, body if method == "FILTER" else {})
    if url.startswith("/api/"):
        return client.generic(method, url, _json(body), content_type="application/json")
    flat = {key: value for key, value in body.items() if not isinstance(value, dict)}
    return getattr(client, method.lower())(url, flat if method == "POST" else _json(body))


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body, default=str)


def shown(response: HttpResponseBase) -> str:
    """Return everything an answer says: headers, body, and what is inside a workbook."""
    body = b"".join(response) if response.streaming else response.content
    texts = [str(response.headers), body.decode(errors="replace")]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            texts += [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    return "\n".join(texts)


def leaks(text: str, garden: Garden, sent: str = "") -> list[str]:
    """Return the markers of the garden in a text, but for those the request itself carried."""
    lowered, digits = text.lower(), re.sub(r"\D", "", text)
    found = [word for word in garden.words if word in lowered and word not in sent]
    return found + [number for number in garden.numbers if number in digits]


def clients_of(world: World, url: str) -> list[Client]:
    """Return the stranger's browser or, for the API, their program."""
    if url.startswith("/api/"):
        token = {"Authorization": f"Token {world.token}"}
        return [Client(raise_request_exception=False, headers=token)]
    browser = Client(raise_request_exception=False)
    browser.force_login(world.stranger)
    return [browser]


class Trespass:
    """One try after another, each undone; collects what should not have happened."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.before = planting.checksum(world.garden.agency)
        self.body = poisoned(world.garden)
        self.findings: list[str] = []

    def urls(self, address: Address) -> list[str]:
        """Return the addresses of the other agency's rows."""
        with scopes_disabled():
            return urls_for(address, self.world.garden)

    def attempt(self, client: Client, method: str, url: str) -> int:
        """Ask, look at the answer and at the tables, and undo."""
        with transaction.atomic():
            response = asked(client, method, url, self.body)
            text = shown(response)
            self._look_at_tables(method, url)
            transaction.set_rollback(True)
        status = response.status_code
        if status >= 500:
            self.findings.append(f"{method} {url} fails: {response.exc_info[1]!r}")
        if found := leaks(text, self.world.garden, sent=self.world.garden.words[0] + url):
            self.findings.append(f"{method} {url} ({status}) shows {found[:3]}")
        return status

    def _look_at_tables(self, method: str, url: str) -> None:
        if connection.needs_rollback:
            return  # the request broke off with an error of the database: nothing of it stays
        try:
            connection.check_constraints()
        except IntegrityError as error:
            self.findings.append(f"{method} {url} is stopped only by the database: {error}")
            return
        if planting.checksum(self.world.garden.agency) != self.before:
            self.findings.append(f"{method} {url} changes another agency's rows")
        if ties := planting.ties_across_agencies():
            self.findings.append(f"{method} {url} ties rows across agencies: {ties}")


@pytest.mark.parametrize("room", ROOMS)
def test_rows_of_another_agency_do_not_exist_for_a_stranger(world, room):
    trespass = Trespass(world)
    for address in filter(leads_to_a_row, ROOMS[room]):
        for url in trespass.urls(address):
            for client, method in product(clients_of(world, url), METHODS):
                status = trespass.attempt(client, method, url)
                if status not in CLOSED:
                    trespass.findings.append(f"{method} {url} answers {status}")

    assert not trespass.findings, "\n".join(trespass.findings)


@pytest.mark.parametrize("room", ROOMS)
def test_lists_exports_and_forms_hold_nothing_of_another_agency(world, room):
    trespass = Trespass(world)
    for address in filterfalse(leads_to_a_row, ROOMS[room]):
        for url in trespass.urls(address):
            for client, method in product(clients_of(world, url), METHODS):
                trespass.attempt(client, method, url)

    assert not trespass.findings, "\n".join(trespass.findings)


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_shown_to_who_did_not_sign_in(world, room):
    trespass = Trespass(world)
    anybody = Client(raise_request_exception=False)
    for address in ROOMS[room]:
        if PUBLIC.fullmatch(address.name):
            continue
        for url, method in product(trespass.urls(address), METHODS):
            status = trespass.attempt(anybody, method, url)
            if status not in CLOSED | {302}:
                trespass.findings.append(f"{method} {url} answers {status} to anybody")

    assert not trespass.findings, "\n".join(trespass.findings)


@pytest.mark.parametrize("room", ROOMS)
def test_the_owner_finds_what_the_stranger_does_not(world, room):
    """Without this the other tests would pass on addresses that answer 404 to everybody."""
    owner = Client(raise_request_exception=False)
    owner.force_login(world.garden.user)
    missing = []
    for address in filter(leads_to_a_row, ROOMS[room]):
        if address.name in FOR_NOBODY:
            continue
        for url in Trespass(world).urls(address):
            statuses = {asked(owner, method, url, {}).status_code for method in ("GET", "POST")}
            if statuses <= {404, 405}:
                missing.append(url)

    assert not missing, "\n".join(missing)
