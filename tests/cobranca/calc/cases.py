"""Random orders, adversarial on purpose, the same ones for the same seed.

`random_order(rng)` is what is owed; `with_discounts(rng, order, answer)` types discounts over it,
allowed and refused ones, at and beyond the limits that the oracle worked out. Plain seeded
generators: tests ask for a million of them. `orders()` is for hypothesis, which shrinks.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from cobranca.calc.charges import Charges, ChargeTerms
from cobranca.calc.discounts import Ceilings, DiscountRequest, Percent, Value
from cobranca.calc.order import Item, Order
from tests.cobranca.calc import oracle

HUGE = Decimal("999999999.99")
FIRST_DAY = date(2012, 1, 1).toordinal()
LAST_DAY = date(2032, 12, 31).toordinal()

# Rates that make ties of half a centavo out of round amounts, and rates that never end.
PERCENTS = tuple(
    Decimal(text)
    for text in (
        "0", "0.000001", "0.5", "1", "1.00", "2", "2.5", "3", "5", "9.999999", "10", "10.00",
        "12.345678", "20", "33.333333", "50", "66.666667", "99.999999", "100", "100.000000",
    )
)  # fmt: skip
CEILINGS = tuple(
    Decimal(text)
    for text in ("0", "0.000001", "10", "33.333333", "50", "66.666667", "99.999999", "100", "100")
)
DAYS = (-400, -30, -1, 0, 0, 1, 1, 2, 15, 29, 30, 31, 60, 90, 365, 1825, 4000)


# --- values ---------------------------------------------------------------------------------------


def cents(rng: Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low, high)).scaleb(-2)


def amount(rng: Random) -> Decimal:
    """Draw what a row is worth: usual, tiny, huge, or due to end at half a centavo."""
    kind = rng.random()
    if kind < 0.62:
        return cents(rng, 1, 500_000)
    if kind < 0.72:
        return cents(rng, 1, 9)
    if kind < 0.87:
        return Decimal(rng.randint(1, 4000) * 25).scaleb(-2)  # × 2 %: ends at half a centavo
    if kind < 0.97:
        return cents(rng, 1, 99_999_999_999)
    return HUGE


def percent(rng: Random, among: tuple[Decimal, ...] = PERCENTS) -> Decimal:
    """Draw 0 to 100 with up to six decimals."""
    if rng.random() < 0.5:
        return rng.choice(among)
    return Decimal(rng.randint(0, 100_000_000)).scaleb(-6)


def ceilings(rng: Random) -> Ceilings:
    if rng.random() < 0.15:
        same = rng.choice((Decimal(0), Decimal(100)))
        return Ceilings(principal=same, penalty=same, interest=same, fee=same)
    return Ceilings(
        principal=percent(rng, CEILINGS),
        penalty=percent(rng, CEILINGS),
        interest=percent(rng, CEILINGS),
        fee=percent(rng, CEILINGS),
    )


def terms(rng: Random) -> ChargeTerms:
    return ChargeTerms(
        penalty_percent=percent(rng),
        monthly_interest_percent=percent(rng),
        interest_on_penalty=rng.random() < 0.4,
    )


# --- orders ---------------------------------------------------------------------------------------

Bracket = tuple[ChargeTerms, Decimal, Ceilings]


def bracket(rng: Random) -> Bracket:
    """Draw charges, fee and ceilings; one in four carries no fee."""
    fee = Decimal(0) if rng.random() < 0.25 else percent(rng)
    return terms(rng), fee, ceilings(rng)


def how_many(rng: Random) -> int:
    kind = rng.random()
    if kind < 0.30:
        return 1
    if kind < 0.75:
        return rng.randint(2, 4)
    if kind < 0.98:
        return rng.randint(5, 12)
    if kind < 0.998:
        return rng.randint(13, 60)
    return rng.randint(100, 400)


def random_item(rng: Random, key: int, on: date, rules: Bracket, *, integrated: bool) -> Item:
    """Draw one installment under `rules`, or with charges given by the ERP."""
    charge_terms, fee_percent, maximum = rules
    days = rng.choice(DAYS) if rng.random() < 0.5 else rng.randint(-400, 2000)
    effective = on - timedelta(days=days)
    original = amount(rng)
    corrected = cents(rng, 1, 100_000) if rng.random() < 0.25 else Decimal("0.00")
    charges = None
    if integrated:
        penalty = cents(rng, 0, 5_000) if rng.random() < 0.3 else Decimal("0.00")
        charges = Charges(penalty=penalty, interest=cents(rng, 0, 50_000))
    early = Decimal("0.00")
    if days <= 0 and rng.random() < 0.4:
        worth = original + corrected
        early = rng.choice((worth, 2 * worth, Decimal("0.01"), cents(rng, 0, int(worth * 100))))
    return Item(
        key=key,
        contract=str(1000 + key % 3),
        label=str(key),
        due=effective - timedelta(days=rng.choice((0, 0, 0, 1, 2, 5))),
        effective_due=effective,
        original=original,
        correction=corrected,
        charges=charges,
        terms=None if integrated else charge_terms,
        fee_percent=fee_percent,
        ceilings=maximum,
        early_discount=early,
        origin={},
    )


def random_order(rng: Random, rows: int | None = None) -> Order:
    """Draw an order of one to hundreds of rows, or of `rows`, under one to three brackets."""
    on = date.fromordinal(rng.randint(FIRST_DAY, LAST_DAY))
    brackets = [bracket(rng) for _ in range(rng.choice((1, 1, 2, 3)))]
    integrated = rng.random() < 0.3
    items = tuple(
        random_item(rng, key, on, rng.choice(brackets), integrated=integrated)
        for key in range(1, (rows or how_many(rng)) + 1)
    )
    expenses = amount(rng) if rng.random() < 0.2 else Decimal("0.00")
    return Order(items=items, on=on, discounts=DiscountRequest(), expenses=expenses)


# --- discounts ------------------------------------------------------------------------------------


def _value_within(rng: Random, limit: int) -> Decimal:
    """Draw a value at, near or anywhere below a limit; one in ten goes beyond it."""
    kind = rng.random()
    if kind < 0.2:
        return Decimal(limit).scaleb(-2)
    if kind < 0.3:
        return Decimal(limit + 1).scaleb(-2)
    if kind < 0.4:
        return Decimal(min(1, limit)).scaleb(-2)
    return cents(rng, 0, limit)


def _percent_within(rng: Random, room: int, whole: int) -> Decimal:
    """Draw a percentage that mostly fits its ceiling."""
    limit = room * 100_000_000 // whole if whole else 100_000_000
    kind = rng.random()
    if kind < 0.15:
        return percent(rng)
    if kind < 0.55:
        return Decimal(rng.randint(0, limit // 500_000)) / 2  # of odd centavos: ends at a half
    return Decimal(rng.randint(0, limit)).scaleb(-6)


def _typed(rng: Random, answer: oracle.Answer, group: str) -> Percent | Value | None:
    kind = rng.random()
    room = answer.room(*oracle.GROUPS[group])
    if kind < 0.35:
        return None
    if kind < 0.65:
        return Percent(_percent_within(rng, room, answer.owed(*oracle.GROUPS[group])))
    return Value(_value_within(rng, room))


def _final(rng: Random, answer: oracle.Answer) -> Decimal:
    """Draw a final value: minimum, total, anything between, or one centavo beyond either."""
    low, high = answer.minimum, answer.undiscounted
    edge = rng.choice((low, low, low - 1, high, high + 1, low + 1, high - 1, None, None, None))
    value = rng.randint(low, high) if edge is None else edge
    return Decimal(max(1, value)).scaleb(-2)


def with_discounts(rng: Random, order: Order, answer: oracle.Answer) -> Order:
    """Type discounts over `order`, whose oracle's answer is given for its limits."""
    kind = rng.random()
    if kind < 0.2:
        return order
    if kind < 0.6:
        request = DiscountRequest(
            charges=_typed(rng, answer, "charges"),
            principal=_typed(rng, answer, "principal"),
            fee=_typed(rng, answer, "fee"),
        )
    else:
        request = DiscountRequest(final_value=_final(rng, answer))
    return replace(order, discounts=request)


