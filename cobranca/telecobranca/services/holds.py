"""What a supervisor does to a debtor that somebody else has before them."""

from datetime import datetime

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.errors import DomainError
from cobranca.debtors.models import Debtor
from cobranca.telecobranca.models import DrawEnd, QueueEntry
from cobranca.telecobranca.services.queue import release


@transaction.atomic
def take_back(*, debtor: Debtor, actor: User, at: datetime) -> User:
    """Give a held debtor back to the queue, to be drawn at once; return who held them.

    Raises DomainError when nobody holds them any more.
    """
    held = QueueEntry.objects.select_for_update(of=("self",)).filter(debtor=debtor)
    entry = held.select_related("held_by").filter(held_by__isnull=False, held_until__gt=at).first()
    if entry is None:
        raise DomainError("Este devedor já não está com ninguém.")
    holder: User = entry.held_by
    release(debtor.pk, at=at, available_at=at, ended_as=DrawEnd.TAKEN)
    changes = {"com": [str(holder), "fila"]}
    log_action("queue.hold_taken", debtor, actor, agency=debtor.agency, changes=changes)
    return holder
