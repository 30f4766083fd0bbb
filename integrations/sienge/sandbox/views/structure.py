"""Companies, enterprises and cost centres."""

from typing import Any, TypeVar

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.model import Company, Enterprise
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.world import World

Row = TypeVar("Row")


def list_companies(call: Call) -> Reply:
    """Answer with the companies by id."""
    return call.page(_by_id(call.world.companies), company)


def one_company(call: Call) -> Reply:
    """Answer with one company."""
    return call.single(company(call.row(call.world.companies, "companyId")))


def company(row: Company) -> dict[str, Any]:
    """Return a company as the API shows it."""
    return {"id": row.id, "name": row.name, "tradeName": row.trade_name, "cnpj": row.cnpj}


def list_enterprises(call: Call) -> Reply:
    """Answer with the enterprises that pass the filters."""
    owner, kind = call.integer("companyId"), call.integer("type")
    only_enabled = call.flag("onlyBuildingsEnabledForIntegration")
    # Nothing in the sandbox is registered with B3 or CERC.
    registered_elsewhere = call.text("receivableRegister") is not None
    rows = [
        row
        for row in _by_id(call.world.enterprises)
        if (not owner or row.company_id == owner)
        and (kind is None or row.kind == str(kind))
        and (not only_enabled or row.enabled)
        and not registered_elsewhere
    ]
    return call.page(rows, lambda row: enterprise(call.world, row))


def enterprise(world: World, row: Enterprise) -> dict[str, Any]:
    """Return an enterprise as lists show it."""
    address = row.address
    street = f"{address['streetName']}, {address['number']} - {address['neighborhood']}"
    return {
        "id": row.id,
        "name": row.name,
        "commercialName": None,
        "enterpriseObservation": None,
        "cnpj": row.cnpj,
        "type": row.kind,
        "adress": street,
        "creationDate": row.created_on,
        "modificationDate": row.changed_on,
        "createdBy": "USUARIO1",
        "modifiedBy": "USUARIO2",
        "companyId": row.company_id,
        "companyName": world.companies[row.company_id].name,
        "costDatabaseId": 1,
        "costDatabaseDescription": "BASE PADRÃO",
        "buildingTypeId": 3,
        "buildingTypeDescription": "RESIDENCIAL VERTICAL",
    }


def one_enterprise(call: Call) -> Reply:
    """Answer with one enterprise, in full."""
    row = call.row(call.world.enterprises, "enterpriseId")
    return call.single({**enterprise(call.world, row), **_enterprise_details(call.world, row)})


def _enterprise_details(world: World, row: Enterprise) -> dict[str, Any]:
    return {
        "addressDetails": dict(row.address),
        "buildingCostEstimationStatus": "CLOSED",
        "buildingStatus": "IN_PROGRESS",
        "buildingAppropriationLevel": "2",
        "buildingEnabledForIntegration": row.enabled,
        "costCenterStatus": "ACTIVE",
        "constructionDetails": {
            "technicalManager": None,
            "numberOfFloors": 25,
            "totalArea": None,
            "landArea": None,
            "startDate": row.created_on,
            "endDate": row.keys_on,
        },
        "salesDetails": {"keysDelivery": row.keys_on, "layout": "V", "realEstateUse": "0"},
        "accountable": None,
        "associatedBuilding": None,
        "associatedCostCenters": [
            {
                "id": row.id,
                "name": row.name,
                "companyId": row.company_id,
                "companyName": world.companies[row.company_id].name,
            }
        ],
    }


def enterprise_groupings(call: Call) -> Reply:
    """Answer with the groupings of an enterprise: a bare array."""
    row = call.row(call.world.enterprises, "enterpriseId")
    values = [
        {
            "expectedOccupancyDate": row.keys_on,
            "legalOccupancyDate": None,
            "realOccupancyDate": None,
            "releaseDate": row.created_on,
            "dateEvolutionWork": None,
            "numberFloors": 25,
            "orderNumber": order,
            "workProgressPercentage": 50,
            "valueGroupingDescription": tower,
        }
        for order, tower in enumerate(row.towers, 1)
    ]
    grouping = {
        "unitGroupingDescription": "TORRE",
        "unitGroupingId": 1,
        "enterpriseId": row.id,
        "orderNumber": 1,
        "valueGroupings": values,
    }
    return Reply(payload=[grouping])


def list_cost_centers(call: Call) -> Reply:
    """Answer with the cost centres, which are the enterprises under another name."""
    return call.page(_by_id(call.world.enterprises), cost_center)


def one_cost_center(call: Call) -> Reply:
    """Answer with one cost centre and its sectors."""
    row = call.row(call.world.enterprises, "costCenterId")
    sectors = [
        {
            "id": str(order),
            "name": f"TORRE {tower}",
            "accountableId": "USUARIO1",
            "accountableName": "FULANO",
        }
        for order, tower in enumerate(row.towers, 1)
    ]
    return call.single({**cost_center(row), "buildingSectors": sectors})


def cost_center(row: Enterprise) -> dict[str, Any]:
    """Return a cost centre as lists show it."""
    return {"id": row.id, "name": row.name, "cnpj": row.cnpj, "idCompany": row.company_id}


def _by_id(rows: dict[int, Row]) -> list[Row]:
    return [rows[key] for key in sorted(rows)]


ROUTES = [
    Route("GET", "/companies", "companies", list_companies),
    Route("GET", "/companies/{companyId}", "companies", one_company),
    Route("GET", "/enterprises", "enterprises", list_enterprises),
    Route("GET", "/enterprises/{enterpriseId}", "enterprises", one_enterprise),
    Route("GET", "/enterprises/{enterpriseId}/groupings", "enterprises", enterprise_groupings),
    Route("GET", "/cost-centers", "cost-centers", list_cost_centers),
    Route("GET", "/cost-centers/{costCenterId}", "cost-centers", one_cost_center),
]
