from datetime import UTC, datetime, time

import pytest

from cobranca.common.errors import DomainError
from cobranca.scheduling import registry, services
from cobranca.scheduling.models import ScheduledTask
from cobranca.scheduling.registry import (
    CHOICE,
    YES_NO,
    ReadyModel,
    TaskField,
    TaskType,
    register,
)

# A Tuesday, 10:00 in São Paulo.
NOW = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)


class Work:
    """What the task type of the tests does, and what it was told."""

    def __init__(self):
        self.contexts, self.do = [], lambda context: {"message": "Feito.", "incluídas": 3}

    def run(self, context):
        self.contexts.append(context)
        return self.do(context)


def _check(agency, parameters):
    if parameters["layout"] == "pagamentos" and parameters["full"]:
        raise DomainError("Pagamentos não tem batimento.", "full")


@pytest.fixture
def work(monkeypatch):
    """The only task type known: a load of a creditor, as the integrations will declare it."""
    monkeypatch.setattr(registry, "_TYPES", {})
    done = Work()
    layouts = (("carga", "Carga Sienge"), ("pagamentos", "Sienge Pagamentos"))
    register(
        TaskType(
            code="import",
            label="Importacao de Credor",
            run=done.run,
            fields=(
                TaskField("creditor", "Credor", CHOICE, choices=lambda _: (("7", "Alpínia"),)),
                TaskField("layout", "Layout", CHOICE, choices=lambda _: layouts, default="carga"),
                TaskField("full", "Arquivo de Batimento", YES_NO, default=False),
                TaskField("note", "Anotação", required=False),
            ),
            subject=lambda parameters: f"creditor:{parameters['creditor']}",
            check=_check,
            models=(
                ReadyModel(
                    "full",
                    "SIENGE - Batimento Semanal",
                    "weekly",
                    time(7, 30),
                    weekday=6,
                    parameters={"layout": "carga", "full": True},
                ),
            ),
        )
    )
    return done


@pytest.fixture
def make_task(agency, in_scope, implementer, work):
    """Return a saved daily task of 07:00, made the day before, other fields as told."""

    def make(now=NOW, parameters=(), **fields):
        given = {"task_type": "import", "frequency": "daily", "at_time": time(7)}
        task = ScheduledTask(agency=agency, **{**given, **fields})
        told = {"creditor": "7", "layout": "carga", "full": False, **dict(parameters)}
        return services.save_task(task=task, parameters=told, actor=implementer, now=now)

    return make
