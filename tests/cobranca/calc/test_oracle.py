"""The engine against the oracle: every component of every line, to the centavo.

20,000 random orders each run; `ORACLE_QUOTES=1000000` asks for more, spread over processes.
A difference is told with its seed: `cases.random_case(seed)` gives the order back.
"""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from multiprocessing import get_context
from operator import attrgetter
from random import Random

import pytest
from hypothesis import given

from cobranca.calc.charges import Charges, ChargeTerms, late_charges
from cobranca.calc.early_payment import early_discount, monthly_equivalent, present_value
from cobranca.calc.errors import CalcError, MissingIndexError
from cobranca.calc.fee import collection_fees
from cobranca.calc.indexation import IndexSeries, IndexTerms, correction
from cobranca.calc.order import Item, Order
from cobranca.calc.quote import Quote, quote
from cobranca.calc.schedule import due_dates, plan, price_schedule, split_evenly
from tests.cobranca.calc import cases, oracle

QUOTES = int(os.environ.get("ORACLE_QUOTES", "20000"))
CHUNK = 5_000
ALONE = 20_000  # not worth starting processes for
PARTS = ("original", "correction", "penalty", "interest", "fee")
DISCOUNTS = ("principal", "penalty", "interest", "fee")


# --- quotes ---------------------------------------------------------------------------------------


COMPONENTS = attrgetter(*PARTS, *(f"discount_{part}" for part in DISCOUNTS), "early_discount")
LIMITS = attrgetter(*oracle.GROUPS)
TWO = Decimal(2)


def cents(*amounts: Decimal) -> tuple[Decimal, ...]:
    """Move the point: what is finer than a centavo will equal no whole number."""
    return tuple([amount.scaleb(TWO) for amount in amounts])


def by_engine(quoted: Quote) -> list[tuple[object, ...]]:
    """Flatten a quote: lines, sums, limits, in centavos."""
    sums = quoted.totals
    return [
        *((line.days_late, *cents(*COMPONENTS(line), line.net)) for line in quoted.lines),
        cents(*COMPONENTS(sums), sums.updated, sums.discount, sums.expenses, sums.total),
        cents(quoted.minimum, *LIMITS(quoted.ceilings)),
    ]


def by_oracle(answer: oracle.Answer) -> list[tuple[object, ...]]:
    """Flatten the oracle's answer in the same way."""
    lines = []
    for row in answer.rows:
        due, given = row.owed, row.given
        discounts = (given["principal"], given["penalty"], given["interest"], given["fee"])
        net = row.updated - sum(discounts) - row.early
        charged = (due["penalty"], due["interest"], due["fee"])
        known = (row.days_late, row.original, row.correction)
        lines.append((*known, *charged, *discounts, row.early, net))
    sums = [sum(column) for column in zip(*lines, strict=True)][1:-1]
    return [
        *lines,
        (*sums, answer.updated, answer.discount, answer.expenses, answer.total),
        (answer.minimum, *(answer.room(*parts) for parts in oracle.GROUPS.values())),
    ]


def difference(order: Order, answer: oracle.Answer) -> str | None:
    """Say where the engine and the oracle part, None where they do not."""
    try:
        expected = by_oracle(oracle.discount(answer, order.discounts))
    except oracle.RefusedError as refusal:
        return _difference_of_refusals(order, refusal)
    try:
        found = by_engine(quote(order))
    except CalcError as error:
        return f"the engine refused {error.field}: {error}"
    return None if found == expected else f"engine {found}\noracle {expected}"


def in_reais(amount: int) -> str:
    whole = f"{amount // 100:,}".replace(",", ".")
    return f"R$ {whole},{amount % 100:02d}"


def _difference_of_refusals(order: Order, refusal: oracle.RefusedError) -> str | None:
    try:
        quote(order)
    except CalcError as error:
        bound = refusal.bounds.get(error.field)
        if bound is not None and in_reais(bound) in str(error):
            return None
        return f"refused {error.field} with {error}, oracle: {refusal.bounds}"
    return f"not refused, oracle: {refusal.bounds}"


def differences(first: int, count: int) -> list[str]:
    """Compare `count` seeds from `first` on; at most a few differences are told."""
    found: list[str] = []
    for seed in range(first, first + count):
        order, answer = cases.random_case(seed)
        told = difference(order, answer)
        if told:
            found.append(f"seed {seed}: {told}\n{order}")
            if len(found) == 3:
                break
    return found


