"""Bulk /defaulters-receivable-bills: the overdue book of one company."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.bulk.stream import dumped, items_of_bills, stream
from integrations.sienge.sandbox.calculation import position
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.wire import full_document, yes_no
from integrations.sienge.sandbox.world import World

_SITUATION_FLAGS = {
    "normalReceivableBills": m.NORMAL,
    "inBillingReceivableBills": m.IN_BILLING,
    "defaultersReceivableBills": m.DEFAULTING,
    "underJudgmentReceivableBills": m.SUB_JUDICE,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which overdue bills and installments, and valued on what day."""

    company_id: int
    enterprises: set[int]
    due_limit: date
    on: date
    documents: set[str]
    bearer_id: int | None
    bill_id: int | None
    customer_id: int | None
    situations: frozenset[str]
    with_partial: bool
    only_negativated: bool

    @classmethod
    def of(cls, call: Call) -> "Asked":
        """Read the arguments of a call; the company is required."""
        hidden = {state for flag, state in _SITUATION_FLAGS.items() if call.flag(flag) is False}
        if call.flag("includeUnderJudgment") is False:
            hidden.add(m.SUB_JUDICE)
        return cls(
            company_id=call.required_integer("companyId"),
            enterprises=call.integers("enterpriseId"),
            due_limit=call.day("dueDateLimit") or call.world.today,
            on=call.day("correctionDate") or call.world.today,
            documents=call.words("documentsId"),
            bearer_id=call.integer("bearerId"),
            bill_id=call.integer("receivableBillId"),
            customer_id=call.integer("customerId"),
            situations=frozenset(set(_SITUATION_FLAGS.values()) - hidden),
            with_partial=call.flag("includePartiallyPaidInstallments") is not False,
            only_negativated=bool(call.flag("showSentToSPCSerasa")),
        )

    def takes_bill(self, world: World, bill: m.Bill) -> bool:
        """Whether the bill is asked for."""
        return (
            bill.company_id == self.company_id
            and (not self.enterprises or bill.enterprise_id in self.enterprises)
            and (not self.documents or bill.document_type in self.documents)
            and self.bill_id in (None, bill.id)
            and (self.customer_id is None or self.customer_id in world.holders_of(bill))
            and bill.situation in self.situations
            and bill.registration == m.COMPLETE
            and not bill.is_forecast
        )

    def takes(self, row: m.Installment) -> bool:
        """Whether the installment is overdue and asked for."""
        return (
            row.is_open
            and row.due_on < self.due_limit
            and self.bearer_id in (None, row.condition.bearer_id)
            and (self.with_partial or not row.receipts)
            and (row.is_negativated or not self.only_negativated)
        )


def defaulters(call: Call) -> Reply:
    """Stream the bills with something overdue, each with those installments."""
    asked = Asked.of(call)

    def make(bill: m.Bill) -> list[bytes]:
        if not asked.takes_bill(call.world, bill):
            return []
        rows = [row for row in bill.installments.values() if asked.takes(row)]
        return dumped([_item(call.world, bill, rows, asked)]) if rows else []

    return stream(call, items_of_bills(call.world, call.lock, make))


def _item(world: World, bill: m.Bill, rows: list[m.Installment], asked: Asked) -> dict[str, Any]:
    rows.sort(key=lambda row: row.id)
    return {
        "companyId": bill.company_id,
        "clientId": bill.customer_id,
        "clientName": world.customers[bill.customer_id].name,
        "receivableBillId": bill.id,
        "issueDate": bill.issued_on,
        "documentNumber": full_document(bill),
        "costCentersId": [bill.enterprise_id] if bill.enterprise_id else [],
        "units": ", ".join(world.units[unit_id].name for unit_id in bill.unit_ids),
        "receivableBillValue": bill.value,
        "defaulterInstallments": [_installment(bill, row, asked.on) for row in rows],
        "defaulterJudicialActivities": [
            {
                "recordDate": activity.on,
                "situation": activity.situation,
                "concluded": "N",
                "observation": activity.note,
            }
            for activity in bill.activities
        ],
    }


def _installment(bill: m.Bill, row: m.Installment, on: date) -> dict[str, Any]:
    value = position(bill, row, on, correct_annual=True)
    return {
        "installmentId": row.id,
        "conditionType": row.condition.code,
        "dueDate": row.due_on,
        "daysOfDelay": value.days,
        "correctedValueWithoutAdditions": value.adjusted,
        "proRata": value.additions.pro_rata,
        "interest": value.additions.interest,
        "fine": value.additions.fine,
        "totalAdditions": value.additions.total,
        "correctedValueWithAdditions": value.balance,
        "installmentNumber": str(row.id),
        "installmentSentToSPCSerasa": yes_no(row.is_negativated),
    }


_RESOURCE = "defaulters-receivable-bills"

ROUTES = [
    Route("GET", "/defaulters-receivable-bills", _RESOURCE, defaulters),
    # The aging variant documents the same items; only its screens group them.
    Route("GET", "/defaulters-receivable-bills/by-aging", _RESOURCE, defaulters),
]
