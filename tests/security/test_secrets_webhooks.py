"""The token of the webhooks: made here, sent to the ERP once, shown to nobody."""

import hashlib
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.creditors import services as creditors
from integrations.core import hooks
from integrations.core.models import IntegrationLog, WebhookDelivery, WebhookSubscription
from integrations.sienge import parameters as sienge
from tests.security.echoing import Echoing
from tests.security.house import House, Walk
from tests.security.marking import Secret, told_by

ACTIONS = ("install", "check", "install", "rotate", "check", "rotate", "install", "remove")
ROUNDS = 3


@pytest.fixture
def tokens(house: House, monkeypatch: Any) -> list[Secret]:
    """Return the tokens that were made, each a marked one."""
    made: list[Secret] = []
    numbers = count()

    def make(_: int = 0) -> str:
        made.append(house.secret(f"hook token {next(numbers)}"))
        return made[-1].core

    monkeypatch.setattr(hooks.secrets, "token_urlsafe", make)
    return made


def test_an_erp_that_echoes_the_tokens_leaves_no_trace_of_them(
    walk: Walk, tokens: list[Secret], settings: Any
) -> None:
    settings.INTEGRATION_FIRST_PAUSE = 0
    settings.SITE_URL = "https://cobranca.example"
    house = walk.house
    with Echoing() as server, scope(agency=house.agency):
        address = f"{server.url}/construtora{sienge.API_PATH}"
        creditors.set_parameter(sienge.API_ADDRESS, address, agency=house.agency, actor=None)
        creditors.set_parameter(sienge.USER, "usuaria-api", agency=house.agency, actor=None)
        for action in ACTIONS * ROUNDS:
            try:
                row = hooks.act(action, creditor=house.creditor, actor=None, now=clock.now())
                walk.look(action, f"{row.message} {row.hooks}")
            except DomainError as error:
                walk.look(action, str(error))
            walk.look("told", str(hooks.told(house.creditor)))
        kept = "\n".join(IntegrationLog.objects.values_list("response", flat=True))

    assert len(tokens) > 1
    assert [each for each in server.asked if each.startswith("POST") and "/hooks" in each]
    assert "meu apelido" in kept
    walk.everywhere("webhook", "integra", "logs")


@pytest.fixture
def subscribed(house: House) -> Secret:
    """The token of a subscription that is good."""
    token = house.secret("a good token")
    with scope(agency=house.agency):
        WebhookSubscription.objects.create(
            agency=house.agency,
            system="sienge",
            token=token.core,
            token_hash=hashlib.sha256(token.core.encode()).hexdigest(),
        )
    return token


BODIES = {
    "an announcement": b'{"receivableBillId": 5600, "installmentId": 2}',
    "the token told again": b'{"receivableBillId": 5600, "apelido": "%s"}',
    "the token in a name": b'{"receivableBillId": 5600, "%s": 1}',
    "no JSON": b"token=%s",
    "not an object": b'["%s"]',
    "too long": b'{"x": "%s' + b"x" * 70_000 + b'"}',
}


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize("is_good", [False, True], ids=["forged", "good"])
def test_what_comes_with_a_token_leaves_no_trace_of_it(
    walk: Walk, subscribed: Secret, what: str, is_good: bool
) -> None:
    token = subscribed if is_good else walk.house.secret("a forged token")
    body = BODIES[what].replace(b"%s", token.core.encode())
    client = Client(raise_request_exception=False)
    headers = {
        "Authorization": f"Bearer {token.core}",
        "X-Sienge-Event": "RECEIPT_PROCESSED",
        "X-Sienge-Id": f"id-{token.core}"[:30] if what == "no JSON" else "id-1",
    }

    for path in (f"/webhooks/sienge/{walk.house.agency.pk}/", "/webhooks/sienge/999999/"):
        answer = client.post(path, body, content_type="application/json", headers=headers)
        walk.look(f"{what} ({answer.status_code})", told_by(answer))

    with scope(agency=walk.house.agency):
        kept = WebhookDelivery.objects.filter(system="sienge").count()
    assert kept in ((0, 1) if is_good else (0,))
