"""The bulk answers: installments with their receipts, and boletos."""

from collections.abc import Iterator
from typing import Any

from integrations.core.streaming import Row
from integrations.sienge import rows as r
from integrations.sienge.mapper import IncomeMapper, Sheet, add_boletos
from integrations.sienge.streams.load import Leaf, Load
from integrations.sienge.streams.people import want_customers


def read_income(load: Load, _at: dict[str, Any]) -> Iterator[Leaf]:
    """Read every installment (or the changed ones) with its title and receipts."""
    mapper = IncomeMapper(load.filters)
    named: set[str] = set()

    def add(sheet: Sheet, row: Row[r.Income]) -> None:
        debtor = mapper.add(sheet, row)
        if debtor:
            named.add(debtor)

    rows = load.client.income(load.company, load.since)
    for leaf in load.streamed("income", rows, add):
        want_customers(load, named)
        named.clear()
        yield leaf


def read_boletos(load: Load, _at: dict[str, Any]) -> Iterator[Leaf]:
    """Read which installments have a boleto."""

    def add(sheet: Sheet, row: Row[r.Extract]) -> None:
        add_boletos(sheet, row, load.company)

    yield from load.streamed("boletos", load.client.extract_history(load.company, load.since), add)
