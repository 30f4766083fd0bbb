"""A second opinion on every figure, written from the spec alone.

Nothing of `cobranca.calc` is imported: orders are read by their field names. Amounts are whole
centavos, everything between them a `Fraction`, so nothing is lost on the way; centavos are cut
only at the points that the spec names: penalty, interest and correction (half up), the fee
(truncated as a whole, half up by row), ceilings (truncated by row and part), a percentage typed
as discount (half up, once), shares of a discount (truncated, the residue poured in order), the
parcel of the Price table (half up).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any

Centavos = int
TWO = Decimal(2)

# The groups of the screen and the parts that make each of them, in the order they are eaten.
GROUPS = {"fee": ("fee",), "charges": ("interest", "penalty"), "principal": ("principal",)}
PARTS = ("fee", "interest", "penalty", "principal")


class RefusedError(Exception):
    """The order cannot be met: the fields that may be named, each with the value to be told."""

    def __init__(self, bounds: Mapping[str, Centavos]):
        super().__init__(bounds)
        self.bounds = dict(bounds)


class MissingMonthsError(Exception):
    """The index has no value for months (counted from year 0) that are needed."""

    def __init__(self, months: Sequence[int]):
        super().__init__(months)
        self.months = months


# --- centavos -------------------------------------------------------------------------------------


def centavos(amount: Decimal) -> Centavos:
    """Read an amount of the engine, which must be whole centavos."""
    scaled = amount.scaleb(TWO)
    value = int(scaled)
    assert scaled == value, f"{amount} is finer than a centavo"
    return value


def half_up(exact: Fraction) -> Centavos:
    """Round centavos; no amount here is negative."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def cut(exact: Fraction) -> Centavos:
    """Throw away what is below a centavo."""
    return exact.numerator // exact.denominator


def cut_share(amount: Centavos, share: Fraction) -> Centavos:
    """Return `cut(amount * share)`, sooner."""
    return amount * share.numerator // share.denominator


@lru_cache(maxsize=4096)
def rate(percent: Decimal) -> Fraction:
    return Fraction(percent) / 100


# --- charges, fee, correction ---------------------------------------------------------------------


def late_charges(base: Centavos, days: int, terms: Any) -> tuple[Centavos, Centavos]:
    """Return penalty and interest of `base` after `days` (CAL-04)."""
    if days <= 0:
        return 0, 0
    penalty = half_up(base * rate(terms.penalty_percent))
    bearing = base + penalty if terms.interest_on_penalty else base
    return penalty, half_up(bearing * days * rate(terms.monthly_interest_percent) / 30)


def fees(bases: Sequence[Centavos], percents: Sequence[Decimal]) -> list[Centavos]:
    """Return the fee of each row (CAL-06)."""
    pairs = zip(bases, percents, strict=True)
    exact = [base * rate(percent) if base else Fraction(0) for base, percent in pairs]
    rows = [half_up(fee) for fee in exact]
    difference = cut(sum(exact, Fraction(0))) - sum(rows)
    for index, fee in enumerate(exact):
        if fee:
            taken = max(difference, -rows[index])
            rows[index] += taken
            difference -= taken
        if not difference:
            break
    return rows


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def correction(principal: Centavos, from_day: date, on: date, terms: Any) -> Centavos:
    """Return what the index adds (CAL-12); a month that is not there is told."""
    start = month_number(from_day) - terms.months_back
    end = month_number(on) - terms.months_back
    if terms.annual:
        end = start + max(0, end - start) // 12 * 12
    if end <= start:
        return 0
    values = {month_number(day): value for day, value in terms.series.values.items()}
    level = terms.series.kind == "level"
    needed = [start, end] if level else range(start + 1, end + 1)
    if missing := [month for month in needed if month not in values]:
        raise MissingMonthsError(missing)
    if level:
        factor = Fraction(values[end]) / Fraction(values[start])
    else:
        factor = prod((1 + rate(values[month]) for month in needed), start=Fraction(1))
    return half_up(principal * max(factor - 1, Fraction(0)))


