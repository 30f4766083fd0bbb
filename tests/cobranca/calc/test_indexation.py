from datetime import date
from decimal import Decimal

import pytest

from cobranca.calc.errors import CalcError, MissingIndexError
from cobranca.calc.indexation import Indexer, IndexSeries, IndexTerms, correction


def series(kind, name="IGP-M", **months):
    values = {date(int(key[3:]), int(key[1:3]), 1): Decimal(text) for key, text in months.items()}
    return IndexSeries(name, kind, values)


# m012022 is January 2022.
VARIATIONS = series("variation", m012022="1.00", m022022="-0.50", m032022="2.00", m042022="0.25")
LEVELS = series("level", "CUB", m012022="2000.00", m032022="2100.00", m042022="1900.00")


@pytest.mark.parametrize(
    ("start", "on", "back", "corrected"),
    [
        pytest.param(date(2022, 2, 10), date(2022, 4, 20), 1, "14.90", id="0.995 × 1.02"),
        pytest.param(date(2022, 1, 31), date(2022, 2, 1), 1, "10.00", id="one month, by its name"),
        pytest.param(date(2022, 2, 1), date(2022, 2, 28), 1, "0.00", id="within one month"),
        pytest.param(date(2022, 4, 1), date(2022, 2, 28), 1, "0.00", id="not begun"),
        pytest.param(date(2022, 2, 10), date(2022, 3, 1), 0, "20.00", id="the month itself"),
        pytest.param(date(2022, 3, 10), date(2022, 4, 1), 2, "0.00", id="deflation: nominal"),
        pytest.param(date(2022, 3, 10), date(2022, 5, 1), 2, "14.90", id="made up for later"),
    ],
)
def test_correction_by_variations(start, on, back, corrected):
    terms = IndexTerms(VARIATIONS, months_back=back)

    assert str(correction(Decimal("1000.00"), start, on, terms)) == corrected


@pytest.mark.parametrize(
    ("start", "on", "corrected"),
    [
        pytest.param(date(2022, 2, 10), date(2022, 4, 1), "50.00", id="2100 ÷ 2000"),
        pytest.param(date(2022, 2, 10), date(2022, 5, 1), "0.00", id="1900 ÷ 2000 is deflation"),
        pytest.param(date(2022, 2, 10), date(2022, 2, 11), "0.00", id="within one month"),
    ],
)
def test_correction_by_levels(start, on, corrected):
    """The months between are not needed: February is missing."""
    assert str(correction(Decimal("1000.00"), start, on, IndexTerms(LEVELS))) == corrected


def every_month(percent):
    months = {
        f"m{month:02}{year}": percent for year in (2020, 2021, 2022) for month in range(1, 13)
    }
    return series("variation", **months)


@pytest.mark.parametrize(
    ("on", "corrected"),
    [
        pytest.param(date(2021, 2, 28), "0.00", id="eleven months: no cycle yet"),
        pytest.param(date(2021, 3, 1), "126.83", id="twelve: 1.01^12"),
        pytest.param(date(2022, 2, 28), "126.83", id="twenty-three: still one cycle"),
        pytest.param(date(2022, 3, 1), "269.73", id="twenty-four: 1.01^24"),
    ],
)
def test_annual_correction_counts_whole_cycles(on, corrected):
    terms = IndexTerms(every_month("1.00"), annual=True)

    assert str(correction(Decimal("1000.00"), date(2020, 3, 15), on, terms)) == corrected


@pytest.mark.parametrize(
    ("terms", "start", "on", "month"),
    [
        pytest.param(IndexTerms(VARIATIONS), date(2022, 4, 1), date(2022, 6, 1), "05/2022",
                     id="last month"),
        pytest.param(IndexTerms(VARIATIONS), date(2021, 11, 1), date(2022, 3, 1), "11/2021",
                     id="the oldest of the missing"),
        pytest.param(IndexTerms(LEVELS), date(2022, 3, 1), date(2022, 5, 1), "02/2022",
                     id="base of a level"),
    ],
)  # fmt: skip
def test_a_missing_month_is_named(terms, start, on, month):
    with pytest.raises(MissingIndexError, match=month) as refusal:
        correction(Decimal("1000.00"), start, on, terms)

    assert refusal.value.series == terms.series.name
    assert f"{refusal.value.month:%m/%Y}" == month
    assert refusal.value.field == "index"


def test_a_month_outside_the_annual_cycle_may_be_missing():
    terms = IndexTerms(VARIATIONS, annual=True)

    assert correction(Decimal("1000.00"), date(2022, 4, 1), date(2022, 12, 1), terms) == 0


@pytest.mark.parametrize(
    "bad", [series("variation", m012022="-100"), series("level", m012022="0", m122021="1"),
            series("variation", m012022="NaN")],
)  # fmt: skip
def test_an_impossible_value_is_refused(bad):
    with pytest.raises(CalcError, match="01/2022") as refusal:
        correction(Decimal("1000.00"), date(2022, 1, 1), date(2022, 2, 1), IndexTerms(bad))

    assert refusal.value.field == "index"


def test_one_indexer_corrects_many_amounts_as_one_by_one():
    terms, on = IndexTerms(every_month("0.37")), date(2022, 12, 20)
    starts = [date(2020, month, 10) for month in (7, 2, 12, 2)] + [date(2022, 5, 10)]
    indexer = Indexer(terms, on)

    together = [indexer.correction(Decimal("777.77"), start) for start in starts]

    assert together == [correction(Decimal("777.77"), start, on, terms) for start in starts]


@pytest.mark.parametrize(
    ("terms", "start", "on", "words"),
    [
        (IndexTerms(VARIATIONS), date(2022, 2, 10), date(2022, 4, 20),
         "IGP-M de 02/2022 a 03/2022: fator 1,014900"),
        (IndexTerms(LEVELS), date(2022, 2, 10), date(2022, 5, 20),
         "CUB de 01/2022 a 04/2022: fator 0,950000 (deflação: vale o valor nominal)"),
        (IndexTerms(LEVELS), date(2022, 2, 10), date(2022, 2, 20),
         "CUB: nenhum período completo"),
    ],
)  # fmt: skip
def test_the_index_used_is_told(terms, start, on, words):
    assert Indexer(terms, on).explain(start) == words


def test_half_a_centavo_is_seen_even_of_a_ratio_without_end():
    levels = series("level", m012024="12", m022024="13")
    terms = IndexTerms(levels)

    # 0,06 × (13 ÷ 12 − 1) = 0,005.
    assert str(correction(Decimal("0.06"), date(2024, 2, 5), date(2024, 3, 5), terms)) == "0.01"


def test_half_a_centavo_is_seen_even_at_the_end_of_many_months():
    """Sixty months that cancel out: +25% and −20% in turn, then 1%, on fifty centavos."""
    months = [("25" if n % 2 else "-20") for n in range(120)] + ["1"]
    values = {date(2010 + n // 12, n % 12 + 1, 1): Decimal(v) for n, v in enumerate(months)}
    terms = IndexTerms(IndexSeries("INCC", "variation", values), months_back=0)

    assert str(correction(Decimal("0.50"), date(2009, 12, 1), date(2020, 1, 1), terms)) == "0.01"
