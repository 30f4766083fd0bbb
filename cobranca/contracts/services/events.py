"""One writer of the timeline for every room above."""

from cobranca.accounts.models import User
from cobranca.contracts.models import Contract, Event, EventKind
from cobranca.debtors.models import Debtor


def record_event(
    kind: EventKind,
    *,
    debtor: Debtor,
    contract: Contract | None = None,
    title: str = "",
    text: str = "",
    actor: User | None = None,
) -> Event:
    """Write what happened on a debtor's timeline; `actor` None is the system itself."""
    return Event.objects.create(
        agency_id=debtor.agency_id,
        debtor=debtor,
        contract=contract,
        kind=kind,
        title=title or kind.label,
        text=text,
        actor=actor,
    )
