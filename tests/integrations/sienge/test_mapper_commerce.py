"""Sales contracts, units and enterprises into sales, products and branches."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cobranca.contracts.records import (
    BranchRecord,
    DoubtRecord,
    PersonRecord,
    ProductRecord,
    SaleRecord,
)
from integrations.sienge import rows as r
from integrations.sienge.creditor_type import SALE_ATTRIBUTES
from integrations.sienge.mapper import Sheet, add_branch, add_sale, add_unit
from tests.integrations.sienge.samples import row
from tests.integrations.sienge.sheets import of


def sale(**changes: Any) -> Sheet:
    sheet = Sheet()
    add_sale(sheet, row(r.SalesContract, "sales_contract", **changes))
    return sheet


def test_the_sales_contract_of_the_reference():
    assert sale().records == [
        SaleRecord(
            contract="5600",
            document_number="VIND-304",
            branch="42",
            unit="304",
            unit_id="1304",
            is_cancelled=False,
            cancelled_on=None,
            issued_on=date(2026, 5, 28),
        )
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"situation": "Cancelado"},
        {"situation": "CANCELADO"},
        {"situation": "3"},
        {"situation": 3},
        {"situation": "Emitido", "cancellationDate": "2026-11-19"},
    ],
)
def test_a_cancelled_contract_is_told_by_word_code_or_date(changes):
    assert sale(**changes).records[0].is_cancelled


def test_a_contract_without_a_title_is_none_yet():
    sheet = sale(receivableBillId=None)

    assert sheet.records == []
    assert sheet.ignored == {"Contratos de venda ainda sem título": 1}


def test_those_who_bought_together_stand_around_the_main_holder():
    holders = [
        {"id": 3500, "name": "JOÃO", "main": False, "spouse": True},
        {"id": 3431, "name": "MARIA", "main": True, "participationPercentage": 60},
        {"id": 3600, "name": "EVA", "main": "N", "participationPercentage": Decimal("40.0")},
    ]

    assert of(sale(salesContractCustomers=holders), PersonRecord) == [
        PersonRecord("3431", "co_buyer", "JOÃO", note="cônjuge"),
        PersonRecord("3431", "co_buyer", "EVA", note="40 %"),
    ]


@pytest.mark.parametrize("units", [None, [], {"id": 7, "name": "A"}])
def test_a_contract_may_have_no_unit_or_a_single_object(units):
    assert sale(salesContractUnits=units).records[0].unit == ("A" if units else "")


def test_a_sales_contract_that_cannot_be_read_leaves_its_title_alone():
    sheet = sale(cancellationDate="ontem")

    assert sheet.records == [DoubtRecord("5600")]
    assert "cancellationDate" in sheet.issues[0].message


def test_the_unit_of_the_reference():
    sheet = Sheet()

    add_unit(sheet, row(r.Unit, "units"), {"1304": "50"})

    (product,) = of(sheet, ProductRecord)
    assert product.unit_id == "1304"
    attributes = json.loads(product.attributes)
    assert attributes == {
        "code": "1304",
        "product_name": "304",
        "private_area": "62,5",
        "participation_percent": "50",
        "property_type": "APARTAMENTO",
        "registration": "12.345",
        "commercial_stock": "Vendida",
    }
    assert list(attributes) == [attribute.key for attribute in SALE_ATTRIBUTES]


def test_the_enterprise_of_the_reference():
    sheet = Sheet()

    add_branch(sheet, row(r.Enterprise, "enterprises"))
    add_branch(sheet, row(r.CostCenter, "cost_centers", id="042", cnpj=None))

    assert sheet.records == [
        BranchRecord("42", "RESIDENCIAL EXEMPLO", "11222333000181"),
        BranchRecord("42", "RESIDENCIAL EXEMPLO", ""),
    ]


def test_an_enterprise_without_a_code_is_set_aside():
    sheet = Sheet()

    add_branch(sheet, row(r.Enterprise, "enterprises", id=None))

    assert (sheet.records, len(sheet.issues)) == ([], 1)
