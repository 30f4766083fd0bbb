"""Sales contracts and their guarantors."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.catalog import (
    BEARERS,
    CONDITION_TYPES,
    INDEXERS,
    MONEY_OPERATIONS,
)
from integrations.sienge.sandbox.errors import ApiError, malformed
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.customers import phone
from integrations.sienge.sandbox.views.filters import Between
from integrations.sienge.sandbox.wire import residue

SITUATION_CODES = {m.REQUESTED: "0", m.AUTHORISED: "1", m.ISSUED: "2", m.CANCELLED: "3"}


def list_contracts(call: Call) -> Reply:
    """Answer with the contracts that pass the filters, highest id first."""
    rows = [row for row in call.world.contracts.values() if _passes_ids(call, row)]
    for attribute, bounds in _date_filters(call).items():
        rows = [row for row in rows if bounds.holds(getattr(row, attribute))]
    situations = call.words("situation")
    if not situations <= set(SITUATION_CODES.values()):
        raise malformed("situation", ",".join(sorted(situations)))
    if situations:
        rows = [row for row in rows if SITUATION_CODES[row.situation] in situations]
    rows.sort(key=lambda row: row.id, reverse=True)
    return call.page(rows, lambda row: contract(call, row))


def _passes_ids(call: Call, row: m.Contract) -> bool:
    """Whether the contract has the ids asked for; 0 asks for none, as by default."""
    customer, company = call.integer("customerId"), call.integer("companyId")
    enterprise, unit = call.integer("enterpriseId"), call.integer("unitId")
    name = call.text("enterpriseName")
    return (
        (not customer or any(holder.customer_id == customer for holder in row.holders))
        and (not company or row.company_id == company)
        and (not enterprise or row.enterprise_id == enterprise)
        and (not unit or unit in row.unit_ids)
        and (name is None or name.upper() in call.world.enterprises[row.enterprise_id].name)
        and call.text("number") in (None, row.number)
        and call.text("externalId") in (None, row.external_id)
    )


def _date_filters(call: Call) -> dict[str, Between]:
    return {
        "created_on": Between.of(call, "createdAfter", "createdBefore"),
        "changed_on": Between.of(call, "modifiedAfter", "modifiedBefore"),
        "issued_on": Between.of(call, "initialIssueDate", "finalIssueDate", switchable=False),
        "cancelled_on": Between.of(call, "initialCancelDate", "finalCancelDate", switchable=False),
    }


def one_contract(call: Call) -> Reply:
    """Answer with one contract."""
    return call.single(contract(call, call.row(call.world.contracts, "id")))


def contract(call: Call, row: m.Contract) -> dict[str, Any]:
    """Return a contract as the API shows it."""
    world = call.world
    bill = world.bills.get(row.bill_id or 0)
    codes = call.switches.situation_codes
    return {
        "id": row.id,
        "companyId": row.company_id,
        "internalCompanyId": row.company_id,
        "companyName": world.companies[row.company_id].name,
        "enterpriseId": row.enterprise_id,
        "internalEnterpriseId": row.enterprise_id,
        "enterpriseName": world.enterprises[row.enterprise_id].name,
        "receivableBillId": row.bill_id,
        "cancellationPayableBillId": None,
        "contractDate": row.signed_on,
        "issueDate": row.issued_on,
        "accountingDate": row.issued_on,
        "expectedDeliveryDate": row.delivery_on,
        "keysDeliveredAt": row.keys_on,
        "number": row.number,
        "externalId": row.external_id,
        "correctionType": row.correction_type,
        "situation": SITUATION_CODES[row.situation] if codes else row.situation,
        "discountType": None,
        "discountPercentage": 0,
        "value": row.value,
        "totalSellingValue": row.value,
        **_ending(row),
        **_late_terms(row.terms),
        "containsRemadeInstallments": row.is_remade,
        "specialClause": None,
        **_indexers(),
        "creationDate": row.created_on,
        "lastUpdateDate": row.changed_on,
        **_parties(call, row),
        "paymentConditions": payment_conditions(bill.installments.values() if bill else ()),
        "brokers": [{"id": broker, "main": not n} for n, broker in enumerate(row.broker_ids)],
        "linkedCommissions": [],
        "links": [
            {
                "rel": "guarantors",
                "href": f"{call.base_url}/sales-contracts/{row.id}/guarantors",
            }
        ],
    }


def _ending(row: m.Contract) -> dict[str, Any]:
    return {
        "cancellationDate": row.cancelled_on,
        "totalCancellationAmount": row.cancelled_value,
        "cancellationReason": row.cancel_reason,
        "financialInstitutionNumber": None,
        "financialInstitutionDate": None,
    }


def _late_terms(terms: m.Terms) -> dict[str, Any]:
    return {
        "proRataIndexer": terms.pro_rata_indexer,
        "interestType": terms.interest_type,
        "interestPercentage": terms.interest_percent,
        "fineRate": terms.fine_percent,
        "lateInterestCalculationType": terms.calculation,
        "dailyLateInterestValue": terms.daily_interest,
    }


def _indexers() -> dict[str, Any]:
    return {
        "preHandoverIndexerId": 5,
        "preHandoverIndexerName": "INCC-DI",
        "postHandoverIndexerId": 6,
        "postHandoverIndexerName": "IGP-M",
        "postHandoverInterestType": "P",
        "postHandoverInterestPercentage": Decimal("1.0"),
    }


def _parties(call: Call, row: m.Contract) -> dict[str, Any]:
    return {
        "salesContractCustomers": [
            {
                "id": holder.customer_id,
                "name": call.world.customers[holder.customer_id].name,
                "main": holder.main,
                "spouse": holder.spouse,
                "participationPercentage": holder.percent,
            }
            for holder in row.holders
        ],
        "salesContractUnits": [
            {
                "id": unit_id,
                "main": position == 0,
                "name": call.world.units[unit_id].name,
                "participationPercentage": Decimal("100.0"),
            }
            for position, unit_id in enumerate(row.unit_ids)
        ],
    }


def payment_conditions(installments: Iterable[m.Installment]) -> list[dict[str, Any]]:
    """Return the payment plan: one row per condition, with what is left of it."""
    groups: dict[int, list[m.Installment]] = {}
    for installment in installments:
        groups.setdefault(installment.condition.sequence, []).append(installment)
    return [_condition(group) for _, group in sorted(groups.items())]


def _condition(group: list[m.Installment]) -> dict[str, Any]:
    condition = group[0].condition
    balance = sum((installment.balance for installment in group), start=m.ZERO)
    total = sum((installment.original for installment in group), start=m.ZERO)
    receipts = [receipt for installment in group for receipt in installment.receipts]
    paid = (r.value for r in receipts if r.operation_id in MONEY_OPERATIONS)
    return {
        "bearerName": BEARERS[condition.bearer_id],
        "indexerName": INDEXERS[condition.indexer_id].name,
        "conditionTypeId": condition.code,
        "conditionTypeName": CONDITION_TYPES[condition.code].description,
        "interestType": condition.interest_type,
        "matchMaturities": "N",
        "installmentsNumber": len(group),
        "openInstallmentsNumber": sum(installment.is_open for installment in group),
        "bearerId": condition.bearer_id,
        "indexerId": condition.indexer_id,
        "monthsGracePeriod": 0,
        "firstPayment": condition.first_on,
        "baseDate": condition.base_on,
        "baseDateInterest": None,
        "totalValue": total,
        "outstandingBalance": residue(balance),
        "interestPercentage": condition.interest_percent,
        "totalValueInterest": total,
        "amountPaid": sum(paid, start=m.ZERO),
        "sequenceId": condition.sequence,
    }


def list_guarantors(call: Call) -> Reply:
    """Answer with who answers for a contract besides its holders."""
    return call.page(call.row(call.world.contracts, "id").guarantors, guarantor)


def one_guarantor(call: Call) -> Reply:
    """Answer with one guarantor of a contract."""
    row, wanted = call.row(call.world.contracts, "id"), call.path_integer("guarantorId")
    for found in row.guarantors:
        if found.id == wanted:
            return call.single(guarantor(found))
    raise ApiError(404)


def guarantor(row: m.Guarantor) -> dict[str, Any]:
    """Return a guarantor as the API shows it."""
    home = row.address
    shown_phone = phone(row.phone)
    del shown_phone["idd"]
    return {
        "id": row.id,
        "name": row.name,
        "cnpj": None,
        "cpf": row.cpf,
        "nationality": "BRASILEIRA",
        "numberIdentityCard": None,
        "profession": row.profession,
        "civilStatus": "SOLTEIRO(A)",
        "email": row.email,
        "birthDate": row.born_on,
        "address": {
            "city": home.city,
            "streetName": home.street,
            "number": home.number,
            "complement": home.complement,
            "neighborhood": home.neighbourhood,
            "state": home.state,
            "zipCode": f"{home.postcode[:5]}-{home.postcode[5:]}" if home.postcode else None,
        },
        "spouse": None,
        "phones": [shown_phone],
    }


ROUTES = [
    Route("GET", "/sales-contracts", "sales-contracts", list_contracts),
    Route("GET", "/sales-contracts/{id}", "sales-contracts", one_contract),
    Route("GET", "/sales-contracts/{id}/guarantors", "sales-contracts", list_guarantors),
    Route(
        "GET", "/sales-contracts/{id}/guarantors/{guarantorId}", "sales-contracts", one_guarantor
    ),
]
