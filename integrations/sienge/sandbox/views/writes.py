"""The writing endpoints a collections client uses: contact data, due dates, agreements."""

from datetime import date
from decimal import Decimal
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.installments import change_due_date
from integrations.sienge.sandbox.actions.renegotiation import apply, undo_remaking
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.cancellation import cancel
from integrations.sienge.sandbox.catalog import BEARERS, CONDITION_TYPES, INDEXERS
from integrations.sienge.sandbox.errors import ApiError, invalid_field
from integrations.sienge.sandbox.remaking import Agreement, NewLine
from integrations.sienge.sandbox.routes import Route

_PHONE_KINDS = {"CE": "Celular", "CO": "Comercial", "RE": "Residencial"}
_ADDRESS_KINDS = {"C": "Comercial", "R": "Residencial"}


def put_phones(call: Call) -> Reply:
    """Replace the whole list of phones; exactly one of them must be the main one."""
    customer = call.row(call.world.customers, "id")
    rows = _object(call).get("phones")
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
    sent = _object(call)
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
    contract, sent = call.row(call.world.contracts, "id"), _object(call)
    day, reason = _day(sent, "date"), sent.get("reason")
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
    row, due_on = call.row(bill.installments, "installmentId"), _day(_object(call), "newDueDate")
    if row.receipts:
        raise ApiError(422, client="Parcela possui recebimentos")
    if due_on < call.world.today:
        raise ApiError(422, client="Nova data de vencimento anterior à data atual")
    change_due_date(call.world, bill, row, due_on)
    return Reply(status=204)


def post_remaking(call: Call) -> Reply:
    """Renegotiate installments of a bill; operation D only ends them."""
    sent = _object(call)
    bill = call.world.bills.get(_whole(sent, "billReceivableId"))
    if bill is None:
        raise ApiError(404)
    remade_on, _ = _day(sent, "remadeDate"), _day(sent, "calculationDate")
    replaced = _replaced(bill, str(sent.get("installments") or ""))
    lines = [] if sent.get("operationType") == "D" else _lines(sent)
    agreed = Agreement(replaced, lines, remade_on, sent.get("remadeDescription"))
    made = apply(call.world, bill, agreed)
    generated = [_generated(bill.installments[n], made) for n in made.generated_ids]
    return Reply(status=201, payload=generated[0] if len(generated) == 1 else generated)


def _replaced(bill: m.Bill, text: str) -> list[m.Installment]:
    """Return the installments named by ids joined by slashes; 422 when one cannot go."""
    parts = text.split("/")
    if not all(part.isdigit() for part in parts):
        raise invalid_field("installments", "formato inválido")
    numbers = [int(part) for part in parts]
    rows = [bill.installments[number] for number in numbers if number in bill.installments]
    if len(set(numbers)) != len(numbers) or len(rows) != len(numbers):
        raise ApiError(422, client="Parcela inexistente ou repetida")
    if not all(row.is_open for row in rows):
        raise ApiError(422, client="Parcela sem saldo para reparcelamento")
    return rows


def _lines(sent: dict[str, Any]) -> list[NewLine]:
    conditions = sent.get("paymentConditions")
    if not isinstance(conditions, list) or not conditions:
        raise ApiError(422, client="Informe as condições de pagamento")
    return [_line(condition) for condition in conditions]


def _line(sent: dict[str, Any]) -> NewLine:
    code, count = str(sent.get("conditionTypeId")), _whole(sent, "installmentsNumber")
    total = Decimal(str(sent.get("totalValue") or 0))
    indexer, bearer = int(sent.get("indexerId") or 0), int(sent.get("bearerId") or 1)
    if code not in CONDITION_TYPES or indexer not in INDEXERS or bearer not in BEARERS:
        raise ApiError(422, client="Condição, indexador ou portador inexistente")
    if count < 1 or total <= 0:
        raise invalid_field("paymentConditions", "valor ou número de parcelas inválido")
    first_on = _day(sent, "firstPayment")
    return NewLine(
        code=code,
        total=total,
        count=count,
        first_on=first_on,
        base_on=_day(sent, "baseDate") if sent.get("baseDate") else first_on.replace(day=1),
        indexer_id=indexer,
        bearer_id=bearer,
        interest_type=str(sent.get("interestType") or "N"),
        interest_percent=Decimal(str(sent.get("interestPercentage") or 0)),
    )


def _generated(row: m.Installment, made: m.Remaking) -> dict[str, Any]:
    return {
        "installmentId": row.id,
        "builtInterestValue": 0,
        "originalValue": row.original,
        "originalDebitBalance": made.replaced_value,
        "amortizationValue": row.original,
        "dueDate": row.due_on,
        "baseDate": row.condition.base_on,
        "conditionType": row.condition.code,
        "indexerCode": row.condition.indexer_id,
    }


def delete_remaking(call: Call) -> Reply:
    """Undo a renegotiation; 422 when a generated installment has a slip or a receipt."""
    bill = call.world.bills.get(call.required_integer("billReceivableId"))
    remade_on = call.required_day("remadeDate")
    found = [row for row in bill.remakings if row.remade_on == remade_on] if bill else []
    if bill is None or not found:
        raise ApiError(404)
    generated = [bill.installments[n] for n in found[-1].generated_ids if n in bill.installments]
    engaged = any(row.has_boleto or row.receipts for row in generated)
    if engaged and call.flag("validateGeneratedCollection"):
        raise ApiError(422, client="Parcelas geradas possuem cobrança ou recebimento")
    undo_remaking(call.world, bill, found[-1])
    return Reply(status=204)


def _object(call: Call) -> dict[str, Any]:
    sent = call.body()
    if not isinstance(sent, dict):
        raise ApiError(400)
    return sent


def _day(sent: dict[str, Any], field: str) -> date:
    try:
        return date.fromisoformat(str(sent.get(field)))
    except ValueError as error:
        raise invalid_field(field, "data inválida") from error


def _whole(sent: dict[str, Any], field: str) -> int:
    value = sent.get(field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid_field(field, "número inteiro obrigatório")
    return value


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
    Route("POST", "/remade-installments", "remade-installments", post_remaking, changes=True),
    Route("DELETE", "/remade-installments", "remade-installments", delete_remaking, changes=True),
]
