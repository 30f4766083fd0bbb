from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranca.campaigns.brackets import (
    EARLIEST_DELAY,
    LATEST_DELAY,
    collisions,
    do_collide,
    gaps,
    named,
    problems_of_row,
    problems_of_table,
)


def cash(first=0, last=30, **fields):
    return {"delay_from": first, "delay_to": last, **fields}


def parcels(first=0, last=30, parts=(2, 12), **fields):
    return cash(first, last, parts_from=parts[0], parts_to=parts[1], **fields)


# --- one bracket ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (cash(-10000, 0), "delay_from"),
        (cash(0, 10000), "delay_to"),
        (cash(31, 30), "delay_to"),
        (cash(None, 30), "delay_from"),
        (parcels(parts=(1, 12)), "parts_from"),
        (parcels(parts=(2, 181)), "parts_to"),
        (parcels(parts=(13, 12)), "parts_to"),
        (cash(fee_percent=Decimal("100.01")), "fee_percent"),
        (cash(fee_percent=Decimal("-0.01")), "fee_percent"),
        (cash(fee_percent=Decimal("1.0000001")), "fee_percent"),
        (cash(fee_percent=Decimal("NaN")), "fee_percent"),
        (
            parcels(allows_down_payment=False, min_down_payment_percent=Decimal(10)),
            "min_down_payment_percent",
        ),
    ],
)
def test_what_makes_no_sense_in_a_bracket_is_told_at_its_field(values, field):
    assert [name for name, _ in problems_of_row(values)] == [field]


@pytest.mark.parametrize(
    "values",
    [
        cash(EARLIEST_DELAY, LATEST_DELAY, fee_percent=Decimal(0)),
        cash(5, 5, fee_percent=Decimal("0.033333"), penalty_percent=Decimal(100)),
        parcels(parts=(2, 180), allows_down_payment=True, min_down_payment_percent=Decimal(10)),
        parcels(allows_down_payment=False, min_down_payment_percent=Decimal(0)),
    ],
)
def test_the_limits_themselves_are_fine(values):
    assert problems_of_row(values) == []


def test_a_bracket_is_named_as_people_call_it():
    assert named(cash(-9999, 0)) == "-9999 a 0"
    assert named(parcels(0, 30, (2, 12))) == "0 a 30, 2 a 12 parcelas"


# --- collisions -----------------------------------------------------------------------------------


def test_both_sides_of_a_collision_name_the_other():
    found = problems_of_table([cash(0, 30), cash(31, 60), cash(20, 25)])

    assert [(each.row, each.field, each.message) for each in found] == [
        (0, "delay_from", "Sobrepõe a faixa 20 a 25 (linha 3)."),
        (2, "delay_from", "Sobrepõe a faixa 0 a 30 (linha 1)."),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (cash(0, 30), cash(31, 60)),
        (parcels(parts=(2, 12)), parcels(parts=(13, 24))),
        (cash(contract_type_ids=[1]), cash(contract_type_ids=[2])),
        (cash(branch_ids=[1]), cash(branch_ids=[2], contract_type_ids=[])),
    ],
)
def test_brackets_that_no_debt_fits_both_of_may_stand_together(one, other):
    assert collisions([one, other]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (cash(0, 30), cash(30, 60)),
        (cash(0, 30), cash(0, 30)),
        (parcels(parts=(2, 12)), parcels(parts=(12, 24))),
        (cash(contract_type_ids=[1]), cash()),
        (cash(contract_type_ids=[1, 2]), cash(contract_type_ids=[2, 3])),
        (cash(contract_type_ids=[1]), cash(branch_ids=[1])),
    ],
)
def test_brackets_that_a_debt_may_fit_both_of_collide(one, other):
    assert [each.row for each in collisions([one, other])] == [0, 1]


def test_a_bracket_at_fault_collides_with_none():
    assert [p.row for p in problems_of_table([cash(31, 30), cash(0, 60)])] == [0]


def test_a_bracket_not_read_to_its_end_collides_with_none():
    assert collisions([{"delay_from": 0}, cash(0, 60)]) == []
    assert collisions([{**cash(), "parts_from": 2}, parcels()]) == []


# A small world in which every point can be tried: days, parcels, contract types and branches,
# with one of each that no filter names.
DAYS, PARTS, NAMES = range(6), range(2, 6), range(3)


def ranges(first, last):
    return st.tuples(st.integers(first, last), st.integers(first, last)).map(sorted)


brackets = st.builds(
    lambda days, parts, types, branches: parcels(
        *days, tuple(parts), contract_type_ids=types, branch_ids=branches
    ),
    ranges(0, 5),
    ranges(2, 5),
    st.lists(st.integers(0, 1)),
    st.lists(st.integers(0, 1)),
)


def points_of(bracket):
    types = bracket["contract_type_ids"] or NAMES
    branches = bracket["branch_ids"] or NAMES
    return {
        (day, part, kind, branch)
        for day in DAYS
        if bracket["delay_from"] <= day <= bracket["delay_to"]
        for part in PARTS
        if bracket["parts_from"] <= part <= bracket["parts_to"]
        for kind in types
        for branch in branches
    }


@given(brackets, brackets)
def test_two_collide_when_some_debt_fits_both_and_only_then(one, other):
    assert do_collide(one, other) == bool(points_of(one) & points_of(other))
    assert do_collide(one, other) == do_collide(other, one)


@given(st.lists(brackets, max_size=6))
def test_a_table_without_problems_gives_every_debt_one_bracket_at_most(rows):
    seen = [point for row in rows for point in points_of(row)]

    assert bool(collisions(rows)) == (len(seen) != len(set(seen)))


# --- gaps -----------------------------------------------------------------------------------------


def test_delays_that_nothing_holds_for_are_found():
    assert gaps([]) == [(-9999, 9999)]
    assert gaps([cash(-9999, 9999)]) == []
    assert gaps([cash(31, 60), cash(-9999, 0), cash(61, 9999)]) == [(1, 30)]
    assert gaps([cash(0, 30), cash(10, 20)]) == [(-9999, -1), (31, 9999)]


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 15))))
def test_every_delay_is_in_a_bracket_or_in_a_gap(starts):
    rows = [cash(first, first + length) for first, length in starts]
    free = {day for first, last in gaps(rows) for day in range(first, last + 1)}

    for day in range(-40, 60):
        assert (day in free) != any(r["delay_from"] <= day <= r["delay_to"] for r in rows)