def test_random_quotes_match_the_oracle():
    starts = range(0, QUOTES, CHUNK)
    sizes = [min(CHUNK, QUOTES - start) for start in starts]

    if QUOTES <= ALONE:
        found = [told for chunk in map(differences, starts, sizes) for told in chunk]
    else:
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
            found = [told for chunk in pool.map(differences, starts, sizes) for told in chunk]

    assert not found, "\n\n".join(found[:3])


def test_the_shown_maximum_percentages_match_the_oracle():
    for seed in range(2_000):
        order = cases.random_order(Random(seed))

        shown = quote(order).max_percents

        answer = oracle.owed(order)
        expected = [answer.max_percent(*parts) for parts in oracle.GROUPS.values()]
        assert [Fraction(percent) for percent in LIMITS(shown)] == expected, seed


@given(cases.orders())
def test_a_quote_shrunk_by_hypothesis_matches_the_oracle(order):
    assert difference(order, oracle.owed(order)) is None


def corners(order: Order, answer: oracle.Answer) -> set[str]:
    """Name what is special about a case."""
    request, fees = order.discounts, [item.fee_percent for item in order.items]
    found = {
        "hundreds of rows": len(order.items) >= 100,
        "a centavo": any(item.original == Decimal("0.01") for item in order.items),
        "huge": any(item.original == cases.HUGE for item in order.items),
        "zero fee first": not fees[0] and any(fees),
        "fee moved by the residue": fees_alone(order, answer)
        != [r.owed["fee"] for r in answer.rows],
        "several ceilings": len({item.ceilings for item in order.items}) > 1,
        "early discount = principal": any(
            row.early == row.owed["principal"] for row in answer.rows
        ),
        "nothing late": not any(row.days_late for row in answer.rows),
        "ERP charges": order.items[0].charges is not None,
        "interest on penalty": any(i.terms and i.terms.interest_on_penalty for i in order.items),
    }
    if request.final_value is not None:
        final = oracle.centavos(request.final_value)
        found["final = minimum"] = final == answer.minimum
        found["final = total"] = final == answer.undiscounted
    try:
        oracle.discount(answer, request)
    except oracle.RefusedError as refusal:
        found |= {f"refused: {name}": True for name in refusal.bounds}
    else:
        found["all forgiven"] = answer.total == answer.expenses
    return {name for name, is_so in found.items() if is_so}


def fees_alone(order: Order, answer: oracle.Answer) -> list[int]:
    """Return what each fee would be without the others."""
    bases = [row.updated - row.owed["fee"] if row.days_late else 0 for row in answer.rows]
    rates = [oracle.rate(item.fee_percent) for item in order.items]
    return [oracle.half_up(base * rate) for base, rate in zip(bases, rates, strict=True)]


def test_the_random_orders_reach_every_corner():
    seen = Counter(corner for seed in range(3_000) for corner in corners(*cases.random_case(seed)))

    missed = [name for name, least in CORNERS.items() if seen[name] < least]
    assert not missed, seen


CORNERS = {
    "hundreds of rows": 5,
    "a centavo": 100,
    "huge": 100,
    "zero fee first": 100,
    "fee moved by the residue": 1000,
    "several ceilings": 100,
    "early discount = principal": 100,
    "nothing late": 100,
    "ERP charges": 500,
    "interest on penalty": 500,
    "final = minimum": 100,
    "final = total": 50,
    "all forgiven": 10,
    "refused: final_value": 100,
    "refused: discount_charges": 20,
    "refused: discount_principal": 20,
    "refused: discount_fee": 20,
}


# --- the oracle against the playbook --------------------------------------------------------------


def order_of(on: date, fee: str, rows: list[tuple[str, date, str, str]]) -> Order:
    """Build an order with charges given by the ERP, due dates as they count."""
    items = [
        Item(
            key=number,
            contract="1",
            label=label,
            due=due,
            effective_due=due,
            original=Decimal(value),
            charges=Charges(interest=Decimal(interest)),
            fee_percent=Decimal(fee),
        )
        for number, (label, due, value, interest) in enumerate(rows)
    ]
    return Order(tuple(items), on)


def test_the_oracle_meets_golden_table_a():
    rows = [
        ("1", date(2021, 6, 30), "1000.00", "95.58"),
        ("2", date(2021, 7, 30), "1000.00", "79.42"),
        ("3", date(2021, 8, 30), "1000.00", "62.81"),
        ("4", date(2021, 9, 30), "1000.00", "46.34"),
        ("5", date(2021, 11, 1), "1000.00", "29.45"),
        ("151", date(2021, 11, 10), "10000.00", "247.18"),
    ]

    answer = oracle.solve(order_of(date(2021, 11, 19), "10.00", rows))

    assert [row.days_late for row in answer.rows] == [142, 112, 81, 50, 18, 9]
    assert [row.owed["fee"] for row in answer.rows] == [10955, 10794, 10628, 10463, 10295, 102472]
    assert (answer.owed("fee"), answer.updated, answer.total) == (155607, 1711685, 1711685)


