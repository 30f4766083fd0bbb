"""The world as truth: what independent tests compare a client's copy with."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.catalog import OPERATIONS
from integrations.sienge.sandbox.world import World


def book(
    world: World, lock: AbstractContextManager[Any], company: int | None
) -> Iterator[dict[str, Any]]:
    """Yield every bill, of one company or of all, with everything known about it."""
    with lock:
        bills = list(world.all_bills())
    for bill in bills:
        if company in (None, bill.company_id):
            with lock:
                row = describe_bill(world, bill)
            yield row


def describe_bill(world: World, bill: m.Bill) -> dict[str, Any]:
    """Return a bill with exact values and our own names, not the API's."""
    contract = world.contracts.get(bill.contract_id or 0)
    return {
        "bill": bill.id,
        "company": bill.company_id,
        "customer": bill.customer_id,
        "holders": world.holders_of(bill),
        "enterprise": bill.enterprise_id,
        "units": bill.unit_ids,
        "unit_name": world.units[bill.unit_ids[0]].name if bill.unit_ids else None,
        "contract": contract.id if contract else None,
        "contract_number": contract.number if contract else None,
        "contract_situation": contract.situation if contract else None,
        "document_type": bill.document_type,
        "document_number": bill.document_number,
        "origin": bill.origin,
        "situation": bill.situation,
        "registration": bill.registration,
        "complete": bill.registration == m.COMPLETE,
        "forecast": bill.is_forecast,
        "issued_on": bill.issued_on,
        "open": bill.is_open,
        "remade": bool(bill.remakings),
        "remakings": [
            {
                "on": remaking.remade_on,
                "replaced": list(remaking.replaced),
                "generated": remaking.generated_ids,
                "description": remaking.description,
            }
            for remaking in bill.remakings
        ],
        "installments": [describe_installment(i) for i in bill.installments.values()],
    }


def describe_installment(row: m.Installment) -> dict[str, Any]:
    """Return an installment with exact values."""
    return {
        "id": row.id,
        "due_on": row.due_on,
        "original": row.original,
        "balance": row.balance,
        "condition": row.condition.code,
        "indexer": row.condition.indexer_id,
        "bearer": row.condition.bearer_id,
        "boleto": row.has_boleto,
        "negativated": row.is_negativated,
        "changed_on": row.changed_on,
        "receipts": [describe_receipt(receipt) for receipt in row.receipts],
    }


def describe_receipt(row: m.Receipt) -> dict[str, Any]:
    """Return a receipt with exact values."""
    return {
        "sequence": row.sequence,
        "operation": row.operation_id,
        "operation_name": OPERATIONS[row.operation_id],
        "paid_on": row.paid_on,
        "gross": row.gross,
        "correction": row.correction,
        "interest": row.interest,
        "fine": row.fine,
        "discount": row.discount,
        "net": row.net,
        "movement": row.movement_id,
    }


def customers(world: World, lock: AbstractContextManager[Any]) -> Iterator[dict[str, Any]]:
    """Yield every customer with what matters for reaching and identifying them."""
    with lock:
        rows = list(world.customers.values())
    return (describe_customer(row) for row in rows)


def describe_customer(row: m.Customer) -> dict[str, Any]:
    """Return a customer with our own names."""
    return {
        "id": row.id,
        "name": row.name,
        "firm": row.is_firm,
        "cpf": row.cpf,
        "cnpj": row.cnpj,
        "international_id": row.international_id,
        "active": row.active,
        "email": row.email,
        "created_on": row.created_on,
        "changed_on": row.changed_at.date(),
        "phones": [
            {"number": p.number, "main": p.main, "kind": p.kind, "note": p.note} for p in row.phones
        ],
        "addresses": [
            {"kind": a.kind, "street": a.street, "number": a.number, "postcode": a.postcode}
            for a in row.addresses
        ],
        "spouse": row.spouse.name if row.spouse else None,
    }


def counts(world: World) -> dict[str, Any]:
    """Return how many rows of each kind there are, and how many of them are open."""
    bills = list(world.bills.values())
    installments = [i for bill in bills for i in bill.installments.values()]
    overdue = [i for i in installments if i.is_open and i.due_on < world.today]
    return {
        "companies": len(world.companies),
        "enterprises": len(world.enterprises),
        "units": len(world.units),
        "customers": len(world.customers),
        "contracts": len(world.contracts),
        "contracts_open": sum(bill.is_open for bill in bills if bill.contract_id),
        "bills": len(bills),
        "bills_open": sum(bill.is_open for bill in bills),
        "installments": len(installments),
        "installments_open": sum(installment.is_open for installment in installments),
        "installments_overdue": len(overdue),
        "balance_open": sum((i.balance for i in installments), start=m.ZERO),
        "receipts": sum(len(installment.receipts) for installment in installments),
        "hooks": len(world.hooks),
        "events": len(world.events),
    }
