"""Units and their groupings."""

from decimal import Decimal
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.model import Unit
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.world import World


def list_units(call: Call) -> Reply:
    """Answer with the units that pass the filters, by id."""
    enterprise, name = call.integer("enterpriseId"), call.text("name")
    stocks = call.words("commercialStock")
    rows = [
        row
        for row in call.world.units.values()
        if (not enterprise or row.enterprise_id == enterprise)
        and (name is None or row.name == name)
        and (not stocks or row.stock in stocks)
    ]
    rows.sort(key=lambda row: row.id)
    in_full = call.text("additionalData") == "ALL"
    return call.page(rows, lambda row: unit(call.world, row, in_full=in_full))


def one_unit(call: Call) -> Reply:
    """Answer with one unit, groupings included."""
    return call.single(unit(call.world, call.row(call.world.units, "unitId"), in_full=True))


def unit_groupings(call: Call) -> Reply:
    """Answer with the groupings of a unit: a bare array."""
    return Reply(payload=groupings(call.row(call.world.units, "unitId")))


def groupings(row: Unit) -> list[dict[str, str]]:
    """Return where in the enterprise a unit is."""
    return [{"groupingDescription": "TORRE", "valueGroupingDescription": row.tower}]


def unit(world: World, row: Unit, *, in_full: bool) -> dict[str, Any]:
    """Return a unit as the API shows it."""
    contract = world.contracts.get(row.contract_id or 0)
    return {
        "id": row.id,
        "enterpriseId": row.enterprise_id,
        "contractId": row.contract_id,
        "indexerId": 5,
        "name": row.name,
        "propertyType": row.kind,
        "note": None,
        "commercialStock": row.stock,
        "latitude": None,
        "longitude": None,
        "legalRegistrationNumber": row.registry,
        "deliveryDate": None,
        "scheduledDeliveryDate": world.enterprises[row.enterprise_id].keys_on,
        **_areas(row),
        "indexedQuantity": row.price,
        "prizedCompliance": 0,
        "terrainValue": 0,
        "floor": row.floor,
        "contractNumber": contract.number if contract else None,
        "usableArea": row.area,
        "iptuValue": 0,
        "realEstateRegistration": None,
        "childUnits": [],
        "groupings": groupings(row) if in_full else [],
        "specialValues": [],
        "links": [],
    }


def _areas(row: Unit) -> dict[str, Any]:
    return {
        "privateArea": row.area,
        "commonArea": Decimal("18.2"),
        "terrainArea": None,
        "nonProportionalCommonArea": 0,
        "idealFraction": Decimal("0.0125"),
        "idealFractionSquareMeter": Decimal("10.1"),
        "generalSaleValueFraction": Decimal("0.01"),
    }


ROUTES = [
    Route("GET", "/units", "units", list_units),
    Route("GET", "/units/{unitId}", "units", one_unit),
    Route("GET", "/units/{unitId}/groupings", "units", unit_groupings),
]
