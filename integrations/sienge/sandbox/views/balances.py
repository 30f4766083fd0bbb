"""What a person owes today: /current-debit-balance and its total."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.calculation import Position, index_value, position
from integrations.sienge.sandbox.call import Call, whole
from integrations.sienge.sandbox.catalog import CONDITION_TYPES, INDEXERS, MONEY_OPERATIONS
from integrations.sienge.sandbox.errors import ApiError
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.filters import Allowed, Between
from integrations.sienge.sandbox.wire import residue
from integrations.sienge.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """Which installments of whom, and valued on what day."""

    on: date
    due: Between
    conditions: Allowed
    centers: Allowed
    boleto: bool | None
    bill_id: int | None
    unit_name: str | None
    unit_id: int | None
    correct_annual: bool

    @classmethod
    def of(cls, call: Call) -> "Asked":
        """Read the arguments of a call."""
        return cls(
            on=call.day("correctionDate") or call.world.today,
            due=Between.of(call, "dueDateStart", "dueDateEnd", switchable=False),
            conditions=Allowed.of(call, "conditionIdIn", "conditionIdNotIn"),
            centers=Allowed.of(call, "costCenterIdIn", "costCenterIdNotIn"),
            boleto=call.flag("generatedBoleto"),
            bill_id=call.integer("numberTitle"),
            unit_name=call.text("unitNumber"),
            unit_id=call.integer("unitId"),
            correct_annual=bool(call.flag("correctAnnualInstallment")),
        )

    def takes_bill(self, world: World, bill: m.Bill) -> bool:
        """Whether the bill is asked for; forecasts and half-entered ones never are."""
        names = {world.units[unit_id].name for unit_id in bill.unit_ids}
        return (
            bill.registration == m.COMPLETE
            and not bill.is_forecast
            and self.bill_id in (None, bill.id)
            and self.centers.holds(bill.enterprise_id)
            and (self.unit_name is None or self.unit_name in names)
            and (self.unit_id is None or self.unit_id in bill.unit_ids)
        )

    def takes(self, installment: m.Installment) -> bool:
        """Whether the installment is asked for."""
        return (
            self.due.holds(installment.due_on)
            and self.conditions.holds(installment.condition.code)
            and self.boleto in (None, installment.has_boleto)
        )


def current_balance(call: Call) -> Reply:
    """Answer with one element per bill of the person, in up to three lists each."""
    asked = Asked.of(call)
    bills = [bill for bill in _bills_of_person(call) if asked.takes_bill(call.world, bill)]
    open_bills = [bill for bill in bills if any(i.is_open for i in bill.installments.values())]
    if not open_bills and not call.switches.settled_balance_empty:
        raise ApiError(404, "Cliente sem títulos em aberto", "Nenhum título em aberto")
    rows = [_bill(bill, asked, call.world) for bill in open_bills]
    return whole([row for row in rows if len(row) > 2])


def _bills_of_person(call: Call) -> list[m.Bill]:
    """Return the bills of everybody with the document; the CPF wins when both are sent."""
    cpf, cnpj = call.text("cpf"), call.text("cnpj")
    if cpf is None and cnpj is None:
        raise ApiError(
            400, "Parâmetro obrigatório cpf ou cnpj ausente", "Informe o CPF ou o CNPJ do cliente"
        )
    people = [
        row.id
        for row in call.world.customers.values()
        if (row.cpf == cpf if cpf is not None else row.cnpj == cnpj)
    ]
    if not people:
        raise ApiError(404, "Cliente inválido", "Cliente não encontrado para o documento informado")
    bills = {bill.id: bill for person in people for bill in call.world.bills_of(person)}
    return [bills[bill_id] for bill_id in sorted(bills)]


def _bill(bill: m.Bill, asked: Asked, world: World) -> dict[str, Any]:
    """Return the bill with the lists that are not empty."""
    lists: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(bill.installments.values(), key=lambda each: each.id):
        bucket = _bucket(row, world.today)
        if bucket and asked.takes(row):
            lists.setdefault(bucket, []).append(_installment(bill, row, asked))
    return {"billReceivableId": bill.id, "documentId": bill.document_type, **lists}


def _bucket(row: m.Installment, today: date) -> str | None:
    """Return the list an installment belongs in; ended without money, it is in none."""
    if row.is_open:
        return "dueInstallments" if row.due_on < today else "payableInstallments"
    was_paid = any(receipt.operation_id in MONEY_OPERATIONS for receipt in row.receipts)
    return "paidInstallments" if was_paid else None


def _installment(bill: m.Bill, row: m.Installment, asked: Asked) -> dict[str, Any]:
    value = position(bill, row, asked.on, correct_annual=asked.correct_annual)
    shown = _values(bill, row, value)
    return {
        "installmentId": row.id,
        "installmentNumber": str(row.id),
        "dueDate": row.due_on,
        **shown,
        "conditionType": CONDITION_TYPES[row.condition.code].description,
        **_index(row, asked.on),
        "generatedBoleto": row.has_boleto,
        **({} if row.is_open else {"receipts": [_receipt(row, each) for each in row.receipts]}),
    }


def _values(bill: m.Bill, row: m.Installment, value: Position) -> dict[str, Any]:
    """Return the money; of a part-paid installment the original value is what is left of it."""
    original = value.open if row.is_open else row.original
    adjusted = value.adjusted if row.is_open else row.original
    terms = bill.terms
    percent = terms.fine_percent + terms.interest_percent if terms and row.is_open else m.ZERO
    return {
        "originalValue": original,
        "monetaryCorrectionValue": adjusted - original,
        "adjustedValue": adjusted,
        "latePaymentInterest": percent,
        "additionalValue": value.additions.total,
        "currentBalance": residue(value.balance),
    }


def _index(row: m.Installment, on: date) -> dict[str, Any]:
    condition, indexer = row.condition, row.condition.indexer_id
    base = condition.base_on
    return {
        "indexerCode": indexer,
        "indexerName": INDEXERS[indexer].name,
        "baseDateOfCorrection": base,
        "indexerValueBaseDate": index_value(indexer, base.year, base.month),
        "indexerValueCalculationDate": index_value(indexer, on.year, on.month),
    }


def _receipt(row: m.Installment, receipt: m.Receipt) -> dict[str, Any]:
    day, indexer = receipt.calculated_on, row.condition.indexer_id
    return {
        "receiptId": receipt.sequence,
        "receiptDate": receipt.paid_on,
        "receiptValue": receipt.value,
        "monetaryCorrectionValue": receipt.correction,
        "calculationDate": day,
        "indexerValueCalculationDate": index_value(indexer, day.year, day.month),
    }


def total_balance(call: Call) -> Reply:
    """Answer with four sums over what the person owes."""
    if call.text("cpf") and call.text("cnpj"):
        raise ApiError(400, "Informe somente cpf ou cnpj", "Informe o CPF ou o CNPJ, não ambos")
    asked, only = Asked.of(call), call.integers("receivableBillsIds")
    values = [
        position(bill, row, asked.on, correct_annual=asked.correct_annual)
        for bill in _bills_of_person(call)
        if asked.takes_bill(call.world, bill) and (not only or bill.id in only)
        for row in bill.installments.values()
        if row.is_open and asked.takes(row)
    ]
    adjusted = sum((value.adjusted for value in values), start=m.ZERO)
    additions = sum((value.additions.total for value in values), start=m.ZERO)
    result = {
        "totalOriginalValue": sum((value.open for value in values), start=m.ZERO),
        "totalAdjustedValue": residue(adjusted),
        "totalAdditionalValue": additions,
        "totalCurrentDebitBalanceValue": residue(adjusted + additions),
    }
    return whole([result])


def balance_report(call: Call) -> Reply:
    """Answer with a link to the balance as PDF, good for five minutes."""
    customer_id = call.required_integer("customerId")
    return report(call, customer_id, "saldo devedor")


def report(call: Call, customer_id: int, title: str) -> Reply:
    """Publish a report about a customer and answer with its link."""
    if customer_id not in call.world.customers:
        raise ApiError(404)
    url = call.reports.publish(call.world, call.request.root, f"{title} {customer_id}")
    return whole([{"urlReport": url}])


ROUTES = [
    Route("GET", "/current-debit-balance", "current-debit-balance", current_balance),
    Route("GET", "/current-debit-balance/pdf", "current-debit-balance", balance_report),
    Route("GET", "/total-current-debit-balance", "total-current-debit-balance", total_balance),
]
