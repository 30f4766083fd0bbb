from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cobranca.audit.models import AuditEntry
from cobranca.campaigns import indices, services
from cobranca.campaigns.models import IndexSeries, IndexValue
from cobranca.common.errors import DomainError
from tests.cobranca.campaigns.making import make_campaign, make_series

pytestmark = pytest.mark.usefixtures("in_scope")
JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def igpm(agency):
    series = make_series(agency, name="IGP-M", sgs_code=189)
    services.save_index_values(series, {JAN: Decimal("0.5")}, "Arquivo")
    return series


@pytest.fixture
def reader(monkeypatch):
    """Return a reader that remembers what it was asked, with nobody else installed."""
    monkeypatch.setattr(indices, "_readers", [])
    asked = []

    def read(series, *, on, actor):
        asked.append((series, actor))
        return "Posto na fila."

    indices.install_reader(read)
    return asked


def page(name, series):
    return reverse(f"admin:campaigns_indexseries_{name}", args=[series.pk])


def upload(client, series, text):
    file = SimpleUploadedFile("igpm.csv", text.encode(), content_type="text/csv")
    return client.post(page("file", series), {"file": file})


def test_an_index_is_saved_and_shows_its_months(igpm, implementer, client_for):
    client = client_for(implementer)
    sent = {"name": "IGP-M", "kind": "variation", "sgs_code": "190", "months_back": "2"}

    client.post(page("change", igpm), sent)
    shown = client.get(page("change", igpm)).content.decode()

    igpm.refresh_from_db()
    assert (igpm.sgs_code, igpm.months_back) == (190, 2)
    assert "01/2026" in shown
    assert "0,50" in shown


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "level"), ("months_back", "13"), ("name", " ")]
)
def test_what_is_wrong_with_an_index_is_said_at_its_field(
    igpm, implementer, client_for, field, value
):
    sent = {"name": "IGP-M", "kind": "variation", "months_back": "1"}

    answer = client_for(implementer).post(page("change", igpm), {**sent, field: value})

    assert list(answer.context["adminform"].form.errors) == [field]


def test_two_indices_of_one_name_are_refused(igpm, implementer, client_for):
    sent = {"name": "IGP-M", "kind": "variation", "months_back": "1"}

    answer = client_for(implementer).post(reverse("admin:campaigns_indexseries_add"), sent)

    assert "Já existe um índice com este nome" in answer.content.decode()


def test_the_list_says_how_far_each_index_goes(igpm, implementer, client_for):
    shown = client_for(implementer).get(reverse("admin:campaigns_indexseries_changelist"))

    assert "01/2026" in shown.content.decode()


# --- files ----------------------------------------------------------------------------------------


def test_a_file_is_looked_at_before_it_is_stored(igpm, implementer, client_for):
    client = client_for(implementer)

    preview = upload(client, igpm, "mês;valor\n01/2026;0,7\n02/2026;0,1\n")

    shown = preview.content.decode()
    assert preview.context["saved"] == (1, 1, 0)
    assert preview.context["changed"] == [("01/2026", "0,50", "0,70")]
    assert "De 01/2026 a 02/2026" in shown
    assert IndexValue.objects.get().value == Decimal("0.5")

    client.post(page("file", igpm), {"text": preview.context["text"], "confirmed": "on"})
    assert dict(IndexValue.objects.values_list("month", "value")) == {
        JAN: Decimal("0.7"),
        FEB: Decimal("0.1"),
    }
    assert AuditEntry.objects.filter(action="index_values.saved", actor=implementer).exists()


def test_every_bad_line_of_a_file_is_listed(igpm, implementer, client_for):
    answer = upload(client_for(implementer), igpm, "13/2026;1\n02/2026;0.1\n03/2026;1")

    shown = answer.content.decode()
    assert "Linha 1: mês inválido" in shown
    assert "Linha 2: valor inválido" in shown
    assert "2 linhas com erro" in shown
    assert 'name="confirmed"' not in shown


