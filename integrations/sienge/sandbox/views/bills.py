"""Receivable bills and their installments, as the accounts-receivable API shows them."""

from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.errors import ApiError, missing
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.filters import Allowed
from integrations.sienge.sandbox.wire import padded, residue
from integrations.sienge.sandbox.world import World

_BASE = "/accounts-receivable/receivable-bills"


def list_bills(call: Call) -> Reply:
    """Answer with a customer's bills; settled ones only when paidOff is true."""
    company, center = call.integer("companyId"), call.integer("costCenterId")
    with_settled = call.flag("paidOff")
    rows = [
        bill
        for bill in _bills_of_customer(call)
        if (not company or bill.company_id == company)
        and (not center or bill.enterprise_id == center)
        and (with_settled or bill.is_open)
    ]
    return call.page(rows, lambda row: _listed(call.world, row))


def _bills_of_customer(call: Call) -> list[m.Bill]:
    """Return the bills a customer holds, alone or with others."""
    customer_id = call.integer("customerId")
    if customer_id is not None:
        return call.world.bills_of(customer_id)
    if call.switches.bills_without_customer:
        return list(call.world.all_bills())
    raise missing("customerId")


def one_bill(call: Call) -> Reply:
    """Answer with one bill and its four situation flags."""
    row = call.row(call.world.bills, "receivableBillId")
    situation = {
        "normal": row.situation == m.NORMAL,
        "inBilling": row.situation == m.IN_BILLING,
    }
    return call.single({**_common(call.world, row), **situation})


def _listed(world: World, row: m.Bill) -> dict[str, Any]:
    return {**_common(world, row), "payOffDate": row.paid_off_on}


def _common(world: World, row: m.Bill) -> dict[str, Any]:
    return {
        "customerId": row.customer_id,
        "receivableBillId": row.id,
        "documentId": padded(row.document_type),
        "documentNumber": row.document_number,
        "issueDate": row.issued_on,
        "receivableBillValue": residue(row.value),
        "companyId": row.company_id,
        "defaulting": row.situation == m.DEFAULTING,
        "subjudice": row.situation == m.SUB_JUDICE,
        "note": row.note,
        "unityName": world.units[row.unit_ids[0]].name if row.unit_ids else None,
    }


def list_installments(call: Call) -> Reply:
    """Answer with the installments of a bill, settled ones too; 404 when there are none."""
    bill = call.row(call.world.bills, "receivableBillId")
    carriers = Allowed.of(call, "carrierIdIn", "carrierIdNotIn")
    rows = [i for i in bill.installments.values() if carriers.holds(i.condition.bearer_id)]
    if not rows:
        raise ApiError(404)
    rows.sort(key=lambda row: row.id)
    return call.page(rows, lambda row: installment(bill, row))


def installment(bill: m.Bill, row: m.Installment) -> dict[str, Any]:
    """Return an installment: its open original balance, no receipts."""
    return {
        "receivableBillId": bill.id,
        "installmentId": row.id,
        "carrierId": row.condition.bearer_id,
        "conditionTypeId": row.condition.code,
        "dueDate": row.due_on,
        "balanceDue": row.balance,
        "generatedBoleto": row.has_boleto,
    }


def budget_categories(call: Call) -> Reply:
    """Answer with the financial category of a bill."""
    bill = call.row(call.world.bills, "receivableBillId")
    href = f"{call.base_url}{_BASE}/{bill.id}"
    row = {
        "costCenterId": bill.enterprise_id,
        "paymentCategoriesId": "1010101",
        "percentage": 100,
        "links": [{"rel": "accounts-receivable", "href": href}],
    }
    return call.page([row], lambda each: each)


ROUTES = [
    Route("GET", _BASE, "accounts-receivable", list_bills),
    Route("GET", f"{_BASE}/{{receivableBillId}}", "accounts-receivable", one_bill),
    Route(
        "GET",
        f"{_BASE}/{{receivableBillId}}/installments",
        "accounts-receivable",
        list_installments,
    ),
    Route(
        "GET",
        "/accounts-receivable/{receivableBillId}/budget-categories",
        "accounts-receivable",
        budget_categories,
    ),
]
