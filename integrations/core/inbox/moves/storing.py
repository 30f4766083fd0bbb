"""Taking in: the token is checked and the announcement stored by one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from cobranca.accounts.models import Agency
from integrations.core.inbox.understanding import Understood
from integrations.core.models import WebhookDelivery, WebhookRefusal, WebhookSubscription

_DELIVERY = WebhookDelivery._meta.db_table
_SUBSCRIPTION = WebhookSubscription._meta.db_table
_AGENCY = Agency._meta.db_table
_REFUSAL = WebhookRefusal._meta.db_table

# Hashes are compared, never tokens: how long it takes tells nothing of a token.
_DOOR = f"""
    SELECT a.id AS agency_id, s.hooks,
        coalesce(%(token)s IN (s.token_hash, s.old_token_hash), false) AS fits
    FROM {_AGENCY} a
    LEFT JOIN {_SUBSCRIPTION} s ON s.agency_id = a.id AND s.system = %(system)s
    WHERE a.id = %(agency)s AND a.is_active
"""  # noqa: S608  (our own tables' names)
# Not everybody means the same id by the same name: where the one of the event is that of a hook of
# ours and the other one is not, they are crossed, or all of a hook's announcements would be one.
# One that comes again is counted. If its provider gave it no name, what it says may have
# happened once more: it is looked at again, and whoever is at it has to read anew.
_STORE = f"""
WITH door AS ({_DOOR}), named AS (
    SELECT *, %(hook)s <> '' AND coalesce(
        hooks @> jsonb_build_array(jsonb_build_object('hook', %(key)s::text))
        AND NOT hooks @> jsonb_build_array(jsonb_build_object('hook', %(hook)s::text)), false
    ) AS is_crossed
    FROM door WHERE fits
), stored AS (
    INSERT INTO {_DELIVERY} AS d (agency_id, system, key, event, hook, body, contract, installment,
        sale, customer, status, repeats, attempts, received_at, due_at, outcome, error)
    SELECT agency_id, %(system)s, CASE WHEN is_crossed THEN %(hook)s ELSE %(key)s END, %(event)s,
        CASE WHEN is_crossed THEN %(key)s ELSE %(hook)s END, %(body)s, %(contract)s,
        %(installment)s::int, %(sale)s, %(customer)s, 'waiting', 0, 0, %(now)s, %(now)s, '', ''
    FROM named
    ON CONFLICT (agency_id, system, key) DO UPDATE SET
        repeats = d.repeats + 1,
        status = CASE WHEN %(again)s THEN 'waiting' ELSE d.status END,
        attempts = CASE WHEN %(again)s THEN 0 ELSE d.attempts END,
        received_at = CASE WHEN %(again)s THEN %(now)s ELSE d.received_at END,
        due_at = CASE WHEN %(again)s THEN %(now)s ELSE d.due_at END,
        outcome = CASE WHEN %(again)s THEN '' ELSE d.outcome END,
        error = CASE WHEN %(again)s THEN '' ELSE d.error END
    RETURNING d.repeats
)
SELECT door.fits, stored.repeats FROM door LEFT JOIN stored ON true
"""  # noqa: S608  (our own tables' names)
# Requests alike in one minute are one row: nobody fills the disk by knocking.
_REFUSE = f"""
WITH door AS ({_DOOR}), told AS (
    INSERT INTO {_REFUSAL} AS r (agency_id, system, at, status, reason, size, count)
    SELECT agency_id, %(system)s, %(minute)s,
        CASE WHEN fits THEN %(status)s ELSE 401 END,
        CASE WHEN fits THEN %(reason)s ELSE %(denied)s END, %(size)s, 1
    FROM door
    ON CONFLICT (agency_id, system, at, status, reason)
    DO UPDATE SET count = r.count + 1, size = greatest(r.size, excluded.size)
)
SELECT fits FROM door
"""  # noqa: S608  (our own tables' names)
DENIED = "Token ausente ou errado"


@dataclass(frozen=True)
class Knock:
    """Who asks to be let in: at which door, with the hash of which token."""

    system: str
    agency_id: int
    token_hash: str | None
    size: int = 0


@dataclass(frozen=True)
class Answer:
    """What the door said: whether the agency is there, the token fits, something new came."""

    is_known: bool
    is_let_in: bool = False
    is_news: bool = False


def store(knock: Knock, parcel: Understood, *, now: datetime) -> Answer:
    """Store an announcement if its token fits; stored and committed when this returns."""
    told = parcel.announcement
    values: dict[str, Any] = {
        "agency": knock.agency_id,
        "system": knock.system,
        "token": knock.token_hash,
        "key": parcel.key,
        "event": told.event,
        "hook": told.hook,
        "body": parcel.text,
        "contract": told.contract,
        "installment": told.installment,
        "sale": told.sale,
        "customer": told.customer,
        "again": not parcel.has_own_key,
        "now": now,
    }
    row = _one_row(_STORE, values)
    if row is None:
        return Answer(is_known=False)
    fits, repeats = row
    is_news = fits and (repeats == 0 or not parcel.has_own_key)
    return Answer(is_known=True, is_let_in=fits, is_news=is_news)


def refuse(knock: Knock, status: int, reason: str, *, now: datetime) -> Answer:
    """Count a request turned away from a known agency; a wrong token is told before all else."""
    values: dict[str, Any] = {
        "agency": knock.agency_id,
        "system": knock.system,
        "token": knock.token_hash,
        "minute": now.replace(second=0, microsecond=0),
        "status": status,
        "reason": reason,
        "denied": DENIED,
        "size": min(knock.size, 2**31 - 1),
    }
    row = _one_row(_REFUSE, values)
    return Answer(is_known=row is not None, is_let_in=bool(row and row[0]))


def _one_row(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """Ask in one round trip: a connection is not tried out first, but asked again if it was dead.

    Both statements may be repeated: the second time the announcement is a repeat of itself.
    """
    try:
        connection.health_check_done = True  # type: ignore[attr-defined]  # not in the stubs
        return _ask(statement, values)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
    return _ask(statement, values)


def _ask(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
