"""The playbook's two debts, and an ERP that answers what the playbook's did.

Table A (7.2.2): contract 295 on 19/11/2021, fee of 10 %. Table B (7.3.2): contract 3712 on
22/11/2021, no fee. Present value (7.2.3): contract 3228 on 19/11/2021.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django_scopes import scope

from cobranca.common.errors import DomainError
from cobranca.contracts import erp
from cobranca.contracts.erp import (
    ErpInstallment,
    ErpQuote,
    Renegotiation,
    RenegotiationReceipt,
)
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from tests import factories

DAY_A, DAY_B = date(2021, 11, 19), date(2021, 11, 22)
# number, due, value, charges
LATE_A = (
    (1, date(2021, 6, 30), "1000.00", "95.58"),
    (2, date(2021, 7, 30), "1000.00", "79.42"),
    (3, date(2021, 8, 30), "1000.00", "62.81"),
    (4, date(2021, 9, 30), "1000.00", "46.34"),
    (5, date(2021, 10, 30), "1000.00", "29.45"),
    (151, date(2021, 11, 10), "10000.00", "247.18"),
)
LATE_B = (
    (40, date(2021, 8, 10), "920.80", "50.97"),
    (41, date(2021, 9, 10), "920.80", "41.27"),
    (42, date(2021, 10, 10), "920.80", "30.94"),
    (43, date(2021, 11, 10), "920.80", "22.17"),
)
PRESENT_VALUE = (71, "1086.80", "21205.72")
Rows = dict[tuple[str, int], ErpInstallment]


@dataclass
class PlaybookGateway(erp.ErpGateway):
    """An ERP that knows the playbook's charges; what it is asked and told is kept."""

    rows: Rows = field(default_factory=dict)
    can_quote: bool = True
    can_integrate: bool = False
    refuses: str = ""
    asked: list[tuple[str, date]] = field(default_factory=list)
    told: list[Renegotiation] = field(default_factory=list)

    def quote(self, contract: Contract, on: date) -> ErpQuote:
        self.asked.append((contract.number, on))
        if self.refuses:
            raise DomainError(self.refuses)
        found = [row for (number, _), row in self.rows.items() if number == contract.number]
        return ErpQuote(has_late_terms=True, rows=found)

    def integrate(self, order: Renegotiation) -> RenegotiationReceipt:
        self.told.append(order)
        return RenegotiationReceipt("R-1")


@contextmanager
def erp_of(gateway: PlaybookGateway) -> Iterator[PlaybookGateway]:
    """Make every creditor's ERP `gateway` for as long as the block lasts."""
    before = erp._resolvers[:]
    erp.install(lambda _creditor: gateway)
    try:
        yield gateway
    finally:
        erp._resolvers[:] = before


def playbook_rows() -> Rows:
    """Return what the ERP of the playbook answers."""
    rows: Rows = {}
    for number, table in (("295", LATE_A), ("3712", LATE_B)):
        for each, _, value, charges in table:
            rows[number, each] = _told(each, value, charges)
    rows |= {("295", each): _told(each, "1000.00", "0.00") for each in range(6, 150)}
    rows["295", 150] = _told(150, "10000.00", "0.00")
    count, value, early = PRESENT_VALUE
    shares = _shares(Decimal(early), count)
    for place in range(count):
        rows["3228", 51 + place] = _told(51 + place, value, "0.00", shares[place])
    return rows


def _told(
    number: int, value: str, charges: str, early: Decimal = Decimal("0.00")
) -> ErpInstallment:
    return ErpInstallment(
        number=number,
        original=Decimal(value),
        correction=Decimal("0.00"),
        charges=Decimal(charges),
        early_discount=early,
    )


def _shares(total: Decimal, count: int) -> list[Decimal]:
    each = (total / count).quantize(Decimal("0.01"))
    return [total - each * (count - 1), *[each] * (count - 1)]


def campaign_of(creditor: Creditor, fee: str = "10", **ceilings: Any) -> None:
    """Give a creditor a campaign that allows every discount, in cash and in parcels."""
    most = {
        f"max_discount_{part}": Decimal(100) for part in ("principal", "penalty", "interest", "fee")
    }
    most |= ceilings
    campaign = factories.make_campaign(creditor, name="Recuperação")
    factories.make_cash_bracket(campaign, fee_percent=Decimal(fee), **most)
    factories.make_instalment_bracket(campaign, **most)


def table_a(creditor: Creditor, debtor: Debtor) -> Contract:
    """Make the contract of table A: six late installments, 145 to come."""
    return _contract(creditor, debtor, "295", LATE_A, _to_come_a())


def _to_come_a() -> list[tuple[int, date, str]]:
    coming = [(150, DAY_A, "10000.00")]
    for number in range(6, 150):
        months = 2021 * 12 + 10 + number - 6
        year, month = divmod(months, 12)
        day = 28 if month == 1 else 30
        coming.append((number, date(year, month + 1, day), "1000.00"))
    return coming


def table_b(creditor: Creditor, debtor: Debtor) -> Contract:
    """Make the contract of table B: four late installments, four to come."""
    coming = [
        (44, date(2021, 12, 10), "920.80"),
        (45, date(2022, 1, 10), "920.80"),
        (46, date(2022, 2, 10), "920.80"),
        (47, date(2022, 3, 10), "920.80"),
    ]
    return _contract(creditor, debtor, "3712", LATE_B, coming)


def present_value(creditor: Creditor, debtor: Debtor) -> Contract:
    """Make the contract of 7.2.3: 71 installments, none due yet."""
    count, value, _ = PRESENT_VALUE
    coming = []
    for place in range(count):
        year, month = divmod(2021 * 12 + 11 + place, 12)
        coming.append((51 + place, date(year, month + 1, 10), value))
    return _contract(creditor, debtor, "3228", (), coming)


def _contract(
    creditor: Creditor, debtor: Debtor, number: str, late: Any, coming: list[tuple[int, date, str]]
) -> Contract:
    with scope(agency=creditor.agency):
        contract = factories.make_contract(
            creditor,
            debtor,
            number=number,
            external_id=f"{number}-{debtor.pk}",
            issued_on=date(2020, 12, 14),
        )
        rows = [(each, due, value) for each, due, value, _ in late] + coming
        Installment.objects.bulk_create(
            Installment(
                agency=creditor.agency,
                contract=contract,
                number=each,
                label=str(each),
                due_date=due,
                principal=Decimal(value),
                balance=Decimal(value),
            )
            for each, due, value in rows
        )
        refresh_summaries([debtor.pk])
    return contract