@pytest.mark.parametrize("text", ["", "   ", "0" * 300_000])
def test_what_is_no_file_of_values_is_refused(igpm, implementer, client_for, text):
    answer = upload(client_for(implementer), igpm, text)

    assert answer.status_code == 200
    assert "saved" not in answer.context


# --- the central bank -----------------------------------------------------------------------------


def test_the_reader_is_asked_by_a_button(igpm, implementer, client_for, reader):
    client = client_for(implementer)
    assert "Atualizar do Banco Central" in client.get(page("change", igpm)).content.decode()

    answer = client.post(page("read", igpm), follow=True)

    assert "Posto na fila." in answer.content.decode()
    assert reader == [(igpm, implementer)]


def test_without_a_series_there_is_no_button(agency, implementer, client_for, reader):
    cub = make_series(agency, name="CUB")
    client = client_for(implementer)

    assert "Atualizar do Banco Central" not in client.get(page("change", cub)).content.decode()
    answer = client.post(page("read", cub), follow=True)
    assert "não tem série no Banco Central" in answer.content.decode()
    assert reader == []


def test_a_reader_that_refuses_is_heard(igpm, implementer, client_for, reader):
    def refuse(series, *, on, actor):
        raise DomainError("Crie antes a tarefa agendada.")

    indices.install_reader(refuse)

    answer = client_for(implementer).post(page("read", igpm), follow=True)

    assert "Crie antes a tarefa agendada." in answer.content.decode()


# --- one month ------------------------------------------------------------------------------------

ADD = reverse("admin:campaigns_indexvalue_add")


def test_a_month_is_typed_corrected_and_taken_out(igpm, implementer, client_for):
    client = client_for(implementer)

    client.post(ADD, {"series": igpm.pk, "month": "02/2026", "value": "-0,25"})
    row = IndexValue.objects.get(month=FEB)
    assert (row.value, row.source) == (Decimal("-0.25"), "Digitado")

    change = reverse("admin:campaigns_indexvalue_change", args=[row.pk])
    assert 'value="-0,25"' in client.get(change).content.decode()
    client.post(change, {"value": "0,3"})
    assert IndexValue.objects.get(month=FEB).value == Decimal("0.3")

    client.post(reverse("admin:campaigns_indexvalue_delete", args=[row.pk]), {"post": "yes"})
    assert not IndexValue.objects.filter(month=FEB).exists()
    assert AuditEntry.objects.filter(action="index_value.deleted").exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"month": "13/2026"}, "month"), ({"value": "0.5"}, "value"), ({"value": "-100"}, "value")],
)
def test_a_month_that_makes_no_sense_is_refused(igpm, implementer, client_for, fields, field):
    sent = {"series": igpm.pk, "month": "02/2026", "value": "1"} | fields

    answer = client_for(implementer).post(ADD, sent)

    assert list(answer.context["adminform"].form.errors) == [field]


def test_the_list_of_months_is_there(igpm, implementer, client_for):
    shown = client_for(implementer).get(reverse("admin:campaigns_indexvalue_changelist"))

    assert "01/2026" in shown.content.decode()


# --- who may --------------------------------------------------------------------------------------


def test_an_index_in_use_is_not_deleted(igpm, creditor, implementer, client_for):
    make_campaign(creditor, index=igpm)

    client_for(implementer).post(page("delete", igpm), {"post": "yes"})

    assert IndexSeries.objects.exists()


def test_an_index_nobody_uses_is_deleted(igpm, implementer, client_for):
    client_for(implementer).post(page("delete", igpm), {"post": "yes"})

    assert not IndexSeries.objects.exists()


def test_only_who_configures_brings_values_in(igpm, supervisor, stranger, client_for, reader):
    for name in ("file", "read"):
        assert client_for(supervisor).post(page(name, igpm)).status_code == 403
        assert client_for(stranger).post(page(name, igpm)).status_code == 404
    shown = client_for(supervisor).get(page("change", igpm)).content.decode()
    assert "Conferir arquivo" not in shown
    assert "01/2026" in shown
    assert reader == []
