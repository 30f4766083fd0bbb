"""The pages of the queue: the next debtor, holds, why, and the queues' configuration."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from cobranca.audit.models import AuditEntry
from cobranca.dunning import contact_law
from cobranca.telecobranca import tasks
from cobranca.telecobranca.models import DrawEnd, QueueDraw, QueueEntry, WorkQueue
from tests import factories
from tests.cobranca.telecobranca.queueing import AT, make_owing, make_queue, ranked, set_clock

pytestmark = pytest.mark.django_db
NEXT = "/telecobranca/fila/proximo/"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(contact_law, "open_places", lambda at: ["SP-SP"])
    set_clock(monkeypatch, AT)


@pytest.fixture
def two(agency):
    with scope(agency=agency):
        make_queue(agency, rules={"total": (100, 1000)})
        made = [make_owing(agency, total=total) for total in ("900", "500")]
        ranked(agency)
    return made


def url(name, *args):
    return reverse(f"telecobranca:{name}", args=args)


# --- the collector --------------------------------------------------------------------------------


def test_asking_for_the_next_opens_a_debtor(client_for, collector, agency, two):
    client = client_for(collector)

    page = client.get(NEXT).content.decode()
    assert "2 devedores à espera" in page
    assert page.index(two[0].name) < page.index(two[1].name)
    assert client.post(NEXT)["Location"] == url("debtor", two[0].pk)
    page = client.get(NEXT).content.decode()
    assert "Você está com" in page
    assert "1 devedor à espera" in page


def test_nobody_left_is_said(client_for, collector):
    page = client_for(collector).post(NEXT, follow=True).content.decode()

    assert "Ninguém na fila pode ser chamado agora" in page


def test_the_hold_is_shown_renewed_and_given_back(client_for, collector, agency, two, monkeypatch):
    client = client_for(collector)
    client.post(NEXT)
    held = url("held", two[0].pk)
    assert "Na sua fila até" in client.get(held).content.decode()

    set_clock(monkeypatch, AT + timedelta(minutes=15))
    client.post(held)
    with scope(agency=agency):
        assert QueueEntry.objects.get(pk=two[0].pk).held_until == AT + timedelta(minutes=35)

    client.post(url("queue_release", two[0].pk))
    assert "Na fila Geral" in client.get(held).content.decode()
    with scope(agency=agency):
        assert QueueDraw.objects.get().ended_as == DrawEnd.RELEASED


def test_what_another_holds_is_neither_renewed_nor_given_back(
    client_for, collector, supervisor, agency, two
):
    client_for(collector).post(NEXT)
    other = client_for(supervisor)

    assert f"Com {collector}" in other.post(url("held", two[0].pk)).content.decode()
    other.post(url("queue_release", two[0].pk))
    with scope(agency=agency):
        assert QueueEntry.objects.get(pk=two[0].pk).held_by == collector


def test_why_shows_the_parts(client_for, collector, two):
    client = client_for(collector)

    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        page = client.get(url("queue_why", two[0].pk), **headers).content.decode()
        assert "Valor em aberto" in page
        assert "90,0" in page


def test_a_debtor_outside_the_queue_says_why(client_for, collector, agency):
    with scope(agency=agency):
        debtor = make_owing(agency, is_blocked=True)

    page = client_for(collector).get(url("queue_why", debtor.pk)).content.decode()

    assert "bloqueio geral" in page


def test_an_auditor_looks_and_takes_nobody(client_for, auditor, agency, two):
    client = client_for(auditor)

    assert client.post(NEXT).status_code == 403
    assert client.post(url("queue_release", two[0].pk)).status_code == 403
    assert client.get(url("queue_why", two[0].pk)).status_code == 200


def test_a_stranger_finds_nothing(client_for, stranger, two):
    client = client_for(stranger)

    for name in ("held", "queue_why"):
        assert client.get(url(name, two[0].pk)).status_code == 404
    assert client.post(url("queue_release", two[0].pk)).status_code == 404


@pytest.mark.parametrize("people", [1, 6])
def test_the_page_takes_as_many_queries_for_many(
    client_for, collector, agency, django_assert_max_num_queries, people
):
    with scope(agency=agency):
        make_queue(agency)
        for _ in range(people):
            make_owing(agency)
        ranked(agency)
    client = client_for(collector)

    with django_assert_max_num_queries(16):
        client.get(NEXT)


# --- the supervisor -------------------------------------------------------------------------------

TYPED = {
    "name": "Grandes", "is_active": "on", "idle_minutes": "15", "min_days_late": "1",
    "min_total": "600", "promise": "any", "weight_days_late": "50", "full_days_late": "90",
    "full_total": "1000", "full_last_contact": "30", "full_score": "1000",
}  # fmt: skip


def test_a_queue_is_tried_before_it_is_saved(client_for, supervisor, agency, two):
    client = client_for(supervisor)

    page = client.post(url("new_queue"), {**TYPED, "previa": "1"}).content.decode()
    # The queue that is there comes before and takes everybody.
    assert "Prévia: 0 devedores" in page
    with scope(agency=agency):
        WorkQueue.objects.update(is_active=False)
    page = client.post(url("new_queue"), {**TYPED, "previa": "1"}).content.decode()

    assert "Prévia: 1 devedor<" in page
    assert two[0].name in page
    with scope(agency=agency):
        assert WorkQueue.objects.count() == 1


def test_saving_a_queue_ranks_anew_and_leaves_a_trail(client_for, supervisor, agency, two):
    client = client_for(supervisor)

    assert client.post(url("new_queue"), TYPED)["Location"] == url("queues")
    with scope(agency=agency):
        made = WorkQueue.objects.get(name="Grandes")
        assert made.ordering == [{"by": "days_late", "weight": 50, "full": 90}]
        assert made.position == 20
        assert AuditEntry.objects.filter(action="work_queue.created").exists()

    client.post(url("move_queue", made.pk), {"para": "cima"})
    with scope(agency=agency):
        assert list(WorkQueue.objects.values_list("name", flat=True)) == ["Grandes", "Geral"]
        assert QueueEntry.objects.get(pk=two[0].pk).queue_id == made.pk


def test_the_form_shows_what_is_stored(client_for, supervisor, agency, two, creditor):
    with scope(agency=agency):
        made = make_queue(agency, "Um", creditors=[creditor], rules={"score": (-5, 700)})

    page = client_for(supervisor).get(url("queue", made.pk)).content.decode()

    assert 'value="-5"' in page
    assert 'value="700"' in page
    assert f'value="{creditor.pk}"' in page
    assert "checked" in page


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "Geral"}, "Já existe uma fila com este nome."),
        ({"max_total": "500"}, "O máximo é menor que o mínimo."),
        ({"weight_days_late": "101"}, "menor ou igual a 100"),
        ({"idle_minutes": "0"}, "maior ou igual a 1"),
    ],
)
def test_a_queue_that_makes_no_sense_is_refused(client_for, supervisor, two, change, error):
    page = client_for(supervisor).post(url("new_queue"), {**TYPED, **change}).content.decode()

    assert error in page


def test_deleting_a_queue_lets_the_others_have_its_debtors(client_for, implementer, agency, two):
    with scope(agency=agency):
        first = WorkQueue.objects.get()
        other = make_queue(agency, "Outra", position=99)

    client_for(implementer).post(url("delete_queue", first.pk))

    with scope(agency=agency):
        assert set(QueueEntry.objects.values_list("queue_id", flat=True)) == {other.pk}


def test_collectors_do_not_configure(client_for, collector, two):
    client = client_for(collector)

    for name in ("queues", "new_queue"):
        assert client.get(url(name)).status_code == 403
    assert client.post(url("rank_queue")).status_code == 403


def test_the_list_counts(client_for, supervisor, collector, two):
    client_for(collector).post(NEXT)

    page = client_for(supervisor).get(url("queues")).content.decode()

    assert re.findall(r'<td class="num[^"]*">(\d+)</td>', page) == ["2", "1", "1"]


def test_the_task_ranks(agency, two):
    class Context:
        pass

    Context.agency = agency
    with scope(agency=agency):
        QueueEntry.objects.all().delete()
        assert tasks.run(Context)["changed"] == 2
        factories.make_debtor(agency)
        assert tasks.run(Context)["changed"] == 0
