"""Indices brought up to date from the simulated bank over HTTP."""

from datetime import date
from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.audit.models import AuditEntry
from cobranca.campaigns.index_files import shown_value
from cobranca.campaigns.models import IndexSeries, IndexValue
from cobranca.campaigns.services import save_index_values
from cobranca.campaigns.states import IndexKind
from integrations.core.models import IntegrationLog
from integrations.sgs import parameters as p
from integrations.sgs.updating import Outcome, summary, update_series
from tests.integrations.sgs.bank import IGPM, INCC_M, IPCA, SELIC, TODAY

FIRST = p.FIRST_OF_THE_REAL
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


@pytest.fixture
def index(office):
    """Return an index of the agency, of a series of the bank."""

    def make(code=IGPM, name="IGP-M", agency=office, **fields):
        return IndexSeries.objects.create(agency=agency, name=name, sgs_code=code, **fields)

    return make


def values_of(series):
    return dict(IndexValue.objects.filter(series=series).values_list("month", "value"))


def trail_of(series):
    found = AuditEntry.objects.filter(object_id=str(series.pk), action="index_values.saved")
    return [entry.changes for entry in found.order_by("pk")]


def update(series, **options):
    return update_series(series, on=TODAY, **options)


def test_a_new_index_gets_its_whole_history(index, bank):
    igpm = index()

    outcome = update(igpm)

    assert values_of(igpm) == bank.truth(IGPM, FIRST)
    assert outcome == Outcome("IGP-M", included=388)
    assert outcome.text == "388 incluídos"
    assert bank.asked() == [
        ("189", "01/12/2016 a 30/11/2026"),
        ("189", "01/12/2006 a 30/11/2016"),
        ("189", "01/12/1996 a 30/11/2006"),
        ("189", "01/07/1994 a 30/11/1996"),
    ]
    assert IndexValue.objects.filter(series=igpm).first().source == "Banco Central, série 189"


def test_a_second_reading_changes_nothing_and_costs_one_call(index, bank):
    igpm = index()
    update(igpm)
    before, trail, _ = values_of(igpm), trail_of(igpm), bank.asked()

    outcome = update(igpm)

    assert outcome.text == "sem novidade"
    assert values_of(igpm) == before
    assert trail_of(igpm) == trail
    assert bank.asked() == [("189", "01/12/2025 a 30/11/2026")]


def test_the_next_month_is_included_when_it_comes_out(index, bank):
    igpm = index()
    update(igpm)
    bank.act("advance_clock", date="2026-11-28")

    outcome = update(igpm)

    assert outcome.text == "1 incluído"
    assert values_of(igpm)[NOVEMBER] == bank.truth(IGPM)[NOVEMBER]


def test_a_hole_is_filled_in_one_call(index, bank):
    igpm = index()
    update(igpm)
    IndexValue.objects.get(series=igpm, month=date(2003, 5, 1)).delete()
    bank.asked()

    outcome = update(igpm)

    assert outcome.text == "1 incluído"
    assert bank.asked()[1:] == [("189", "01/05/2003 a 31/05/2003")]
    assert values_of(igpm) == bank.truth(IGPM, FIRST)


def test_a_corrected_value_is_updated_and_the_trail_keeps_both(index, bank):
    igpm = index()
    update(igpm)
    old = values_of(igpm)[OCTOBER]
    bank.act("revise", series=IGPM, month="2026-10", value="1.23")
    bank.act("advance_clock", date="2026-11-28")

    outcome = update(igpm)

    assert outcome.text == "1 incluído, 1 alterado"
    assert values_of(igpm)[OCTOBER] == Decimal("1.23")
    assert trail_of(igpm)[-2]["10/2026"] == [shown_value(old), "1,23"]


def test_an_old_correction_is_found_when_all_is_compared(index, bank):
    igpm = index()
    update(igpm)
    bank.act("revise", series=IGPM, month="2001-02", value="0.77")

    assert update(igpm).text == "sem novidade"
    assert update(igpm, full=True).text == "1 alterado"

    assert values_of(igpm)[date(2001, 2, 1)] == Decimal("0.77")


def test_a_value_taken_back_stays_here(index, bank):
    igpm = index()
    update(igpm)
    bank.act("remove", series=IGPM, month="2026-10")

    assert update(igpm).text == "sem novidade"

    assert OCTOBER in values_of(igpm)


def test_what_a_person_typed_gives_way_to_the_source(index, bank):
    igpm = index()
    save_index_values(igpm, {OCTOBER: Decimal("9.99")}, "Digitado")

    outcome = update(igpm)

    assert (outcome.included, outcome.changed) == (387, 1)
    assert values_of(igpm) == bank.truth(IGPM, FIRST)


def test_a_correction_does_not_drown_in_the_trail_of_a_first_reading(index, bank):
    igpm = index()
    save_index_values(igpm, {OCTOBER: Decimal("9.99")}, "Digitado")

    update(igpm)

    assert any(changes.get("10/2026", [""])[0] == "9,99" for changes in trail_of(igpm))


def test_a_series_that_began_later_is_read_from_its_beginning(index, bank):
    incc = index(INCC_M, "INCC-M")

    assert update(incc).problems == []

    assert values_of(incc) == bank.truth(INCC_M)
    bank.asked()
    update(incc)
    assert bank.asked()[1:] == [("7456", "01/07/1994 a 31/08/1994")]


