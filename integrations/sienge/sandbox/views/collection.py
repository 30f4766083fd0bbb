"""Second copies of boletos, and the renegotiations of bills."""

from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.calculation import position
from integrations.sienge.sandbox.call import Call, whole
from integrations.sienge.sandbox.errors import ApiError
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.slips import digitable_line
from integrations.sienge.sandbox.views.filters import Between

_NO_SLIP = "Não foram encontradas parcelas aptas para geração da segunda via do boleto"


def second_copy(call: Call) -> Reply:
    """Answer with link and digitable line; 422 without a registered slip or a balance."""
    bill = call.world.bills.get(call.required_integer("billReceivableId"))
    number = call.required_integer("installmentId")
    row = bill.installments.get(number) if bill else None
    if bill is None or row is None:
        raise ApiError(404)
    if not row.has_boleto or not row.is_open:
        raise ApiError(422, "Parcela sem boleto registrado ou sem saldo", _NO_SLIP)
    title = f"boleto {bill.id}/{row.id}"
    result = {
        "urlReport": call.reports.publish(call.world, call.request.root, title),
        "digitableNumber": line_of(call, bill, row),
        "parameter1207": None,
    }
    return whole([result])


def line_of(call: Call, bill: m.Bill, row: m.Installment) -> str:
    """Return the line for what is owed today, due today when the date has passed."""
    today = call.world.today
    return digitable_line(
        bank=call.world.companies[bill.company_id].account.bank,
        free_field=f"{bill.id:015d}{row.id:010d}",
        due_on=max(row.due_on, today),
        amount=position(bill, row, today).balance,
    )


def list_remakings(call: Call) -> Reply:
    """Answer with every renegotiation asked for at once: limit is ignored, as it really is."""
    bill_id, company = call.integer("billReceivableId"), call.integer("companyId")
    center, customer = call.integer("costCenterId"), call.integer("customerId")
    remade_on = Between.of(call, "dueDateStart", "dueDateEnd", switchable=False)
    found = [
        _remaking(call, bill, remaking)
        for bill in call.world.all_bills()
        if bill_id in (None, bill.id)
        and (not company or bill.company_id == company)
        and (not center or bill.enterprise_id == center)
        and (not customer or customer in call.world.holders_of(bill))
        for remaking in bill.remakings
        if remade_on.holds(remaking.remade_on)
    ]
    if not found:
        raise ApiError(404)
    reply = whole(found)
    reply.payload["resultSetMetadata"]["limit"] = call.integer("limit") or 100
    return reply


def _remaking(call: Call, bill: m.Bill, row: m.Remaking) -> dict[str, Any]:
    name = call.world.customers[bill.customer_id].name
    return {
        "receivableBillId": bill.id,
        "remadeDate": row.remade_on,
        "customerDescription": f"{bill.customer_id} - {name}",
        "remadeInstallmentsDescription": ", ".join(map(str, row.replaced)),
        "remadeValue": row.replaced_value,
        "generatedInstallmentsDescription": ", ".join(map(str, row.generated_ids)),
        "generatedValue": row.generated_value,
    }


ROUTES = [
    Route("GET", "/payment-slip-notification", "payment-slip-notification", second_copy),
    Route("GET", "/remade-installments", "remade-installments", list_remakings),
]
