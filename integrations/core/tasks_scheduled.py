"""“Importacao de Credor” on the schedule (SIE-30), and the sweeper of imports."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from cobranca.scheduling.registry import (
    CHOICE,
    YES_NO,
    Parameters,
    ReadyModel,
    RunContext,
    TaskField,
    TaskType,
    register,
    system_task,
)
from cobranca.scheduling.states import Frequency, Weekday
from integrations.core import registry
from integrations.core.models import ImportRun
from integrations.core.runs.services import import_now
from integrations.core.states import RunStatus

ALL = "todos"


def _creditors(agency: Agency) -> list[tuple[str, str]]:
    found = _integrated(agency)
    return [(ALL, "Todos os credores"), *((str(one.pk), str(one)) for one in found)]


def _integrated(agency: Agency) -> list[Creditor]:
    types = [entry.creditor_type for entry in registry.entries()]
    found = Creditor.objects.filter(agency=agency, is_active=True, creditor_type__in=types)
    return list(found.select_related("agency"))


def _layouts(_: Agency) -> list[tuple[str, str]]:
    return [layout for entry in registry.entries() for layout in entry.layouts]


def _check(agency: Agency, parameters: Parameters) -> None:
    """One task for all is refused while an ERP wants one task per creditor (playbook 6.1.7)."""
    payments = {entry.payments_layout for entry in registry.entries()} - {""}
    if parameters["layout"] in payments and parameters["full"]:
        raise DomainError("Este layout só lê pagamentos: não faz batimento.", "full")
    if parameters["creditor"] != ALL:
        return
    for entry in registry.entries():
        if entry.one_task_per_creditor(agency):
            raise DomainError(
                "O parâmetro “Importação Agendada por Credor” está em Sim: escolha um credor.",
                "creditor",
            )


def _run(context: RunContext) -> Mapping[str, Any]:
    """Import one creditor or all of them; one that fails does not stop the others."""
    told: list[str] = []
    failed: list[str] = []
    for creditor in _targets(context):
        try:
            run = _import(creditor, context)
        except DomainError as error:
            failed.append(f"{creditor}: {error.message}")
            continue
        (failed if run.status == RunStatus.FAILED else told).append(_told(run))
    if failed:
        raise DomainError(" ".join(failed + told)[:480])
    return {"message": " ".join(told)[:480]}


def _targets(context: RunContext) -> list[Creditor]:
    chosen = str(context.parameters["creditor"])
    layout = str(context.parameters["layout"])
    found = [one for one in _integrated(context.agency) if chosen in (ALL, str(one.pk))]
    targets = [one for one in found if layout in dict(registry.entry_for(one).layouts)]
    if not targets:
        raise DomainError("Nada a importar: não há credor ativo desta tarefa com este layout.")
    return targets


def _import(creditor: Creditor, context: RunContext) -> ImportRun:
    return import_now(
        creditor=creditor,
        layout=str(context.parameters["layout"]),
        full=bool(context.parameters["full"]),
        now=clock.now(),
        actor=context.requested_by,
    )


def _told(run: ImportRun) -> str:
    if run.status != RunStatus.DONE:
        return f"{run.creditor}: {run.message or RunStatus(run.status).label}"
    return (
        f"{run.creditor}: {run.included} incluídas, {run.updated} atualizadas, "
        f"{run.recalled} devolvidas, {run.issue_count} críticas."
    )


def _subject(parameters: Parameters) -> str:
    return f"import:{parameters['creditor']}"


register(
    TaskType(
        code="import_portfolio",
        label="Importacao de Credor",
        run=_run,
        subject=_subject,
        check=_check,
        fields=(
            TaskField("creditor", "Credor", CHOICE, choices=_creditors, default=ALL),
            TaskField("layout", "Layout", CHOICE, choices=_layouts, default="carga_sienge"),
            TaskField(
                "full",
                "Arquivo de batimento",
                YES_NO,
                required=False,
                default=False,
                help="Lê a carteira inteira e devolve o que não consta mais no ERP.",
            ),
        ),
        models=(
            ReadyModel(
                code="daily",
                description="SIENGE - Importação diária",
                frequency=Frequency.DAILY,
                at_time=time(7, 0),
                business_days_only=True,
                parameters={"layout": "carga_sienge", "full": False},
            ),
            ReadyModel(
                code="payments",
                description="SIENGE - Importação diária pagamentos",
                frequency=Frequency.DAILY,
                at_time=time(10, 0),
                parameters={"layout": "sienge_pagamentos", "full": False},
            ),
            ReadyModel(
                code="full",
                description="SIENGE - Batimento Semanal",
                frequency=Frequency.WEEKLY,
                weekday=Weekday.SUNDAY,
                at_time=time(7, 30),
                parameters={"layout": "carga_sienge", "full": True},
            ),
        ),
    )
)
system_task("integrations.core.tasks.sweep_imports", every_minutes=1)
system_task("integrations.core.tasks.delete_old_logs", every_minutes=60)
system_task("integrations.core.tasks.discard_abandoned_readings", every_minutes=60)
