"""What holds of every calculation, over 20,000 seeded cases each; hypothesis where one must shrink.

A failure tells its seed: `cases.random_order(Random(seed), rows(seed))` gives the order back.
"""

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cobranca.calc
from cobranca.calc.codec import order_from_json, order_to_json, quote_fingerprint, quote_to_json
from cobranca.calc.discounts import DiscountRequest, Percent, Value
from cobranca.calc.errors import CalcError
from cobranca.calc.order import Order
from cobranca.calc.quote import GroupFigures, Line, Quote, Totals, quote
from cobranca.calc.schedule import Schedule, plan, price_schedule, split_evenly
from cobranca.calc.statement import statement
from tests.cobranca.calc import cases

CASES = 20_000
FIRST_SEED = 1_000_000_000  # not those of the oracle
CENT = Decimal("0.01")
GROUPS = ("charges", "principal", "fee")
# discount → what it is taken from
DISCOUNTED = {
    "discount_principal": "principal",
    "discount_penalty": "penalty",
    "discount_interest": "interest",
    "discount_fee": "fee",
    "early_discount": "principal",
}
ADDED = ("original", "correction", "penalty", "interest", "fee", *DISCOUNTED)
DERIVED = ("principal", "charges", "updated", "discount", "net")
AMOUNTS = attrgetter(*ADDED, *DERIVED)
DISCOUNTS = attrgetter(*DISCOUNTED)
FORGIVEN_OF = attrgetter(*DISCOUNTED.values())


@lru_cache(maxsize=1)
def priced() -> list[tuple[Order, Quote]]:
    """Return the orders of all seeds, nothing typed over them, and their prices."""
    orders = [cases.random_order(Random(seed), rows(seed)) for seed in seeds()]
    return [(order, quote(order)) for order in orders]


def seeds() -> range:
    return range(FIRST_SEED, FIRST_SEED + CASES)


def rows(seed: int) -> int:
    """Mostly a few rows, now and then many."""
    return 40 if seed % 500 == 0 else 1 + seed % 3


def price_or_refuse(order: Order) -> Quote | str:
    """Return the quote, or the field that was refused."""
    try:
        return quote(order)
    except CalcError as refusal:
        return refusal.field


def discounted(count: int) -> Iterator[tuple[Order, Quote]]:
    """Yield orders with discounts typed over them that were not refused."""
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        order, _ = cases.random_case(seed, rows(seed))
        outcome = price_or_refuse(order)
        if isinstance(outcome, Quote):
            yield order, outcome


def typed(order: Order, **discounts: Any) -> Order:
    return replace(order, discounts=DiscountRequest(**discounts))


def taken(quoted: Quote) -> dict[str, Value]:
    """Return the discounts of each group, as somebody would type them."""
    sums = quoted.totals
    return {
        "charges": Value(sums.discount_interest + sums.discount_penalty),
        "principal": Value(sums.discount_principal),
        "fee": Value(sums.discount_fee),
    }


# --- parts ----------------------------------------------------------------------------------------


def check_parts(order: Order, quoted: Quote) -> None:
    """Assert that parts add up, that nothing is negative, that no centavo is cut."""
    for line in quoted.lines:
        amounts = AMOUNTS(line)
        assert min(amounts) >= 0, line
        assert all(map(CENT.same_quantum, amounts)), line
        assert line.principal == line.original + line.correction
        assert line.charges == line.penalty + line.interest
        assert line.updated == line.principal + line.charges + line.fee
        assert line.discount == sum(DISCOUNTS(line))
        assert line.net == line.updated - line.discount
        assert all(map(Decimal.__le__, DISCOUNTS(line), FORGIVEN_OF(line))), line
        assert line.days_late or line.charges + line.fee == 0, line
    check_totals(order, quoted)


def check_totals(order: Order, quoted: Quote) -> None:
    sums = quoted.totals
    columns = zip(*map(AMOUNTS, quoted.lines), strict=True)
    assert [sum(column) for column in columns] == [*AMOUNTS(sums)]
    assert sums.expenses == order.expenses
    assert sums.total == sums.updated - sums.discount + sums.expenses
    assert 0 <= quoted.minimum <= sums.total
    for group in GROUPS:
        whole, most = getattr(sums, group), getattr(quoted.ceilings, group)
        assert 0 <= taken(quoted)[group].amount <= most <= whole


def test_parts_add_up_and_nothing_is_negative():
    for seed in seeds():
        order, _ = cases.random_case(seed, rows(seed))
        outcome = price_or_refuse(order)
        if isinstance(outcome, Quote):
            check_parts(order, outcome)
            check_types(outcome)


@given(cases.orders())
def test_parts_add_up_whatever_is_ordered(order):
    outcome = price_or_refuse(order)

    if isinstance(outcome, Quote):
        check_parts(order, outcome)
    else:
        assert outcome in {"final_value", *(f"discount_{group}" for group in GROUPS)}


