"""Configuring queues: what each takes and in what order it gives, always with a trail."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.errors import DomainError
from cobranca.telecobranca.models import WorkQueue
from cobranca.telecobranca.queue_reading import NARROWED_BY
from cobranca.telecobranca.queue_rules import check_rules, rules_of

FIELDS = (
    "name", "position", "is_active", "min_days_late", "max_days_late", "min_total", "max_total",
    "quiet_days", "promise", "min_score", "max_score", "ordering", "idle_minutes",
)  # fmt: skip
LIMITS = (
    ("min_days_late", "max_days_late"),
    ("min_total", "max_total"),
    ("min_score", "max_score"),
)
Chosen = Mapping[str, Sequence[Model]]


@transaction.atomic
def save_queue(*, queue: WorkQueue, chosen: Chosen, actor: User | None) -> WorkQueue:
    """Save a queue with what it is narrowed to; relations that are not told stay.

    The ranking knows of it when it runs next.
    """
    check_queue(queue)
    before = _seen(queue.pk)
    queue.save()
    for name, rows in chosen.items():
        getattr(queue, name).set(rows)
    changes = trail.differences(before, _seen(queue.pk))
    if changes:
        action = "work_queue.saved" if before else "work_queue.created"
        log_action(action, queue, actor, agency=queue.agency, changes=changes)
    return queue


def check_queue(queue: WorkQueue) -> None:
    """Refuse a queue that makes no sense, at the field at fault."""
    queue.name = queue.name.strip()
    if not queue.name:
        raise DomainError("Dê um nome à fila.", "name")
    same = WorkQueue.objects.filter(agency=queue.agency_id, name=queue.name).exclude(pk=queue.pk)
    if same.exists():
        raise DomainError("Já existe uma fila com este nome.", "name")
    for low, high in LIMITS:
        first, last = getattr(queue, low), getattr(queue, high)
        if first is not None and last is not None and first > last:
            raise DomainError("O máximo é menor que o mínimo.", high)
    check_rules(rules_of(queue.ordering))
    try:
        queue.clean_fields(exclude=["agency"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field) from error


def next_position(agency_id: int) -> int:
    """Return the place after the last queue."""
    last = WorkQueue.objects.filter(agency=agency_id).aggregate(last=Max("position"))["last"]
    return (last or 0) + 10


def _seen(pk: int | None) -> dict[str, str]:
    """Return what the trail compares of a stored queue; nothing for a new one."""
    row = WorkQueue.objects.filter(pk=pk).first() if pk else None
    if row is None:
        return {}
    told = trail.snapshot(row, FIELDS)
    for name in NARROWED_BY:
        relation: Any = WorkQueue._meta.get_field(name)
        told[str(relation.verbose_name)] = ", ".join(
            sorted(str(each) for each in getattr(row, name).all())
        )
    return told


@transaction.atomic
def move_queue(*, queue_id: int, up: bool, actor: User) -> None:
    """Let a queue change places with the one before it, or after it."""
    queues = list(WorkQueue.objects.select_for_update().order_by("position", "pk"))
    here = next((n for n, each in enumerate(queues) if each.pk == queue_id), None)
    if here is None:
        raise DomainError("Esta fila foi excluída.")
    there = here - 1 if up else here + 1
    if not 0 <= there < len(queues):
        return
    moved = queues[here]
    queues[here], queues[there] = queues[there], queues[here]
    for number, each in enumerate(queues, 1):
        each.position = number * 10
    WorkQueue.objects.bulk_update(queues, ["position"])
    changes = {"ordem": [str(here + 1), str(there + 1)]}
    log_action("work_queue.moved", moved, actor, agency=moved.agency, changes=changes)


@transaction.atomic
def delete_queue(*, queue: WorkQueue, actor: User) -> None:
    """Delete a queue; who was in it is ranked into the others next time."""
    log_action("work_queue.deleted", queue, actor, agency=queue.agency, changes=_gone(queue))
    queue.delete()


def _gone(queue: WorkQueue) -> dict[str, Any]:
    return {label: [was, ""] for label, was in _seen(queue.pk).items() if was}
