"""Descontos: what is asked, what the brackets allow, and how it falls on the rows (CAL-10).

Three groups are typed — encargos, principal, honorários — over four parts: encargos are juros and
multa. Every part has a ceiling per row, so that rows of different brackets live in one quote.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from cobranca.calc.errors import CalcError
from cobranca.calc.money import (
    EXACT,
    HUNDRED,
    ZERO,
    in_cents,
    percent_of,
    to_cents,
    to_cents_down,
)
from cobranca.calc.words import percentage, reais

# Decimals of "Máx.%" on the screen; cut, so that typing it back is never refused.
SHOWN_PERCENT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The most a bracket forgives of each part, in per cent (0 to 100)."""

    principal: Decimal = ZERO
    penalty: Decimal = ZERO
    interest: Decimal = ZERO
    fee: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Percent:
    """A discount asked as a percentage of its group."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class Value:
    """A discount asked in reais."""

    amount: Decimal


Asked = Percent | Value | None


@dataclass(frozen=True, slots=True)
class DiscountRequest:
    """What was typed: a discount per group, or the final value they are to be worked out from.

    `final_value` is the Total do acordo: expenses included, early-payment discount already taken.
    """

    charges: Asked = None
    principal: Asked = None
    fee: Asked = None
    final_value: Decimal | None = None

    @property
    def names_a_discount(self) -> bool:
        """Whether a discount other than zero was typed."""
        typed = (self.charges, self.principal, self.fee)
        return any(
            (asked.percent if isinstance(asked, Percent) else asked.amount) != 0
            for asked in typed
            if asked is not None
        )


NO_CEILINGS = Ceilings()
NO_DISCOUNTS = DiscountRequest()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the debt over all rows, with the most that may be forgiven of each row.

    `ceilings` are cut to centavos; `allowed` is their sum before cutting, `percent` the largest
    ceiling of a row.
    """

    total: Decimal
    ceilings: Sequence[Decimal]
    ceiling: Decimal
    allowed: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts that can be discounted."""

    principal: Part
    penalty: Part
    interest: Part
    fee: Part

    @property
    def ceiling(self) -> Decimal:
        """The most that can be forgiven altogether."""
        return sum((part.ceiling for part in self), ZERO)

    def __iter__(self) -> Iterator[Part]:
        """Yield them in the order in which a final value eats them up (CAL-10)."""
        return iter((self.fee, self.interest, self.penalty, self.principal))

    @property
    def charges(self) -> "Group":
        return Group("charges", "encargos", (self.interest, self.penalty))

    @property
    def of_principal(self) -> "Group":
        return Group("principal", "principal", (self.principal,))

    @property
    def of_fee(self) -> "Group":
        return Group("fee", "honorários", (self.fee,))


@dataclass(frozen=True, slots=True)
class Group:
    """What one discount is typed for; it falls on its parts in their order."""

    name: str
    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> Decimal:
        return sum((part.total for part in self.parts), ZERO)

    @property
    def ceiling(self) -> Decimal:
        """The largest discount, in reais."""
        return sum((part.ceiling for part in self.parts), ZERO)

    @property
    def allowed(self) -> Decimal:
        """The largest discount before rows are cut to centavos: what a percentage may reach."""
        return sum((part.allowed for part in self.parts), ZERO)

    @property
    def max_percent(self) -> Decimal:
        """The largest discount as a percentage ("Máx.%"), cut to four decimals.

        Of a group without any amount, the largest ceiling of its rows.
        """
        if self.total == 0:
            most = max(part.percent for part in self.parts)
        else:
            most = EXACT.divide(EXACT.multiply(self.allowed, HUNDRED), self.total)
        return most.quantize(SHOWN_PERCENT, ROUND_DOWN, EXACT)

    def value_of(self, asked: Asked) -> Decimal:
        """Return in reais what was asked of this group; above its maximum it is refused.

        A percentage becomes a value once: group total × %, half up to centavos. One within the
        brackets' own percentages is never refused for the centavos that rows were cut by: it is
        brought down to the ceiling.
        """
        if asked is None:
            return ZERO
        if isinstance(asked, Percent):
            self._check_percent(asked.percent)
            exact = percent_of(self.total, asked.percent)
            value = to_cents(exact)
            if exact <= self.allowed:
                return min(value, self.ceiling)
        else:
            value = self._checked_amount(asked.amount)
        if value > self.ceiling:
            most = f"{reais(self.ceiling)} ({percentage(self.max_percent)})"
            raise CalcError(f"O desconto em {self.label} vai até {most}.", self.field)
        return value

    @property
    def field(self) -> str:
        return f"discount_{self.name}"

    def _check_percent(self, percent: Decimal) -> None:
        if not (percent.is_finite() and 0 <= percent <= HUNDRED):
            raise CalcError(f"O desconto em {self.label} vai de 0 a 100 por cento.", self.field)

    def _checked_amount(self, amount: Decimal) -> Decimal:
        if not in_cents(amount) or amount < 0:
            raise CalcError(
                f"Informe o desconto em {self.label} em reais e centavos, sem sinal.", self.field
            )
        return amount


@dataclass(frozen=True, slots=True)
class Spread:
    """The discount of each row, part by part, in the order of `Parts`."""

    fee: Sequence[Decimal]
    interest: Sequence[Decimal]
    penalty: Sequence[Decimal]
    principal: Sequence[Decimal]


def row_ceiling(amount: Decimal, percent: Decimal, room: Decimal) -> Decimal:
    """Return the most that may be forgiven of a row: amount × %, cut to centavos, within `room`."""
    return to_cents_down(min(percent_of(amount, percent), room))


def part_of(rows: Iterable[tuple[Decimal, Decimal, Decimal]]) -> Part:
    """Return the part made of rows (amount, ceiling in %, room): see `row_ceiling`.

    Room is the amount itself, but for principal, where the early-payment discount took its share:
    together they never exceed the principal.
    """
    total = allowed = ceiling = most = ZERO
    ceilings = []
    for amount, percent, room in rows:
        total += amount
        most = max(most, percent)
        if not amount or not percent:
            ceilings.append(ZERO)
            continue
        exact = room if percent == HUNDRED else min(percent_of(amount, percent), room)
        cut = to_cents_down(exact)
        ceilings.append(cut)
        ceiling += cut
        allowed = EXACT.add(allowed, exact)
    return Part(total, ceilings, ceiling, allowed, most)


def work_out(parts: Parts, request: DiscountRequest, total: Decimal) -> Spread:
    """Return the discounts of every row, as asked; `total` is the Total do acordo without them.

    Encargos: juros first, then multa. From a final value: honorários, juros, multa, principal, each
    as far as its ceiling. The difference of a final value is met to the centavo.
    """
    if request.final_value is not None:
        amounts = _from_final_value(parts, request, request.final_value, total)
    else:
        charges = parts.charges.value_of(request.charges)
        interest = min(charges, parts.interest.ceiling)
        amounts = (
            parts.of_fee.value_of(request.fee),
            interest,
            charges - interest,
            parts.of_principal.value_of(request.principal),
        )
    return Spread(
        *(spread(amount, part.ceilings) for amount, part in zip(amounts, parts, strict=True))
    )


def _from_final_value(
    parts: Parts, request: DiscountRequest, final: Decimal, total: Decimal
) -> tuple[Decimal, ...]:
    if request.names_a_discount:
        raise CalcError("Informe o valor final ou os descontos, não os dois.", "final_value")
    if not in_cents(final) or final < 0:
        raise CalcError("Informe o valor final em reais e centavos, sem sinal.", "final_value")
    if final > total:
        raise CalcError(f"O valor final não pode passar de {reais(total)}.", "final_value")
    minimum = total - parts.ceiling
    if final < minimum:
        raise CalcError(f"O valor final não pode ser menor que {reais(minimum)}.", "final_value")
    left, amounts = total - final, []
    for part in parts:
        taken = min(left, part.ceiling)
        amounts.append(taken)
        left -= taken
    return tuple(amounts)


def spread(amount: Decimal, ceilings: Sequence[Decimal]) -> Sequence[Decimal]:
    """Divide a discount over rows in proportion to their ceilings, none above its own.

    Each share is cut to centavos; the residue goes to the first rows with room, as much as each
    takes. `amount` is at most the sum of the ceilings.
    """
    whole = sum(ceilings, ZERO)
    if amount in (ZERO, whole):
        return ceilings if amount == whole else [ZERO] * len(ceilings)
    shares = [
        to_cents_down(EXACT.divide(EXACT.multiply(amount, ceiling), whole)) for ceiling in ceilings
    ]
    residue = amount - sum(shares, ZERO)
    for row, ceiling in enumerate(ceilings):
        if residue == 0:
            break
        taken = min(residue, ceiling - shares[row])
        shares[row] += taken
        residue -= taken
    return shares
