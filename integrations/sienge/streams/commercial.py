"""Company, branches, sales contracts and units."""

from collections.abc import Iterator
from typing import Any

from cobranca.contracts.records import SaleRecord
from integrations.core.errors import ConfigError, NotGrantedError
from integrations.core.fields import text
from integrations.core.streaming import Row
from integrations.sienge import rows as r
from integrations.sienge.mapper import (
    WHOLE_UNIT,
    Sheet,
    add_branch,
    add_sale,
    add_unit,
    installments_foreseen,
    share_of,
)
from integrations.sienge.streams.load import SHEET_ROWS, Leaf, Load

# A daily load keeps to so many REST calls; what its new units would take beyond them waits for
# the batimento, which reads all of them as pages.
DAILY_CALLS = 12
# More codes than these are not kept in the cursor: the batimento is what they need.
MOST_UNITS = 500


def read_company(load: Load, _at: dict[str, Any]) -> Iterator[Leaf]:
    """Make sure the company exists: a wrong code would pass for an empty portfolio."""
    if load.scope.full and load.client.company(load.company) is None:
        raise ConfigError(
            f"A empresa {load.company} não existe no Sienge: confira o código do credor.",
            "company not found",
        )
    yield from ()


def read_branches(load: Load, at: dict[str, Any]) -> Iterator[Leaf]:
    """Read the enterprises, or the cost centres that have their codes."""
    if not at.get("cost_centers"):
        try:
            yield from load.paged(
                "branches",
                lambda offset: load.client.enterprises(load.company, offset),
                add_branch,
                at,
            )
            return
        except NotGrantedError:
            at = {}

    def add(sheet: Sheet, row: Row[r.CostCenter]) -> None:
        # They come for all companies of the tenant.
        if row.value is None or text(row.value.id_company).lstrip("0") == load.company:
            add_branch(sheet, row)

    for leaf in load.paged("branches", load.client.cost_centers, add, at):
        leaf.at["cost_centers"] = True
        yield leaf


def read_sales(load: Load, at: dict[str, Any]) -> Iterator[Leaf]:
    """Read the sales contracts, noting the units that will have to be read."""

    def add(sheet: Sheet, row: Row[r.SalesContract]) -> None:
        sale = add_sale(sheet, row)
        if sale is not None and row.value is not None and not sale.is_cancelled:
            _note_sale(load, sale, row.value)

    def fetch(offset: int) -> Any:
        return load.client.sales_contracts(load.company, offset, load.since)

    for leaf in load.paged("sales", fetch, add, at):
        _note_units(load, [s for s in leaf.sheet.records if isinstance(s, SaleRecord)])
        yield leaf
    pages = max(1, -(-load.memo.get("installments", 0) // SHEET_ROWS))
    load.foresee("income", pages)
    load.foresee("boletos", pages)


def read_units(load: Load, at: dict[str, Any]) -> Iterator[Leaf]:
    """Read the units of this load's contracts, by whichever way takes the fewest calls."""
    if not load.scope.full:
        yield from _units_of_new_contracts(load)
        return
    enterprises = load.recall("enterprises")
    is_all = bool(at) and "left" not in at
    if is_all or (not at and len(enterprises) > 1):
        for leaf in load.paged("units", load.client.units, _unit_adder(load), at):
            if not at and leaf.restarts and leaf.foreseen - 1 > len(enterprises):
                break  # the tenant's other companies have many: enterprise by enterprise
            yield leaf
        else:
            return
    yield from _units_by_enterprise(load, at.get("left", enterprises), at)


def _units_by_enterprise(load: Load, left: list[str], at: dict[str, Any]) -> Iterator[Leaf]:
    for place, enterprise in enumerate(left):
        position = at if place == 0 else {}
        # A stream each, so that one of them read again leaves the others alone.
        for leaf in load.paged(
            f"units {enterprise}",
            lambda offset, code=enterprise: load.client.units(offset, code),  # type: ignore[misc]
            _unit_adder(load),
            position,
        ):
            leaf.at["left"] = left[place:]
            yield leaf


def _units_of_new_contracts(load: Load) -> Iterator[Leaf]:
    """Read the units of contracts new here one by one, as far as the day's calls reach."""
    units = load.recall("units")
    room = max(DAILY_CALLS - load.memo.get("calls", 0), 0)
    leaf = Leaf("units", restarts=True)
    add = _unit_adder(load)
    for code in units[:room]:
        row = load.client.unit(code)
        if row is not None:
            add(leaf.sheet, row)
    if len(units) > room:
        leaf.sheet.notices.append(
            f"Produtos de {len(units) - room} contratos novos virão com o próximo batimento."
        )
    if units:
        yield leaf


def _unit_adder(load: Load) -> Any:
    shares: dict[str, str] = load.memo.get("shares", {})

    def add(sheet: Sheet, row: Row[r.Unit]) -> None:
        add_unit(sheet, row, shares)

    return add


def _note_sale(load: Load, sale: SaleRecord, contract: r.SalesContract) -> None:
    promised = load.memo.get("installments", 0) + installments_foreseen(contract)
    load.memo["installments"] = promised
    share = share_of(contract)
    if sale.unit_id and share != WHOLE_UNIT:
        load.memo["shares"] = {**load.memo.get("shares", {}), sale.unit_id: share}


def _note_units(load: Load, sales: list[SaleRecord]) -> None:
    """Note whose units to read: of all living contracts, or only of those new here."""
    living = [sale for sale in sales if not sale.is_cancelled and sale.unit_id]
    knows = load.scope.known_contracts
    if not load.scope.full and knows is not None and living:
        known = knows([sale.contract for sale in living])
        living = [sale for sale in living if sale.contract not in known]
    load.note("enterprises", (sale.branch for sale in living if sale.branch))
    if not load.scope.full:
        load.note("units", (sale.unit_id for sale in living), MOST_UNITS)
