"""Customers: those of the list, and those that open installments name and the list did not."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from cobranca.contracts.records import DebtorRecord
from integrations.core.connector import Issue
from integrations.sienge.mapper import add_customer
from integrations.sienge.streams.load import Leaf, Load

# Missing customers are read one by one up to so many; more of them as the whole list.
FEW_CUSTOMERS = 5


def read_customers(load: Load, at: dict[str, Any]) -> Iterator[Leaf]:
    """Read all customers, or those modified since; the ERP lists them for all companies."""
    load.seen = None if at else set()
    yield from _list(load, at, load.since)


def want_customers(load: Load, named: set[str]) -> None:
    """Note the customers that open installments name and this load did not read."""
    if load.scope.full:
        # Read by an earlier process, the whole list is in; who joined since comes tomorrow.
        missing = set() if load.seen is None else named - load.seen
    else:
        missing = named.difference(load.recall("fresh"))
        knows = load.scope.known_debtors
        if knows is not None and missing:
            missing -= knows(sorted(missing))
    if missing:
        load.note("wanted", sorted(missing), FEW_CUSTOMERS + 1)


def read_missing_customers(load: Load, at: dict[str, Any]) -> Iterator[Leaf]:
    """Read the customers still wanted: one by one, or the whole list when they are many."""
    wanted = load.recall("wanted")
    if len(wanted) > FEW_CUSTOMERS:
        yield from _list(load, at, None)
        return
    leaf = Leaf("missing_customers", restarts=True)
    for code in wanted:
        load.count_call()
        row = load.client.customer(code)
        if row is None:
            message = f"Cliente {code} não encontrado no Sienge."
            leaf.sheet.issues.append(Issue("missing_customer", message))
        else:
            add_customer(leaf.sheet, row, load.filters.inactive_note)
    if wanted:
        yield leaf


def _list(load: Load, at: dict[str, Any], since: date | None) -> Iterator[Leaf]:
    def fetch(offset: int) -> Any:
        return load.client.customers(offset, since)

    add = partial(add_customer, inactive_note=load.filters.inactive_note)
    for leaf in load.paged("customers", fetch, add, at):
        _remember(load, [d.external_id for d in leaf.sheet.records if isinstance(d, DebtorRecord)])
        yield leaf


def _remember(load: Load, codes: list[str]) -> None:
    if load.scope.full:
        if load.seen is not None:
            load.seen.update(codes)
        return
    knows = load.scope.known_debtors
    known = knows(codes) if knows is not None and codes else set()
    load.note("fresh", (code for code in codes if code not in known))