def test_before_the_first_value_nothing_older_is_asked(index, bank):
    incc = index(INCC_M, "INCC-M")
    save_index_values(incc, {OCTOBER: Decimal("0.10")}, "Digitado")
    bank.fault("404", INCC_M, nth=2)

    update(incc)

    assert len(bank.asked()) == 2


def test_reading_goes_on_where_it_failed(index, bank):
    """The newest ten years are stored; the others wait for the next time."""
    igpm = index()
    bank.fault("500", IGPM, nth=[2, 3, 4])

    outcome = update(igpm)

    assert outcome.included == 119
    assert outcome.problems == ["O Banco Central está fora do ar no momento (500)"]
    assert min(values_of(igpm)) == date(2016, 12, 1)
    bank.repair()
    bank.asked()

    assert update(igpm).text == "269 incluídos"

    assert values_of(igpm) == bank.truth(IGPM, FIRST)
    assert len(bank.asked()) == 4


def test_disorder_and_repetition_do_no_harm(index, bank):
    igpm = index()
    bank.fault("disorder")
    bank.fault("duplicate-rows", rows=3)

    assert update(igpm).problems == []

    assert values_of(igpm) == bank.truth(IGPM, FIRST)


def test_a_month_with_two_values_is_not_stored(index, bank):
    igpm = index()
    bank.fault("duplicate-rows", nth=1, value="9.99")

    outcome = update(igpm)

    assert outcome.text == "387 incluídos; 10/2026: veio com valores diferentes"
    assert OCTOBER not in values_of(igpm)


def test_a_stored_month_survives_two_values(index, bank):
    igpm = index()
    update(igpm)
    before = values_of(igpm)
    bank.fault("duplicate-rows", value="9.99")

    assert update(igpm).text == "10/2026: veio com valores diferentes"

    assert values_of(igpm) == before


def test_a_value_with_a_comma_is_named_and_the_others_are_stored(index, bank):
    igpm = index()
    bank.fault("comma", nth=1, item=-1)

    outcome = update(igpm)

    assert outcome.text == ("387 incluídos; linha 119: campo valor ausente ou inválido em 10/2026")
    assert OCTOBER not in values_of(igpm)


def test_many_bad_rows_are_counted(index, bank):
    igpm = index()
    bank.fault("comma")

    assert update(igpm).text.endswith("; mais 387 problemas")

    assert not values_of(igpm)


def test_a_future_month_is_named_and_not_stored(index, bank):
    igpm = index()
    bank.fault("future-month", nth=1)

    assert update(igpm).text == "388 incluídos; linha 120: 12/2026 não foi pedido"

    assert date(2026, 12, 1) not in values_of(igpm)


def test_a_variation_that_cannot_be_is_named(index, bank):
    igpm = index()
    bank.act("revise", series=IGPM, month="2026-10", value="-100.00")

    assert update(igpm).text == "387 incluídos; 10/2026: uma variação mensal é maior que -100 %"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("500", "O Banco Central está fora do ar no momento (500)"),
        ("html", "está sobrecarregado, ou a série não existe"),
        ("cut-body", "O Banco Central não respondeu"),
        ("truncated", "incompleta ou que não é JSON"),
        ("refused-range", "O Banco Central recusou a consulta de série 189 (406)"),
        ("404", "nenhum valor no Banco Central: confira o código da série"),
    ],
)
def test_a_failure_is_told_and_stores_nothing(index, bank, fault, told):
    igpm = index()
    bank.fault(fault)

    outcome = update(igpm)

    assert told in outcome.text
    assert not values_of(igpm)


def test_a_daily_series_is_refused_and_stores_nothing(index, bank):
    selic = index(SELIC, "Selic")

    assert "não é mensal" in update(selic).text

    assert not values_of(selic)


def test_an_unknown_series_says_so(index, bank):
    assert "a série não existe" in update(index(999, "Outro")).text


def test_a_level_cannot_be_a_series_of_variations(index, bank):
    wrong = index(kind=IndexKind.LEVEL)

    assert update(wrong).text == "a série 189 é de “Variação mensal (%)”: corrija o cadastro"

    assert bank.asked() == []


def test_an_index_without_a_series(index):
    assert update(index(None, "CUB")).text == "sem série do Banco Central no cadastro"


def test_calls_and_values_are_of_their_agency_alone(index, bank, other_agency, point):
    igpm = index()
    with scope(agency=other_agency):
        point(other_agency, bank.url)
        theirs = index(agency=other_agency)
        update(theirs)
        assert values_of(theirs) == bank.truth(IGPM, FIRST)
        assert IntegrationLog.objects.filter(agency=other_agency).count() == 4

    assert not values_of(igpm)
    assert not IntegrationLog.objects.exists()


def test_indices_that_fared_alike_share_a_sentence():
    told = summary(
        [
            Outcome("IGP-M"),
            Outcome("INPC", included=1, changed=2),
            Outcome("IPCA", problems=["fora do ar"]),
            Outcome("INCC-M"),
            Outcome("INCC-DI", problems=["fora do ar"]),
        ]
    )

    assert told == (
        "IPCA, INCC-DI: fora do ar. INPC: 1 incluído, 2 alterados. IGP-M, INCC-M: sem novidade."
    )
    assert summary([]) == ""


def test_series_with_the_same_figures_are_still_two(index, bank):
    one, two = index(IPCA, "IPCA"), index(IPCA, "IPCA (outro)")

    update(one)
    update(two)

    assert values_of(one) == values_of(two) == bank.truth(IPCA, FIRST)
