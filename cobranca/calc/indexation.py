"""Correção monetária by an index kept month by month (CAL-12, playbook 7.2.4 and 7.3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Literal

from cobranca.calc.errors import CalcError, MissingIndexError
from cobranca.calc.money import EXACT, ONE, ZERO, fraction, to_cents
from cobranca.calc.words import number

# Six decimals are shown of a factor; all are used.
SHOWN_FACTOR = Decimal("0.000001")
# Enough for the variations of a hundred years, of eight decimals each, multiplied without loss.
WHOLE = Context(prec=16_000)


@dataclass(frozen=True, slots=True)
class IndexSeries:
    """An index: its variation of each month in per cent, or its level (índice-número).

    Keys of `values` are first days of months.
    """

    name: str
    kind: Literal["variation", "level"]
    values: Mapping[date, Decimal]


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """How a contract uses an index.

    A date takes the index of `months_back` months before it (1: the month before). `annual`: only
    whole cycles of twelve months since the base date count.
    """

    series: IndexSeries
    months_back: int = 1
    annual: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """The months whose variations count: after `base`, up to and including `last`."""

    base: date
    last: date

    @property
    def months(self) -> int:
        return _months(self.base, self.last)


class Indexer:
    """Corrects many amounts up to one day: what months have in common is multiplied once."""

    def __init__(self, terms: IndexTerms, on: date) -> None:
        self._terms = terms
        self._on = on
        self._factors: dict[date, list[Decimal]] = {}

    def span(self, from_day: date) -> Span:
        """Return the index months between `from_day` and the day of calculation."""
        back = self._terms.months_back
        months = max(0, _months(from_day, self._on))
        if self._terms.annual:
            months -= months % 12
        return Span(_month(from_day, -back), _month(from_day, months - back))

    def factor(self, from_day: date) -> Decimal:
        """Return the accumulated index since `from_day`, below 1 after deflation.

        Variations: the product of (1 + % of each month), whole. Levels: last ÷ base, of sixty
        digits. Raises MissingIndexError naming the (first) month that is missing.
        """
        gained, base = self._gain(self.span(from_day))
        return WHOLE.add(EXACT.divide(gained, base) if base != ONE else gained, ONE)

    def correction(self, principal: Decimal, from_day: date) -> Decimal:
        """Return the correction of `principal`: see the function of the same name."""
        gained, base = self._gain(self.span(from_day))
        if gained <= 0:
            return ZERO
        # Multiplied first: 13 ÷ 12 has no end, but of six centavos it is half a centavo exactly.
        product = WHOLE.multiply(principal, gained)
        return to_cents(EXACT.divide(product, base) if base != ONE else product)

    def explain(self, from_day: date) -> str:
        """Say in Portuguese which months and factor were used, for the statement."""
        span = self.span(from_day)
        name = self._terms.series.name
        if span.months == 0:
            return f"{name}: nenhum período completo"
        factor = self.factor(from_day)
        shown = number(factor.quantize(SHOWN_FACTOR, context=EXACT))
        first = span.base if self._terms.series.kind == "level" else _month(span.base, 1)
        note = " (deflação: vale o valor nominal)" if factor < ONE else ""
        return f"{name} de {first:%m/%Y} a {span.last:%m/%Y}: fator {shown}{note}"

    def _gain(self, span: Span) -> tuple[Decimal, Decimal]:
        """Return the factor less 1 as a ratio: what the index gained, over what it was."""
        if span.months == 0:
            return ZERO, ONE
        if self._terms.series.kind == "level":
            base, last = self._value(span.base), self._value(span.last)
            return last - base, base
        return WHOLE.subtract(self._accumulated(span), ONE), ONE

    def _accumulated(self, span: Span) -> Decimal:
        # By number of months, counted back from the last: an earlier start takes up from there.
        factors = self._factors.setdefault(span.last, [ONE])
        while len(factors) <= span.months:
            variation = self._variation(_month(span.last, 1 - len(factors)), span)
            factors.append(WHOLE.multiply(factors[-1], ONE + fraction(variation)))
        return factors[span.months]

    def _variation(self, month: date, span: Span) -> Decimal:
        if month not in self._terms.series.values:
            # Several may be missing: the oldest is named.
            month = _month(span.base, 1)
            while month in self._terms.series.values:
                month = _month(month, 1)
        return self._value(month)

    def _value(self, month: date) -> Decimal:
        series = self._terms.series
        value = series.values.get(month)
        if value is None:
            raise MissingIndexError(series.name, month)
        lowest = -100 if series.kind == "variation" else 0
        if not value.is_finite() or value <= lowest:
            raise CalcError(
                f"O índice {series.name} de {month:%m/%Y} não é um valor possível.", "index"
            )
        return value


def correction(principal: Decimal, from_day: date, on: date, terms: IndexTerms) -> Decimal:
    """Return the monetary correction of `principal` from `from_day` to `on`: never negative.

    principal × (factor − 1), rounded once, half up. The factor runs over the index months from
    month(from_day) − months_back, exclusive, to month(on) − months_back, inclusive: within one
    month nothing is corrected. Deflation inside the period counts, but what it accumulates to never
    takes the debt below its nominal value (STJ, REsp 1.265.580/RS). CAL-12.
    """
    return Indexer(terms, on).correction(principal, from_day)


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _month(day: date, shift: int) -> date:
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)