# --- time -----------------------------------------------------------------------------------------


def test_one_more_day_never_costs_less():
    for order, today in priced():
        tomorrow = quote(replace(order, on=order.on + timedelta(days=1)))

        assert tomorrow.totals.total >= today.totals.total, order
        assert tomorrow.totals.charges >= today.totals.charges, order
        assert tomorrow.totals.fee >= today.totals.fee, order
        assert all(
            after.charges >= before.charges
            for after, before in zip(tomorrow.lines, today.lines, strict=True)
        )


# --- discounts ------------------------------------------------------------------------------------


def percents_within(rng: Random, quoted: Quote) -> dict[str, Percent]:
    """Draw a percentage of each group, at most its Máx.%, which is cut to four decimals."""
    most = {group: getattr(quoted.max_percents, group) for group in GROUPS}
    drawn = {
        group: Decimal(rng.randint(0, int(most[group] * 10**6))).scaleb(-6) for group in GROUPS
    }
    at_most = rng.random() < 0.3
    return {group: Percent(most[group] if at_most else drawn[group]) for group in GROUPS}


def in_value(quoted: Quote, group: str, percent: Decimal) -> Value:
    """Return what a percentage is worth, no more than the rows' ceilings add up to."""
    worth = (getattr(quoted.totals, group) * percent / 100).quantize(CENT, ROUND_HALF_UP)
    return Value(min(worth, getattr(quoted.ceilings, group)))


def test_a_discount_in_percent_and_the_same_in_value_give_the_same_result():
    for seed, (order, plain) in zip(seeds(), priced(), strict=True):
        percents = percents_within(Random(seed), plain)
        values = {group: in_value(plain, group, percents[group].percent) for group in GROUPS}

        by_percent = quote(typed(order, **percents))
        by_value = quote(typed(order, **values))

        assert by_percent == by_value, (seed, percents, values)
        assert taken(by_value) == values


def test_a_final_value_comes_back_from_its_discounts_to_the_centavo():
    for seed, (order, plain) in zip(seeds(), priced(), strict=True):
        final = final_within(Random(seed), plain)
        if final <= 0:
            continue

        by_final = quote(typed(order, final_value=final))
        by_value = quote(typed(order, **taken(by_final)))

        assert by_final.totals.total == final, seed
        assert by_value == by_final, seed


def final_within(rng: Random, plain: Quote) -> Decimal:
    low, high = int(plain.minimum * 100), int(plain.totals.total * 100)
    return Decimal(rng.choice((low, high, rng.randint(low, high), rng.randint(low, high)))).scaleb(
        -2
    )


def test_a_centavo_beyond_any_limit_is_refused():
    for _, (order, plain) in zip(range(2_000), priced(), strict=False):
        beyond: list[tuple[str, dict[str, Any]]] = [
            (f"discount_{group}", {group: Value(getattr(plain.ceilings, group) + CENT)})
            for group in GROUPS
        ]
        beyond.append(("final_value", {"final_value": plain.totals.total + CENT}))
        if plain.minimum > CENT:
            beyond.append(("final_value", {"final_value": plain.minimum - CENT}))

        for name, discounts in beyond:
            with pytest.raises(CalcError) as refusal:
                quote(typed(order, **discounts))
            assert refusal.value.field == name


def test_the_minimum_is_what_all_ceilings_leave():
    for _, (order, plain) in zip(range(2_000), priced(), strict=False):
        most = {group: Value(getattr(plain.ceilings, group)) for group in GROUPS}

        lowest = quote(typed(order, **most))

        assert lowest.totals.total == lowest.minimum == plain.minimum


# --- schedules ------------------------------------------------------------------------------------


def check_schedule(made: Schedule, total: Decimal, parts: int) -> None:
    """Assert that parcels add up to what is paid, and how they differ from one another."""
    amounts = [parcel.amount for parcel in made.parcels]
    dues = [parcel.due for parcel in made.parcels]
    assert len(amounts) == parts
    assert made.total == made.down_payment + sum(amounts)
    assert made.total >= total == made.down_payment + made.financed
    assert min(amounts) > 0
    assert len(set(amounts[1:])) <= 1
    assert amounts[0] >= amounts[-1]
    assert amounts[0] - amounts[-1] <= CENT * parts
    assert dues == sorted(set(dues))


def schedule_case(rng: Random) -> tuple[Decimal, int, Decimal, date, Decimal]:
    parts = rng.choice((1, 2, 3, 6, 7, 10, rng.randint(2, 24)))
    total = cases.cents(rng, 200, rng.choice((1_000, 1_000_000, 99_999_999_999)))
    down = rng.choice((Decimal("0.00"), CENT, cases.cents(rng, 0, int(total * 50))))
    monthly = rng.choice((Decimal(0), Decimal("0.000001"), Decimal(2), cases.percent(rng)))
    first = date.fromordinal(rng.randint(cases.FIRST_DAY, cases.LAST_DAY))
    return total, parts, down, first, monthly


