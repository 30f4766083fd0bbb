"""“Índices do Banco Central” as the schedule runs it."""

from datetime import UTC, datetime, time

import pytest
import time_machine
from django_scopes import scope

from cobranca.campaigns import indices
from cobranca.campaigns.models import IndexSeries, IndexValue
from cobranca.common.errors import DomainError
from cobranca.scheduling import execution, registry, services
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.states import Frequency, RunStatus
from integrations.core.models import IntegrationLog
from integrations.sgs.tasks import CODE, TASK, ask
from tests.integrations.sgs.bank import IGPM, IPCA

# Thursday, 08:00 in São Paulo.
NOW = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def igpm(office):
    return IndexSeries.objects.create(agency=office, name="IGP-M", sgs_code=IGPM)


@pytest.fixture
def ipca(office):
    return IndexSeries.objects.create(agency=office, name="IPCA", sgs_code=IPCA)


@pytest.fixture
def task(office, implementer):
    """The ready model, saved as it is offered."""
    [model] = TASK.models
    made = ScheduledTask(
        agency=office,
        task_type=CODE,
        description=model.description,
        frequency=model.frequency,
        at_time=model.at_time,
        business_days_only=model.business_days_only,
    )
    return services.save_task(task=made, parameters=model.parameters, actor=implementer, now=NOW)


@pytest.fixture
def execute(task, implementer):
    def run_it():
        run = services.run_now(task=task, actor=implementer, now=NOW)
        execution.execute(run.pk, clock=lambda: NOW, every=60)
        run.refresh_from_db()
        return run

    return run_it


def test_it_is_offered_every_business_day_at_eight():
    [model] = registry.task_type(CODE).models

    assert (model.frequency, model.at_time) == (Frequency.DAILY, time(8))
    assert model.business_days_only
    assert registry.task_type(CODE).label == "Índices do Banco Central"


def test_every_index_with_a_series_is_updated(execute, igpm, ipca, office):
    IndexSeries.objects.create(agency=office, name="CUB")

    run = execute()

    assert run.status == RunStatus.DONE
    assert run.message == "IGP-M, IPCA: 388 incluídos."
    assert run.result == {"Incluídos": 776, "Alterados": 0}
    assert IndexValue.objects.filter(series=ipca).count() == 388


def test_a_second_run_changes_nothing(execute, igpm, ipca):
    execute()

    run = execute()

    assert run.message == "IGP-M, IPCA: sem novidade."
    assert run.result == {"Incluídos": 0, "Alterados": 0}


def test_one_that_fails_does_not_hide_the_others(execute, igpm, ipca, bank):
    bank.fault("500", IGPM)

    run = execute()

    assert run.status == RunStatus.FAILED
    assert run.message == (
        "IGP-M: O Banco Central está fora do ar no momento (500). IPCA: 388 incluídos."
    )
    assert IndexValue.objects.filter(series=ipca).count() == 388


def test_the_next_run_makes_up_for_it(execute, igpm, ipca, bank):
    bank.fault("html", IGPM, count=3)
    execute()

    run = execute()

    assert run.message == "IGP-M: 388 incluídos. IPCA: sem novidade."


def test_the_whole_history_is_compared_when_asked(execute, task, igpm, bank, implementer):
    execute()
    bank.act("revise", series=IGPM, month="2001-02", value="0.77")
    services.save_task(task=task, parameters={"full": True}, actor=implementer, now=NOW)

    assert execute().message == "IGP-M: 1 alterado."


def test_nothing_to_read_is_no_failure(execute):
    run = execute()

    assert run.status == RunStatus.DONE
    assert run.message == "Nenhum índice tem série do Banco Central no cadastro."


def test_only_the_indices_of_the_agency_are_read(execute, igpm, other_agency):
    with scope(agency=other_agency):
        theirs = IndexSeries.objects.create(agency=other_agency, name="IGP-M", sgs_code=IGPM)

    execute()

    assert IntegrationLog.objects.count() == 4
    with scope(agency=other_agency):
        assert not IndexValue.objects.filter(series=theirs).exists()
        assert not IntegrationLog.objects.exists()


def test_a_run_that_was_taken_over_stops(office, igpm):
    context = registry.RunContext(1, office, {"full": False}, NOW, None, is_ours=lambda: False)

    TASK.run(context)

    assert not IndexValue.objects.exists()


def test_two_readings_of_an_agency_never_overlap(task):
    assert task.subject == "indices"


def test_who_asks_for_an_index_has_the_task_run(task, igpm, implementer):
    told = indices.read(igpm, on=NOW.date(), actor=implementer)

    assert "posta na fila" in told
    assert TaskRun.objects.get().requested_by == implementer


def test_without_the_task_it_is_said_how_to_get_it(igpm, implementer):
    with pytest.raises(DomainError, match="Crie antes, em Tarefas"):
        ask(igpm, on=NOW.date(), actor=implementer)


def test_the_task_of_another_agency_is_not_run(task, other_agency, stranger):
    with scope(agency=other_agency):
        theirs = IndexSeries.objects.create(agency=other_agency, name="IGP-M", sgs_code=IGPM)

        with pytest.raises(DomainError, match="Crie antes"):
            ask(theirs, on=NOW.date(), actor=stranger)
