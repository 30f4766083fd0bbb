"""Bulk /income: every installment with its receipts.

The widest and longest answer of the API. What is the same for a whole bill is encoded once
per bill, so that an installment costs only its own fields.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.sandbox import jsonio
from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.bulk.stream import items_of_bills, stream
from integrations.sienge.sandbox.calculation import corrected
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.catalog import (
    CONDITION_TYPES,
    DOCUMENT_TYPES,
    INDEXERS,
    OPERATIONS,
)
from integrations.sienge.sandbox.errors import malformed, missing
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.filters import Allowed
from integrations.sienge.sandbox.wire import residue, yes_no
from integrations.sienge.sandbox.world import World

CATEGORY = {
    "financialCategoryId": "1010101",
    "financialCategoryName": "RECEITA DE VENDAS",
    "financialCategoryReducer": "N",
    "financialCategoryType": "R",
    "financialCategoryRate": Decimal("100.0"),
}
ORGANISATION = {
    "groupCompanyId": 1,
    "groupCompanyName": "GRUPO EXEMPLO",
    "holdingId": 1,
    "holdingName": "HOLDING EXEMPLO",
    "subsidiaryId": 1,
    "subsidiaryName": "MATRIZ",
}
_ZERO_PARTS = {"taxAmount": m.ZERO, "insuranceAmount": m.ZERO, "dueAdmAmount": m.ZERO}


@dataclass(frozen=True, slots=True)
class Correction:
    """To what day, and by which index when not the installment's own."""

    on: date
    indexer_id: int | None

    @classmethod
    def of(cls, call: Call) -> "Correction":
        """Read the two arguments of a call; the default day is today."""
        indexer = call.integer("correctionIndexerId")
        if indexer is not None and indexer not in INDEXERS:
            raise malformed("correctionIndexerId", str(indexer))
        return cls(call.day("correctionDate") or call.world.today, indexer)


def income(call: Call) -> Reply:
    """Stream the installments of a period, chosen by issue, due, payment or competence date."""
    start, end = call.required_day("startDate"), call.required_day("endDate")
    selection = call.choice("selectionType", "I", "D", "P", "B")
    takes_bill = _bill_filter(call)
    since = call.day("changeStartDate")
    bearers = Allowed.of(call, "bearersIdIn", "bearersIdNotIn")
    correction = Correction.of(call)

    def takes(bill: m.Bill, installment: m.Installment) -> bool:
        return (
            (since is None or installment.changed_on >= since)
            and bearers.holds(installment.condition.bearer_id)
            and _selected(selection, bill, installment, start, end)
        )

    def make(bill: m.Bill) -> list[bytes]:
        if not takes_bill(bill):
            return []
        chosen = [i for i in bill.installments.values() if takes(bill, i)]
        return bill_items(call.world, bill, chosen, correction)

    return stream(call, items_of_bills(call.world, call.lock, make))


def income_by_bills(call: Call) -> Reply:
    """Stream the installments of the bills asked for."""
    wanted = call.integers("billsIds")
    if not wanted:
        raise missing("billsIds")
    correction = Correction.of(call)

    def make(bill: m.Bill) -> list[bytes]:
        if bill.id not in wanted:
            return []
        return bill_items(call.world, bill, list(bill.installments.values()), correction)

    return stream(call, items_of_bills(call.world, call.lock, make))


def _bill_filter(call: Call) -> Callable[[m.Bill], bool]:
    company, centers = call.integer("companyId"), call.integers("costCentersId")
    only_complete = call.text("completedBills") == "S"
    origins = call.words("originsIds")

    def takes(bill: m.Bill) -> bool:
        return (
            (not company or bill.company_id == company)
            and (not centers or bill.enterprise_id in centers)
            and (not only_complete or bill.registration == m.COMPLETE)
            and (not origins or bill.origin in origins)
        )

    return takes


def _selected(
    selection: str, bill: m.Bill, installment: m.Installment, start: date, end: date
) -> bool:
    if selection == "D":
        return start <= installment.due_on <= end
    if selection == "P":
        return any(start <= receipt.paid_on <= end for receipt in installment.receipts)
    # Competence is the issue of the bill: nothing in the sandbox moves it elsewhere.
    return start <= bill.issued_on <= end


def bill_items(
    world: World, bill: m.Bill, chosen: list[m.Installment], correction: Correction
) -> list[bytes]:
    """Return the items of some installments of one bill as JSON."""
    if not chosen:
        return []
    head = jsonio.dump_text(_bill_fields(world, bill))[:-1]
    category = _movement_category(bill)
    items = []
    for installment in sorted(chosen, key=lambda each: each.id):
        own = _installment_fields(world, bill, installment, correction, category)
        items.append(f"{head},{jsonio.dump_text(own)[1:]}".encode())
    return items


