"""Rows mapped onto a sheet, and what came out of them."""

from typing import Any

from integrations.sienge import rows as r
from integrations.sienge.config import Filters
from integrations.sienge.mapper import IncomeMapper, Sheet
from tests.integrations.sienge.samples import load, row

ALL_OF_17 = Filters("17")


def of(sheet: Sheet, kind: type) -> list[Any]:
    return [record for record in sheet.records if type(record) is kind]


def income(filters: Filters = ALL_OF_17, *rows: Any, **changes: Any) -> Sheet:
    sheet = Sheet()
    mapper = IncomeMapper(filters)
    for one in rows or [row(r.Income, "income", **changes)]:
        mapper.add(sheet, one)
    return sheet


def receipt(name: str | None = "Recebimento", **changes: Any) -> dict[str, Any]:
    return {**load("income")["receipts"][0], "operationTypeName": name, **changes}
