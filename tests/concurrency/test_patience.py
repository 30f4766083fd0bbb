"""The desk and a load in each other's way: tried again, or told in one sentence; never a trace.

With its negative controls: without them the same meeting ends in an error.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django_scopes import scope

from cobranca.accounts import access
from cobranca.agreements.models import Agreement
from cobranca.common import patience
from cobranca.common.patience import BUSY
from cobranca.contracts.models import Contract
from cobranca.contracts.services import receipts
from tests.api import refusal
from tests.cobranca.agreements.making import TODAY, agree

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
# Longer than the other's: the desk is the one whom PostgreSQL refuses.
PATIENT = "20s"


class Load:
    """A load being applied: it writes debtor and contract, and installments once told to."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.has_begun, self.may_go_on = Event(), Event()
        self.thread = Thread(target=self._apply)

    def _apply(self) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL deadlock_timeout = '{PATIENT}'")
                key = [self.contract.debtor_id]
                cursor.execute("UPDATE debtors_debtor SET updated_at = now() WHERE id = %s", key)
                key = [self.contract.pk]
                cursor.execute(
                    "UPDATE contracts_contract SET updated_at = now() WHERE id = %s", key
                )
                self.has_begun.set()
                self.may_go_on.wait(10)
                cursor.execute(
                    "UPDATE contracts_installment SET note = 'carga' WHERE contract_id = %s", key
                )
        finally:
            connection.close()


@contextmanager
def load_of(contract: Contract) -> Iterator[Load]:
    load = Load(contract)
    load.thread.start()
    assert load.has_begun.wait(10)
    try:
        yield load
    finally:
        load.may_go_on.set()
        load.thread.join(30)


@pytest.fixture
def meeting(monkeypatch: Any) -> Callable[[Load], list[int]]:
    """Let a load go on when the desk has its installment, so that each waits for the other."""
    real = receipts.lock_installments

    def meet(load: Load) -> list[int]:
        tries: list[int] = []

        def lock(ids: Any) -> Any:
            rows = real(ids)
            tries.append(1)
            load.may_go_on.set()
            # It takes the load a moment to come to the installment, and to wait for us.
            wait_until(lambda: is_somebody_waiting() or not load.thread.is_alive())
            return rows

        monkeypatch.setattr(receipts, "lock_installments", lock)
        return tries

    return meet


def is_somebody_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        Event().wait(0.02)


def settle(contract: Contract, service: Callable[..., Any]) -> None:
    row = contract.installments.get(number=1)
    service(installment_id=row.pk, amount=Decimal(1000), paid_on=TODAY, actor=None)


def test_refused_in_a_deadlock_the_desk_tries_again(office, new_contract, meeting):
    contract = new_contract()
    with load_of(contract) as load:
        tries = meeting(load)
        settle(contract, receipts.settle_installment)

    row = contract.installments.get(number=1)
    assert (row.status, row.note, len(tries)) == ("settled", "carga", 2)


def test_without_the_second_try_the_deadlock_is_an_error(office, new_contract, meeting):
    contract = new_contract()
    careless = transaction.atomic(receipts.settle_installment.__wrapped__)
    with load_of(contract) as load:
        tries = meeting(load)
        with pytest.raises(OperationalError, match="deadlock") as refused:
            settle(contract, careless)

    assert patience.is_refusal(refused.value)
    row = contract.installments.get(number=1)
    assert (row.status, row.note, len(tries)) == ("open", "carga", 1)


def test_within_anothers_transaction_nothing_is_tried_again(office):
    tries = []

    @patience.atomic_again
    def service() -> None:
        tries.append(1)
        raise OperationalError from patience.postgres.DeadlockDetected()

    with pytest.raises(OperationalError), transaction.atomic():
        service()
    assert len(tries) == 1


# --- what a person is told ------------------------------------------------------------------------


