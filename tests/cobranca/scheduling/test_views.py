from datetime import timedelta

import pytest
from django.urls import reverse

from cobranca.scheduling import selectors, services
from cobranca.scheduling.models import ScheduledTask, TaskRun
from tests.cobranca.scheduling.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_scope", "work")
TASKS = reverse("scheduling:tasks")
NEW = reverse("scheduling:new_task")
SENT = {
    "task_type": "import",
    "description": "SIENGE - Importação diária",
    "frequency": "daily",
    "at_time": "07:00",
    "business_days_only": "on",
    "is_active": "on",
    "p-creditor": "7",
    "p-layout": "carga",
}


@pytest.fixture
def done_run(make_task):
    task = make_task(description="Carga da Aurora")
    run = services.ring(task_id=task.pk, now=NOW + timedelta(days=1))
    taken = services.take(run.pk, now=NOW)
    services.finish(taken, "done", message="Tudo certo.", result={"incluídas": 3}, now=NOW)
    return taken


def test_a_task_is_scheduled_on_the_form_of_the_playbook(agency, implementer, client_for):
    client = client_for(implementer)

    page = client.get(NEW).content.decode()
    answer = client.post(NEW, SENT, follow=True)

    for label in ("Tarefa", "Frequência", "Horário", "Executar somente em dias úteis", "Layout"):
        assert label.lower() in page.lower()
    task = ScheduledTask.objects.get()
    assert (task.agency, task.business_days_only) == (agency, True)
    assert task.parameters["full"] is False
    assert "SIENGE - Importação diária" in answer.content.decode()


def test_the_form_is_drawn_again_for_another_frequency(implementer, client_for):
    client = client_for(implementer)
    typed = {**SENT, "frequency": "weekly", "redesenhar": "1"}

    page = client.get(NEW, typed).content.decode()

    assert 'name="weekday"' in page
    assert "SIENGE - Importação diária" in page
    assert 'name="weekday"' not in client.get(NEW).content.decode()


def test_an_unticked_box_stays_so_when_the_form_is_drawn_again(make_task, implementer, client_for):
    task = make_task(business_days_only=True)
    page = reverse("scheduling:task", args=[task.pk])
    typed = {"frequency": "daily", "task_type": "import", "redesenhar": "1"}

    form = client_for(implementer).get(page, typed).context["form"]

    assert not form["business_days_only"].value()
    assert not form["is_active"].value()


def test_a_ready_model_fills_the_form_in(implementer, client_for):
    page = client_for(implementer).get(NEW, {"modelo": "import:full"})

    form, parameters = page.context["form"], page.context["parameters"]
    assert (form["frequency"].value(), form["weekday"].value()) == ("weekly", 6)
    assert parameters["full"].value() is True
    assert "SIENGE - Batimento Semanal" in page.content.decode()


def test_ready_models_are_offered_until_a_task_follows_them(make_task, implementer, client_for):
    client = client_for(implementer)
    assert "Modelos prontos" in client.get(TASKS).content.decode()

    make_task(frequency="weekly", weekday=6, parameters={"full": True})

    assert "Modelos prontos" not in client.get(TASKS).content.decode()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"at_time": ""}, "Este campo é obrigatório."),
        ({"frequency": "monthly", "month_day": "40"}, "O dia do mês vai de 1 a 31."),
        ({"p-creditor": ""}, "Este campo é obrigatório."),
        ({"p-layout": "pagamentos", "p-full": "on"}, "Pagamentos não tem batimento."),
    ],
)
def test_what_is_wrong_is_said_on_the_form(implementer, client_for, wrong, message):
    answer = client_for(implementer).post(NEW, {**SENT, **wrong})

    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not ScheduledTask.objects.exists()


def test_a_task_is_changed(make_task, implementer, client_for):
    task = make_task()
    page = reverse("scheduling:task", args=[task.pk])

    assert client_for(implementer).get(page).status_code == 200
    client_for(implementer).post(page, {**SENT, "at_time": "09:15"})

    task.refresh_from_db()
    assert task.at_time.isoformat() == "09:15:00"


