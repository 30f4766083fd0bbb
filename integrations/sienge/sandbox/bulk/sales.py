"""Bulk /sales: the contracts of one enterprise with buyers and units written out."""

from collections.abc import Iterator
from typing import Any

from integrations.sandbox import jsonio
from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.bulk.stream import stream
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.contracts import payment_conditions
from integrations.sienge.sandbox.views.customers import address, phone, sex_word
from integrations.sienge.sandbox.views.units import groupings
from integrations.sienge.sandbox.world import World

_SITUATIONS = {
    "PROPOSAL": (m.REQUESTED, m.AUTHORISED),
    "SOLD": (m.ISSUED,),
    "CANCELED": (m.CANCELLED,),
}


def sales(call: Call) -> Reply:
    """Stream the contracts of an enterprise created in a period, in one situation."""
    enterprise_id = call.required_integer("enterpriseId")
    start, end = call.required_day("createdAfter"), call.required_day("createdBefore")
    situations = _SITUATIONS[call.choice("situation", *_SITUATIONS)]
    chosen = [
        row
        for row in call.world.contracts.values()
        if row.enterprise_id == enterprise_id
        and start <= row.created_on <= end
        and row.situation in situations
    ]
    return stream(call, _items(call, sorted(chosen, key=lambda row: row.id)))


def _items(call: Call, rows: list[m.Contract]) -> Iterator[bytes]:
    for row in rows:
        with call.lock:
            item = jsonio.dump(_item(call.world, row))
        yield item


def _item(world: World, row: m.Contract) -> dict[str, Any]:
    bill = world.bills.get(row.bill_id or 0)
    conditions = payment_conditions(bill.installments.values() if bill else ())
    return {
        "id": row.id,
        "enterpriseId": row.enterprise_id,
        "receivableBillId": row.bill_id,
        "refundBillId": None,
        "proRataIndexer": row.terms.pro_rata_indexer,
        "number": row.number,
        "situation": row.situation,
        "externalId": row.external_id,
        "note": None,
        "cancellationReason": row.cancel_reason,
        "interestType": row.terms.interest_type,
        "lateInterestCalculationType": row.terms.calculation,
        "financialInstitutionNumber": None,
        "discountType": None,
        "correctionType": row.correction_type,
        "anualCorrectionType": None,
        "associativeCredit": "N",
        "discountPercentage": 0,
        "value": row.value,
        "totalSellingValue": row.value,
        "interestPercentage": row.terms.interest_percent,
        "fineRate": row.terms.fine_percent,
        "dailyLateInterestValue": row.terms.daily_interest,
        "creationDate": row.created_on,
        "contractDate": row.signed_on,
        "issueDate": row.issued_on,
        "cancellationDate": row.cancelled_on,
        "financialInstitutionDate": None,
        "customers": [_customer(world, holder) for holder in row.holders],
        "units": [
            _unit(world.units[unit_id], main=not position)
            for position, unit_id in enumerate(row.unit_ids)
        ],
        "paymentConditions": [_condition(each) for each in conditions],
        "brokers": [
            {"id": broker, "name": None, "main": not position}
            for position, broker in enumerate(row.broker_ids)
        ],
    }


def _customer(world: World, holder: m.Holder) -> dict[str, Any]:
    row = world.customers[holder.customer_id]
    spouse = row.spouse
    return {
        "id": row.id,
        "main": holder.main,
        "spouse": holder.spouse,
        "participationPercentage": holder.percent,
        "personType": "Jurídica" if row.is_firm else "Física",
        "cpf": row.cpf,
        "name": row.name,
        "email": row.email,
        "birthDate": None if row.is_firm else row.born_on,
        "marriageDate": row.married_on,
        "civilStatus": row.civil_status,
        "fatherName": row.father,
        "motherName": row.mother,
        "sex": sex_word(row.is_woman),
        "cnpj": row.cnpj,
        "nationality": None if row.international_id else "BRASILEIRA",
        "numberIdentityCard": row.identity_card,
        "profession": row.profession,
        "contactName": row.contact_name,
        "fantasyName": row.fantasy_name,
        "spouseData": spouse
        and {
            "cpf": spouse.cpf,
            "name": spouse.name,
            "email": spouse.email,
            "sex": spouse.sex,
            "civilStatus": "CASADO(A)",
            "birthDate": spouse.born_on,
            "numberIdentityCard": None,
        },
        "phones": [phone(each) for each in row.phones],
        "addresses": [address(each) for each in row.addresses],
    }


def _unit(row: m.Unit, *, main: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "main": main,
        "participationPercentage": 100,
        "name": row.name,
        "propertyType": row.kind,
        "note": None,
        "commercialStock": row.stock,
        "legalRegistrationNumber": row.registry,
        "deliveryDate": None,
        "privateArea": row.area,
        "indexedQuantity": row.price,
        "childUnits": [],
        "groupings": groupings(row),
    }


def _condition(row: dict[str, Any]) -> dict[str, Any]:
    names = ("conditionTypeId", "conditionTypeName", "bearerName", "installmentsNumber")
    shown = {name: row[name] for name in (*names, "totalValue", "firstPayment")}
    # Here, and only here, the bearer's id is a string.
    return {**shown, "bearerId": str(row["bearerId"])}


ROUTES = [Route("GET", "/sales", "sales", sales)]
