"""The subscriptions of an agency in a system, from one button (SIE-14).

The token is made here and shown nowhere: it goes to the ERP and its hash to the door. It is
stored before any hook carries it; which hooks carry it is known by their ids, so whatever broke
off in between is repaired by doing it again.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from cobranca.accounts.models import Agency, User
from cobranca.audit.services import log_action
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core.budget import Priority
from integrations.core.connector import HookState, ManagesWebhooks
from integrations.core.errors import IntegrationError
from integrations.core.models import WebhookSubscription
from integrations.core.registry import ConnectorEntry, entry_for

LOCK_SPACE = 728_406
OK, UNAVAILABLE = "ok", "unavailable"


def url_of(agency: Agency, system: str) -> str:
    """Return the address that announcements of a system are sent to."""
    return f"{settings.SITE_URL}/webhooks/{system}/{agency.pk}/"


def is_reachable_by_https() -> bool:
    """Tell whether the address of this installation is one that an ERP will write to."""
    return settings.SITE_URL.startswith("https://")


def subscription_of(creditor: Creditor) -> WebhookSubscription | None:
    """Return what was last seen of the creditor's system, for its whole agency."""
    return subscription_of_system(creditor.agency, entry_for(creditor).system)


def subscription_of_system(agency: Agency, system: str) -> WebhookSubscription | None:
    """Return what was last seen of an agency's webhooks in a system."""
    return WebhookSubscription.objects.filter(agency=agency, system=system).first()


def tokens_of(agency: Agency, system: str) -> tuple[str, ...]:
    """Return what announcements of a system prove themselves with: never to be written down."""
    row = subscription_of_system(agency, system)
    return (row.token,) if row is not None else ()


def check_hooks(*, creditor: Creditor, now: datetime) -> WebhookSubscription:
    """Look at what exists over there; nothing is changed there."""
    with _alone(creditor.agency_id):
        row = _row(creditor)
        keeper = _keeper(creditor)
        return _seen(row, lambda: keeper.look_at_hooks(_url(creditor), known(row)), now)


def install_hooks(*, creditor: Creditor, actor: User | None, now: datetime) -> WebhookSubscription:
    """Create what is missing over there and replace what differs."""
    with _alone(creditor.agency_id):
        row = _row(creditor)
        return _install(creditor, _keeper(creditor), row, actor, now)


def rotate_token(*, creditor: Creditor, actor: User | None, now: datetime) -> WebhookSubscription:
    """Give the hooks a new token; the old one is good until all of them have it.

    A change that was not completed is completed instead.
    """
    with _alone(creditor.agency_id):
        row = _row(creditor)
        # Made while the old token is known: what the ERP tells of either is not written down.
        keeper = _keeper(creditor)
        if not row.old_token_hash:
            _renew(row, actor)
        return _install(creditor, keeper, row, actor, now)


def remove_hooks(*, creditor: Creditor, actor: User | None, now: datetime) -> WebhookSubscription:
    """Remove the hooks that lead here, and say how many there were."""
    with _alone(creditor.agency_id):
        row = _row(creditor)
        keeper = _keeper(creditor)
        try:
            number = keeper.remove_hooks(_url(creditor), known(row))
        except IntegrationError as error:
            _save(row, message=error.message[:300], checked_at=now)
            raise DomainError(error.message) from error
        states = [state | {"state": "missing", "hook": ""} for state in row.hooks if _counts(state)]
        with transaction.atomic():
            _save(
                row,
                hooks=states,
                checked_at=now,
                installed_at=None,
                message=f"{number} webhooks removidos do ERP.",
            )
            log_action("webhooks.removed", row, actor, agency=creditor.agency)
        return row


def act(
    action: str, *, creditor: Creditor, actor: User | None, now: datetime
) -> WebhookSubscription:
    """Do what a screen, a command or a script asks for by name; return what is known after it."""
    if action == "check":
        return check_hooks(creditor=creditor, now=now)
    if action == "remove":
        return remove_hooks(creditor=creditor, actor=actor, now=now)
    if action == "rotate":
        return rotate_token(creditor=creditor, actor=actor, now=now)
    return install_hooks(creditor=creditor, actor=actor, now=now)


def told(creditor: Creditor) -> dict[str, Any]:
    """Return what is known of a creditor's webhooks, without secrets."""
    return told_of(_row(creditor))


