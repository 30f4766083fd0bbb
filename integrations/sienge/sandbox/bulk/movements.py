"""Bulk /bank-movement: real money only; a receipt without movement moved none."""

from collections.abc import Callable
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.bulk.income import CATEGORY, ORGANISATION
from integrations.sienge.sandbox.bulk.stream import dumped, items_of_bills, stream
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.catalog import DOCUMENT_TYPES, OPERATIONS
from integrations.sienge.sandbox.errors import missing
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.world import World


def movements(call: Call) -> Reply:
    """Stream the movements of a period; competence is the day of the movement."""
    start, end = call.required_day("startDate"), call.required_day("endDate")
    call.choice("selectionType", "M", "B")
    company, centers = call.integer("companyId"), call.integers("costCentersId")
    # Every movement of the sandbox belongs to a bill.
    only_detached = bool(call.flag("onlyDetachedMovement"))

    def takes(bill: m.Bill, receipt: m.Receipt) -> bool:
        return (
            not only_detached
            and start <= receipt.paid_on <= end
            and (not company or bill.company_id == company)
            and (not centers or bill.enterprise_id in centers)
        )

    return _stream_movements(call, takes)


def movements_by_id(call: Call) -> Reply:
    """Stream the movements asked for."""
    wanted = call.integers("movementsIds")
    if not wanted:
        raise missing("movementsIds")
    return _stream_movements(call, lambda _, receipt: receipt.movement_id in wanted)


def _stream_movements(call: Call, takes: Callable[[m.Bill, m.Receipt], bool]) -> Reply:
    def make(bill: m.Bill) -> list[bytes]:
        return dumped(
            [
                _item(call.world, bill, row, receipt)
                for row in bill.installments.values()
                for receipt in row.receipts
                if receipt.movement_id is not None and takes(bill, receipt)
            ]
        )

    return stream(call, items_of_bills(call.world, call.lock, make))


def _item(world: World, bill: m.Bill, row: m.Installment, receipt: m.Receipt) -> dict[str, Any]:
    company = world.companies[bill.company_id]
    name = OPERATIONS[receipt.operation_id]
    return {
        "bankMovementId": receipt.movement_id,
        "billId": bill.id,
        "installmentId": row.id,
        "bankMovementAmount": receipt.net,
        "documentIdentificationId": bill.document_type,
        "documentIdentificationName": DOCUMENT_TYPES[bill.document_type],
        "documentIdentificationNumber": bill.document_number,
        "bankMovementOriginId": "CR",
        "bankMovementHistoricId": 14,
        "bankMovementHistoricName": name,
        "bankMovementOperationId": 1,
        "bankMovementOperationName": name,
        "bankMovementOperationType": "E" if receipt.gross > 0 else "S",
        "bankMovementReconcile": "S",
        "bankMovementDate": receipt.paid_on,
        "billDate": bill.issued_on,
        "accountNumber": company.account.number,
        "companyId": company.id,
        "companyName": company.name,
        **ORGANISATION,
        "creditorId": None,
        "creditorName": None,
        "clientId": bill.customer_id,
        "clientName": world.customers[bill.customer_id].name,
        "financialCategories": [_category(world, bill)],
    }


def _category(world: World, bill: m.Bill) -> dict[str, Any]:
    enterprise = world.enterprises.get(bill.enterprise_id or 0)
    place = (enterprise.id, enterprise.name) if enterprise else (None, None)
    return {
        "companyId": bill.company_id,
        "companyName": world.companies[bill.company_id].name,
        "costCenterId": place[0],
        "costCenterName": place[1],
        **CATEGORY,
        "projectId": place[0],
        "projectName": place[1],
    }


ROUTES = [
    Route("GET", "/bank-movement", "bank-movement", movements),
    Route("GET", "/bank-movement/by-movements", "bank-movement", movements_by_id),
]
