"""One writer of the timeline for every room above."""

from datetime import datetime

from cobranca.accounts.models import User
from cobranca.contracts.models import Contract, Event, EventKind
from cobranca.debtors.models import Debtor


def record_event(  # noqa: PLR0913  all but two have a default
    kind: EventKind,
    *,
    debtor: Debtor,
    contract: Contract | None = None,
    title: str = "",
    text: str = "",
    actor: User | None = None,
    at: datetime | None = None,
) -> Event:
    """Write what happened on a debtor's timeline; `actor` None is the system itself.

    It happened now, unless `at` says otherwise.
    """
    when = {} if at is None else {"happened_at": at}
    return Event.objects.create(
        **when,
        agency_id=debtor.agency_id,
        debtor=debtor,
        contract=contract,
        kind=kind,
        title=title or kind.label,
        text=text,
        actor=actor,
    )