def told_of(row: WebhookSubscription) -> dict[str, Any]:
    """Return a subscription for a screen or a script, without secrets."""
    return {
        "system": row.system,
        "url": url_of(row.agency, row.system),
        "https": is_reachable_by_https(),
        "complete": row.installed_at is not None and _is_complete(row.hooks),
        "message": row.message,
        "checked_at": None if row.checked_at is None else row.checked_at.isoformat(),
        "installed_at": None if row.installed_at is None else row.installed_at.isoformat(),
        "hooks": [
            {name: state[name] for name in ("event", "label", "state", "message")}
            for state in row.hooks
        ],
    }


def known(row: WebhookSubscription) -> list[str]:
    """Return the ids of the hooks that carry the present token."""
    return [state["hook"] for state in row.hooks if state["state"] == OK and state["hook"]]


def _install(
    creditor: Creditor,
    keeper: ManagesWebhooks,
    row: WebhookSubscription,
    actor: User | None,
    now: datetime,
) -> WebhookSubscription:
    had = known(row)
    _seen(row, lambda: keeper.install_hooks(_url(creditor), row.token, had), now)
    if not _is_complete(row.hooks):
        return row
    with transaction.atomic():
        _save(row, installed_at=row.installed_at or now, old_token_hash="")
        if known(row) != had:
            log_action("webhooks.installed", row, actor, agency=creditor.agency)
    return row


def _seen(
    row: WebhookSubscription, look: Callable[[], list[HookState]], now: datetime
) -> WebhookSubscription:
    """Keep what was found for the screen; what could not be found out is said in words."""
    try:
        states = [asdict(state) for state in look()]
    except IntegrationError as error:
        _save(row, message=error.message[:300], checked_at=now)
        raise DomainError(error.message) from error
    _save(row, hooks=states, checked_at=now, message=_sentence(states))
    return row


def _sentence(states: list[dict[str, str]]) -> str:
    wanted = [state for state in states if _counts(state)]
    fine = [state for state in wanted if state["state"] == OK]
    if len(fine) == len(wanted):
        return "Todos os webhooks estão criados e apontam para cá."
    failure = next((s["message"] for s in wanted if s["state"] != OK and s["message"]), "")
    return f"{len(fine)} de {len(wanted)} webhooks prontos. {failure}".strip()[:300]


def _counts(state: dict[str, str]) -> bool:
    return state["state"] != UNAVAILABLE


def _is_complete(states: list[dict[str, str]]) -> bool:
    return all(state["state"] == OK for state in states if _counts(state))


def _row(creditor: Creditor) -> WebhookSubscription:
    """Return the agency's subscription, with a token of its own from the beginning."""
    token = secrets.token_urlsafe(32)
    row, _ = WebhookSubscription.objects.get_or_create(
        agency_id=creditor.agency_id,
        system=entry_for(creditor).system,
        defaults={"token": token, "token_hash": _hash(token)},
    )
    return row


def _renew(row: WebhookSubscription, actor: User | None) -> None:
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        # No hook carries the new one yet.
        states = [state | {"state": "different"} for state in row.hooks if _counts(state)]
        _save(
            row,
            token=token,
            token_hash=_hash(token),
            old_token_hash=row.token_hash,
            hooks=states,
        )
        log_action("webhooks.token_changed", row, actor, agency=row.agency)


def _save(row: WebhookSubscription, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _url(creditor: Creditor) -> str:
    return url_of(creditor.agency, entry_for(creditor).system)


def _keeper(creditor: Creditor) -> ManagesWebhooks:
    entry: ConnectorEntry = entry_for(creditor)
    try:
        connector = entry.make(creditor, priority=Priority.AGREEMENTS)
    except IntegrationError as error:
        raise DomainError(error.message) from error
    if not isinstance(connector, ManagesWebhooks):
        raise DomainError(f"{entry.label} não tem webhooks.")
    return connector


@contextmanager
def _alone(agency_id: int) -> Iterator[None]:
    """Keep two people from creating the same hooks; whoever comes second is told so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, agency_id])
        if not cursor.fetchone()[0]:
            raise DomainError("Alguém está mexendo nos webhooks agora. Aguarde e confira.")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, agency_id])
