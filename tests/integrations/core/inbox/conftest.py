"""An office subscribed to a tiny ERP."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from cobranca.accounts.models import Agency
from integrations.core import registry
from integrations.core.inbox import bell
from integrations.core.models import WebhookDelivery, WebhookRefusal, WebhookSubscription
from tests.integrations.core.inbox import tiny


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> tiny.Book:
    """The ERP's book; its connector is registered for the length of the test."""
    found = tiny.Book()
    monkeypatch.setitem(registry._ENTRIES, tiny.KIND, tiny.entry_for(found))
    return found


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The agencies rung for, instead of the broker hearing it half a second later."""
    rung: list[int] = []
    monkeypatch.setattr(bell, "ring", rung.append)
    return rung


@pytest.fixture
def subscription(agency: Agency, book: tiny.Book, rings: list[int]) -> WebhookSubscription:
    return tiny.subscribe(agency)


@pytest.fixture
def announce(client: Client, subscription: WebhookSubscription) -> Callable[..., Any]:
    """Return a provider that delivers; what is not said is right."""

    def post(body: Any = None, event: str = "PAID", key: str = "1", **told: Any) -> Any:
        token = told.pop("token", tiny.TOKEN)
        path = told.pop("path", f"/webhooks/tiny/{subscription.agency_id}/")
        headers = {"x-event": event, "x-id": key, **told.pop("headers", {})}
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token}")
        given = {"title": "5600", "installment": 2} if body is None else body
        kind = told.pop("content_type", "application/json")
        return client.post(path, given, content_type=kind, headers=headers, **told)

    return post


@pytest.fixture
def stored() -> Callable[[], list[WebhookDelivery]]:
    def rows() -> list[WebhookDelivery]:
        with scopes_disabled():
            return list(WebhookDelivery.objects.order_by("pk"))

    return rows


@pytest.fixture
def refused() -> Callable[[], list[WebhookRefusal]]:
    def rows() -> list[WebhookRefusal]:
        with scopes_disabled():
            return list(WebhookRefusal.objects.order_by("pk"))

    return rows
