"""Statements into boletos that may be had."""

from typing import Any

import pytest

from cobranca.contracts.records import BoletoRecord
from integrations.sienge import rows as r
from integrations.sienge.mapper import Sheet, add_boletos
from tests.integrations.sienge.samples import load, row


def boletos(**changes: Any) -> Sheet:
    sheet = Sheet()
    add_boletos(sheet, row(r.Extract, "extract", **changes), "17")
    return sheet


def extracted(**changes: Any) -> dict[str, Any]:
    return {**load("extract")["installments"][0], "installmentSituation": "0", **changes}


@pytest.mark.parametrize("name", ["generatedBillet", "generatedBoleto", "generatedTicket"])
@pytest.mark.parametrize(("told", "available"), [(True, True), ("S", True), ("N", False)])
def test_the_boleto_flag_has_three_names(name, told, available):
    installment = extracted(**{name: told})
    if name != "generatedBillet":
        del installment["generatedBillet"]

    assert boletos(installments=[installment]).records == [BoletoRecord("5600", 1, available)]


def test_an_installment_already_received_needs_no_boleto():
    assert boletos().records == []


def test_the_statement_of_another_company_is_left_out():
    sheet = boletos(company={"id": 18}, installments=[extracted()])

    assert (sheet.records, sheet.issues) == ([], [])


def test_a_boleto_that_cannot_be_read_is_set_aside():
    sheet = boletos(installments=[extracted(id="x")])

    assert "installments.id" in sheet.issues[0].message
