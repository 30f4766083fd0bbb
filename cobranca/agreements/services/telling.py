"""Telling of a move: the debtor's timeline, the trail, and whoever waits for such news."""

from collections.abc import Mapping
from dataclasses import dataclass

from cobranca.accounts.models import User
from cobranca.agreements.services.locking import Whole
from cobranca.audit.services import log_action
from cobranca.contracts.models import EventKind
from cobranca.contracts.services import record_event
from cobranca.outbox.registry import handler_of
from cobranca.outbox.services import publish


@dataclass(frozen=True)
class News:
    """What happened to an agreement. `action` names it in the trail and as an outbox topic."""

    action: str
    text: str
    title: str = ""
    kind: EventKind = EventKind.AGREEMENT


def tell(
    of: Whole, news: News, *, actor: User | None, changes: Mapping[str, list[str]], key: str = ""
) -> None:
    """Write news of an agreement, in the transaction of its move.

    `key` tells apart what may happen to an agreement more than once (payments and what they
    bring about). Payload of the topic: agreement (id), status.
    """
    agreement = of.agreement
    record_event(
        news.kind,
        debtor=agreement.debtor,
        contract=of.contract,
        title=news.title,
        text=news.text,
        actor=actor,
    )
    log_action(news.action, agreement, actor, agency=agreement.agency, changes=changes)
    # A topic nobody delivers would only be parked, in red: it is published once a room (bureau,
    # dunning, the ERP) registers its handler.
    if handler_of(news.action) is not None:
        publish(
            news.action,
            agency=agreement.agency,
            payload={"agreement": agreement.pk, "status": agreement.status},
            key=f"{agreement.pk}:{key}",
        )
