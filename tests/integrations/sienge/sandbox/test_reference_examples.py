"""The reference's examples of bill 5600 and its relatives, as the sandbox answers them.

`examples/` holds the JSON of shared/reference/sienge.md word for word. Lists may be longer than
the example's, which shows one or two rows; each row must be found with the same fields and values.
"""

import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parent / "examples"

# The reference printed these for a calendar whose 30/10 was a Saturday, or for its own host.
NOT_COMPARED = {"href", "totalAdditionalValue", "totalCurrentDebitBalanceValue", "lastValue"}

PERIOD = {"startDueDate": "2026-01-01", "endDueDate": "2030-01-01", "billReceivableId": 5600}


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def differences(expected: Any, found: Any, where: str = "") -> list[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        unlike = [f"{where}: fields {set(expected) ^ set(found)}"] * (set(expected) != set(found))
        for name in set(expected) & set(found) - NOT_COMPARED:
            unlike += differences(expected[name], found[name], f"{where}.{name}")
        return unlike
    if isinstance(expected, list) and isinstance(found, list):
        return [
            f"{where}[{position}] not among {len(found)} rows"
            for position, row in enumerate(expected)
            if all(differences(row, other) for other in found)
        ]
    return [] if expected == found else [f"{where}: {expected!r} became {found!r}"]


def row_of(name: str) -> Any:
    return example(name)["results"][0]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/companies/17", row_of("companies")),
        ("/customers/3431", example("customer")),
        ("/sales-contracts/812", example("contract")),
        ("/units/1304", row_of("units")),
        ("/creditors/77", row_of("creditors")),
        ("/accounts-receivable/receivable-bills/5600", example("bill")),
    ],
)
def test_one_object_is_the_example(reading, path, expected):
    assert differences(expected, reading.get(path).json()) == []


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("/companies", {}, "companies"),
        ("/enterprises", {"companyId": 17}, "enterprises"),
        ("/cost-centers", {}, "cost_centers"),
        ("/units", {"enterpriseId": 42, "additionalData": "ALL"}, "units"),
        ("/accounts-receivable/receivable-bills", {"customerId": 3431}, "bills"),
        ("/accounts-receivable/receivable-bills/5600/installments", {}, "installments"),
        ("/current-debit-balance", {"cpf": "11144477735"}, "current_balance"),
        ("/total-current-debit-balance", {"cpf": "11144477735"}, "total_balance"),
        ("/payment-condition-types", {}, "condition_types"),
        ("/indexers", {}, "indexers"),
    ],
)
def test_the_rows_of_the_example_are_in_the_list(reading, path, query, name):
    found = reading.get(path, **query).json()

    assert set(found) == set(example(name))
    expected = example(name)["results"]
    if name == "current_balance":
        assert balance_differences(expected[0], found["results"][0]) == []
    else:
        assert differences(expected, found["results"]) == []


def balance_differences(expected: Any, found: Any) -> list[str]:
    lists = ("paidInstallments", "dueInstallments", "payableInstallments")
    return [unlike for name in lists for unlike in differences(expected[name], found[name])]


def test_the_statement_is_the_example(reading):
    found = reading.rows("/customer-financial-statements", customerId=3431)

    assert differences(row_of("statement"), found[0]) == []


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("/income/by-bills", {"billsIds": "5600"}, "income"),
        ("/customer-extract-history", PERIOD, "extract"),
        ("/bank-movement/by-movements", {"movementsIds": "88001"}, "bank_movement"),
        (
            "/customer-debt-balance",
            PERIOD | {"startDueDate": "2026-06-30", "endDueDate": "2026-06-30"},
            "debt_balance",
        ),
    ],
)
def test_the_bulk_items_of_the_example_are_streamed(reading, path, query, name):
    assert differences(example(name)["data"], reading.data(path, **query)) == []


def test_the_defaulters_of_the_example_are_streamed(reading):
    expected = example("defaulters")["data"][0]

    found = reading.data("/defaulters-receivable-bills", companyId=17)[0]

    assert set(found) == set(expected)
    late = (expected["defaulterInstallments"], found["defaulterInstallments"])
    assert differences(*late) == []