def test_the_oracle_meets_golden_table_b():
    rows = [
        ("40", date(2021, 8, 10), "920.80", "50.97"),
        ("41", date(2021, 9, 10), "920.80", "41.27"),
        ("42", date(2021, 10, 11), "920.80", "30.94"),
        ("43", date(2021, 11, 10), "920.80", "22.17"),
    ]

    answer = oracle.solve(order_of(date(2021, 11, 22), "0", rows))

    assert [row.updated for row in answer.rows] == [97177, 96207, 95174, 94297]
    assert answer.total == 382855


def test_the_oracle_meets_the_golden_present_value():
    worth = sum(oracle.present_value(108680, Fraction(n), Decimal(12)) for n in range(1, 72))

    assert (71 * 108680, 71 * 108680 - worth) == (7716280, 2120572)


# --- pieces ---------------------------------------------------------------------------------------


def moneys(amounts: list[int]) -> list[Decimal]:
    return [Decimal(amount).scaleb(-2) for amount in amounts]


def test_charges_match_the_oracle():
    rng = Random(31)
    for _ in range(5_000):
        base, days, terms = cases.amount(rng), rng.choice(cases.DAYS), cases.terms(rng)

        found = late_charges(base, days, terms)

        expected = oracle.late_charges(oracle.centavos(base), days, terms)
        assert [found.penalty, found.interest] == moneys([*expected]), (base, days, terms)


def fee_case(rng: Random) -> tuple[list[Decimal], list[Decimal]]:
    """Draw bases of which many are zero, equal, or too small for a centavo of fee."""
    count = rng.choice((1, 2, 3, 10, 300))
    base, share = cases.amount(rng), cases.percent(rng)
    kind = rng.random()
    if kind < 0.3:
        bases = [base] * count
    elif kind < 0.6:
        bases = [cases.cents(rng, 0, 60) for _ in range(count)]
    else:
        bases = [cases.amount(rng) if rng.random() < 0.8 else Decimal(0) for _ in range(count)]
    same = rng.random() < 0.6
    return bases, [share if same else rng.choice((Decimal(0), share)) for _ in bases]


def test_fees_match_the_oracle():
    rng = Random(32)
    for _ in range(1_000):
        bases, percents = fee_case(rng)

        found = collection_fees(bases, percents)

        expected = oracle.fees([oracle.centavos(base) for base in bases], percents)
        assert found == moneys(expected), (bases, percents)
        assert min(found) >= 0


def test_a_residue_larger_than_the_first_fee_goes_on_to_the_next():
    # 300 fees of half a centavo, each rounded up: 3,00 where 1,50 is owed.
    bases, percents = [Decimal("0.05")] * 300, [Decimal(10)] * 300

    found = collection_fees(bases, percents)

    assert found == [Decimal("0.00")] * 150 + [Decimal("0.01")] * 150


# --- indexes --------------------------------------------------------------------------------------


