"""Bulk /customer-debt-balance: what is owed, with fine, interest and pro-rata apart."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.bulk.extract import parties, shown_document
from integrations.sienge.sandbox.bulk.portfolio import Chosen
from integrations.sienge.sandbox.bulk.stream import dumped, items_of_bills, stream
from integrations.sienge.sandbox.calculation import Additions, additions_for, position
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.catalog import CONDITION_TYPES, INDEXERS
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.wire import full_document
from integrations.sienge.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Rules:
    """How to value: with the contract's additions, with one's own, or with none."""

    on: date
    correct_annual: bool
    with_additions: bool
    own: m.Terms | None

    @classmethod
    def of(cls, call: Call, chosen: Chosen) -> "Rules":
        """Read the arguments of a call; additions are on unless switched off."""
        own = None
        if call.flag("calculateAdditionsUserInformation"):
            own = m.Terms(
                fine_percent=call.number("fineAdditions") or m.ZERO,
                interest_percent=call.number("interestAmountAdditions") or m.ZERO,
                interest_type=call.text("interestTypeAdditions") or "S",
                pro_rata_indexer=call.integer("proratedIndexerAdditions"),
            )
        return cls(
            on=call.day("calculateAdditionsDate") or chosen.correction_on,
            correct_annual=bool(call.flag("correctAnnualInstallment")),
            with_additions=call.flag("calculateAdditionsValue") is not False,
            own=own,
        )


def debt_balance(call: Call) -> Reply:
    """Stream the bills that have installments asked for, each with only those."""
    chosen = Chosen.of(call)
    rules = Rules.of(call, chosen)

    def make(bill: m.Bill) -> list[bytes]:
        if not chosen.takes_bill(call.world, bill):
            return []
        installments = chosen.installments(bill)
        if not installments:
            return []
        return dumped([_item(call.world, bill, installments, rules)])

    return stream(call, items_of_bills(call.world, call.lock, make))


def _item(
    world: World, bill: m.Bill, installments: list[m.Installment], rules: Rules
) -> dict[str, Any]:
    contract = world.contracts.get(bill.contract_id or 0)
    return {
        "billReceivableId": bill.id,
        **parties(world, bill),
        "secondaryCustomers": [
            {
                "id": other,
                "name": world.customers[other].name,
                "document": shown_document(world.customers[other]),
            }
            for other in world.holders_of(bill)[1:]
        ],
        "emissionDate": bill.issued_on,
        "accountingDate": bill.issued_on,
        "totalValue": bill.value,
        "lastRenegotiationDate": bill.remakings[-1].remade_on if bill.remakings else None,
        "correctionDate": rules.on,
        "document": full_document(bill),
        "cancellationDate": contract.cancelled_on if contract else None,
        "units": [{"id": unit, "number": world.units[unit].name} for unit in bill.unit_ids],
        "installments": [_installment(world, bill, row, rules) for row in installments],
    }


def _installment(world: World, bill: m.Bill, row: m.Installment, rules: Rules) -> dict[str, Any]:
    value = position(bill, row, rules.on, correct_annual=rules.correct_annual)
    additions = _additions(value.adjusted, value.days, value.additions, rules)
    updated = value.adjusted + additions.total
    return {
        "id": row.id,
        "paymentTerms": {
            "id": row.condition.code,
            "descrition": CONDITION_TYPES[row.condition.code].description,
        },
        "correctionBaseDate": row.condition.base_on,
        "originalValue": row.original,
        "correctedValue": value.adjusted,
        "indexerName": INDEXERS[row.condition.indexer_id].name,
        "dueDate": row.due_on,
        **_received(world, bill, row),
        "penalty": additions.fine,
        "interest": additions.interest,
        "lateFee": additions.pro_rata,
        "currentBalance": value.adjusted,
        "updatedValue": updated,
        "additionsValue": additions.total,
        "contractualInterest": m.ZERO,
        "daysLate": value.days,
        "correctionDate": rules.on,
        **_present_value(updated),
        "interestBaseDate": None,
        "installmentInterest": row.condition.interest_percent,
        "installmentNumber": str(row.id),
        "status": _status(row, rules.on),
    }


def _additions(adjusted: Decimal, days: int, usual: Additions, rules: Rules) -> Additions:
    if not rules.with_additions:
        return Additions()
    return additions_for(adjusted, days, rules.own) if rules.own else usual


def _received(world: World, bill: m.Bill, row: m.Installment) -> dict[str, Any]:
    last = row.receipts[-1] if row.receipts else None
    moved = last is not None and last.movement_id is not None
    return {
        "accoutingReceiptDate": last.paid_on if last else None,
        "receiptDate": last.paid_on if last else None,
        "receiptBankAccount": world.companies[bill.company_id].account.number if moved else None,
        "netReceivedAmount": sum((receipt.net for receipt in row.receipts), start=m.ZERO),
    }


def _present_value(updated: Decimal) -> dict[str, Any]:
    """Return the fields of a discount the sandbox does not calculate."""
    return {
        "daysForPresentValueDiscount": 0,
        "presentValueInterest": m.ZERO,
        "presentValue": updated,
        "discountedCommercialValue": m.ZERO,
    }


def _status(row: m.Installment, on: date) -> str:
    if not row.is_open:
        return "Paga"
    return "Vencida" if row.due_on < on else "A vencer"


ROUTES = [Route("GET", "/customer-debt-balance", "customer-debt-balance", debt_balance)]
