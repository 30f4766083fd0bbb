"""Tasks with their runs and a write into an ERP, to look at."""

from dataclasses import dataclass
from datetime import time, timedelta

from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.contracts.models import Contract
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.services import save_task
from integrations.core.models import ErpOperation, ErpOperationStep

NO_ANSWER = "O Sienge não respondeu: nenhuma conexão foi possível."
IMPORTED = "Aurora Incorporações: 14 incluídas, 612 atualizadas, 87 devolvidas, 3 críticas."
TAKEN = (
    ("prepared", ""),
    ("sending", ""),
    ("sending", NO_ANSWER),
    ("accepted", "Encontrada no ERP: não foi enviada de novo."),
    ("confirmed", "Parcelas conferidas."),
    ("done", ""),
)


@dataclass
class Work:
    """What was done in the background."""

    task: ScheduledTask
    run: TaskRun
    operation: ErpOperation


def build_work(contract: Contract, actor: User) -> Work:
    """Make a daily load, its runs in every state, and a renegotiation written into Sienge."""
    task = _task(contract, actor)
    states = (("queued", ""), ("running", ""), ("skipped", "Feriado"), ("failed", NO_ANSWER))
    for days, (status, message) in enumerate((*states, ("done", ""), ("done", ""))):
        run = _run(task, days, status, message)
    return Work(task, run, _operation(contract))


def _task(contract: Contract, actor: User) -> ScheduledTask:
    task = ScheduledTask(
        agency=contract.agency,
        task_type="import_portfolio",
        description="Carga diária",
        frequency="daily",
        at_time=time(7),
    )
    told = {"creditor": str(contract.creditor_id), "layout": "carga_sienge", "full": False}
    return save_task(task=task, parameters=told, actor=actor, now=clock.now())


def _run(task: ScheduledTask, days: int, status: str, message: str) -> TaskRun:
    due = clock.now() - timedelta(days=days, minutes=3)
    begun = status in ("running", "failed", "done")
    ended = status in ("skipped", "failed", "done")
    return TaskRun.objects.create(
        agency=task.agency,
        scheduled_task=task,
        task_type=task.task_type,
        description=task.description,
        subject=task.subject,
        parameters=task.parameters,
        status=status,
        due_at=due,
        started_at=due if begun else None,
        finished_at=due + timedelta(seconds=83) if ended else None,
        leased_until=clock.now() + timedelta(hours=1) if status == "running" else None,
        attempts=int(begun),
        result={"message": IMPORTED} if status == "done" else {},
        message=message,
    )


def _operation(contract: Contract) -> ErpOperation:
    own = {"agency": contract.agency}
    operation = ErpOperation.objects.create(
        **own,
        creditor=contract.creditor,
        contract=contract,
        system="sienge",
        key="agreement-9001",
        step="done",
        order={"billId": 5600, "installments": "35/180"},
        answer={"renegotiationId": 88},
        external_id="88",
        attempts=2,
    )
    for step, message in TAKEN:
        ErpOperationStep.objects.create(**own, operation=operation, step=step, message=message)
    return operation
