"""The writing endpoints a collections client uses: contact data, due dates, cancellations."""

from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.installments import change_due_date
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.cancellation import cancel
from integrations.sienge.sandbox.errors import ApiError, invalid_field
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.bodies import day_of, sent_object

_PHONE_KINDS = {"CE": "Celular", "CO": "Comercial", "RE": "Residencial"}
_ADDRESS_KINDS = {"C": "Comercial", "R": "Residencial"}


def put_phones(call: Call) -> Reply:
    """Replace the whole list of phones; exactly one of them must be the main one."""
    customer = call.row(call.world.customers, "id")
    rows = sent_object(call).get("phones")
    if not isinstance(rows, list) or not rows:
        raise invalid_field("phones", "lista obrigatória")
    phones = [_phone(position, row) for position, row in enumerate(rows)]
    if sum(phone.main for phone in phones) != 1:
        raise invalid_field("phones", "informe exatamente um telefone principal")
    customer.phones = phones
    return _changed(call, customer)


def _phone(position: int, row: dict[str, Any]) -> m.Phone:
    """Return a phone as sent: trunk zero, area code and number, digits only."""
    number, kind = str(row.get("number", "")), str(row.get("type", "CE"))
    note = row.get("note") or None
    if not number.isdigit() or not 10 <= len(number) <= 13:
        raise invalid_field(f"phones[{position}].number", "formato inválido")
    if kind not in _PHONE_KINDS:
        raise invalid_field(f"phones[{position}].type", "valor inválido")
    if note is not None and len(str(note)) > 40:
        raise invalid_field(f"phones[{position}].note", "tamanho máximo 40")
    return m.Phone(number, row.get("main") is True, _PHONE_KINDS[kind], note, row.get("idd"))


def put_address(call: Call) -> Reply:
    """Create or replace the commercial or residential address."""
    customer = call.row(call.world.customers, "id")
    kind = _ADDRESS_KINDS.get(call.path["type"])
    if kind is None:
        raise invalid_field("type", "valor inválido")
    sent = sent_object(call)
    others = [row for row in customer.addresses if row.kind != kind]
    address = m.Address(
        kind=kind,
        street=str(sent.get("streetName") or ""),
        number=sent.get("number"),
        complement=sent.get("complement"),
        neighbourhood=sent.get("neighborhood"),
        city_id=sent.get("cityId"),
        city=sent.get("city"),
        state=sent.get("state"),
        postcode=sent.get("zipCode"),
        mail=not others,
    )
    customer.addresses = [address, *others]
    return _changed(call, customer)


def _changed(call: Call, customer: m.Customer) -> Reply:
    call.world.touch_customer(customer)
    call.world.emit(events.CUSTOMER_UPDATED, {"customerId": customer.id})
    return Reply(status=204)


def post_cancellation(call: Call) -> Reply:
    """Cancel a contract; 422 when it is cancelled already."""
    contract, sent = call.row(call.world.contracts, "id"), sent_object(call)
    day, reason = day_of(sent, "date"), sent.get("reason")
    if not reason:
        raise invalid_field("reason", "obrigatório")
    if sent.get("subType") not in ("I", "X", "J", "E"):
        raise invalid_field("subType", "valor inválido")
    if contract.situation == m.CANCELLED:
        raise ApiError(422, client="Contrato já cancelado")
    cancel(call.world, contract, on=day, reason=str(reason))
    return Reply(status=201, payload={"id": contract.id})


def patch_due_date(call: Call) -> Reply:
    """Move a due date; refused with receipts or into the past."""
    bill = call.row(call.world.bills, "receivableBillId")
    row, due_on = (
        call.row(bill.installments, "installmentId"),
        day_of(sent_object(call), "newDueDate"),
    )
    if row.receipts:
        raise ApiError(422, client="Parcela possui recebimentos")
    if due_on < call.world.today:
        raise ApiError(422, client="Nova data de vencimento anterior à data atual")
    change_due_date(call.world, bill, row, due_on)
    return Reply(status=204)


_INSTALLMENT = "/accounts-receivable/receivable-bills/{receivableBillId}/installments"

ROUTES = [
    Route("PUT", "/customers/{id}/phones", "customers/phones", put_phones, changes=True),
    Route(
        "PUT", "/customers/{id}/addresses/{type}", "customers/addresses", put_address, changes=True
    ),
    Route(
        "POST",
        "/sales-contracts/{id}/cancellation",
        "sales-contracts",
        post_cancellation,
        changes=True,
    ),
    Route(
        "PATCH",
        f"{_INSTALLMENT}/{{installmentId}}/change-due-date",
        "accounts-receivable/change-due-date",
        patch_due_date,
        changes=True,
    ),
]
