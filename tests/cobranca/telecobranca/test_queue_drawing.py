"""Giving collectors their next debtor, holding, giving back."""

from datetime import timedelta

import pytest
from django_scopes import scope

from cobranca.accounts.models import Team
from cobranca.accounts.roles import COLLECTOR
from cobranca.debtors.models import DebtorSummary
from cobranca.dunning import contact_law
from cobranca.telecobranca.models import DrawEnd, QueueDraw, QueueEntry
from cobranca.telecobranca.selectors_queue import held_by, held_now, queue_size, would_come
from cobranca.telecobranca.services import queue
from tests import factories
from tests.cobranca.telecobranca.queueing import AT, NIGHT, ON, make_owing, make_queue, ranked
from tests.cobranca.telecobranca.teaming import make_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
IDLE = timedelta(minutes=20)
LATER = AT + timedelta(minutes=31)


@pytest.fixture(autouse=True)
def open_hours(monkeypatch):
    """Say, in place of the law, where one may call: at night only in Acre."""
    by_day = sorted(f"{a}-{b}" for a in ("SP", "AC", "") for b in ("SP", "AC", ""))
    monkeypatch.setattr(contact_law, "open_places", lambda at: ["AC-AC"] if at == NIGHT else by_day)


@pytest.fixture
def other(agency):
    return factories.make_user(agency, COLLECTOR, "bia")


@pytest.fixture
def three(agency):
    """Three debtors in the queue, best first."""
    make_queue(agency, rules={"total": (100, 1000)}, idle_minutes=20)
    made = [make_owing(agency, total=total) for total in ("900", "500", "100")]
    assert ranked(agency) == [each.pk for each in made]
    return made


def draw(collector, at=AT):
    drawn = queue.next_debtor(collector, at)
    return drawn and drawn.debtor_id


def ends():
    return list(QueueDraw.objects.order_by("pk").values_list("debtor_id", "ended_as"))


def test_each_gets_another(three, collector, other):
    assert [draw(collector), draw(other)] == [three[0].pk, three[1].pk]
    assert {e.pk: e.held_by for e in held_now(AT)} == {three[0].pk: collector, three[1].pk: other}


def test_a_draw_tells_what_was_drawn(three, collector):
    drawn = queue.next_debtor(collector, AT)

    assert (drawn.queue, drawn.held_until, drawn.is_reminder) == ("Geral", AT + IDLE, False)


def test_nobody_comes_from_an_empty_queue(collector):
    assert queue.next_debtor(collector, AT) is None


def test_a_draw_is_one_statement(three, collector, django_assert_num_queries):
    contact_law.open_places(AT)

    with django_assert_num_queries(1):
        assert draw(collector)
    with django_assert_num_queries(1):
        assert draw(collector)


def test_asking_for_the_next_gives_back_the_last_for_later(three, collector, other):
    draw(collector)
    assert draw(collector) == three[1].pk

    assert held_by(collector, AT).pk == three[1].pk
    assert ends() == [(three[0].pk, DrawEnd.SKIPPED)]
    assert draw(other) == three[2].pk
    assert draw(other, LATER) == three[0].pk


def test_a_hold_left_idle_goes_back(three, collector, other):
    draw(collector)

    assert draw(other, AT + IDLE) == three[0].pk
    assert ends() == [(three[0].pk, DrawEnd.IDLE)]
    assert held_by(collector, AT + IDLE) is None


def test_work_renews_a_hold(three, collector, other):
    draw(collector)
    half = AT + IDLE / 2

    assert queue.renew(three[0].pk, collector=collector, at=half) == half + IDLE
    assert queue.renew(three[0].pk, collector=other, at=half) is None
    assert draw(other, AT + IDLE) == three[1].pk


def test_a_hold_that_nobody_else_took_is_taken_up_again(three, collector):
    draw(collector)
    late = AT + 2 * IDLE

    assert queue.renew(three[0].pk, collector=collector, at=late) == late + IDLE


def test_what_was_worked_waits_until_it_is_due(three, collector):
    draw(collector)
    tomorrow = AT + timedelta(days=1)

    assert queue.release(three[0].pk, at=AT, available_at=tomorrow)

    assert ends() == [(three[0].pk, DrawEnd.WORKED)]
    assert [draw(collector), draw(collector), draw(collector)] == [three[1].pk, three[2].pk, None]
    assert draw(collector, tomorrow) == three[0].pk