def monthly_equivalent(annual_percent: Decimal) -> Fraction:
    """Return the effective monthly rate of an annual one, a percentage of four decimals.

    Playbook 7.2.3 is met to the centavo with 0.9489 % a month (12 % a year), not without it.
    """
    low, high = 0, int(annual_percent * 10_000)  # in millionths; the largest half up reaches
    while low < high:
        middle = (low + high + 1) // 2
        if (1 + Fraction(2 * middle - 1, 2_000_000)) ** 12 <= 1 + rate(annual_percent):
            low = middle
        else:
            high = middle - 1
    return Fraction(low, 1_000_000)


def present_value(amount: Centavos, months: Fraction, annual_percent: Decimal) -> Centavos:
    """Return the centavos nearest to amount ÷ (1 + monthly) ^ months, without roots.

    Months are p/q: a candidate is compared by its q-th power with amount^q ÷ (1 + monthly)^p.
    """
    p, q = months.numerator, months.denominator
    target = amount**q / (1 + monthly_equivalent(annual_percent)) ** p
    low, high = 0, amount  # the largest that rounding up still reaches
    while low < high:
        middle = (low + high + 1) // 2
        if Fraction(2 * middle - 1, 2) ** q <= target:
            low = middle
        else:
            high = middle - 1
    return low


# --- quote ----------------------------------------------------------------------------------------


@dataclass
class Row:
    """One installment: what is owed, what may be given away and what is."""

    days_late: int
    original: Centavos
    correction: Centavos
    owed: dict[str, Centavos]
    early: Centavos
    ceilings: dict[str, Fraction]
    rooms: dict[str, Centavos] = field(default_factory=dict)
    given: dict[str, Centavos] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    @property
    def updated(self) -> Centavos:
        return sum(self.owed.values())

    def allowed(self, part: str) -> Fraction:
        """The room before it is cut to centavos."""
        exact = self.owed[part] * self.ceilings[part]
        if part == "principal":
            return min(exact, Fraction(self.owed[part] - self.early))
        return exact


