"""The customer's financial statement (extrato)."""

from dataclasses import dataclass
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import catalog
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.calculation import position
from integrations.sienge.sandbox.call import Call, whole
from integrations.sienge.sandbox.errors import ApiError
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.balances import report
from integrations.sienge.sandbox.views.filters import Allowed
from integrations.sienge.sandbox.world import World

# Operations that end an installment, by the flag that shows such installments.
_ENDINGS = {
    "includeRemadeInstallments": (catalog.REMADE,),
    "includeWriteOff": (catalog.PROMOTION, catalog.OTHERS, 31, 32, 33),
    "includeCancelation": (catalog.CANCELLED, catalog.TERMINATED),
    "includeRenegotiation": (catalog.SUBSTITUTED, 34),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the customer's bills to show."""

    bill_id: int | None
    company_id: int | None
    enterprise_id: int | None
    unit_ids: set[int]
    unit_names: set[str]
    with_sub_judice: bool
    conditions: Allowed
    hidden: frozenset[int]
    correct_annual: bool
    with_movements: bool

    @classmethod
    def of(cls, call: Call) -> "Asked":
        """Read the arguments of a call; the S/N flags that hide are N unless sent."""
        hidden = (codes for flag, codes in _ENDINGS.items() if not call.flag(flag))
        return cls(
            bill_id=call.integer("billReceivableId"),
            company_id=call.integer("companyId"),
            enterprise_id=call.integer("jointVentureId"),
            unit_ids=call.integers("unityId"),
            unit_names=call.words("unityCode"),
            with_sub_judice=call.flag("includeSubJudice") is not False,
            conditions=Allowed.of(call, "conditionIdIn", "conditionIdNotIn"),
            hidden=frozenset(code for codes in hidden for code in codes),
            correct_annual=call.flag("monetaryCorrectionForAnnualInstallment") is not False,
            with_movements=bool(call.flag("includeBankMovements")),
        )

    def takes_bill(self, world: World, bill: m.Bill) -> bool:
        """Whether the bill is asked for."""
        names = {world.units[unit_id].name for unit_id in bill.unit_ids}
        return (
            self.bill_id in (None, bill.id)
            and self.company_id in (None, bill.company_id)
            and self.enterprise_id in (None, bill.enterprise_id)
            and (not self.unit_ids or bool(self.unit_ids & set(bill.unit_ids)))
            and (not self.unit_names or bool(self.unit_names & names))
            and (self.with_sub_judice or bill.situation != m.SUB_JUDICE)
        )

    def takes(self, row: m.Installment) -> bool:
        """Whether the installment is asked for and did not end in a hidden way."""
        ended_as = None if row.is_open or not row.receipts else row.receipts[-1].operation_id
        return ended_as not in self.hidden and self.conditions.holds(row.condition.code)


def statement(call: Call) -> Reply:
    """Answer with the bills the customer holds, alone or with others, and their receipts."""
    customer_id = call.required_integer("customerId")
    if customer_id not in call.world.customers:
        raise ApiError(404)
    asked = Asked.of(call)
    bills = [
        bill for bill in call.world.bills_of(customer_id) if asked.takes_bill(call.world, bill)
    ]
    return whole([{"billsReceivable": [_bill(call.world, bill, asked) for bill in bills]}])


def _bill(world: World, bill: m.Bill, asked: Asked) -> dict[str, Any]:
    terms = bill.terms or m.Terms(m.ZERO, m.ZERO)
    rows = sorted(bill.installments.values(), key=lambda row: row.id)
    return {
        "billReceivableId": bill.id,
        "costCenterId": bill.enterprise_id,
        "finePercent": terms.fine_percent,
        "interestPercent": terms.interest_percent,
        "documentId": bill.document_number,
        "documentCode": bill.document_type,
        "subJudice": bill.situation == m.SUB_JUDICE,
        "installments": [_installment(world, bill, row, asked) for row in rows if asked.takes(row)],
    }


def _installment(world: World, bill: m.Bill, row: m.Installment, asked: Asked) -> dict[str, Any]:
    value = position(bill, row, world.today, correct_annual=asked.correct_annual)
    return {
        "installmentId": row.id,
        "installmentNumber": str(row.id),
        "dueDate": row.due_on,
        "conditionType": row.condition.code,
        "originalValue": row.original,
        "currentBalance": value.balance,
        "interestPercent": row.condition.interest_percent,
        "generatedBillet": row.has_boleto,
        "receipts": [_receipt(world, bill, each, asked) for each in row.receipts],
    }


def _receipt(world: World, bill: m.Bill, row: m.Receipt, asked: Asked) -> dict[str, Any]:
    moved = row.movement_id is not None
    movement = {"id": row.movement_id, "date": row.paid_on, "amount": row.net}
    return {
        "calculationDate": row.calculated_on,
        "receiptDate": row.paid_on,
        "receiptValue": row.value,
        "interestValue": row.interest,
        "additionalValue": row.fine,
        "discountValue": row.discount,
        "administrativeFee": m.ZERO,
        "netReceiptValue": row.net,
        "receiptType": catalog.OPERATIONS[row.operation_id],
        "insuranceAmount": m.ZERO,
        "mipInsuranceAmount": m.ZERO,
        "bankMovements": [movement] if moved and asked.with_movements else [],
        "accountNumber": world.companies[bill.company_id].account.name if moved else None,
        "creditDate": None,
    }


def statement_report(call: Call) -> Reply:
    """Answer with a link to the statement as PDF, good for five minutes."""
    return report(call, call.required_integer("customerId"), "extrato")


_RESOURCE = "customer-financial-statements"

ROUTES = [
    Route("GET", "/customer-financial-statements", _RESOURCE, statement),
    Route("GET", "/customer-financial-statements/pdf", _RESOURCE, statement_report),
]
