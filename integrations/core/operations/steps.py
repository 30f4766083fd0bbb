"""The one writer of a write's steps: checked, fenced, told, and committed at once."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from cobranca.contracts.erp import ErpUnreachableError, Renegotiation
from cobranca.creditors.models import Creditor
from integrations.core.models import ErpOperation, ErpOperationStep
from integrations.core.operations import pace
from integrations.core.operations.writer import Order
from integrations.core.states import OperationStep, check_operation_move

LOCK_SPACE = 728_405
BUSY = "Este acordo já está sendo gravado no ERP por outro processo."
LONGEST = 300
MAYBE_THERE = (
    OperationStep.SENDING,
    OperationStep.ACCEPTED,
    OperationStep.CONFIRMED,
    OperationStep.UNDOING,
)


def operation_of(creditor: Creditor, key: str) -> ErpOperation | None:
    """Return the write known by a key; None when there is none."""
    return ErpOperation.objects.filter(agency=creditor.agency_id, key=key).first()


def is_resting(operation: ErpOperation) -> bool:
    """Tell whether it was tried so lately, for how often it was, that it is left alone."""
    if not operation.attempts:
        return False
    return pace.PACE.now() < operation.updated_at + pace.PACE.rest(operation.attempts)


def is_another_under_way(operation: ErpOperation) -> bool:
    """Tell whether the ERP may yet have, or get, something else of the same contract."""
    others = ErpOperation.objects.filter(contract=operation.contract_id).exclude(pk=operation.pk)
    return others.filter(step__in=MAYBE_THERE).exists()


@contextmanager
def only_one(operation: ErpOperation) -> Iterator[None]:
    """Hold a write for the block; ErpUnreachableError when a living process holds it.

    The lock is PostgreSQL's own and belongs to the connection: a killed process lets go at once.
    One that lost it without noticing is stopped by `attempts`, which every step checks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, operation.pk])
        if not cursor.fetchone()[0]:
            raise ErpUnreachableError(BUSY)
    try:
        mine = ErpOperation.objects.filter(pk=operation.pk)
        mine.update(attempts=F("attempts") + 1, updated_at=pace.PACE.now())
        operation.refresh_from_db()
        yield
    finally:
        # With the connection gone the lock is gone too.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, operation.pk])


def prepare(creditor: Creditor, order: Renegotiation, system: str, body: Order) -> ErpOperation:
    """Write down what will be sent; of two at once the first one's is."""
    with transaction.atomic(durable=True):
        operation, is_new = ErpOperation.objects.get_or_create(
            agency_id=creditor.agency_id,
            key=order.key,
            defaults={
                "creditor": creditor,
                "contract": order.contract,
                "system": system,
                "order": dict(body),
                "updated_at": pace.PACE.now(),
            },
        )
        if is_new:
            _tell(operation, "")
    return operation


def move(operation: ErpOperation, target: OperationStep, message: str = "", **columns: Any) -> None:
    """Take a held write one step on, and commit it: nothing is sent that is not written down."""
    with transaction.atomic(durable=True):
        _move(operation, target, message, columns)


def move_within(operation: ErpOperation, target: OperationStep, message: str) -> None:
    """Take a step in the transaction that is under way: our books and the step, or neither."""
    _move(operation, target, message, {})


def _move(
    operation: ErpOperation, target: OperationStep, message: str, columns: dict[str, Any]
) -> None:
    held = ErpOperation.objects.select_for_update().get(pk=operation.pk)
    if held.attempts != operation.attempts:
        raise ErpUnreachableError(BUSY)
    check_operation_move(held.step, target)
    values = {**columns, "step": target, "message": message[:LONGEST]}
    for name, value in values.items():
        setattr(operation, name, value)
    operation.updated_at = pace.PACE.now()
    operation.save(update_fields=[*values, "updated_at"])
    _tell(operation, message)


def note(operation: ErpOperation, message: str, **columns: Any) -> None:
    """Write down why a write did not get on; the same reason again is not told again."""
    mine = ErpOperation.objects.filter(pk=operation.pk, attempts=operation.attempts)
    mine.update(message=message[:LONGEST], updated_at=pace.PACE.now(), **columns)
    last = operation.steps.order_by("-pk").first()
    if last is None or last.message != message[:LONGEST]:
        _tell(operation, message)
    operation.refresh_from_db()


def _tell(operation: ErpOperation, message: str) -> None:
    ErpOperationStep.objects.create(
        agency_id=operation.agency_id,
        operation=operation,
        step=operation.step,
        message=message[:LONGEST],
    )
