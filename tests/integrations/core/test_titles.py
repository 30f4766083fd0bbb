"""Titles read by themselves and applied at once, with what their caller writes beside."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from cobranca.common.errors import DomainError
from cobranca.contracts import mirror
from cobranca.contracts.models import Contract, Payment, TitleReading
from cobranca.contracts.records import ContractRecord, InstallmentRecord, PaymentRecord
from integrations.core.budget import Priority
from integrations.core.connector import Issue, Page
from integrations.core.errors import RetryableError
from integrations.core.titles import Channel, discard_abandoned, sync_titles
from tests import factories

NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 19)


@dataclass
class Erp:
    """An ERP that tells of titles what a test says, in as many pages."""

    pages: list[Page] = field(default_factory=list)
    asked: list[tuple[list[str], bool, list[str]]] = field(default_factory=list)
    breaks: Exception | None = None

    def read_titles(
        self, titles: Sequence[str], *, receipts: bool, boletos: Any = ()
    ) -> Iterator[Page]:
        self.asked.append((list(titles), receipts, list(boletos)))
        yield from self.pages
        if self.breaks:
            raise self.breaks


def page(*records: Any, **facts: Any) -> Page:
    return Page("titles", list(records), {}, **facts)


def title(code: str = "5600", **facts: Any) -> ContractRecord:
    return ContractRecord(code, "3431", "CT", number=code, **facts)


def line(number: int, balance: int = 1000, code: str = "5600", **facts: Any) -> InstallmentRecord:
    told = {"due_date": date(2026, 6, 30), "principal": Decimal(1000), "balance": Decimal(balance)}
    return InstallmentRecord(code, number, is_open=balance > 0, **told, **facts)


@pytest.fixture
def creditor(in_scope):
    return factories.make_creditor(in_scope, creditor_type="SIENGE", external_code="17")


@pytest.fixture
def contract(in_scope, creditor) -> Contract:
    debtor = factories.make_debtor(in_scope)
    made = factories.make_contract(
        creditor, debtor, number="5600", external_id="5600", external_debtor="3431"
    )
    for number in (1, 2):
        factories.make_installment(
            made, number, due_date=date(2026, 6, 30), principal=1000, balance=1000
        )
    return made


def sync(creditor: Any, erp: Erp, *titles: str, **facts: Any) -> mirror.Outcome:
    told = {
        "channel": Channel.WEBHOOK,
        "on": TODAY,
        "receipts": True,
        "priority": Priority.PAYMENTS,
        "now": NOW,
    }
    return sync_titles(creditor, titles or ["5600"], connector=erp, **(told | facts))


def statuses(contract: Contract) -> dict[int, str]:
    return dict(contract.installments.values_list("number", "status"))


def staging_left() -> list[int]:
    return mirror.partial_runs()


def test_a_title_is_made_equal_in_both_directions(creditor, contract):
    erp = Erp([page(title(), line(1, 0, closing="payment")), page(line(3))])

    outcome = sync(creditor, erp)

    assert statuses(contract) == {1: "recalled", 2: "recalled", 3: "open"}
    assert (outcome.included, outcome.recalled) == (1, 2)
    assert erp.asked == [(["5600"], True, [])]


def test_what_the_caller_writes_is_written_with_it_or_not_at_all(creditor, contract):
    def fail() -> None:
        raise DomainError("não desta vez")

    with pytest.raises(DomainError), transaction.atomic():
        sync(creditor, Erp([page(title(), line(1, 0))]), within=fail)

    assert statuses(contract) == {1: "open", 2: "open"}
    assert not TitleReading.objects.exists()


def test_a_reading_that_breaks_off_changes_nothing(creditor, contract):
    erp = Erp([page(title(), line(1, 0))], breaks=RetryableError("caiu"))
    done: list[int] = []

    with pytest.raises(RetryableError):
        sync(creditor, erp, within=lambda: done.append(1))

    assert statuses(contract) == {1: "open", 2: "open"}
    assert done == []
    assert staging_left() == []


def test_each_title_is_asked_for_once_and_its_boletos_where_wanted(creditor, contract):
    erp = Erp()

    sync(creditor, erp, "5600", "5601", "5600", receipts=False, boletos=["5600"])

    assert erp.asked == [(["5600", "5601"], False, ["5600"])]


def test_the_moment_of_reading_is_remembered(creditor, contract):
    sync(creditor, Erp([page(title(), line(1), line(2))]))

    reading = TitleReading.objects.get()
    assert reading.contract == contract
    assert (reading.read_at - NOW).total_seconds() < 5


def test_rows_set_aside_are_told_to_the_caller(creditor, contract):
    issue = Issue("bad_row", "Campo dueDate ausente ou inválido.", "5600", "2")

    outcome = sync(creditor, Erp([page(title(), line(1), line(2), issues=[issue])]))

    assert [(told.code, told.contract) for told in outcome.issues] == [("bad_row", "5600")]


def test_receipts_are_only_missed_where_they_were_told(creditor, contract):
    Payment.objects.create(
        agency_id=creditor.agency_id, contract=contract, number=1, paid_on=TODAY, sequence=1,
        kind="Recebimento", is_cash=True, gross=10, net=10, charges=0, discount=0,
    )  # fmt: skip
    lines = (line(1), line(2))

    sync(creditor, Erp([page(title(), *lines)]))
    assert Payment.objects.count() == 1

    sync(creditor, Erp([page(title(has_receipts=True), *lines)]), now=NOW.replace(hour=16))
    assert Payment.objects.count() == 0


def test_a_receipt_is_recorded_once(creditor, contract):
    money = {"gross": Decimal(10), "net": Decimal(10), "charges": Decimal(0)}
    paid = PaymentRecord(
        "5600", 1, TODAY, 1, "Recebimento", is_cash=True, discount=Decimal(0), **money
    )
    for hour in (15, 16):
        erp = Erp([page(title(has_receipts=True), line(1, 990), line(2), paid)])
        sync(creditor, erp, now=NOW.replace(hour=hour))

    assert Payment.objects.count() == 1
    assert contract.installments.get(number=1).balance == 990


def test_an_older_reading_does_not_undo_a_newer_one(creditor, contract):
    sync(creditor, Erp([page(title(), line(1, 0), line(2))]), now=NOW.replace(hour=16))

    sync(creditor, Erp([page(title(), line(1), line(2))]), now=NOW)

    assert statuses(contract) == {1: "recalled", 2: "open"}


def test_a_title_unknown_here_is_not_taken_in(creditor, contract):
    sync(creditor, Erp([page(title("7000"), line(1, code="7000"))]), "7000")

    assert not Contract.objects.filter(external_id="7000").exists()


def test_a_connector_that_reads_no_titles_is_refused(creditor):
    with pytest.raises(DomainError, match="não lê títulos"):
        sync_titles(
            creditor, ["1"], channel=Channel.OPENING, on=TODAY, receipts=False,
            priority=Priority.PAYMENTS, now=NOW, connector=object(),  # type: ignore[arg-type]
        )  # fmt: skip


def test_what_the_dead_staged_is_thrown_away_and_what_the_living_did_is_not(
    transactional_db, agency
):
    url = connection.settings_dict
    living = subprocess.Popen(
        [sys.executable, "-c", HOLDER, f"dbname={url['NAME']} host={url['HOST']} "
         f"user={url['USER']} port={url['PORT'] or 5432}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert living.stdout is not None
    assert living.stdin is not None
    assert living.stdout.readline() == "held\n"
    for run in (-7, -8):
        mirror.stage(run, 1, [line(1)])

    assert discard_abandoned() == 1
    assert mirror.partial_runs() == [-7]

    living.communicate("\n")
    assert discard_abandoned() == 1
    assert mirror.partial_runs() == []


HOLDER = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as held:
    held.execute("SELECT pg_advisory_lock(728404, -7)")
    print("held", flush=True)
    sys.stdin.readline()
"""