def index_case(rng: Random) -> tuple[Decimal, date, date, IndexTerms]:
    """Draw a principal, a span and a series; now and then a month is missing."""
    start = date(2015, 1, 1) + timedelta(days=rng.randint(0, 1500))
    on = start + timedelta(days=rng.choice((-40, 0, 1, 31, 364, 365, 366, rng.randint(0, 3000))))
    level = rng.random() < 0.5
    months = [date(number // 12, number % 12 + 1, 1) for number in range(2013 * 12, 2029 * 12)]
    if level:
        values = {month: Decimal(rng.randint(1, rng.choice((30, 10**7)))) for month in months}
    else:
        worst = rng.choice((-300, 0, -2000))  # months of deflation, or none
        values = {month: Decimal(rng.randint(worst, 300)).scaleb(-2) for month in months}
    if rng.random() < 0.1:
        for month in rng.sample(months, 20):
            del values[month]
    principal = rng.choice((cases.amount(rng), cases.cents(rng, 1, 60)))
    series = IndexSeries("IGP-M", "level" if level else "variation", values)
    terms = IndexTerms(series, months_back=rng.randint(0, 3), annual=rng.random() < 0.4)
    return principal, start, on, terms


def test_correction_matches_the_oracle():
    rng = Random(33)
    seen: Counter[str] = Counter()
    for _ in range(2_500):
        principal, start, on, terms = index_case(rng)
        told = (principal, start, on, terms.months_back, terms.annual, terms.series.kind)
        try:
            expected = oracle.correction(oracle.centavos(principal), start, on, terms)
        except oracle.MissingMonthsError as missing:
            named = "|".join(f"{number % 12 + 1:02d}/{number // 12}" for number in missing.months)
            with pytest.raises(MissingIndexError, match=f"IGP-M.* ({named})"):
                correction(principal, start, on, terms)
            seen["missing"] += 1
            continue

        found = correction(principal, start, on, terms)

        assert found == Decimal(expected).scaleb(-2), told
        seen["zero" if not expected else "more"] += 1

    assert min(seen[kind] for kind in ("missing", "zero", "more")) > 50, seen


def test_a_ratio_that_never_ends_still_rounds_half_up():
    # 0,06 × (13 ÷ 12 − 1) is exactly half a centavo; 13 ÷ 12 has no end.
    levels = {date(2024, 1, 1): Decimal(12), date(2024, 2, 1): Decimal(13)}
    terms = IndexTerms(IndexSeries("CUB", "level", levels))

    found = correction(Decimal("0.06"), date(2024, 2, 5), date(2024, 3, 5), terms)

    assert found == Decimal("0.01")


# --- early payment --------------------------------------------------------------------------------


def test_present_value_matches_the_oracle():
    rng = Random(34)
    for _ in range(1_500):
        amount, annual = cases.amount(rng), cases.percent(rng)
        months = rng.choice(
            (rng.randint(0, 36), rng.randint(0, 420), Decimal(rng.randint(0, 40)) / 4)
        )

        found = present_value(amount, months, annual)
        saved = early_discount(amount, months, annual)

        expected = oracle.present_value(oracle.centavos(amount), Fraction(months), annual)
        assert found == Decimal(expected).scaleb(-2), (amount, months, annual)
        assert found + saved == amount


def test_the_monthly_rate_matches_the_oracle():
    rng = Random(35)
    for _ in range(1_000):
        annual = cases.percent(rng)

        assert Fraction(monthly_equivalent(annual)) / 100 == oracle.monthly_equivalent(annual), (
            annual
        )


# --- schedules ------------------------------------------------------------------------------------


def parcels(rng: Random) -> int:
    return rng.choice((1, 2, 3, 6, 7, 12, rng.randint(2, 60), 180))


def test_schedules_match_the_oracle():
    rng = Random(36)
    for _ in range(2_000):
        total, count, monthly = (
            cases.amount(rng),
            parcels(rng),
            rng.choice((Decimal(0), cases.percent(rng))),
        )
        financed = oracle.centavos(total)

        assert split_evenly(total, count) == moneys(oracle.split_evenly(financed, count))
        assert price_schedule(total, count, monthly) == moneys(
            oracle.price(financed, count, monthly)
        ), (
            total,
            count,
            monthly,
        )


def test_plans_match_the_oracle():
    rng = Random(37)
    for _ in range(1_000):
        total = cases.cents(rng, 10_000, 99_999_999_999)
        down = rng.choice((Decimal("0.00"), Decimal("0.01"), (total / 5).quantize(Decimal("0.01"))))
        count, monthly = (
            parcels(rng),
            rng.choice((Decimal(0), Decimal("0.000001"), cases.percent(rng))),
        )
        first = date.fromordinal(rng.randint(cases.FIRST_DAY, cases.LAST_DAY))

        found = plan(total, count, down, first, monthly)

        amounts = oracle.price(oracle.centavos(total - down), count, monthly)
        assert [parcel.amount for parcel in found.parcels] == moneys(amounts), (
            total,
            count,
            monthly,
        )
        assert [parcel.due for parcel in found.parcels] == oracle.due_dates(first, count)
        assert [parcel.number for parcel in found.parcels] == list(range(1, count + 1))
        assert (found.down_payment, found.financed) == (down, total - down)
        assert found.total == down + sum(moneys(amounts))


def test_due_dates_match_the_oracle():
    for day in (date(2023, 10, 31), date(2024, 1, 30), date(2024, 2, 29), date(2023, 1, 28)):
        assert due_dates(day, 60) == oracle.due_dates(day, 60)


def test_charges_of_a_row_that_is_not_late_are_nothing():
    terms = ChargeTerms(Decimal(100), Decimal(100), interest_on_penalty=True)

    assert [late_charges(cases.HUGE, days, terms).total for days in (0, -1, -400)] == [0, 0, 0]