def random_case(seed: int, rows: int | None = None) -> tuple[Order, oracle.Answer]:
    """Return the order of `seed`, discounts typed over it, and what the oracle says is owed."""
    rng = Random(seed)
    order = random_order(rng, rows)
    answer = oracle.owed(order)
    return with_discounts(rng, order, answer), answer


# --- hypothesis -----------------------------------------------------------------------------------

MONEY = st.integers(0, 99_999_999_999).map(lambda amount: Decimal(amount).scaleb(-2))
WORTH = st.integers(1, 99_999_999_999).map(lambda amount: Decimal(amount).scaleb(-2))
RATES = st.sampled_from(PERCENTS) | st.integers(0, 100_000_000).map(
    lambda rate: Decimal(rate).scaleb(-6)
)
ON = date(2024, 6, 28)
ITEMS = st.builds(
    Item,
    key=st.just(1),
    contract=st.just("1"),
    label=st.just("1"),
    due=st.just(ON - timedelta(days=4000)),
    effective_due=st.integers(-400, 4000).map(lambda days: ON - timedelta(days=days)),
    original=WORTH,
    correction=MONEY,
    charges=st.none() | st.builds(Charges, penalty=MONEY, interest=MONEY),
    terms=st.builds(ChargeTerms, RATES, RATES, st.booleans()),
    fee_percent=RATES,
    ceilings=st.builds(Ceilings, RATES, RATES, RATES, RATES),
    early_discount=st.just(Decimal("0.00")) | MONEY,
)
TYPED = st.none() | st.builds(Percent, RATES) | st.builds(Value, MONEY)
REQUESTS = st.builds(DiscountRequest, TYPED, TYPED, TYPED) | st.builds(
    DiscountRequest, final_value=WORTH
)


def _numbered(items: list[Item]) -> tuple[Item, ...]:
    return tuple(replace(item, key=key) for key, item in enumerate(items))


def orders() -> st.SearchStrategy[Order]:
    """Return orders of one to five rows with discounts that may well be refused."""
    items = st.lists(ITEMS, min_size=1, max_size=5).map(_numbered)
    return st.builds(Order, items=items, on=st.just(ON), discounts=REQUESTS, expenses=MONEY)
