"""Contacts on the debtor page: asked for, recorded, listed; who sees what."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import DebtorSummary, EmailAddress, Phone
from cobranca.dunning.models import Callback, ContactAttempt, ContactRecord, Promise
from cobranca.dunning.results import default_results
from cobranca.telecobranca.models import QueueEntry, WorkQueue
from tests import factories

# A Tuesday, 14:00 in São Paulo.
NOW = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
NIGHT = NOW + timedelta(hours=10)


@pytest.fixture
def now(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def results(agency):
    with scope(agency=agency):
        return {result.code: result for result in default_results(agency)}


@pytest.fixture
def phone(agency, debtor):
    with scope(agency=agency):
        return Phone.objects.create(
            agency=agency, debtor=debtor, number="11987654321", is_main=True
        )


@pytest.fixture
def contract(agency, creditor, debtor):
    with scope(agency=agency):
        contract = factories.make_contract(creditor, debtor)
        factories.make_installment(contract, due_date=date(2026, 2, 10))
        refresh_summaries([debtor.pk])
    return contract


@pytest.fixture
def desk(now, client_for, collector, results, phone, contract) -> Client:
    return client_for(collector)


def url(name: str, *args: Any) -> str:
    return reverse(f"telecobranca:{name}", args=args)


def said(response: Any) -> dict[str, Any]:
    return json.loads(response.headers["HX-Trigger"])


def ask(desk: Client, debtor: Any, **told: Any) -> Any:
    return desk.post(url("ask_contact", debtor.pk), {"channel": "call"} | told)


def record(desk: Client, debtor: Any, result: Any, **told: Any) -> Any:
    given = {"direction": "in", "channel": "call", "result": result.pk} | told
    return desk.post(url("record_contact", debtor.pk), given)


# --- asking ---------------------------------------------------------------------------------------


def test_every_way_to_reach_a_debtor_has_a_key(desk, agency, debtor):
    with scope(agency=agency):
        EmailAddress.objects.create(agency=agency, debtor=debtor, email="ana@exemplo.com.br")
        Phone.objects.create(agency=agency, debtor=debtor, number="1131314150", is_active=False)

    page = desk.get(url("contact_ways", debtor.pk)).content.decode()

    assert "<kbd>1</kbd>" in page
    assert "(11) 98765-4321" in page
    assert "<kbd>2</kbd>" in page
    assert "ana@exemplo.com.br" in page
    assert "<kbd>9</kbd>" in page
    assert "3131-4150" not in page


def test_a_permitted_call_opens_the_form_with_its_permission(desk, agency, debtor, phone):
    page = ask(desk, debtor, phone=phone.pk).content.decode()

    with scope(agency=agency):
        attempt = ContactAttempt.objects.get()
    assert attempt.is_allowed
    assert f'value="{attempt.pk}"' in page
    assert 'href="tel:+5511987654321"' in page
    assert "<kbd>0</kbd>" in page


def test_a_refused_call_says_why_and_from_when(
    time_machine, client_for, collector, agency, debtor, phone
):
    time_machine.move_to(NIGHT, tick=False)

    page = ask(client_for(collector), debtor, phone=phone.pk).content.decode()

    with scope(agency=agency):
        attempt = ContactAttempt.objects.get()
    assert not attempt.is_allowed
    assert attempt.reason[:40] in page
    assert "Permitido a partir de 11/03/2026" in page
    assert "Por quê?" in page
    assert "tel:" not in page


def test_somebody_elses_phone_is_not_asked_about(desk, agency, debtor):
    with scope(agency=agency):
        other = factories.make_debtor(agency)
        phone = Phone.objects.create(agency=agency, debtor=other, number="11911112222")

    assert ask(desk, debtor, phone=phone.pk).status_code == 404


# --- recording ------------------------------------------------------------------------------------


def test_a_call_is_recorded_with_its_promise(desk, agency, debtor, phone, results):
    ask(desk, debtor, phone=phone.pk)
    with scope(agency=agency):
        attempt = ContactAttempt.objects.get()

    response = record(
        desk, debtor, results["promessa"], direction="out", attempt=attempt.pk,
        promised_on="13/03/2026", amount="500,00", text="Recebe na quinta",
    )  # fmt: skip

    page = response.content.decode()
    assert "promessa de R$ 500,00 para 13/03/2026" in page
    assert '<dd id="strip-promise" hx-swap-oob="innerHTML"><span>13/03/2026</span>' in page
    assert set(said(response)) == {"timeline-changed", "contact-recorded", "toast"}
    with scope(agency=agency):
        made = Promise.objects.get()
        assert (made.promised_on, made.amount) == (date(2026, 3, 13), Decimal("500.00"))
        assert made.record.attempt == attempt


def test_a_callback_reserves_the_debtor_for_who_makes_it(desk, agency, debtor, results, collector):
    with scope(agency=agency):
        queue = WorkQueue.objects.create(agency=agency, name="Geral")
        QueueEntry.objects.create(debtor=debtor, agency=agency, queue=queue, rank=1)

    record(
        desk, debtor, results["pediu-retorno"], callback_on="11/03/2026", callback_time="10:30",
        callback_note="Falar com a esposa",
    )  # fmt: skip

    at = datetime(2026, 3, 11, 13, 30, tzinfo=UTC)
    with scope(agency=agency):
        made = Callback.objects.get()
        entry = QueueEntry.objects.get()
    assert (made.at, made.assigned_to, made.note) == (at, collector, "Falar com a esposa")
    assert (entry.available_at, entry.reserved_for) == (at, collector)


def test_a_result_rests_the_debtor_for_its_hours(desk, agency, debtor, results):
    with scope(agency=agency):
        queue = WorkQueue.objects.create(agency=agency, name="Geral")
        QueueEntry.objects.create(debtor=debtor, agency=agency, queue=queue, rank=1)

    record(desk, debtor, results["ocupado"])

    with scope(agency=agency):
        entry = QueueEntry.objects.get()
    assert (entry.available_at, entry.reserved_for) == (NOW + timedelta(hours=1), None)


def test_a_wrong_number_has_the_phones_shown_again(desk, debtor, phone, results):
    response = record(desk, debtor, results["numero-errado"], phone=phone.pk)

    assert said(response)["contact-recorded"] == {"phones": True}
    phone.refresh_from_db()
    assert not phone.is_active


@pytest.mark.parametrize(
    ("code", "told", "message"),
    [
        ("promessa", {}, "Informe para quando foi prometido."),
        ("promessa", {"promised_on": "13/03/2026"}, "Informe quanto foi prometido."),
        ("promessa", {"promised_on": "13/03/2026", "amount": "1.000,01"}, "até R$ 1.000,00"),
        ("promessa", {"promised_on": "9/9", "amount": "1"}, "Data inválida: use dd/mm/aaaa."),
        ("pediu-retorno", {}, "Informe quando retornar."),
        ("pediu-retorno", {"callback_on": "10/03/2026", "callback_time": "13:59"}, "no futuro"),
        ("falou", {"callback_on": "11/03/2026", "callback_time": "25:00"}, "Hora inválida"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk, agency, debtor, results, code, told, message):
    page = record(desk, debtor, results[code], **told).content.decode()

    assert message in page
    assert "Registrar contato" in page
    with scope(agency=agency):
        assert not ContactRecord.objects.exists()


def test_without_a_result_nothing_is_recorded(desk, debtor):
    response = desk.post(url("record_contact", debtor.pk), {"direction": "in"})

    assert "Escolha o resultado." in response.content.decode()


def test_the_form_costs_as_many_queries_whatever_the_office_has(desk, agency, debtor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            desk.get(url("contact_received", debtor.pk))
        return len(made)

    few = cost()
    with scope(agency=agency):
        for number in range(8):
            Phone.objects.create(agency=agency, debtor=debtor, number=f"1190000000{number}")
            factories.make_user(agency)

    assert cost() == few


def test_an_auditor_may_look_but_not_record(now, client_for, auditor, debtor, results):
    client = client_for(auditor)

    assert ask(client, debtor).status_code == 403
    assert record(client, debtor, results["falou"]).status_code == 403
    assert client.get(url("debtor_dealings", debtor.pk)).status_code == 200


# --- what was agreed, and the agenda --------------------------------------------------------------


def test_the_tab_shows_promises_callbacks_and_contacts(desk, debtor, results):
    record(desk, debtor, results["promessa"], promised_on="13/03/2026", amount="500,00")
    record(desk, debtor, results["pediu-retorno"], callback_on="11/03/2026")

    page = desk.get(url("debtor_dealings", debtor.pk)).content.decode()

    assert "13/03/2026" in page
    assert "500,00" in page
    assert "Em aberto" in page
    assert "11/03/2026 09:00" in page
    assert "Agendado" in page
    assert "Promessa de pagamento" in page
    assert "Pediu retorno" in page


@pytest.fixture
def scheduled(desk, agency, debtor, results) -> Callback:
    record(desk, debtor, results["pediu-retorno"], callback_on="10/03/2026", callback_time="16:00")
    with scope(agency=agency):
        return Callback.objects.get()


def test_the_agenda_has_what_is_late_first(
    desk, debtor, scheduled, results, time_machine, client_for, collector
):
    record(desk, debtor, results["promessa"], promised_on="10/03/2026", amount="500,00")
    time_machine.move_to(NOW + timedelta(hours=3), tick=False)

    page = client_for(collector).get(url("agenda")).content.decode()

    assert page.index("Atrasados") < page.index("10/03/2026 16:00") < page.index("Hoje")
    assert page.index("Hoje") < page.index("500,00")


def test_a_collector_sees_only_their_own_and_a_supervisor_all(
    desk, scheduled, client_for, supervisor, agency
):
    other = client_for(factories.make_user(agency, "Cobrador"))
    boss = client_for(supervisor)

    assert scheduled.debtor.name in desk.get(url("agenda")).content.decode()
    assert scheduled.debtor.name not in other.get(url("agenda")).content.decode()
    assert scheduled.debtor.name not in other.get(url("agenda") + "?de=todos").content.decode()
    assert scheduled.debtor.name in boss.get(url("agenda")).content.decode()
    assert scheduled.debtor.name not in boss.get(url("agenda") + "?de=meus").content.decode()


def test_the_agenda_goes_on_page_by_page(desk, agency, debtor, collector):
    with scope(agency=agency):
        Callback.objects.bulk_create(
            Callback(agency=agency, debtor=debtor, assigned_to=collector,
                     at=NOW + timedelta(minutes=number), note=f"nota {number:03}")
            for number in range(120)
        )  # fmt: skip

    shown: list[str] = []
    after = "?"
    while after is not None:
        page = desk.get(url("agenda") + after).content.decode()
        shown += [line.split("<")[0] for line in page.split('note truncate" title="')[1:]]
        rest = page.split("retornos=")
        after = f"?de=meus&retornos={rest[1].split(chr(34))[0]}" if len(rest) > 1 else None

    notes = [line.split('"')[0] for line in shown]
    assert notes == [f"nota {number:03}" for number in range(120)]


@pytest.mark.parametrize(
    "nonsense", ["x", "_1", "2026-03-10T17:00:00_1", "9999-99-99_1", "1_" + "9" * 30]
)
def test_a_place_from_outside_is_no_harm(desk, scheduled, nonsense):
    for name in ("retornos", "promessas"):
        assert desk.get(url("agenda"), {name: nonsense}).status_code == 200


def test_a_callback_is_done_put_off_and_called_off(desk, agency, scheduled):
    again = url("callback_reschedule", scheduled.pk)
    assert 'value="16:00"' in desk.get(again).content.decode()
    wrong = desk.post(again, {"callback_on": "09/03/2026"}).content.decode()
    assert "no futuro" in wrong

    put_off = desk.post(again, {"callback_on": "12/03/2026", "callback_time": "11:00"})
    done = desk.post(url("callback_done", scheduled.pk))
    too_late = desk.post(url("callback_cancel", scheduled.pk))

    assert said(put_off)["toast"]["text"] == "Retorno reagendado."
    assert said(done)["toast"] == {"text": "Retorno feito.", "kind": "ok"}
    assert said(too_late)["toast"]["kind"] == "warn"
    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.at) == ("done", datetime(2026, 3, 12, 14, tzinfo=UTC))


def test_a_promise_is_called_off_with_a_reason(desk, agency, debtor, results):
    record(desk, debtor, results["promessa"], promised_on="13/03/2026", amount="500,00")
    with scope(agency=agency):
        made = Promise.objects.get()
    place = url("promise_cancel", made.pk)

    assert "R$ 500,00 para 13/03/2026" in desk.get(place).content.decode()
    assert "Diga por quê." in desk.post(place, {"reason": " "}).content.decode()
    response = desk.post(place, {"reason": "Fez acordo"})

    assert "agenda-changed" in said(response)
    made.refresh_from_db()
    assert (made.status, made.reason) == ("cancelled", "Fez acordo")
    with scope(agency=agency):
        assert DebtorSummary.objects.get(debtor=debtor).next_promise_on is None


def test_a_stranger_finds_nothing(now, scheduled, client_for, stranger):
    client = client_for(stranger)

    for name in ("callback_done", "callback_cancel", "callback_reschedule"):
        assert client.post(url(name, scheduled.pk)).status_code == 404
    for name in ("contact_ways", "contact_received", "debtor_dealings"):
        assert client.get(url(name, scheduled.debtor_id)).status_code == 404
    assert ask(client, scheduled.debtor).status_code == 404
