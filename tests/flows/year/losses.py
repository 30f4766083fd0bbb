"""The truth about lost webhooks, as the ERP knows it, beside what the office's meter says."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cobranca.common import clock
from integrations.core.losses import LossReport, losses
from tests.flows.office import Office
from tests.flows.year.script import MONEY
from tests.flows.year.story import Year

HALF_A_POINT = Decimal("0.5")
WHOLE_YEAR = timedelta(days=500)
PAID, CREATED = "RECEIPT_PROCESSED", "RECEIVABLE_INSTALLMENT_CREATED"
CANCELLED = "SALES_CONTRACT_CANCELED"


@dataclass
class Share:
    """So many of so many."""

    missing: int = 0
    found: int = 0

    @property
    def percent(self) -> Decimal:
        return Decimal(100) * self.missing / max(self.found, 1)


def is_like(some: dict[str, Share], others: dict[str, Share]) -> bool:
    """Tell whether both agree of each event to half a point, or to one fact where they are few."""
    return some.keys() == others.keys() and all(
        abs(share.percent - others[event].percent)
        <= max(HALF_A_POINT, Decimal(100) / max(share.found, 1))
        for event, share in some.items()
    )


@dataclass
class _Told:
    """How often the ERP told of one installment or contract, and how often that was lost."""

    times: int = 0
    lost: int = 0

    @property
    def arrived(self) -> int:
        return self.times - self.lost


Fact = tuple[int, int | None]


def truth(year: Year, report: LossReport) -> dict[str, Share]:
    """Return, by event, how much of what happened the ERP told in vain: by its own book.

    Of titles that the office had; of installments that are not its own agreements' doing.
    """
    assert year.desk
    told = _told(year)
    ours = {(deal.bill, number) for deal in year.desk.deals for number in deal.dues}
    receipts = {
        fact: sum(_counts(year, fact[0], day, report) for day in days)
        for fact, days in _receipts(year).items()
    }
    created = {
        (title, number): 1
        for title, number in told.get(CREATED, {})
        if number and number > year.came_with[title] and (title, number) not in ours
    }
    cancelled = dict.fromkeys(told.get(CANCELLED, {}), 1)
    facts = {PAID: receipts, CREATED: created, CANCELLED: cancelled}
    return {
        event: Share(
            sum(
                max(times - told.get(event, {}).get(fact, _Told()).arrived, 0)
                for fact, times in found.items()
            ),
            sum(found.values()),
        )
        for event, found in facts.items()
    }


def _told(year: Year) -> dict[str, dict[Fact, _Told]]:
    """Return what the ERP told of the office's titles, by event; what is lost has one copy."""
    of_contract = {bill["contract"]: bill["bill"] for bill in year.bills()}
    found: dict[str, dict[Fact, _Told]] = {}
    for row in year.office.erp.control("webhooks")["deliveries"]:
        body = json.loads(row["body"])
        title = body.get("billId") or body.get("receivableBillId")
        title = title or of_contract.get(body.get("salesContractId"))
        if row["copy"] == 1 and title in year.known_since:
            fact = (title, body.get("installmentId") or body.get("installmentNumber"))
            fact = (title, None) if row["event"] == CANCELLED else fact
            told = found.setdefault(row["event"], {}).setdefault(fact, _Told())
            told.times += 1
            told.lost += row["lost"]
    return found


def _counts(year: Year, title: int, day: date, report: LossReport) -> bool:
    """Tell whether the office had a title before a day, within the time of the report."""
    first, end = clock.office_date(report.since), clock.office_date(report.until)
    since = year.known_since.get(title)
    return since is not None and day > since and first <= day < end


def _receipts(year: Year) -> dict[Fact, list[date]]:
    """Return the days of the receipts of announced kinds, by installment."""
    return {
        (bill["bill"], row["id"]): [
            date.fromisoformat(receipt["paid_on"])
            for receipt in row["receipts"]
            if receipt["operation_name"] in MONEY
        ]
        for bill in year.bills()
        for row in bill["installments"]
    }


def report_of(office: Office) -> LossReport:
    """Return what the office's meter says of as long as it looks back."""
    report = losses(office.agency, "sienge", clock.now(), WHOLE_YEAR)
    assert report is not None
    return report


def measured(report: LossReport) -> dict[str, Share]:
    """Return the same by event."""
    return {loss.event: Share(loss.missing, loss.found) for loss in report.losses}