def test_a_reminder_comes_to_whoever_promised_the_call_and_first(three, collector, other):
    at = AT + timedelta(hours=1)
    queue.release(three[2].pk, at=AT, available_at=at, reserved_for=collector)

    assert draw(other, at) == three[0].pk
    drawn = queue.next_debtor(collector, at)
    assert (drawn.debtor_id, drawn.is_reminder) == (three[2].pk, True)


def test_giving_back_what_another_holds_changes_nothing(three, collector, other):
    draw(collector)

    assert not queue.release(three[0].pk, at=AT, only_of=other)
    assert held_by(collector, AT)


def test_a_block_while_held_takes_the_debtor_out(three, collector):
    draw(collector)

    DebtorSummary.objects.filter(pk=three[0].pk).update(is_blocked=True)

    assert held_by(collector, AT) is None
    assert queue.renew(three[0].pk, collector=collector, at=AT) is None
    assert ends() == [(three[0].pk, DrawEnd.BLOCKED)]


@pytest.mark.parametrize("change", [{"is_blocked": True}, {"open_total": 0}])
def test_who_should_have_left_does_not_come_whatever_the_ranking_knew(three, collector, change):
    entry = QueueEntry.objects.filter(pk=three[0].pk).values().get()
    DebtorSummary.objects.filter(pk=three[0].pk).update(**change)
    QueueEntry.objects.filter(pk=three[0].pk).delete()
    QueueEntry.objects.create(**entry)  # as a ranking that began before would leave it

    assert draw(collector) == three[1].pk


def test_nobody_comes_whom_the_law_forbids_to_call(agency, three, collector):
    assert draw(collector, NIGHT) is None

    acre = make_owing(agency, total="1", state="AC", phone="68999990000")
    make_owing(agency, total="2", state="AC")  # dialled in São Paulo
    ranked(agency)
    assert draw(collector, NIGHT) == acre.pk


def test_the_real_law_is_asked(three, collector, monkeypatch):
    monkeypatch.undo()
    sunday = AT + timedelta(days=3)

    assert draw(collector, sunday) is None
    assert draw(collector, AT) == three[0].pk


def test_an_external_office_gets_its_own_and_not_anybodys(agency, three, collector):
    collector.team = make_office(agency)
    collector.save()
    assert draw(collector) is None
    assert (queue_size(collector, AT).count, would_come(collector, AT)) == (0, [])

    QueueEntry.objects.filter(pk=three[1].pk).update(pool=collector.team_id)

    assert draw(collector) == three[1].pk


def test_a_team_and_a_collector_get_their_own_and_anybodys(agency, three, collector, other):
    north, south = (Team(agency=agency, name=name) for name in ("Norte", "Sul"))
    north.save(), south.save()
    collector.team = north
    entries = QueueEntry.objects.order_by("rank")
    for entry, pool in zip(entries, (south.pk, -collector.pk, north.pk), strict=True):
        QueueEntry.objects.filter(pk=entry.pk).update(pool=pool)

    assert draw(other) is None
    assert [draw(collector), draw(collector), draw(collector)] == [three[1].pk, three[2].pk, None]


def test_another_agencys_collector_gets_nobody(three, other_agency):
    stranger = factories.make_user(other_agency, COLLECTOR)

    with scope(agency=other_agency):
        assert draw(stranger) is None
        assert not queue.release(three[0].pk, at=AT)
        assert queue.renew(three[0].pk, collector=stranger, at=AT) is None


def test_a_killed_collector_leaves_nothing_behind(agency, three, collector, other):
    draw(collector)
    queue.refresh_queue(agency.pk, ON, AT + IDLE)

    assert not QueueEntry.objects.filter(held_by__isnull=False).exists()
    assert ends() == [(three[0].pk, DrawEnd.IDLE)]
    assert draw(other, AT + IDLE) == three[0].pk


def test_looking_takes_nobody(three, collector):
    assert [each.pk for each in would_come(collector, AT, 2)] == [three[0].pk, three[1].pk]
    assert queue_size(collector, AT).count == 3
    draw(collector)
    assert queue_size(collector, AT).count == 2
    assert would_come(collector, AT)[0].pk == three[1].pk
