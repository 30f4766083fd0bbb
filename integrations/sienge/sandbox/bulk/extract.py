"""Bulk /customer-extract-history: bills with their installments, as a statement shows them."""

from typing import Any

from integrations.sandbox.documents import format_cnpj, format_cpf
from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.bulk.portfolio import Chosen
from integrations.sienge.sandbox.bulk.stream import dumped, items_of_bills, stream
from integrations.sienge.sandbox.calculation import position
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.catalog import CONDITION_TYPES, OPERATIONS
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.wire import full_document
from integrations.sienge.sandbox.world import World


def extract_history(call: Call) -> Reply:
    """Stream the bills that have installments asked for, each with only those."""
    chosen = Chosen.of(call)

    def make(bill: m.Bill) -> list[bytes]:
        if not chosen.takes_bill(call.world, bill):
            return []
        installments = chosen.installments(bill)
        if not installments:
            return []
        return dumped([_item(call.world, bill, installments, chosen)])

    return stream(call, items_of_bills(call.world, call.lock, make))


def parties(world: World, bill: m.Bill) -> dict[str, Any]:
    """Return the company, cost centre and customer of a bill as the bulk reports show them."""
    enterprise = world.enterprises.get(bill.enterprise_id or 0)
    customer = world.customers[bill.customer_id]
    place = {"id": enterprise.id, "name": enterprise.name} if enterprise else None
    return {
        "company": {"id": bill.company_id, "name": world.companies[bill.company_id].name},
        "costCenter": place,
        "customer": {
            "id": customer.id,
            "name": customer.name,
            "document": shown_document(customer),
        },
    }


def shown_document(customer: m.Customer) -> str | None:
    """Return the document, formatted for most customers and in digits for some."""
    document = customer.document
    if document is None or customer.id % 4 == 0:
        return document
    return format_cnpj(document) if customer.is_firm else format_cpf(document)


def _item(
    world: World, bill: m.Bill, installments: list[m.Installment], chosen: Chosen
) -> dict[str, Any]:
    units = [world.units[unit_id] for unit_id in bill.unit_ids]
    return {
        "billReceivableId": bill.id,
        **parties(world, bill),
        "emissionDate": bill.issued_on,
        "lastRenegotiationDate": bill.remakings[-1].remade_on if bill.remakings else None,
        "correctionDate": chosen.correction_on,
        "document": full_document(bill),
        "privateArea": units[0].area if units else None,
        "oldestInstallmentDate": min(i.due_on for i in bill.installments.values()),
        "revokedBillReceivableDate": bill.revoked_on,
        "units": [{"id": unit.id, "name": unit.name} for unit in units],
        "installments": [_installment(bill, each, chosen) for each in installments],
    }


def _installment(bill: m.Bill, row: m.Installment, chosen: Chosen) -> dict[str, Any]:
    condition, value = row.condition, position(bill, row, chosen.correction_on)
    return {
        "id": row.id,
        "annualCorrection": bill.annual_correction,
        "sentToScripturalCharge": row.has_boleto,
        "paymentTerms": {
            "id": condition.code,
            "descrition": CONDITION_TYPES[condition.code].description,
        },
        "baseDate": condition.base_on,
        "originalValue": row.original,
        "dueDate": row.due_on,
        "indexerId": condition.indexer_id,
        "calculationDate": chosen.correction_on,
        "currentBalance": value.adjusted,
        "currentBalanceWithAddition": value.balance,
        "generatedBillet": row.has_boleto,
        "installmentSituation": row.situation,
        "receipts": [_receipt(row, receipt) for receipt in row.receipts],
        "installmentNumber": str(row.id),
    }


def _receipt(row: m.Installment, receipt: m.Receipt) -> dict[str, Any]:
    return {
        "days": (receipt.paid_on - row.due_on).days,
        "date": receipt.paid_on,
        "value": receipt.value,
        "extra": receipt.additions,
        "discount": receipt.discount,
        "netReceipt": receipt.net,
        "type": OPERATIONS[receipt.operation_id],
    }


ROUTES = [
    Route("GET", "/customer-extract-history", "customer-extract-history", extract_history),
]
