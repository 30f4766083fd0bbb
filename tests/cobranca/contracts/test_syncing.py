"""SIE-13: who asks for a debtor to be read in the ERP, who does it, and what becomes of it."""

from datetime import UTC, datetime, timedelta

import pytest

from cobranca.contracts import erp, tasks
from cobranca.contracts.erp import ErpRefusalError, ErpUnreachableError, SyncReport
from cobranca.contracts.models import DebtorSync
from cobranca.contracts.services.syncing import LEASE, PATIENCE, SILENCE, finish_sync, take_sync
from cobranca.contracts.states import SyncStatus
from cobranca.contracts.syncing import carry_out, contracts_to_sync, open_debtor
from tests import factories
from tests.cobranca.contracts.asking import Oracle

pytestmark = pytest.mark.usefixtures("in_scope")
NOW = datetime(2026, 11, 23, 17, 42, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def oracle(monkeypatch):
    oracle = Oracle()
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: oracle])
    return oracle


@pytest.fixture
def contract(creditor, debtor):
    return factories.make_contract(creditor, debtor, number="295")


@pytest.fixture
def rung(monkeypatch):
    """What was rung for, as the broker would hear it."""
    heard = []
    monkeypatch.setattr(
        "cobranca.common.bell._ring", lambda name, *args: heard.append((name, *args))
    )
    return heard


def at(moment):
    return lambda: moment


def read(debtor, moment):
    return carry_out(debtor.pk, clock=at(moment))


