import pytest
from django_celery_beat.models import PeriodicTask

from cobranca.scheduling.models import ScheduledTask, TaskRun
from tests.api import assert_queries_stay, errors, ids, refusal, results

TASKS, RUNS, KINDS = "/api/v1/scheduled-tasks/", "/api/v1/task-runs/", "/api/v1/task-types/"
DAILY = {
    "task_type": "import",
    "frequency": "daily",
    "at_time": "07:00",
    "business_days_only": True,
    "parameters": {"creditor": "7", "layout": "carga", "full": True},
}

pytestmark = pytest.mark.usefixtures("work")


@pytest.fixture
def api(api_for, implementer):
    return api_for(implementer)


@pytest.fixture
def task(api):
    return api.post(TASKS, DAILY).json()


def place(task):
    return f"{TASKS}{task['id']}/"


# --- scheduled tasks ------------------------------------------------------------------------------


def test_a_task_is_scheduled_and_its_bell_hung(api, time_machine):
    time_machine.move_to("2026-03-10 10:00:00-03:00")

    created = api.post(TASKS, DAILY)

    shown = created.json()
    assert created.status_code == 201
    assert shown["description"] == "Importacao de Credor"
    assert shown["parameters"] == {"creditor": "7", "layout": "carga", "full": True, "note": ""}
    assert shown["next_due_at"] == "2026-03-11T07:00:00-03:00"
    assert PeriodicTask.objects.filter(name=f"tarefa:{shown['id']}", enabled=True).exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"task_type": "nada"}, "task_type"),
        ({"frequency": "yearly"}, "frequency"),
        ({"at_time": None}, "at_time"),
        ({"at_time": "25:00"}, "at_time"),
        ({"frequency": "weekly"}, "weekday"),
        ({"frequency": "monthly", "month_day": 32}, "month_day"),
        ({"frequency": "interval", "every_minutes": 0}, "every_minutes"),
        ({"parameters": {}}, "parameters.creditor"),
        ({"parameters": {"creditor": "8", "layout": "carga"}}, "parameters.creditor"),
        ({"parameters": {"creditor": "7", "layout": "carga", "x": "1"}}, "parameters.x"),
        ({"parameters": {"creditor": {"a": 1}}}, "parameters.creditor"),
        ({"parameters": DAILY["parameters"] | {"layout": "pagamentos"}}, "parameters.full"),
        ({"parameters": ["creditor"]}, "parameters"),
    ],
)
def test_what_is_wrong_with_a_task_is_told_by_field(api, sent, field):
    assert list(errors(api.post(TASKS, DAILY | sent))) == [field]
    assert not ScheduledTask._base_manager.exists()


def test_a_change_in_part_leaves_the_parameters(api, task):
    changed = api.patch(place(task), {"at_time": "08:30", "is_active": False}).json()

    assert (changed["at_time"], changed["next_due_at"]) == ("08:30:00", None)
    assert changed["parameters"] == task["parameters"]
    assert ids(api, TASKS, is_active="false", frequency="daily") == [task["id"]]
    assert ids(api, TASKS, is_active="true") == []


def test_a_task_is_deleted_and_its_runs_stay(api, task):
    run = api.post(f"{place(task)}run-now/").json()

    assert api.delete(place(task)).status_code == 204
    refusal(api.get(place(task)), 404)
    assert api.get(f"{RUNS}{run['id']}/").json()["scheduled_task"] is None


# --- runs -----------------------------------------------------------------------------------------


def test_a_task_runs_now_once(api, task, implementer):
    queued = api.post(f"{place(task)}run-now/")

    assert (queued.status_code, queued.json()["status"]) == (202, "queued")
    assert queued.json()["requested_by"] == implementer.pk
    assert "fila" in refusal(api.post(f"{place(task)}run-now/"), 409)["detail"]
    assert ids(api, f"{place(task)}runs/") == ids(api, RUNS) == [queued.json()["id"]]


def test_a_run_asked_for_again_with_its_key_is_the_same_run(api, task):
    key = {"Idempotency-Key": "agora"}

    first, second = (api.post(f"{place(task)}run-now/", headers=key) for _ in range(2))

    assert first.json() == second.json()
    assert TaskRun._base_manager.count() == 1


def test_runs_are_found_by_task_and_status(api, task):
    other = api.post(TASKS, DAILY | {"description": "Outra"}).json()
    run = api.post(f"{place(task)}run-now/").json()
    api.post(f"{place(other)}run-now/")

    assert ids(api, RUNS, scheduled_task=task["id"], status="queued") == [run["id"]]
    assert ids(api, RUNS, status="done") == []
    assert list(errors(api.get(f"{place(task)}runs/", {"status": "done"}))) == ["status"]
    refusal(api.post(RUNS, {}), 405)


# --- task types -----------------------------------------------------------------------------------


def test_task_types_say_what_they_want_to_know(api):
    [kind] = results(api, KINDS)

    assert (kind["code"], kind["label"]) == ("import", "Importacao de Credor")
    creditor = kind["fields"][0]
    assert (creditor["name"], creditor["kind"], creditor["required"]) == (
        "creditor",
        "choice",
        True,
    )
    assert creditor["options"] == [{"value": "7", "label": "Alpínia"}]


# --- who ------------------------------------------------------------------------------------------


def test_a_supervisor_runs_tasks_and_changes_none(api_for, supervisor, task):
    api = api_for(supervisor)

    refusal(api.patch(place(task), {"is_active": False}), 403)
    refusal(api.delete(place(task)), 403)
    assert api.post(f"{place(task)}run-now/").status_code == 202


def test_a_collector_sees_no_tasks(api_for, collector, task):
    refusal(api_for(collector).get(TASKS), 403)
    refusal(api_for(collector).get(f"{place(task)}runs/"), 403)


def test_another_agencys_task_is_not_there(api_for, stranger, task):
    api = api_for(stranger)

    assert results(api, TASKS) == results(api, RUNS) == []
    refusal(api.patch(place(task), {"is_active": False}), 404)
    refusal(api.post(f"{place(task)}run-now/"), 404)
    refusal(api.get(f"{place(task)}runs/"), 404)
    refusal(api.delete(place(task)), 404)


def test_lists_take_as_many_queries_for_many_rows_as_for_one(api):
    def run():
        task = api.post(TASKS, DAILY | {"parameters": DAILY["parameters"]}).json()
        api.post(f"{place(task)}run-now/")

    assert_queries_stay(api, TASKS, lambda: api.post(TASKS, DAILY))
    assert_queries_stay(api, RUNS, run)
