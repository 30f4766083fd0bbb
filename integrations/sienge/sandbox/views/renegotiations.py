"""Renegotiations of bills through the API: asked for, made, undone."""

from decimal import Decimal
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.renegotiation import apply, undo_remaking
from integrations.sienge.sandbox.call import Call, whole
from integrations.sienge.sandbox.catalog import BEARERS, CONDITION_TYPES, INDEXERS
from integrations.sienge.sandbox.errors import ApiError, invalid_field
from integrations.sienge.sandbox.remaking import Agreement, NewLine
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.bodies import (
    amount_of,
    code_of,
    day_of,
    sent_object,
    whole_number,
)
from integrations.sienge.sandbox.views.filters import Between


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
        if remade_on.holds(remaking.remade_on) and _is_seen(remaking)
    ]
    if not found:
        raise ApiError(404)
    reply = whole(found)
    reply.payload["resultSetMetadata"]["limit"] = call.integer("limit") or 100
    return reply


def _is_seen(remaking: m.Remaking) -> bool:
    """Whether a reading that asks for it finds it: the first ones after it was made may not."""
    if remaking.unseen_for:
        remaking.unseen_for -= 1
        return False
    return True


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


def post_remaking(call: Call) -> Reply:
    """Renegotiate installments of a bill; operation D only ends them."""
    sent = sent_object(call)
    bill = call.world.bills.get(whole_number(sent, "billReceivableId"))
    if bill is None:
        raise ApiError(404, client="Título não encontrado")
    remade_on, _ = day_of(sent, "remadeDate"), day_of(sent, "calculationDate")
    operation = _operation(sent)
    replaced = _replaced(bill, str(sent.get("installments") or ""))
    _check_readjustment(call, bill, sent)
    lines = [] if operation == "D" else _lines(sent)
    if any(line.first_on < remade_on for line in lines):
        raise ApiError(422, client="Primeiro vencimento anterior à data do reparcelamento")
    agreed = Agreement(replaced, lines, remade_on, sent.get("remadeDescription"))
    made = apply(call.world, bill, agreed)
    made.unseen_for = call.switches.remade_lag
    generated = [_generated(bill.installments[n], made) for n in made.generated_ids]
    return Reply(status=201, payload=generated[0] if len(generated) == 1 else generated)


def _operation(sent: dict[str, Any]) -> str:
    """Return what is to be done; 400 when one of the codes is not documented."""
    code_of(sent, "remadeType", "R", "RFA")
    code_of(sent, "differenceType", "A", "AJC")
    rule = code_of(sent, "builtInterestRule", "A", "AIV")
    if rule == "V" and amount_of(sent, "interestPresentValue") <= 0:
        raise invalid_field("interestPresentValue", "obrigatório para valor presente")
    return code_of(sent, "operationType", "R", "RD")


def _check_readjustment(call: Call, bill: m.Bill, sent: dict[str, Any]) -> None:
    """Refuse what the tenant wants confirmed and nobody did."""
    confirmed = code_of(sent, "confirmLastReadjustmentDateChange", "N", "SN") == "S"
    if call.switches.parameter_291 and bill.annual_correction and not confirmed:
        raise ApiError(422, client="Confirme a alteração da data do último reajuste do título")


def _replaced(bill: m.Bill, text: str) -> list[m.Installment]:
    """Return the installments named by ids joined by slashes; 422 when one cannot go."""
    parts = text.split("/")
    if not all(part.isascii() and part.isdigit() for part in parts):
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


def _line(sent: Any) -> NewLine:
    if not isinstance(sent, dict):
        raise invalid_field("paymentConditions", "formato inválido")
    code, count = str(sent.get("conditionTypeId")), whole_number(sent, "installmentsNumber")
    total = amount_of(sent, "totalValue", "paymentConditions.")
    indexer, bearer = sent.get("indexerId") or 0, sent.get("bearerId") or 1
    if code not in CONDITION_TYPES or indexer not in INDEXERS or bearer not in BEARERS:
        raise ApiError(422, client="Condição, indexador ou portador inexistente")
    if not 0 < count <= 480 or total <= 0:
        raise invalid_field("paymentConditions", "valor ou número de parcelas inválido")
    first_on = day_of(sent, "firstPayment")
    return NewLine(
        code=code,
        total=total,
        count=count,
        first_on=first_on,
        base_on=day_of(sent, "baseDate") if sent.get("baseDate") else first_on.replace(day=1),
        indexer_id=indexer,
        bearer_id=bearer,
        interest_type=code_of(sent, "interestType", "N", "NPASCF"),
        interest_percent=amount_of(sent, "interestPercentage", "paymentConditions."),
    )


def _generated(row: m.Installment, made: m.Remaking) -> dict[str, Any]:
    return {
        "installmentId": row.id,
        "builtInterestValue": Decimal(0),
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
        raise ApiError(404, client="Reparcelamento não encontrado")
    generated = [bill.installments[n] for n in found[-1].generated_ids if n in bill.installments]
    engaged = any(row.has_boleto or row.receipts for row in generated)
    if engaged and call.flag("validateGeneratedCollection"):
        raise ApiError(422, client="Parcelas geradas possuem cobrança ou recebimento")
    undo_remaking(call.world, bill, found[-1])
    return Reply(status=204)


_PATH = "/remade-installments"

ROUTES = [
    Route("GET", _PATH, "remade-installments", list_remakings),
    Route("POST", _PATH, "remade-installments", post_remaking, changes=True),
    Route("DELETE", _PATH, "remade-installments", delete_remaking, changes=True),
]