def test_switching_off_running_and_deleting(make_task, implementer, client_for):
    task, client = make_task(), client_for(implementer)

    client.post(reverse("scheduling:switch_task", args=[task.pk]), {"ativa": "0"})
    task.refresh_from_db()
    assert not task.is_active

    answer = client.post(reverse("scheduling:run_task", args=[task.pk]), follow=True)
    assert "posta na fila" in answer.content.decode()
    again = client.post(reverse("scheduling:run_task", args=[task.pk]), follow=True)
    assert "já está na fila" in again.content.decode()

    client.post(reverse("scheduling:delete_task", args=[task.pk]))
    assert not ScheduledTask.objects.exists()
    assert TaskRun.objects.exists()


def test_what_waits_and_what_ended(make_task, done_run, supervisor, client_for):
    waiting = services.run_now(task=make_task(description="Outra"), actor=supervisor, now=NOW)
    client = client_for(supervisor)

    running = client.get(reverse("scheduling:running")).content.decode()
    history = client.get(reverse("scheduling:history")).content.decode()
    failed = client.get(reverse("scheduling:history"), {"situacao": "failed"}).content.decode()

    assert waiting.description in running
    assert "Tudo certo." not in running
    assert "Tudo certo." in history
    assert "Tudo certo." not in failed


def test_the_details_of_a_run(done_run, supervisor, client_for):
    page = client_for(supervisor).get(reverse("scheduling:run", args=[done_run.pk]))

    text = page.content.decode()
    assert "Alpínia" in text
    assert "incluídas" in text


def test_the_history_comes_a_page_at_a_time(agency, make_task, monkeypatch, done_run):
    monkeypatch.setattr(selectors, "PAGE", 1)

    first = selectors.ended_runs(agency)
    rest = selectors.ended_runs(agency, before=first[-1].pk)

    assert (first, rest) == ([done_run], [])


def test_the_list_costs_the_same_whatever_its_length(
    agency, make_task, django_assert_max_num_queries
):
    for number in range(5):
        services.ring(task_id=make_task(description=f"T{number}").pk, now=NOW + timedelta(days=1))

    with django_assert_max_num_queries(2):
        lines = selectors.task_lines(agency, now=NOW)
        assert all(line.last_run for line in lines)


def pages(task, run):
    yield from (reverse(f"scheduling:{name}", args=[task.pk]) for name in ("task",))
    yield reverse("scheduling:run", args=[run.pk])


def test_another_agencys_tasks_are_not_found(done_run, stranger, client_for):
    task, client = ScheduledTask.objects.get(), client_for(stranger)

    for page in pages(task, done_run):
        assert client.get(page).status_code == 404
    for name in ("switch_task", "run_task", "delete_task"):
        assert client.post(reverse(f"scheduling:{name}", args=[task.pk])).status_code == 404
    assert task.description not in client.get(TASKS).content.decode()


def test_a_supervisor_runs_but_does_not_change(make_task, supervisor, client_for):
    task, client = make_task(), client_for(supervisor)

    assert client.get(TASKS).status_code == 200
    assert client.post(reverse("scheduling:run_task", args=[task.pk])).status_code == 302
    assert client.get(reverse("scheduling:task", args=[task.pk])).status_code == 403
    assert client.get(NEW).status_code == 403


def test_a_collector_does_not_enter(collector, client_for):
    for name in ("tasks", "running", "history", "new_task"):
        assert client_for(collector).get(reverse(f"scheduling:{name}")).status_code == 403


def test_without_any_task_type_the_pages_still_answer(implementer, client_for, monkeypatch):
    from cobranca.scheduling import registry

    monkeypatch.setattr(registry, "_TYPES", {})

    assert client_for(implementer).get(NEW).status_code == 200
    assert "Nenhuma tarefa agendada" in client_for(implementer).get(TASKS).content.decode()


@pytest.mark.parametrize("model", ["scheduledtask", "taskrun"])
def test_the_admin_only_reads(done_run, implementer, client_for, model):
    client = client_for(implementer)

    assert client.get(reverse(f"admin:scheduling_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:scheduling_{model}_add")).status_code == 403