def test_opening_asks_and_a_worker_reads(
    oracle, contract, debtor, rung, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = open_debtor(debtor, now=NOW)

    assert row.status == SyncStatus.QUEUED
    assert rung == [("contracts.sync_debtor", debtor.pk)]
    assert oracle.asked == []  # not by who opens

    assert read(debtor, NOW + SECOND)

    row.refresh_from_db()
    assert (row.status, row.synced_at) == (SyncStatus.DONE, NOW + SECOND)
    assert oracle.asked == [[contract.pk]]
    assert not row.changed


def test_what_changed_is_said(oracle, contract, debtor):
    oracle.report = SyncReport(recalled=1)
    open_debtor(debtor, now=NOW)
    read(debtor, NOW)

    assert DebtorSync.objects.get().changed


@pytest.mark.parametrize(
    ("seconds", "is_wish", "times"),
    [(0, False, 1), (59, False, 1), (61, False, 2), (5, True, 2)],
    ids=["at once", "within the minute", "after it", "a person's wish"],
)
def test_opening_again_within_a_minute_does_not_ask_again(
    oracle, contract, debtor, seconds, is_wish, times
):
    open_debtor(debtor, now=NOW)
    read(debtor, NOW)

    later = NOW + seconds * SECOND
    open_debtor(debtor, now=later, is_wish=is_wish)
    read(debtor, later)

    assert len(oracle.asked) == times


def test_a_reading_under_way_is_not_asked_for_twice_even_as_a_wish(oracle, contract, debtor):
    open_debtor(debtor, now=NOW)
    take_sync(debtor.pk, now=NOW)

    row = open_debtor(debtor, now=NOW + SECOND, is_wish=True)

    assert (row.status, row.attempt) == (SyncStatus.RUNNING, 1)
    assert not read(debtor, NOW + SECOND)
    assert oracle.asked == []


def test_without_an_erp_that_may_be_asked_nothing_is_queued(oracle, contract, debtor):
    oracle.syncs = False

    assert open_debtor(debtor, now=NOW) is None
    assert not DebtorSync.objects.exists()


def test_contracts_of_others_of_no_title_and_long_finished_are_left_out(
    oracle, contract, creditor, debtor, agency
):
    make = factories.make_contract
    make(creditor, factories.make_debtor(agency))
    make(creditor, debtor, external_id="")
    make(creditor, debtor, is_current=False)
    old = (NOW - timedelta(days=31)).date()
    make(creditor, debtor, status="finished", finished_on=old)
    recent = make(creditor, debtor, status="finished", finished_on=NOW.date())

    assert contracts_to_sync(debtor.pk, NOW) == {creditor: [contract, recent]}


def test_each_creditors_erp_is_asked_about_its_own(oracle, contract, debtor, agency):
    other = factories.make_contract(factories.make_creditor(agency), debtor)
    open_debtor(debtor, now=NOW)
    read(debtor, NOW)

    assert oracle.asked == [[contract.pk], [other.pk]]


def test_an_erp_that_does_not_answer_is_said_since_when(oracle, contract, debtor):
    oracle.problem = ErpUnreachableError("O Sienge não respondeu.")
    for minutes in (0, 2, 4):
        open_debtor(debtor, now=NOW + timedelta(minutes=minutes))
        assert not read(debtor, NOW + timedelta(minutes=minutes))

    row = DebtorSync.objects.get()
    assert (row.status, row.failing_since) == (SyncStatus.FAILED, NOW)
    assert row.message == "O Sienge não respondeu."

    oracle.problem = None
    open_debtor(debtor, now=NOW + timedelta(minutes=6))
    read(debtor, NOW + timedelta(minutes=6))

    row.refresh_from_db()
    assert (row.status, row.failing_since, row.message) == (SyncStatus.DONE, None, "")


def test_an_erp_that_refuses_is_not_silent(oracle, contract, debtor):
    oracle.problem = ErpRefusalError("O Sienge recusou o usuário ou a senha da API.")
    open_debtor(debtor, now=NOW)
    read(debtor, NOW)

    row = DebtorSync.objects.get()
    assert (row.status, row.failing_since) == (SyncStatus.FAILED, None)
    assert "recusou o usuário" in row.message


def test_a_fault_of_ours_ends_the_reading_without_telling_what(oracle, contract, debtor):
    oracle.problem = ZeroDivisionError("segredo")
    open_debtor(debtor, now=NOW)
    read(debtor, NOW)

    row = DebtorSync.objects.get()
    assert (row.status, row.message) == (SyncStatus.FAILED, "Erro inesperado (ZeroDivisionError).")


def test_a_silent_erp_is_not_asked_by_every_debtor(oracle, contract, debtor, creditor, agency):
    """One that hangs for a minute would else hold every worker, one debtor after another."""
    oracle.problem = ErpUnreachableError("O Sienge não respondeu.")
    others = [factories.make_debtor(agency) for _ in range(3)]
    for each in others:
        factories.make_contract(creditor, each)
    open_debtor(debtor, now=NOW)
    read(debtor, NOW)

    moments = [NOW + SILENCE / 3, NOW + SILENCE * 2 / 3, NOW + SILENCE + SECOND]
    for each, moment in zip(others, moments, strict=True):
        open_debtor(each, now=moment)
        read(each, moment)

    assert len(oracle.asked) == 2  # the first, and the one after the pause: silence is no proof
    ends = [DebtorSync.objects.get(debtor=each) for each in others]
    assert [row.status for row in ends] == [SyncStatus.FAILED] * 3
    assert [row.failing_since for row in ends] == [NOW, NOW, moments[2]]


def test_one_silent_erp_does_not_silence_another(oracle, contract, debtor, creditor, agency):
    """Somebody who owes to both was not read: it is not known here which of the two was silent."""
    elsewhere = factories.make_creditor(agency, creditor_type="OUTRO")
    factories.make_contract(elsewhere, debtor, number="9")
    oracle.problem = ErpUnreachableError("O Sienge não respondeu.")
    open_debtor(debtor, now=NOW)
    read(debtor, NOW)
    oracle.problem = None
    other = factories.make_debtor(agency)
    factories.make_contract(elsewhere, other, number="10")

    open_debtor(other, now=NOW + SECOND)

    assert read(other, NOW + SECOND)


def test_a_killed_workers_reading_is_taken_up_by_another(oracle, contract, debtor):
    open_debtor(debtor, now=NOW)
    dead = take_sync(debtor.pk, now=NOW)
    assert not read(debtor, NOW + LEASE)  # it may only be slow

    assert read(debtor, NOW + LEASE + SECOND)

    # The dead one was only slow: what it writes now is not believed.
    assert not finish_sync(dead, SyncReport(included=9), now=NOW + 2 * LEASE)
    row = DebtorSync.objects.get()
    assert (row.attempt, row.changed, row.synced_at) == (2, False, NOW + LEASE + SECOND)


def test_a_reading_that_takes_its_workers_down_is_given_up(oracle, contract, debtor):
    open_debtor(debtor, now=NOW)
    take_sync(debtor.pk, now=NOW)

    assert not read(debtor, NOW + PATIENCE + SECOND)

    row = DebtorSync.objects.get()
    assert (row.status, oracle.asked) == (SyncStatus.FAILED, [])
    assert row.message == "A consulta ao ERP foi interrompida."


def test_the_sweeper_rings_for_what_nobody_heard_or_let_fall(
    oracle, contract, debtor, creditor, agency, monkeypatch
):
    heard = []
    monkeypatch.setattr(tasks.sync_debtor, "delay", heard.append)
    monkeypatch.setattr(tasks.clock, "now", at(NOW + LEASE + SECOND))
    fallen, at_work = factories.make_debtor(agency), factories.make_debtor(agency)
    for each in (fallen, at_work):
        factories.make_contract(creditor, each)
        open_debtor(each, now=NOW)
    open_debtor(debtor, now=NOW)
    take_sync(fallen.pk, now=NOW)
    take_sync(at_work.pk, now=NOW + LEASE)

    assert tasks.sweep_syncs() == 2
    assert sorted(heard) == sorted([debtor.pk, fallen.pk])


def test_the_bell_finds_the_agency_by_itself(oracle, contract, debtor):
    open_debtor(debtor, now=NOW)

    assert tasks.sync_debtor(debtor.pk)
    assert not tasks.sync_debtor(debtor.pk + 1)
