"""Faults that only an answer of this kind can have, beside the ones every simulator knows."""

from collections.abc import Callable
from typing import Any

from integrations.sandbox.dates import add_months
from integrations.sandbox.faults import KINDS, Fault, FaultBoard
from integrations.sandbox.messages import Reply
from integrations.sgs.sandbox import answers
from integrations.sgs.sandbox.world import World

OWN = ("refused-range", "disorder", "comma", "future-month")
Rows = list[dict[str, Any]]


class SgsFaults(FaultBoard):
    """The common faults and our own."""

    kinds = (*KINDS, *OWN)


def instead(fault: Fault) -> Reply | None:
    """Return what is answered in place of values; None when the fault only bends them."""
    if fault.kind == "html":
        return answers.invalid_request()
    if fault.kind == "refused-range":
        return answers.range_refused(int(fault.options.get("value", 406)))
    return None


def bend(rows: Rows, fault: Fault, world: World) -> None:
    """Spoil the rows of an answer in the way of one fault."""
    change = _BENDS.get(fault.kind)
    if change is not None and rows:
        change(rows, fault, world)


def is_ours(fault: Fault) -> bool:
    """Tell whether the fault is handled here and not by the common machinery."""
    return fault.kind in OWN or fault.kind in ("html", "duplicate-rows")


def _duplicate(rows: Rows, fault: Fault, world: World) -> None:
    """Say the last rows twice, the second time with `value` where one is given."""
    count = int(fault.options.get("rows", 1))
    changed = {"valor": fault.options["value"]} if "value" in fault.options else {}
    rows.extend({**row, **changed} for row in list(rows[-count:]))


def _disorder(rows: Rows, fault: Fault, world: World) -> None:
    rows.sort(key=lambda row: row["data"], reverse=True)


def _comma(rows: Rows, fault: Fault, world: World) -> None:
    item = fault.options.get("item")
    for row in rows if item is None else [rows[int(item)]]:
        row["valor"] = row["valor"].replace(".", ",")


def _future(rows: Rows, fault: Fault, world: World) -> None:
    month = add_months(world.clock.today().replace(day=1), 1)
    rows.append({"data": f"{month:%d/%m/%Y}", "valor": str(fault.options.get("value", "0.50"))})


_BENDS: dict[str, Callable[[Rows, Fault, World], None]] = {
    "duplicate-rows": _duplicate,
    "disorder": _disorder,
    "comma": _comma,
    "future-month": _future,
}
