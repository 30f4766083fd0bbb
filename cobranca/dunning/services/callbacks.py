"""Callbacks: when a debtor is to be contacted again, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.debtors.sight import opens_to
from cobranca.dunning.models import Callback, ContactRecord
from cobranca.dunning.states import CallbackStatus, check_callback_move

# Rows in key order, as everybody locks them.
PASSING = """
WITH told AS (
    SELECT c.id, p.person
    FROM unnest(%(callbacks)s::bigint[], %(people)s::bigint[]) AS p (id, person)
    JOIN dunning_callback c ON c.id = p.id
    WHERE c.agency_id = %(agency)s AND c.status = 'waiting'
    ORDER BY c.id FOR UPDATE OF c
)
UPDATE dunning_callback c SET assigned_to_id = told.person, updated_at = now()
FROM told WHERE c.id = told.id
"""
MOST_DAYS = 180
NOTE_LENGTH = 200


@dataclass(frozen=True)
class CallbackWanted:
    """When to contact again; by whoever records it when nobody is named."""

    at: datetime
    assigned_to: User | None = None
    note: str = ""


@dataclass(frozen=True)
class MadeCallback:
    """A callback and how the timeline says it."""

    callback: Callback
    told: str


def make_callback(record: ContactRecord, wanted: CallbackWanted, *, at: datetime) -> MadeCallback:
    """Schedule what a contact ended in; the caller holds the transaction."""
    collector = wanted.assigned_to or record.actor
    _check(wanted.at, collector, record, at)
    callback = Callback.objects.create(
        agency_id=record.agency_id,
        debtor_id=record.debtor_id,
        record=record,
        at=wanted.at,
        assigned_to=collector,
        note=_note(wanted.note),
        actor=record.actor,
    )
    changes = {"quando": ["", moment_text(wanted.at)]}
    log_action("callback.scheduled", callback, record.actor, agency=record.agency, changes=changes)
    return MadeCallback(callback, f"Retorno: {moment_text(wanted.at)}, com {collector}")


@transaction.atomic
def finish_callback(*, callback_id: int, actor: User, at: datetime) -> Callback:
    """Say that the debtor was contacted again."""
    return _close(callback_id, CallbackStatus.DONE, "callback.done", actor, at)


@transaction.atomic
def cancel_callback(*, callback_id: int, actor: User, at: datetime) -> Callback:
    """Call a callback off."""
    return _close(callback_id, CallbackStatus.CANCELLED, "callback.cancelled", actor, at)


@transaction.atomic
def reschedule_callback(
    *, callback_id: int, to: datetime, actor: User, at: datetime, assigned_to: User | None = None
) -> Callback:
    """Put a callback at another time, with somebody else if told."""
    callback = _locked(callback_id)
    if callback.status != CallbackStatus.WAITING:
        raise DomainError("Este retorno já foi encerrado.", "callback_at")
    # One that is nobody's in particular becomes whose hand put it at another time.
    collector = assigned_to or callback.assigned_to or actor
    _check(to, collector, callback, at)
    changes = {"quando": [moment_text(callback.at), moment_text(to)]}
    if collector != callback.assigned_to:
        changes["para"] = [str(callback.assigned_to), str(collector)]
    callback.at, callback.assigned_to = to, collector
    callback.save(update_fields=["at", "assigned_to"])
    log_action("callback.rescheduled", callback, actor, agency=callback.agency, changes=changes)
    return callback


def pass_callbacks(agency_id: int, to: Mapping[int, int | None]) -> int:
    """Give callbacks that still wait to other people, or (None) to nobody in particular.

    For debtors who changed hands, however many: the distribution is what the trail tells of it.
    The caller holds the transaction.
    """
    if not to:
        return 0
    values: dict[str, Any] = {"agency": agency_id, "callbacks": [*to], "people": [*to.values()]}
    with connection.cursor() as cursor:
        cursor.execute(PASSING, values)
        return cursor.rowcount


def colleague(actor: User, user_id: int | None) -> User | None:
    """Return somebody who works at the same office; None when nobody is named."""
    if user_id is None:
        return None
    found = User.objects.filter(pk=user_id, agency=actor.agency_id, is_active=True).first()
    if found is None:
        raise DomainError("Escolha alguém desta assessoria.", "assigned_to")
    return found


def _close(
    callback_id: int, target: CallbackStatus, action: str, actor: User, at: datetime
) -> Callback:
    callback = _locked(callback_id)
    check_callback_move(callback.status, target)
    changes = {"situação": [callback.get_status_display(), target.label]}
    callback.status, callback.done_at = target, at
    callback.save(update_fields=["status", "done_at"])
    log_action(action, callback, actor, agency=callback.agency, changes=changes)
    return callback


def _locked(callback_id: int) -> Callback:
    return (
        Callback.objects.select_for_update(of=("self",))
        .select_related("agency", "assigned_to")
        .get(pk=callback_id)
    )


def _check(
    to: datetime, collector: User | None, about: ContactRecord | Callback, at: datetime
) -> None:
    if to <= at:
        raise DomainError("O retorno fica no futuro: escolha um horário adiante.", "callback_at")
    if to - at > timedelta(days=MOST_DAYS):
        raise DomainError(f"Agende o retorno para até {MOST_DAYS} dias.", "callback_at")
    if collector is None or collector.agency_id != about.agency_id or not collector.is_active:
        raise DomainError("Escolha alguém desta assessoria.", "assigned_to")
    if not opens_to(collector, about.debtor_id):
        raise DomainError(
            f"{collector} não trabalha este devedor: escolha outra pessoa.", "assigned_to"
        )


def _note(text: str) -> str:
    words = " ".join(text.split())
    if len(words) > NOTE_LENGTH:
        raise DomainError(f"Observação longa demais: até {NOTE_LENGTH} letras.", "callback_note")
    return words


def moment_text(at: datetime) -> str:
    """Return 22/11/2026 14:30, by the office's clock."""
    return f"{clock.office_time(at):%d/%m/%Y %H:%M}"
