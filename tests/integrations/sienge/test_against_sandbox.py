"""The connector against the simulator, which was written by others from the reference alone.

The simulator's control API tells the truth of its book; what was read must equal it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from cobranca.contracts.records import (
    BoletoRecord,
    ContractRecord,
    DebtorRecord,
    InstallmentRecord,
    PaymentRecord,
    SaleRecord,
)
from integrations.core.connector import Scope
from integrations.sandbox.running import Running, start
from integrations.sienge import parameters as p
from integrations.sienge.connector import make_connector
from tests import factories
from tests.integrations.sienge.office import configure

COMPANY = "1"
TODAY = date(2026, 11, 19)


class Erp:
    """The simulator as a person at its controls sees it."""

    def __init__(self, running: Running) -> None:
        self.url = running.url
        self.api_url = f"{running.url}/construtora/public/api/v1"

    def control(self, path: str, body: Any = None) -> Any:
        url = f"{self.url}/_sandbox/{path}"
        answer = (
            requests.post(url, json=body, timeout=30) if body else requests.get(url, timeout=30)
        )
        assert answer.ok, answer.text
        return answer.json(parse_float=Decimal)

    def book(self) -> list[dict[str, Any]]:
        bills = self.control(f"book?company={COMPANY}")["bills"]
        return [bill for bill in bills if bill["complete"] and not bill["forecast"]]


@pytest.fixture
def erp() -> Iterator[Erp]:
    with start("sienge", contracts=40, customers=60, companies=2, on=TODAY) as running:
        yield Erp(running)


@pytest.fixture
def connect(in_scope, erp, settings):
    settings.INTEGRATION_FIRST_PAUSE = 0.001
    company = factories.make_creditor(in_scope, creditor_type="SIENGE", external_code=COMPANY)
    configure(
        in_scope,
        {
            p.USER: "construtora-cobranca",
            p.PASSWORD: "sandbox-sienge",
            p.API_ADDRESS: erp.api_url,
        },
    )
    return lambda: make_connector(company)


class Read:
    """Everything a load brought, the last word on each thing."""

    def __init__(self, pages: Any) -> None:
        self.issues: list[str] = []
        self.installments: dict[tuple[str, int], InstallmentRecord] = {}
        self.contracts: dict[str, ContractRecord] = {}
        self.sales: dict[str, SaleRecord] = {}
        self.debtors: dict[str, DebtorRecord] = {}
        self.payments: set[PaymentRecord] = set()
        self.boletos: dict[tuple[str, int], bool] = {}
        for page in pages:
            self.issues += [issue.message for issue in page.issues]
            for record in page.records:
                self.take(record)

    def take(self, record: Any) -> None:
        if isinstance(record, InstallmentRecord):
            self.installments[record.contract, record.number] = record
        elif isinstance(record, ContractRecord):
            self.contracts[record.external_id] = record
        elif isinstance(record, SaleRecord):
            self.sales[record.contract] = record
        elif isinstance(record, DebtorRecord):
            self.debtors[record.external_id] = record
        elif isinstance(record, PaymentRecord):
            self.payments.add(record)
        elif isinstance(record, BoletoRecord):
            self.boletos[record.contract, record.number] = record.available

    def update(self, other: "Read") -> None:
        for name in ("installments", "contracts", "sales", "debtors", "boletos"):
            getattr(self, name).update(getattr(other, name))
        self.payments |= other.payments


def read(connect: Any, scope: Scope | None = None) -> Read:
    return Read(connect().read_portfolio(scope or Scope(COMPANY, full=True)))


def assert_equals_the_book(found: Read, erp: Erp) -> None:
    bills = erp.book()
    told = [(str(bill["bill"]), bill, line) for bill in bills for line in bill["installments"]]

    assert {
        key: (line.due_date.isoformat(), line.principal, line.balance, line.note)
        for key, line in found.installments.items()
        if line.is_open
    } == {
        (bill, line["id"]): (line["due_on"], line["original"], line["balance"], line["condition"])
        for bill, _, line in told
        if line["balance"] > 0
    }
    for number, bill, line in told:
        if line["balance"] > 0:
            contract = found.contracts[number]
            assert contract.debtor == str(bill["customer"])
            assert contract.type_code == bill["document_type"].strip()
            assert contract.branch == (str(bill["enterprise"]) if bill["contract"] else "")
            assert contract.debtor in found.debtors
            assert found.boletos[number, line["id"]] is line["boleto"]
    sold = {str(b["bill"]): b["contract_situation"] for b in bills if b["contract"]}
    assert {n: s.is_cancelled for n, s in found.sales.items()} == {
        n: situation == "Cancelado" for n, situation in sold.items()
    }


@pytest.mark.parametrize(
    "switches",
    [
        {"spec_mode": False},
        {"spec_mode": True},
        {"wrap_single": True, "situation_codes": True, "empty_searches_404": True},
    ],
    ids=",".join,
)
def test_a_batimento_reads_the_book_as_it_is(connect, erp, switches):
    erp.control("settings", {"switches": switches})

    found = read(connect)

    assert_equals_the_book(found, erp)
    receipts = [
        (str(bill["bill"]), line["id"], receipt["paid_on"], receipt["sequence"], receipt["gross"])
        for bill in erp.book()
        for line in bill["installments"]
        for receipt in line["receipts"]
    ]
    assert sorted(
        (x.contract, x.number, x.paid_on.isoformat(), x.sequence, x.gross) for x in found.payments
    ) == sorted(receipts)


def test_daily_loads_keep_up_with_what_happens(connect, erp):
    found = read(connect)
    known = (set(found.contracts), set(found.debtors))

    for day in range(1, 6):
        erp.control("actions/advance_clock", {"days": 1})
        erp.control("actions/random", {"n": 25, "seed": day})
        now = datetime.combine(TODAY + timedelta(days=day), time(10), UTC)
        found.update(
            read(
                connect,
                Scope(
                    COMPANY,
                    full=False,
                    since=now - timedelta(days=1),
                    known_contracts=lambda codes: known[0] & set(codes),
                    known_debtors=lambda codes: known[1] & set(codes),
                ),
            )
        )
        known[0].update(found.contracts)
        known[1].update(found.debtors)

    # What was deleted over there is only missed by a batimento.
    bills = {(str(b["bill"]), line["id"]) for b in erp.book() for line in b["installments"]}
    found.installments = {key: line for key, line in found.installments.items() if key in bills}
    found.sales = {number: s for number, s in found.sales.items() if (number, 1) in bills}
    assert_equals_the_book(found, erp)
