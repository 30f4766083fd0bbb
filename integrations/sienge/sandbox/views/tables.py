"""Look-up tables: conditions, documents, creditors, indexers, bearers, accounts."""

from decimal import Decimal
from typing import Any

from integrations.sandbox.dates import add_months
from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.calculation import published_value
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.catalog import (
    BEARERS,
    CONDITION_TYPES,
    DOCUMENT_TYPES,
    INDEXERS,
    ConditionType,
    Indexer,
)
from integrations.sienge.sandbox.errors import ApiError
from integrations.sienge.sandbox.model import Company
from integrations.sienge.sandbox.routes import Route


def list_condition_types(call: Call) -> Reply:
    """Answer with the condition types whose code or description contains the filter."""
    wanted = (call.text("filter") or "").upper()
    rows = [
        row
        for row in CONDITION_TYPES.values()
        if wanted in row.code or wanted in row.description.upper()
    ]
    return call.page(rows, condition_type)


def condition_type(row: ConditionType) -> dict[str, Any]:
    """Return a condition type; its id is a code of letters."""
    return {
        "id": row.code,
        "description": row.description,
        "finalityType": row.finality,
        "interval": row.interval,
        "intervalType": "M",
        "everMonthly": row.ever_monthly,
        "installmentsNumber": 1,
    }


def list_documents(call: Call) -> Reply:
    """Answer with every document identification, as the playbook reads them."""
    rows = sorted(DOCUMENT_TYPES.items())
    return call.page(rows, lambda row: {"id": row[0], "name": row[1]})


def one_document(call: Call) -> Reply:
    """Answer with one document identification."""
    code = call.path["id"]
    if code not in DOCUMENT_TYPES:
        raise ApiError(404)
    return call.single({"id": code, "name": DOCUMENT_TYPES[code]})


# Only brokers matter to the receivables side; the sandbox has these three.
_BROKERS = {
    77: ("CORRETOR EXEMPLO", "CORRETOR", "39053344705"),
    78: ("IMOBILIÁRIA SÃO JOSÉ", "SÃO JOSÉ IMÓVEIS", "52998224725"),
    79: ("CONCEIÇÃO CORRETAGENS", "CONCEIÇÃO", "11144477735"),
}


def list_creditors(call: Call) -> Reply:
    """Answer with the creditors that pass the filters."""
    cpf, text = call.text("cpf"), (call.text("creditor") or "").upper()
    rows = [
        number
        for number, (name, trade_name, document) in _BROKERS.items()
        if cpf in (None, document) and text in f"{number} {name} {trade_name}"
    ]
    return call.page([] if call.text("cnpj") else rows, creditor)


def one_creditor(call: Call) -> Reply:
    """Answer with one creditor."""
    number = call.path_integer("creditorId")
    if number not in _BROKERS:
        raise ApiError(404)
    return call.single(creditor(number))


def creditor(number: int) -> dict[str, Any]:
    """Return a creditor as the API shows it."""
    name, trade_name, cpf = _BROKERS[number]
    return {
        "id": number,
        "name": name,
        "tradeName": trade_name,
        "cpf": cpf,
        "cnpj": None,
        "supplier": "N",
        "broker": "S",
        "employee": "N",
        "active": True,
        "stateRegistrationNumber": None,
        "stateRegistrationType": "N",
        "paymentTypeId": 1,
        "address": {
            "cityId": 4321,
            "cityName": "Florianópolis",
            "streetName": "Rua Fictícia",
            "number": "10",
            "complement": None,
            "neighborhood": "Centro",
            "zipCode": "88000000",
        },
        "phones": [
            {
                "ddd": "48",
                "number": "99999-0000",
                "main": True,
                "type": 3,
                "extension": None,
                "observation": None,
            }
        ],
    }


def list_indexers(call: Call) -> Reply:
    """Answer with the indexers and their last value; there is no series."""
    return call.page(list(INDEXERS.values()), lambda row: _indexer(call, row))


def _indexer(call: Call, row: Indexer) -> dict[str, Any]:
    month = call.world.today.replace(day=1)
    # Real indexes are published a month late; REAL needs no publication.
    published = month if row.id == 0 else add_months(month, -1)
    return {
        "id": row.id,
        "name": row.name,
        "revenueRetroactivity": row.retroactivity,
        "lastValue": {
            "date": published,
            "value": published_value(row.id, published.year, published.month),
            "percentage": Decimal(row.monthly_percent),
        },
    }


def list_bearers(call: Call) -> Reply:
    """Answer with who carries the receivables."""
    return call.page(list(BEARERS.items()), _bearer)


def _bearer(row: tuple[int, str]) -> dict[str, Any]:
    number, name = row
    return {
        "bearerId": number,
        "bearerName": name,
        "bearerWallet": "S" if number == 1 else "N",
        "bearerInCharge": "N",
        "bearerDebtWorkout": "N",
    }


def list_accounts(call: Call) -> Reply:
    """Answer with the checking accounts, one per company."""
    company_id = call.integer("companyId")
    rows = [row for row in call.world.companies.values() if not company_id or row.id == company_id]
    return call.page(rows, _account)


def _account(row: Company) -> dict[str, Any]:
    return {
        "accountNumber": row.account.number,
        "accountName": row.account.name,
        "agencyNumber": row.account.agency,
        "accountType": {"id": "B", "description": "Conta bancária"},
        "companyId": row.id,
        "companyName": row.name,
        "bankNumber": row.account.bank,
        "bankName": row.account.bank_name,
        "accountStatus": "ATIVA",
    }


ROUTES = [
    Route("GET", "/payment-condition-types", "payment-condition-types", list_condition_types),
    Route("GET", "/document-identifications", "document-identifications", list_documents),
    Route("GET", "/document-identifications/{id}", "document-identifications", one_document),
    Route("GET", "/creditors", "creditors", list_creditors),
    Route("GET", "/creditors/{creditorId}", "creditors", one_creditor),
    Route("GET", "/indexers", "indexers", list_indexers),
    Route("GET", "/bearers-receivable", "bearers-receivable", list_bearers),
    Route("GET", "/checking-accounts", "checking-accounts", list_accounts),
]