def test_a_schedule_sums_to_the_total():
    for seed in seeds():
        total, parts, down, first, monthly = schedule_case(Random(seed))

        made = plan(total, parts, down, first, monthly)

        check_schedule(made, total, parts)
        if not monthly:
            assert made.total == total


@given(st.integers(1, 99_999_999_999), st.integers(1, 180), cases.RATES)
def test_parcels_sum_to_the_total(amount, parts, monthly):
    total = Decimal(amount).scaleb(-2)

    even, priced_table = split_evenly(total, parts), price_schedule(total, parts, monthly)

    assert sum(even) == total <= sum(priced_table)
    assert min(even) >= 0
    assert min(priced_table) >= 0


def test_the_price_table_pays_all_that_was_financed():
    for seed in range(FIRST_SEED, FIRST_SEED + 2_000):
        total, parts, down, first, monthly = schedule_case(Random(seed))

        made = plan(total, parts, down, first, monthly)

        table = made.amortization
        assert sum(row.payment for row in table) == made.total - made.down_payment
        assert sum(row.amortization for row in table) == made.financed
        assert sum(row.interest for row in table) == made.interest
        assert table[-1].balance == 0
        assert min(min(row.interest, row.amortization, row.balance) for row in table) >= 0, seed


# --- types ----------------------------------------------------------------------------------------

PLAIN = {Decimal, int, bool, str, date, type(None)}


def leaves(value: Any) -> Iterator[Any]:
    """Walk dataclasses, mappings and sequences down to plain values."""
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from leaves([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        for element in value:
            yield from leaves(element)
    else:
        yield value


LINE_NAMES, SUM_NAMES, GROUP_NAMES = (
    tuple(field.name for field in fields(kind)) for kind in (Line, Totals, GroupFigures)
)


def check_types(quoted: Quote) -> None:
    """Assert that amounts are decimals and days are numbers: `leaves`, only sooner."""
    for line in quoted.lines:
        for name in LINE_NAMES:
            kind = int if name in ("key", "days_late") else Decimal
            assert type(getattr(line, name)) is kind, name
    assert {type(getattr(quoted.totals, name)) for name in SUM_NAMES} == {Decimal}
    for figures in (quoted.ceilings, quoted.max_percents):
        assert {type(getattr(figures, name)) for name in GROUP_NAMES} == {Decimal}
    assert type(quoted.minimum) is Decimal
    assert type(quoted.totals.total) is Decimal


def test_no_result_holds_a_float():
    for order, quoted in discounted(200):
        made = plan(Decimal("1234.56"), 7, Decimal("0.56"), order.on, Decimal("1.99"))
        explained = statement(order, quoted, made)

        results = [order, quoted, made, made.amortization, explained]
        written = [order_to_json(order), quote_to_json(quoted), explained.to_json()]

        assert {type(leaf) for leaf in leaves([results, written])} <= PLAIN
        assert Decimal not in {type(leaf) for leaf in leaves(written)}


def test_an_order_written_and_read_gives_the_same_cents():
    for order, quoted in discounted(200):
        again = order_from_json(order_to_json(order))

        assert again == order
        assert quote(again) == quoted
        assert quote_fingerprint(again, quote(again)) == quote_fingerprint(order, quoted)


MODULES = sorted(Path(cobranca.calc.__file__).parent.glob("*.py"))
FLOATING = {"float", "float16", "float32", "float64", "double", "round", "complex"}
FORBIDDEN_MODULES = {"math", "statistics", "numpy", "random", "time", "struct"}
# The bulk path counts centavos in int64, and its rates are fractions.
WHOLE_NUMBERS = {"bulk.py"}


def floats_in(tree: ast.AST, *, whole_numbers: bool = False) -> Iterator[str]:
    """Yield what makes a float, or could."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield f"{node.lineno}: {node.value}"
        elif isinstance(node, ast.Name | ast.Attribute) and _name(node) in FLOATING:
            yield f"{node.lineno}: {_name(node)}"
        elif isinstance(node, ast.Import | ast.ImportFrom) and not whole_numbers:
            yield from (f"{node.lineno}: {name}" for name in _imported(node) & FORBIDDEN_MODULES)


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {node.module or ""}
    return {alias.name for alias in node.names}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_makes_a_float(path):
    tree = ast.parse(path.read_text())

    assert [*floats_in(tree, whole_numbers=path.name in WHOLE_NUMBERS)] == []


@pytest.mark.parametrize(
    "source",
    [
        "x = 0.5",
        "float(x)",
        "round(x, 2)",
        "x.astype(np.float64)",
        "import math",
        "from math import e",
    ],
)
def test_a_float_would_be_found(source):
    assert [*floats_in(ast.parse(source))]


def test_every_component_is_checked():
    assert set(ADDED) | {"expenses"} == set(SUM_NAMES)
