"""Faixas: which values make sense in one, and which two collide. Pure: no database, no clock.

A bracket is a mapping of field names to typed values, so that forms, programs and stored rows
are asked the same. A field that is absent could not be read: somebody else says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

EARLIEST_DELAY, LATEST_DELAY = -9999, 9999
FEWEST_PARTS, MOST_PARTS = 2, 180
MOST_PERCENT, PERCENT_PLACES = Decimal(100), 6
DELAY, PARTS = ("delay_from", "delay_to"), ("parts_from", "parts_to")
# The filters of a bracket; an empty one means all.
FILTERS = ("contract_type_ids", "branch_ids")
_LIMITS = {
    DELAY: (EARLIEST_DELAY, LATEST_DELAY, "O atraso vai de -9999 a 9999 dias."),
    PARTS: (FEWEST_PARTS, MOST_PARTS, "O número de parcelas vai de 2 a 180."),
}
_OUT_OF_ORDER = "O fim da faixa vem antes do início."
_NO_DOWN_PAYMENT = "Sem entrada permitida não há entrada mínima: deixe 0,00."

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong in one field of one row of a table."""

    row: int
    field: str
    message: str


def problems_of_table(rows: Sequence[Values]) -> list[Problem]:
    """Return everything wrong in a table, row by row, collisions last."""
    found = [
        Problem(number, field, message)
        for number, values in enumerate(rows)
        for field, message in problems_of_row(values)
    ]
    return found + collisions(rows)


def problems_of_row(values: Values) -> list[tuple[str, str]]:
    """Return (field, message) of what is wrong in one bracket by itself."""
    return [*_missing(values), *_out_of_limits(values), *_bad_percents(values)]


def _missing(values: Values) -> Iterator[tuple[str, str]]:
    for field, value in values.items():
        if value is None:
            yield field, "Informe um valor."


def _out_of_limits(values: Values) -> Iterator[tuple[str, str]]:
    for pair, (least, most, message) in _LIMITS.items():
        told = {field: values[field] for field in pair if values.get(field) is not None}
        outside = [field for field, number in told.items() if not least <= number <= most]
        yield from ((field, message) for field in outside)
        if not outside and len(told) == len(pair) and told[pair[0]] > told[pair[1]]:
            yield pair[1], _OUT_OF_ORDER


def _bad_percents(values: Values) -> Iterator[tuple[str, str]]:
    percents = {field: v for field, v in values.items() if isinstance(v, Decimal)}
    for field, percent in percents.items():
        if not percent.is_finite() or not 0 <= percent <= MOST_PERCENT:
            yield field, "O percentual vai de 0 a 100."
        elif percent != round(percent, PERCENT_PLACES):
            yield field, "O percentual tem até seis casas decimais."
    if percents.get("min_down_payment_percent") and values.get("allows_down_payment") is False:
        yield "min_down_payment_percent", _NO_DOWN_PAYMENT


def collisions(rows: Sequence[Values]) -> list[Problem]:
    """Return, for both sides of each collision, which other bracket is in the way."""
    whole = [(number, values) for number, values in enumerate(rows) if _has_ranges(values)]
    found: dict[int, int] = {}
    for (number, values), (other, others) in combinations(whole, 2):
        if do_collide(values, others):
            found.setdefault(number, other)
            found.setdefault(other, number)
    return [
        Problem(number, DELAY[0], f"Sobrepõe a faixa {named(rows[other])} (linha {other + 1}).")
        for number, other in sorted(found.items())
    ]


def _has_ranges(values: Values) -> bool:
    """Tell whether the ranges of a bracket are all there and in order."""
    fields = {field for pair in _LIMITS for field in pair if field in values}
    wrong = {field for field, _ in problems_of_row(values)}
    return set(DELAY) <= fields and not fields & wrong and len(fields & set(PARTS)) != 1


def do_collide(one: Values, other: Values) -> bool:
    """Tell whether some contract, delay and number of parcels would fit both brackets."""
    return (
        all(_ranges_meet(one, other, pair) for pair in _LIMITS if pair[0] in one)
        and all(_filters_meet(one, other, name) for name in FILTERS)
    )  # fmt: skip


def _ranges_meet(one: Values, other: Values, pair: tuple[str, str]) -> bool:
    first, last = pair
    return bool(one[first] <= other[last] and other[first] <= one[last])


def _filters_meet(one: Values, other: Values, name: str) -> bool:
    mine, theirs = set(one.get(name) or ()), set(other.get(name) or ())
    return not mine or not theirs or bool(mine & theirs)


def named(values: Values) -> str:
    """Return how people call a bracket: "0 a 30", "0 a 30, 2 a 12 parcelas"."""
    name = f"{values[DELAY[0]]} a {values[DELAY[1]]}"
    if PARTS[0] in values:
        name += f", {values[PARTS[0]]} a {values[PARTS[1]]} parcelas"
    return name


def gaps(rows: Sequence[Values]) -> list[tuple[int, int]]:
    """Return the delays that no bracket holds for, whatever its filters."""
    found, free = [], EARLIEST_DELAY
    for first, last in sorted((v[DELAY[0]], v[DELAY[1]]) for v in rows if _has_ranges(v)):
        if first > free:
            found.append((free, first - 1))
        free = max(free, last + 1)
    return found + ([(free, LATEST_DELAY)] if free <= LATEST_DELAY else [])