@pytest.fixture
def impatient() -> Iterator[None]:
    """As the web processes are, but shorter: the test's own thread answers the requests."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


@contextmanager
def held(contract: Contract) -> Iterator[None]:
    """Somebody else is changing the installments, and takes their time."""
    has_them, done = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM contracts_installment WHERE contract_id = %s FOR UPDATE",
                    [contract.pk],
                )
                has_them.set()
                done.wait(20)
        finally:
            connection.close()

    thread = Thread(target=hold)
    thread.start()
    assert has_them.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join(30)


@pytest.fixture
def agreement(office, new_contract, collector) -> Agreement:
    return agree(new_contract(), collector)


def cancel(client: Client, agreement: Agreement, **headers: str) -> HttpResponse:
    page = f"/telecobranca/acordos/{agreement.pk}/cancelar/"
    return client.post(page, {"reason": "Pedido do devedor"}, headers=headers)


def status_of(agreement: Agreement) -> str:
    with scope(agency=agreement.agency):
        agreement.refresh_from_db()
    return agreement.status


def contract_of(agreement: Agreement) -> Contract:
    return agreement.items.first().contract


def test_a_page_says_what_happened_what_was_kept_and_what_to_do(
    agreement, supervisor, client_for, impatient
):
    client = client_for(supervisor)
    with held(contract_of(agreement)):
        page = cancel(client, agreement)
        part = cancel(client, agreement, **{"HX-Request": "true"})
        assert status_of(agreement) == "active"

    assert (page.status_code, part.status_code) == (409, 409)
    assert BUSY in page.content.decode()
    assert part.content.decode() == BUSY
    assert part["Content-Type"].startswith("text/plain")

    assert cancel(client, agreement).status_code in (200, 302)
    assert status_of(agreement) == "cancelled"


def test_rest_answers_with_a_problem(agreement, supervisor, api_for, impatient):
    client = api_for(supervisor)
    with held(contract_of(agreement)):
        answer = client.post(f"/api/v1/agreements/{agreement.pk}/cancel/", {"reason": "Pedido"})
        body = refusal(answer, 409)
        assert status_of(agreement) == "active"

    assert body["detail"] == BUSY


def test_without_the_sentence_it_would_be_an_error_page(
    agreement, supervisor, client_for, impatient, monkeypatch
):
    monkeypatch.setattr(access, "answered", lambda request, view: view())

    with held(contract_of(agreement)), pytest.raises(OperationalError, match="lock timeout"):
        cancel(client_for(supervisor), agreement)


def test_what_is_only_looked_at_is_asked_again_by_itself(rf):
    tries = []

    def view() -> HttpResponse:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError from patience.postgres.DeadlockDetected()
        return HttpResponse("aqui")

    assert patience.answered(rf.get("/"), view).content == b"aqui"
    tries.clear()
    assert patience.answered(rf.post("/", headers={"HX-Request": "true"}), view).status_code == 409


def test_any_other_error_of_the_database_stays_one(rf):
    def view() -> HttpResponse:
        raise OperationalError("the connection is lost")

    with pytest.raises(OperationalError, match="is lost"):
        patience.answered(rf.get("/"), view)


def test_web_processes_alone_do_not_wait_for_ever(monkeypatch):
    told = {**connections.settings["default"]["OPTIONS"]}
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", told)

    def ask(found: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            found.append(cursor.fetchone()[0])
        connection.close()

    for milliseconds, shown in ((None, "0"), (1234, "1234ms")):
        if milliseconds:
            patience.limit_waiting(milliseconds)
        found: list[str] = []
        thread = Thread(target=ask, args=[found])
        thread.start()
        thread.join(10)
        assert found == [shown]


def test_the_web_process_limits_its_waiting(monkeypatch):
    import importlib

    told = {**connections.settings["default"]["OPTIONS"]}
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", told)  # wsgi changes them
    from settings import wsgi

    heard: list[int] = []
    monkeypatch.setattr(patience, "limit_waiting", heard.append)
    monkeypatch.setenv("WEB_LOCK_TIMEOUT_MS", "2500")

    importlib.reload(wsgi)

    assert heard == [2500]