def _bill_fields(world: World, bill: m.Bill) -> dict[str, Any]:
    company = world.companies[bill.company_id]
    enterprise = world.enterprises.get(bill.enterprise_id or 0)
    unit = world.units.get(bill.unit_ids[0]) if bill.unit_ids else None
    return {
        "companyId": company.id,
        "companyName": company.name,
        "businessAreaId": 1,
        "businessAreaName": "INCORPORAÇÃO",
        "projectId": enterprise.id if enterprise else None,
        "projectName": enterprise.name if enterprise else None,
        **ORGANISATION,
        "businessTypeId": 1,
        "businessTypeName": "RESIDENCIAL",
        "clientId": bill.customer_id,
        "clientName": world.customers[bill.customer_id].name,
        "billId": bill.id,
        "documentIdentificationId": bill.document_type,
        "documentIdentificationName": DOCUMENT_TYPES[bill.document_type],
        "documentNumber": bill.document_number,
        "documentForecast": yes_no(bill.is_forecast),
        "originId": bill.origin,
        "issueDate": bill.issued_on,
        "billDate": bill.issued_on,
        "periodicityType": "M",
        "correctionType": "A" if bill.annual_correction else "M",
        "defaulterSituation": yes_no(bill.situation == m.DEFAULTING),
        "subJudicie": yes_no(bill.situation == m.SUB_JUDICE),
        "mainUnit": unit.name if unit else None,
        "receiptsCategories": [_receipt_category(enterprise)],
    }


def _receipt_category(enterprise: m.Enterprise | None) -> dict[str, Any]:
    place = (enterprise.id, enterprise.name) if enterprise else (None, None)
    return {
        "costCenterId": place[0],
        "costCenterName": place[1],
        **CATEGORY,
        "projectId": place[0],
        "projectName": place[1],
        "businessAreaId": 1,
        "businessAreaName": "INCORPORAÇÃO",
        "businessTypeId": 1,
        "businessTypeName": "RESIDENCIAL",
    }


def _movement_category(bill: m.Bill) -> dict[str, Any]:
    return {"costCenterId": bill.enterprise_id, **CATEGORY}


def _installment_fields(
    world: World,
    bill: m.Bill,
    installment: m.Installment,
    correction: Correction,
    category: dict[str, Any],
) -> dict[str, Any]:
    condition = installment.condition
    balance = corrected(
        installment.balance,
        installment,
        correction.on,
        annual=bill.annual_correction,
        indexer_id=correction.indexer_id,
    )
    fields = {
        "installmentId": installment.id,
        "originalAmount": installment.original,
        "discountAmount": m.ZERO,
        "taxAmount": m.ZERO,
        "indexerId": condition.indexer_id,
        "indexerName": INDEXERS[condition.indexer_id].name,
        "dueDate": installment.due_on.isoformat(),
        "installmentBaseDate": condition.base_on.isoformat(),
        "balanceAmount": installment.balance,
        "correctedBalanceAmount": residue(balance),
        "embeddedInterestAmount": m.ZERO,
        "interestType": condition.interest_type,
        "interestRate": condition.interest_percent,
        "interestBaseDate": None,
        "installmentNumber": str(installment.id),
        "paymentTerm": {
            "id": condition.code,
            "descrition": CONDITION_TYPES[condition.code].description,
        },
        "bearerId": condition.bearer_id,
        "receipts": [
            _receipt(world, bill, receipt, condition.indexer_id, category)
            for receipt in installment.receipts
        ],
    }
    # On some bills an installment without receipts lacks the list altogether.
    if not installment.receipts and bill.id % 7 == 3:
        del fields["receipts"]
    return fields


def _receipt(
    world: World, bill: m.Bill, receipt: m.Receipt, indexer_id: int, category: dict[str, Any]
) -> dict[str, Any]:
    moved = receipt.movement_id is not None
    return {
        "operationTypeId": receipt.operation_id,
        "operationTypeName": OPERATIONS[receipt.operation_id],
        "grossAmount": receipt.gross,
        "monetaryCorrectionAmount": receipt.correction,
        "interestAmount": receipt.interest,
        "fineAmount": receipt.fine,
        "discountAmount": receipt.discount,
        "netAmount": receipt.net,
        "additionAmount": m.ZERO,
        **_ZERO_PARTS,
        "calculationDate": receipt.calculated_on.isoformat(),
        "paymentDate": receipt.paid_on.isoformat(),
        "creditDate": None,
        "accountCompanyId": bill.company_id if moved else None,
        "accountNumber": world.companies[bill.company_id].account.number if moved else None,
        "accountType": "B" if moved else None,
        "sequencialNumber": receipt.sequence,
        "indexerId": indexer_id,
        "embeddedInterestAmount": m.ZERO,
        "proRata": m.ZERO,
        "bankMovements": [_movement(receipt, category)] if moved else [],
    }


def _movement(receipt: m.Receipt, category: dict[str, Any]) -> dict[str, Any]:
    name = OPERATIONS[receipt.operation_id]
    return {
        "bankMovementDate": receipt.paid_on.isoformat(),
        "sequencialNumber": receipt.sequence,
        "id": receipt.movement_id,
        "amount": receipt.net,
        "historicId": 14,
        "historicName": name,
        "operationId": 1,
        "operationName": name,
        "operationType": "E" if receipt.gross > 0 else "S",
        "reconcile": "S",
        "correctedAmount": receipt.net,
        "originId": "CR",
        "financialCategories": [{**category, "bankMovementId": receipt.movement_id}],
    }


ROUTES = [
    Route("GET", "/income", "income", income),
    Route("GET", "/income/by-bills", "income", income_by_bills),
]
