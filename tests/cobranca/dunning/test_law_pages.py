"""“Posso contatar?”, the line on the debtor's page, the refusals, and the blocks in place."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from cobranca.common import clock
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.blocks import BlockWanted, add_block
from cobranca.debtors.models import Address, ContactBlock, DebtorReading, DebtorSummary, Phone
from cobranca.dunning.services import attempt_contact
from tests import factories

# A Tuesday, 14:00 in São Paulo; the Sunday before.
NOW = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 8, 17, 0, tzinfo=UTC)
ASK = "/telecobranca/posso-contatar/"
REFUSALS = "/telecobranca/contatos-recusados/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", NOW.date)


@pytest.fixture
def carioca(agency):
    with scope(agency=agency):
        debtor = factories.make_debtor(agency, name="Rita Ramos")
        Address.objects.create(
            agency=agency,
            debtor=debtor,
            street="Rua A",
            state="RJ",
            city="Niterói",
            fingerprint="a",
        )
        Phone.objects.create(agency=agency, debtor=debtor, number="11988887777", is_main=True)
        refresh_summaries([debtor.pk])
        return debtor


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# --- posso contatar? ------------------------------------------------------------------------------


def test_a_place_is_asked_about(client_for, collector):
    page = text_of(client_for(collector).get(ASK, {"uf": "RJ", "ddd": "11", "canal": "call"}))

    assert "Contato permitido até 19:00 (RJ/SP)" in page
    assert "Lei RJ 6.854/2014" in page
    assert "Texto conferido" in page
    assert "09:00–19:00" in page


def test_a_place_at_another_time(client_for, collector):
    asked = {"uf": "AM", "ddd": "", "canal": "call", "quando": "2026-03-08T14:00"}

    page = text_of(client_for(collector).get(ASK, asked))

    assert "Contato proibido (AM): volta seg. 09:00 (hora de Manaus)" in page


def test_what_is_no_area_code_is_told_at_the_field(client_for, collector):
    assert "DDD inexistente." in text_of(client_for(collector).get(ASK, {"uf": "", "ddd": "20"}))


def test_a_debtor_is_found_chosen_and_the_reading_noted(client_for, collector, carioca, agency):
    client = client_for(collector)
    assert "Rita Ramos" in text_of(client.get(ASK, {"q": "rita"}))

    page = text_of(client.get(ASK, {"devedor": carioca.pk}))

    assert "Contato permitido até 19:00 (RJ/SP)" in page
    assert "98888" not in page  # of a number only its ends are shown
    with scope(agency=agency):
        assert DebtorReading.objects.get().page == "Posso contatar?"


def test_a_strangers_debtor_is_not_found(client_for, stranger, carioca):
    client = client_for(stranger)

    assert client.get(ASK, {"devedor": carioca.pk}).status_code == 404
    assert client.get(f"/telecobranca/lei/devedores/{carioca.pk}/").status_code == 404


@pytest.mark.parametrize("told", ["0", "x", "9" * 30, "-1"])
def test_nonsense_is_no_debtor(client_for, collector, told):
    assert client_for(collector).get(ASK, {"devedor": told}).status_code in (200, 404)


def test_the_line_of_a_debtor_says_until_when_and_why_not(
    client_for, collector, carioca, monkeypatch
):
    client, url = client_for(collector), f"/telecobranca/lei/devedores/{carioca.pk}/"
    assert "Contato permitido até 19:00 (RJ/SP)" in text_of(client.get(url))

    monkeypatch.setattr(clock, "now", lambda: SUNDAY)

    page = text_of(client.get(url))
    assert "Contato proibido agora (RJ/SP): volta seg. 09:00" in page
    assert "Aos domingos em RJ" in page


# --- refusals -------------------------------------------------------------------------------------


@pytest.fixture
def refused(agency, carioca, collector):
    with scope(agency=agency):
        attempt_contact(debtor=carioca, channel="call", at=SUNDAY, actor=collector)
        attempt_contact(debtor=carioca, channel="sms", at=SUNDAY, actor=None)
        attempt_contact(debtor=carioca, channel="call", at=NOW, actor=collector)


def test_the_supervisor_sees_who_was_refused_and_why(client_for, supervisor, refused):
    page = text_of(client_for(supervisor).get(REFUSALS))

    assert page.count("Horário (RJ)") == 2
    assert "Automático" in page
    assert "Aos domingos em RJ não se permitem ligações de cobrança" in page


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"regra": "window"}, 2),
        ({"regra": "block"}, 0),
        ({"canal": "sms"}, 1),
        ({"quem": "0"}, 1),
        ({"de": "2026-03-09"}, 0),
        ({"ate": "2026-03-08"}, 2),
        ({"de": "nada"}, 2),
    ],
)
def test_refusals_are_narrowed(client_for, supervisor, refused, asked, count):
    page = text_of(client_for(supervisor).get(REFUSALS, asked))

    assert page.count("Horário (RJ)") == count


def test_refusals_go_out_as_csv(client_for, supervisor, refused):
    response = client_for(supervisor).get(REFUSALS, {"formato": "csv", "canal": "sms"})

    lines = text_of(response).splitlines()
    assert response["Content-Disposition"] == 'attachment; filename="contatos-recusados.csv"'
    assert len(lines) == 2
    assert "Rita Ramos;SMS;Automático;Horário (RJ)" in lines[1]


def test_a_collector_and_a_stranger_do_not_see_them(client_for, collector, stranger, refused):
    assert client_for(collector).get(REFUSALS).status_code == 403
    assert "Horário (RJ)" not in text_of(client_for(stranger).get(REFUSALS))


def test_the_list_takes_as_many_queries_for_many(client_for, supervisor, refused, agency):
    client = client_for(supervisor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(REFUSALS)
        return len(captured)

    queries()
    before = queries()
    with scope(agency=agency):
        for _ in range(4):
            debtor = factories.make_debtor(agency)
            attempt_contact(debtor=debtor, channel="call", at=SUNDAY, actor=None)

    assert queries() == before


# --- blocks in place ------------------------------------------------------------------------------


def blocks_url(debtor, more=""):
    return f"/telecobranca/lei/devedores/{debtor.pk}/bloqueios/{more}"


def test_a_block_is_added_from_the_page(client_for, collector, carioca, agency):
    client = client_for(collector)
    assert "Bloquear contato" in text_of(client.get(blocks_url(carioca)))
    told = {"scope": "general", "source": "court", "reason": "Processo 1"}

    response = client.post(blocks_url(carioca, "novo/"), told, **HTMX)

    page = text_of(response)
    assert "Geral desde 10/03/2026, ordem judicial" in page
    assert response["HX-Retarget"] == "#blocks"
    assert "contact-law-changed" in response["HX-Trigger"]
    with scope(agency=agency):
        assert DebtorSummary.objects.get(debtor=carioca).is_blocked


def test_what_is_wrong_is_told_at_the_field(client_for, collector, carioca):
    told = {"scope": "general", "source": "debtor", "ends_on": "2026-03-01"}

    page = text_of(client_for(collector).post(blocks_url(carioca, "novo/"), told, **HTMX))

    assert "O fim não pode ser antes do início" in page
    assert 'id="id_ends_on_error"' in page


def test_a_block_is_lifted_with_a_reason(client_for, collector, carioca, agency):
    with scope(agency=agency):
        wanted = BlockWanted(scope="sms", source="debtor")
        block = add_block(debtor_id=carioca.pk, wanted=wanted, actor=collector, on=NOW.date())
    client, url = client_for(collector), f"/telecobranca/lei/bloqueios/{block.pk}/retirar/"
    assert "SMS desde 10/03/2026" in text_of(client.get(url))
    assert "Diga por que" in text_of(client.post(url, {"reason": ""}, **HTMX))

    page = text_of(client.post(url, {"reason": "A pedido."}, **HTMX))

    assert "SMS desde" not in page
    with scope(agency=agency):
        assert ContactBlock.objects.get().lifted_by == collector


def test_who_only_reads_neither_blocks_nor_lifts(client_for, auditor, carioca, agency, collector):
    with scope(agency=agency):
        wanted = BlockWanted(scope="sms", source="debtor")
        block = add_block(debtor_id=carioca.pk, wanted=wanted, actor=collector, on=NOW.date())
    client = client_for(auditor)

    page = text_of(client.get(blocks_url(carioca)))

    assert "Bloquear contato" not in page
    assert "Retirar" not in page
    told = {"scope": "general", "source": "court"}
    assert client.post(blocks_url(carioca, "novo/"), told).status_code == 403
    lift = f"/telecobranca/lei/bloqueios/{block.pk}/retirar/"
    assert client.post(lift, {"reason": "x"}).status_code == 403


def test_a_stranger_neither_sees_nor_touches_blocks(
    client_for, stranger, carioca, agency, collector
):
    with scope(agency=agency):
        wanted = BlockWanted(scope="sms", source="debtor")
        block = add_block(debtor_id=carioca.pk, wanted=wanted, actor=collector, on=NOW.date())
    client = client_for(stranger)

    assert client.get(blocks_url(carioca)).status_code == 404
    told = {"scope": "general", "source": "court"}
    assert client.post(blocks_url(carioca, "novo/"), told).status_code == 404
    lift = f"/telecobranca/lei/bloqueios/{block.pk}/retirar/"
    assert client.post(lift, {"reason": "x"}).status_code == 404
