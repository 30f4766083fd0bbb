"""Announcements taken in, against a bare view with one INSERT; and processed from the inbox."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from itertools import count
from statistics import median
from typing import Any

from django.db import connection
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.contracts.models import Installment
from cobranca.creditors.models import Creditor
from integrations.core import registry
from integrations.core.inbox.processing import process
from integrations.core.models import WebhookDelivery, WebhookSubscription
from integrations.core.states import DeliveryStatus
from tests import factories
from tests.bench import bare
from tests.bench.load import CONNECTIONS, THREADS, WORKERS, gunicorn, post, requests_per_second
from tests.bench.timing import figure, seconds
from tests.flows.processes import database_url
from tests.integrations.core.inbox import tiny

REQUESTS = 4000
TOKEN = "a-token-of-the-bench"
BODY = b'{"billId":5600,"installmentId":2}'


def intake(rounds: int) -> dict[str, Any]:
    """Measure intake.vs_bare_insert: turn about, on two servers alike."""
    agency = factories.make_agency("Bancada de avisos")
    _subscribe(agency)
    bare.create_table()
    connection.close()
    serial = count()
    with _servers() as (product, plain):

        def ours() -> float:
            turn = next(serial)
            return requests_per_second(
                product, lambda n: _delivery(agency, f"{turn}-{n}"), REQUESTS
            )

        def theirs() -> float:
            return requests_per_second(plain, lambda _: post("/bare/", BODY), REQUESTS)

        ours(), theirs()
        pairs = [(ours(), theirs()) for _ in range(max(rounds, 5))]
    value = median(mine / other for mine, other in pairs)
    detail = (
        f"{REQUESTS} requests a round over {CONNECTIONS} connections kept open, gunicorn with "
        f"{WORKERS} processes of {THREADS} threads: intake {median(p[0] for p in pairs):,.0f}/s, "
        f"bare view {median(p[1] for p in pairs):,.0f}/s"
    )
    return {"intake.vs_bare_insert": figure(value, ">= 0.6", "x", detail)}


def _subscribe(agency: Agency) -> None:
    with scope(agency=agency):
        WebhookSubscription(
            agency=agency, system="sienge", token=TOKEN, token_hash=tiny.sha256(TOKEN)
        ).save()


def _delivery(agency: Agency, key: str) -> bytes:
    return post(
        f"/webhooks/sienge/{agency.pk}/",
        BODY,
        Content_Type="application/json",
        User_Agent="sienge-hooks",
        Authorization=f"Bearer {TOKEN}",
        x_sienge_tenant="exemplo",
        x_sienge_event="RECEIPT_PROCESSED",
        x_sienge_hook_id="caa132c2-6473-4ec4-8756-b3baa9c3c4c4",
        x_sienge_id=f"0f4f6a7e-{key}",
    )


@contextmanager
def _servers() -> Iterator[tuple[int, int]]:
    """Serve the product and the bare view; yields their ports."""
    environment = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "settings.dev",
        "CELERY_BROKER_URL": "memory://",
    }
    with ExitStack() as stack:
        product = stack.enter_context(gunicorn("settings.wsgi:application", environment))
        alone = {**environment, "DJANGO_SETTINGS_MODULE": "", "BARE_VIEW": "1"}
        yield product, stack.enter_context(gunicorn("tests.bench.bare:application", alone))


# --- processed ------------------------------------------------------------------------------------

EVENTS, TITLES, PARCELS = 3000, 1000, 36


def processing(rounds: int) -> dict[str, Any]:
    """Measure inbox.events_per_s: receipts announced one by one, the ERP answering from memory."""
    book = tiny.Book()
    registry.register(tiny.entry_for(book))
    agency = factories.make_agency("Bancada da caixa de entrada")
    paces = []
    with scope(agency=agency):
        creditor = factories.make_creditor(agency, creditor_type=tiny.KIND, external_code="1")
        _fill(agency, creditor, book)
        for turn in range(max(rounds, 5) + 1):
            _announce(agency, book, turn)
            took = seconds(lambda: process(agency, clock=clock.now))
            paces.append(EVENTS / took)
        left = WebhookDelivery.objects.exclude(status=DeliveryStatus.DONE).count()
    if left:
        raise RuntimeError(f"{left} announcements were not processed")
    detail = (
        f"{EVENTS} announcements of as many installments, {TITLES} titles of {PARCELS} parcels in "
        f"the creditor's book: {EVENTS / median(paces[1:]):.1f} s a round, each paid installment "
        "recalled with its event"
    )
    return {"inbox.events_per_s": figure(median(paces[1:]), ">= 300", "/s", detail)}


def _fill(agency: Agency, creditor: Creditor, book: tiny.Book) -> None:
    for number in range(TITLES):
        title = str(10_000 + number)
        contract = tiny.make_title(creditor, title)
        book.titles[title] = {n: Decimal(1000) for n in range(1, PARCELS + 1)}
        Installment.objects.bulk_create(
            Installment(
                agency=agency, contract=contract, number=n, label=f"{n}/{PARCELS}",
                due_date=tiny.DUE, principal=Decimal(1000), balance=Decimal(1000),
            )
            for n in range(2, PARCELS + 1)
        )  # fmt: skip


def _announce(agency: Agency, book: tiny.Book, turn: int) -> None:
    """Pay three more installments of every title, and announce each."""
    now = clock.now()
    rows = []
    for title, parcels in book.titles.items():
        for number in range(3 * turn + 1, 3 * turn + 4):
            parcels[number] = Decimal(0)
            rows.append(
                WebhookDelivery(
                    agency=agency, system=tiny.SYSTEM, key=f"{title}-{number}", event="PAID",
                    body="{}", contract=title, installment=number, received_at=now, due_at=now,
                )
            )  # fmt: skip
    WebhookDelivery.objects.bulk_create(rows)
