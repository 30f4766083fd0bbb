"""A portfolio read stream by stream, each page with the position after it.

Everything a later process needs to go on is in the cursor: the step, the position inside it and
a memo of small things. What joins two streams is joined by the mirror.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from integrations.core.connector import Page
from integrations.core.errors import BudgetError, NotGrantedError, PermanentError
from integrations.sienge.streams.commercial import (
    read_branches,
    read_company,
    read_sales,
    read_units,
)
from integrations.sienge.streams.load import Leaf, Load
from integrations.sienge.streams.people import read_customers, read_missing_customers
from integrations.sienge.streams.receivables import read_boletos, read_income

Reader = Callable[[Load, dict[str, Any]], Iterator[Leaf]]

STEPS: dict[str, Reader] = {
    "company": read_company,
    "branches": read_branches,
    "sales": read_sales,
    "customers": read_customers,
    "income": read_income,
    "boletos": read_boletos,
    "missing_customers": read_missing_customers,
    # Last: a daily load reads as many units as the calls that it has left.
    "units": read_units,
}
END = "end"
# Without these a portfolio still comes in whole; what stays as it was is said.
OPTIONAL = {
    "company": "empresa não conferida",
    "branches": "nomes de filiais não atualizados",
    "units": "produtos não atualizados",
    "boletos": "boletos não atualizados",
}


def read_pages(load: Load, resume: Mapping[str, Any] | None) -> Iterator[Page]:
    """Yield what is left to read after `resume`, to the end; raise if it cannot be read whole."""
    if load.company in load.filters.companies:
        raise PermanentError(
            f"A empresa {load.company} está em “Empresas a ignorar”: "
            "nada foi importado nem devolvido.",
            "company is ignored",
        )
    position: dict[str, Any] = dict(resume or {"step": next(iter(STEPS))})
    load.memo = dict(position.get("memo", {}))
    names = [*STEPS, END]
    at = position.get("at", {})
    for place in range(names.index(position["step"]), len(STEPS)):
        yield from _pages_of(load, names[place], names[place + 1], at)
        at = {}


def _pages_of(load: Load, step: str, following: str, at: dict[str, Any]) -> Iterator[Page]:
    """Yield the pages of a step; the last one's cursor already points behind the step."""
    held: Leaf | None = None
    memo: dict[str, Any] = {}
    try:
        for leaf in STEPS[step](load, at):
            if held is not None:
                yield _page(load, held, {"step": step, "at": held.at, "memo": memo})
            held, memo = leaf, dict(load.memo)
    except (NotGrantedError, BudgetError) as error:
        held = _done_without(step, held, error)
    if held is not None:
        yield _page(load, held, {"step": following, "at": {}, "memo": dict(load.memo)})


def _done_without(step: str, held: Leaf | None, error: NotGrantedError | BudgetError) -> Leaf:
    """Go on without an optional resource, and say so; a needed one ends the load."""
    if step not in OPTIONAL:
        raise error
    held = held or Leaf(step)
    held.sheet.notices.append(f"{error.message.rstrip('.')}: {OPTIONAL[step]}.")
    return held


def _page(load: Load, leaf: Leaf, cursor: dict[str, Any]) -> Page:
    foreseen: dict[str, int] = load.memo.get("pages", {})
    sheet = leaf.sheet
    return Page(
        stream=leaf.stream,
        records=sheet.records,
        cursor=cursor,
        restarts=leaf.restarts,
        rows=sheet.rows,
        issues=sheet.issues,
        ignored=dict(sheet.ignored),
        notices=sheet.notices,
        # A step not met yet counts as one page.
        expected=sum(foreseen.values()) + len(STEPS.keys() - foreseen.keys()),
    )
