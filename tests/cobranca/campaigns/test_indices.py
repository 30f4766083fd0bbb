from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cobranca.audit.models import AuditEntry
from cobranca.campaigns import indices, services
from cobranca.campaigns.models import IndexSeries, IndexValue
from cobranca.campaigns.selectors import latest_values, series_with_extent
from cobranca.campaigns.states import IndexKind
from cobranca.common.errors import DomainError
from tests.cobranca.campaigns.making import make_campaign, make_series

pytestmark = pytest.mark.usefixtures("in_scope")
JAN, FEB, MAR = (date(2026, month, 1) for month in (1, 2, 3))


@pytest.fixture
def igpm(agency):
    return make_series(agency, name="IGP-M", sgs_code=189)


def stored(series):
    return dict(IndexValue.objects.filter(series=series).values_list("month", "value"))


def test_values_are_included_changed_or_left_alone(igpm, implementer):
    first = services.save_index_values(igpm, {JAN: Decimal("0.5"), FEB: Decimal("0.1")}, "Arquivo")
    again = services.save_index_values(
        igpm,
        {JAN: Decimal("0.50"), FEB: Decimal("0.2"), MAR: Decimal("-0.3")},
        "Banco Central",
        actor=implementer,
    )

    assert first == (2, 0, 0)
    assert (again.included, again.changed, again.equal) == (1, 1, 1)
    assert stored(igpm) == {JAN: Decimal("0.5"), FEB: Decimal("0.2"), MAR: Decimal("-0.3")}
    assert [row.source for row in latest_values(igpm)] == ["Banco Central"] * 2 + ["Arquivo"]
    assert AuditEntry.objects.latest("pk").changes == {
        "02/2026": ["0,10", "0,20"],
        "03/2026": ["Vazio", "-0,30"],
        "origem": "Banco Central",
    }


def test_saving_the_same_again_writes_nothing(igpm, django_assert_num_queries):
    values = {date(2000 + n // 12, n % 12 + 1, 1): Decimal("0.5") for n in range(300)}
    services.save_index_values(igpm, values, "Arquivo")

    with django_assert_num_queries(4):  # savepoint, lock, read, release
        assert services.save_index_values(igpm, values, "Arquivo").equal == 300

    assert AuditEntry.objects.filter(action="index_values.saved").count() == 1
    assert AuditEntry.objects.latest("pk").changes["outros meses"] == "276"


def test_a_value_that_makes_no_sense_is_refused_by_its_month(igpm):
    with pytest.raises(DomainError, match="02/2026"):
        services.save_index_values(igpm, {JAN: Decimal(1), FEB: Decimal(-100)}, "Arquivo")

    assert not stored(igpm)


def test_a_file_is_stored_and_a_bad_one_is_not(igpm):
    assert services.import_index_csv(igpm, b"01/2026;0,5\n02/2026;0,1", actor=None) == (2, 0, 0)

    with pytest.raises(services.FileRefusedError) as refused:
        services.import_index_csv(igpm, b"03/2026;0,5\n14/2026;0,1\nx", actor=None)

    assert len(refused.value.lines) == 2
    assert refused.value.message.startswith("Nada foi gravado, o arquivo tem 2 linhas com erro")
    assert set(stored(igpm)) == {JAN, FEB}
    with pytest.raises(DomainError, match="nenhum valor"):
        services.import_index_csv(igpm, b"mes;valor\n", actor=None)


def test_the_database_keeps_months_by_their_first_day(igpm):
    row = IndexValue(agency=igpm.agency, series=igpm, month=date(2026, 1, 2), value=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_an_index_is_saved_with_its_trail(agency, igpm):
    igpm.months_back = 2
    services.save_index_series(series=igpm, actor=None)

    assert AuditEntry.objects.latest("pk").changes == {"meses retroativos da data base": ["1", "2"]}
    for fields, field in (({"name": " "}, "name"), ({"months_back": 13}, "months_back")):
        with pytest.raises(DomainError) as refused:
            make_series(agency, **fields)
        assert refused.value.field == field


def test_the_kind_of_values_that_are_there_does_not_change(igpm):
    services.save_index_values(igpm, {JAN: Decimal(1)}, "Arquivo")
    igpm.kind = IndexKind.LEVEL

    with pytest.raises(DomainError) as refused:
        services.save_index_series(series=igpm, actor=None)

    assert refused.value.field == "kind"


def test_an_index_in_use_stays(igpm, creditor):
    services.save_index_values(igpm, {JAN: Decimal(1)}, "Arquivo")
    campaign = make_campaign(creditor, index=igpm)

    with pytest.raises(DomainError, match="troque o índice"), transaction.atomic():
        services.delete_index_series(series=igpm, actor=None)
    services.delete_campaign(campaign=campaign, actor=None)
    services.delete_index_series(series=igpm, actor=None)

    assert not IndexSeries.objects.exists()


def test_one_month_can_be_taken_out(igpm):
    services.save_index_values(igpm, {JAN: Decimal(1)}, "Arquivo")

    services.delete_index_value(value=IndexValue.objects.get(), actor=None)

    assert not stored(igpm)
    assert AuditEntry.objects.latest("pk").changes == {"01/2026": ["1,00", "Vazio"]}


def test_an_index_knows_how_far_it_goes(agency, igpm):
    services.save_index_values(igpm, {JAN: Decimal(1), MAR: Decimal(1)}, "Arquivo")
    make_series(agency)

    found = {row.pk: (row.months, row.last_month) for row in series_with_extent(agency)}

    assert found[igpm.pk] == (2, MAR)
    assert (0, None) in found.values()


def test_an_index_with_a_series_is_read_by_who_installed_itself(
    agency, igpm, implementer, monkeypatch
):
    monkeypatch.setattr(indices, "_readers", [])
    assert not indices.has_reader(igpm)

    indices.install_reader(lambda series, *, on, actor: f"{series} em {on} por {actor}")

    assert indices.has_reader(igpm)
    assert not indices.has_reader(make_series(agency))
    assert indices.read(igpm, on=JAN, actor=implementer) == "IGP-M em 2026-01-01 por ines"