@dataclass
class Answer:
    """The whole order worked out."""

    rows: list[Row]
    expenses: Centavos

    def owed(self, *parts: str) -> Centavos:
        return sum(row.owed[part] for row in self.rows for part in parts)

    def room(self, *parts: str) -> Centavos:
        return sum(row.rooms[part] for row in self.rows for part in parts)

    def allowed(self, *parts: str) -> Fraction:
        """What a percentage may reach."""
        return sum((row.allowed(part) for row in self.rows for part in parts), Fraction(0))

    def max_percent(self, *parts: str) -> Fraction:
        """Return "Máx.%", cut to four decimals; of nothing, the largest ceiling."""
        if owed := self.owed(*parts):
            share = self.allowed(*parts) / owed
        else:
            share = max(row.ceilings[part] for row in self.rows for part in parts)
        return Fraction(share.numerator * 1_000_000 // share.denominator, 10_000)

    def given(self, *parts: str) -> Centavos:
        return sum(row.given[part] for row in self.rows for part in parts)

    @property
    def early(self) -> Centavos:
        return sum(row.early for row in self.rows)

    @property
    def updated(self) -> Centavos:
        return self.owed(*PARTS)

    @property
    def discount(self) -> Centavos:
        return self.given(*PARTS) + self.early

    @property
    def total(self) -> Centavos:
        return self.updated - self.discount + self.expenses

    @property
    def undiscounted(self) -> Centavos:
        """The total before anything typed."""
        return self.updated - self.early + self.expenses

    @property
    def minimum(self) -> Centavos:
        return self.undiscounted - self.room(*PARTS)


def _row(item: Any, on: date) -> Row:
    days = max(0, (on - item.effective_due).days)
    original, corrected = centavos(item.original), centavos(item.correction)
    penalty = interest = 0
    if days and item.charges is not None:
        penalty, interest = centavos(item.charges.penalty), centavos(item.charges.interest)
    elif days and item.terms is not None:
        penalty, interest = late_charges(original + corrected, days, item.terms)
    return Row(
        days_late=days,
        original=original,
        correction=corrected,
        owed={"interest": interest, "penalty": penalty, "principal": original + corrected},
        early=min(centavos(item.early_discount), original + corrected),
        ceilings={part: rate(getattr(item.ceilings, part)) for part in PARTS},
    )


def _rooms(row: Row) -> dict[str, Centavos]:
    rooms = {part: cut_share(row.owed[part], row.ceilings[part]) for part in PARTS}
    # What is given for paying early is gone: nothing goes below zero.
    rooms["principal"] = min(rooms["principal"], row.owed["principal"] - row.early)
    return rooms


def owed(order: Any) -> Answer:
    """Work out what is owed and what may be given away, before any discount typed."""
    rows = [_row(item, order.on) for item in order.items]
    bases = [row.updated if row.days_late else 0 for row in rows]
    percents = [item.fee_percent for item in order.items]
    for row, fee in zip(rows, fees(bases, percents), strict=True):
        row.owed["fee"] = fee
        row.rooms = _rooms(row)
    return Answer(rows, centavos(order.expenses))


def spread(value: Centavos, rooms: Sequence[Centavos]) -> list[Centavos]:
    """Share `value` out in proportion to `rooms`, the residue to the first with room."""
    whole = sum(rooms)
    assert 0 <= value <= whole
    if not value:
        return [0] * len(rooms)
    shares = [value * room // whole for room in rooms]
    rest = value - sum(shares)
    for index, room in enumerate(rooms):
        more = min(rest, room - shares[index])
        shares[index] += more
        rest -= more
    return shares


def _give(answer: Answer, parts: Iterable[str], value: Centavos) -> None:
    """Take `value` from `parts`, each to its brim before the next."""
    for part in parts:
        here = min(value, answer.room(part))
        shares = spread(here, [row.rooms[part] for row in answer.rows])
        for row, share in zip(answer.rows, shares, strict=True):
            row.given[part] = share
        value -= here
    assert value == 0


def _asked(answer: Answer, parts: Sequence[str], typed: Any) -> Centavos | None:
    """Turn what was typed for a group into a value, None when it is above the maximum.

    A percentage that the brackets allow is not refused for the centavos their rows were cut by.
    """
    room = answer.room(*parts)
    if type(typed).__name__ == "Percent":
        exact = answer.owed(*parts) * rate(typed.percent)
        value = half_up(exact)
        return room if value > room and exact <= answer.allowed(*parts) else _within(value, room)
    return _within(centavos(typed.amount), room)


def _within(value: Centavos, room: Centavos) -> Centavos | None:
    return value if value <= room else None


def solve(order: Any) -> Answer:
    """Work the order out, or raise RefusedError."""
    return discount(owed(order), order.discounts)


def discount(answer: Answer, request: Any) -> Answer:
    """Give away of `answer` what was typed, or raise RefusedError."""
    if request.final_value is not None:
        return _discount_final(answer, centavos(request.final_value))
    typed = {group: getattr(request, group) for group in GROUPS if getattr(request, group)}
    values = {group: _asked(answer, GROUPS[group], asked) for group, asked in typed.items()}
    over = [group for group, value in values.items() if value is None]
    if over:
        raise RefusedError({f"discount_{group}": answer.room(*GROUPS[group]) for group in over})
    for group, value in values.items():
        _give(answer, GROUPS[group], value or 0)
    return answer


def _discount_final(answer: Answer, final: Centavos) -> Answer:
    if final > answer.undiscounted:
        raise RefusedError({"final_value": answer.undiscounted})
    if final < answer.minimum:
        raise RefusedError({"final_value": answer.minimum})
    _give(answer, PARTS, answer.undiscounted - final)
    return answer


# --- schedule -------------------------------------------------------------------------------------


def split_evenly(total: Centavos, parts: int) -> list[Centavos]:
    """AGR-02: equal parcels, the residue on the first."""
    each = total // parts
    return [total - each * (parts - 1)] + [each] * (parts - 1)


def price(financed: Centavos, parts: int, monthly_percent: Decimal) -> list[Centavos]:
    """AGR-02: the Price table; the first parcel takes what rounding left."""
    if not monthly_percent:
        return split_evenly(financed, parts)
    monthly = rate(monthly_percent)
    growth = (1 + monthly) ** parts
    each = half_up(financed * monthly * growth / (growth - 1))
    total = max(each * parts, financed)
    return [total - each * (parts - 1)] + [each] * (parts - 1)


def due_dates(first: date, parts: int) -> list[date]:
    """Return the same day of each month, or the last one of a month without it."""
    days = []
    for number in range(month_number(first), month_number(first) + parts):
        year, month = number // 12, number % 12 + 1
        days.append(date(year, month, min(first.day, monthrange(year, month)[1])))
    return days
