"""Second copies of boletos."""

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.calculation import position
from integrations.sienge.sandbox.call import Call, whole
from integrations.sienge.sandbox.errors import ApiError
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.slips import digitable_line

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


ROUTES = [
    Route("GET", "/payment-slip-notification", "payment-slip-notification", second_copy),
]
