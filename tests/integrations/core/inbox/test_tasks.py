"""The doorbell, its sweeper, and “Processa Pagamento …” on Back Office › Tarefas."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django_scopes import scope

from cobranca.common import clock
from cobranca.scheduling import execution, services
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.registry import task_type
from integrations.core import tasks_webhooks
from integrations.core.errors import UnreachableError
from integrations.core.inbox import bell
from integrations.core.models import WebhookDelivery
from integrations.core.tasks_webhooks import code_of, process_webhooks, sweep_webhooks
from tests import factories
from tests.integrations.core.inbox import tiny
from tests.integrations.core.inbox.tiny import make_title, received

pytestmark = pytest.mark.django_db
CODE = code_of("tiny")


@pytest.fixture(autouse=True)
def offered(book, monkeypatch):
    """The task type that registering the tiny connector would have brought."""
    from cobranca.scheduling import registry

    kind = tasks_webhooks._type_of(tiny.entry_for(book))
    monkeypatch.setitem(registry._TYPES, kind.code, kind)


@pytest.fixture
def waiting(agency, book):
    with scope(agency=agency):
        creditor = factories.make_creditor(agency, creditor_type=tiny.KIND, external_code="1")
        make_title(creditor, "5600", book=book)
        return received(agency, 1, contract="5600", due_at=clock.now(), received_at=clock.now())


def status_of(row):
    with scope(agency=row.agency):
        return WebhookDelivery.objects.get(pk=row.pk).status


def test_sienge_has_the_task_that_people_look_for():
    kind = task_type("process_webhooks_sienge")

    assert kind.label == "Processa Pagamento Sienge"
    assert kind.models[0].every_minutes == 10


def test_the_doorbell_processes_an_agencys_announcements(waiting):
    process_webhooks(waiting.agency_id)

    assert status_of(waiting) == "done"


def test_the_sweeper_rings_for_who_has_something_due(waiting, other_agency, monkeypatch):
    rung = []
    monkeypatch.setattr(process_webhooks, "delay", rung.append)

    sweep_webhooks()

    assert rung == [waiting.agency_id]


def test_a_subscribed_agency_has_its_task_without_anybody_scheduling_it(agency, book):
    with scope(agency=agency):
        tiny.subscribe(agency)

    sweep_webhooks()
    sweep_webhooks()

    with scope(agency=agency):
        (task,) = ScheduledTask.objects.all()
    assert (task.description, task.every_minutes) == ("Processa Pagamento Tiny", 10)
    assert task.periodic_task is not None


def test_a_task_that_somebody_deleted_stays_deleted(agency, book, implementer):
    with scope(agency=agency):
        tiny.subscribe(agency)
        sweep_webhooks()
        task = ScheduledTask.objects.get()
        services.run_now(task=task, actor=implementer, now=clock.now())
        services.delete_task(task=task, actor=implementer)

        sweep_webhooks()

        assert not ScheduledTask.objects.exists()


def test_its_history_says_what_came_of_it(agency, waiting, implementer):
    with scope(agency=agency):
        tasks_webhooks.ensure_schedule(agency, tiny.entry_for(tiny.Book()))
        task = ScheduledTask.objects.get()
        run = services.run_now(task=task, actor=implementer, now=clock.now())

        execution.execute(run.pk, clock=clock.now, every=60)

        run = TaskRun.objects.get()
    assert (run.status, run.result["done"]) == ("done", 1)
    assert run.message == "1 processados. Nos últimos 10 minutos: 1 processado."


def test_a_run_that_met_an_erp_that_is_down_shows_red(agency, waiting, book, implementer):
    def down(_):
        raise UnreachableError("O ERP não atende")

    book.before.append(down)
    with scope(agency=agency):
        tasks_webhooks.ensure_schedule(agency, tiny.entry_for(book))
        task = ScheduledTask.objects.get()
        run = services.run_now(task=task, actor=implementer, now=clock.now())

        execution.execute(run.pk, clock=clock.now, every=60)

        run = TaskRun.objects.get()
    assert (run.status, run.message) == ("failed", "1 aguardando o ERP. O ERP não atende")


def test_the_command_processes_what_waits_and_tells(waiting):
    out = StringIO()

    call_command("process_webhooks", "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert (told["taken"], told["done"], told["waiting"]) == (1, 1, 0)
    assert status_of(waiting) == "done"


def test_the_command_tries_also_what_waits_for_a_later_attempt(waiting, agency):
    with scope(agency=agency):
        WebhookDelivery.objects.update(due_at=clock.now() + tasks_webhooks.timedelta(hours=6))

    call_command("process_webhooks", stdout=StringIO())

    assert status_of(waiting) == "done"


def test_a_burst_rings_once(monkeypatch):
    rung, timers = [], []
    monkeypatch.setattr(bell, "ring_on_commit", lambda *told: rung.append(told))
    monkeypatch.setattr(bell, "connection", type("C", (), {"close": lambda self: None})())

    class Patient:
        def __init__(self, seconds, call, args):
            self.fire = lambda: call(*args)
            timers.append(self)

        def start(self):
            pass

    monkeypatch.setattr(bell, "Timer", Patient)
    for _ in range(100):
        bell.ring(7)
    bell.ring(8)
    for timer in timers:
        timer.fire()
    bell.ring(7)

    assert rung == [("inbox.process", 7), ("inbox.process", 8)]
    assert len(timers) == 3
    timers[-1].fire()


def test_a_broker_that_is_down_does_not_keep_the_next_ring_from_being_tried(monkeypatch):
    def broken(*_):
        raise ConnectionError

    monkeypatch.setattr(bell, "ring_on_commit", broken)
    monkeypatch.setattr(bell, "connection", type("C", (), {"close": lambda self: None})())
    bell._about_to_ring.add(7)

    bell._ring(7)

    assert 7 not in bell._about_to_ring
