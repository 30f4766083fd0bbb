"""A worker killed at any point leaves the old book or the new one; the next load heals."""

import psycopg
import pytest

from cobranca.contracts.models import Event, Installment
from integrations.core.models import ImportRun
from tests.flows.office import Office
from tests.flows.paper import Rules, expected_book
from tests.flows.processes import Import, database_url, wait_until

PATHS = {
    "the first page": r"/enterprises",
    "a list": r"/customers",
    "the stream": r"/bulk-data/v1/income",
    "the last stream": r"/customer-extract-history",
}


def new_book(office: Office) -> set:
    return expected_book(office.erp.bills(), Rules())


def load_in_a_process(office: Office, *options: str) -> Import:
    return Import(office.creditor.pk, database_url(), "--full", *options)


@pytest.fixture
def changed(office: Office) -> set:
    """Return the old book of an office whose ERP has moved on."""
    office.load(full=True)
    office.next_day()
    office.erp.act("random", n=10, seed=11)
    office.erp.act(
        "new_avulso", customer=office.erp.bills()[0]["customer"], company=1, amount="777.70"
    )
    return office.open_book()


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_killed_while_reading(office, changed, path):
    office.erp.fault("hang", path, seconds=30, count=1)
    worker = load_in_a_process(office)
    wait_until(
        lambda: ImportRun.objects.filter(status="reading", heartbeat_at__isnull=False).exists()
    )
    wait_until(lambda: office.erp.running.simulator.faults.describe()[0]["fired"] > 0)

    worker.kill()

    assert office.open_book() == changed
    office.erp.heal()
    code, summary = load_in_a_process(office).finish()
    assert (code, summary["status"]) == (0, "done"), summary
    assert office.open_book() == new_book(office)
    assert not ImportRun.objects.filter(status__in=["reading", "applying"]).exists()


def test_a_load_killed_while_reading_is_gone_on_with_at_its_last_page(office, changed):
    office.erp.fault("hang", PATHS["the last stream"], seconds=30, count=1)
    worker = load_in_a_process(office)
    wait_until(lambda: office.erp.running.simulator.faults.describe()[0]["fired"] > 0)
    worker.kill()
    office.erp.heal()
    office.erp.reset_calls()

    _, summary = load_in_a_process(office).finish()

    assert summary["run"] == ImportRun.objects.latest("pk").pk
    # Neither the lists nor the first stream were read again.
    assert office.erp.calls()["bulk"] == {"GET /customer-extract-history": 1}
    assert set(office.erp.calls()["rest"]) == {"GET /units"}
    assert office.open_book() == new_book(office)


@pytest.mark.parametrize(
    "table",
    [
        "debtors_debtorreference",
        "contracts_installment",
        "contracts_event",
        "integrations_loadstate",
    ],
)
def test_killed_while_applying(office, changed, table):
    events = Event.objects.count()
    with psycopg.connect(database_url()) as rival:
        rival.execute(f"LOCK TABLE {table} IN SHARE MODE")
        worker = load_in_a_process(office)
        wait_until(lambda: _is_blocked(table))
        worker.kill()
        _end_orphans()
        rival.rollback()

    assert office.open_book() == changed
    assert Event.objects.count() == events
    code, summary = load_in_a_process(office).finish()
    assert (code, summary["status"]) == (0, "done"), summary
    assert office.open_book() == new_book(office)


def _is_blocked(table: str) -> bool:
    with psycopg.connect(database_url()) as probe:
        waiting = probe.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
        ).fetchone()
    return bool(waiting and waiting[0])


def _end_orphans() -> None:
    """End the killed worker's backend, which sleeps on a lock and has not noticed yet."""
    with psycopg.connect(database_url(), autocommit=True) as probe:
        probe.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE NOT granted AND relation IS NOT NULL"
        )


def test_a_second_worker_is_turned_away_while_the_first_lives(office):
    office.erp.fault("hang", PATHS["the stream"], seconds=30, count=1)
    first = load_in_a_process(office)
    wait_until(lambda: office.erp.running.simulator.faults.describe()[0]["fired"] > 0)

    from cobranca.common.errors import DomainError

    with pytest.raises(DomainError, match="em andamento"):
        office.load(full=True)

    first.kill()
    assert not Installment.objects.exists()
