"""Who looked at a person's data, and when: written down once a person, debtor, page and hour."""

from datetime import datetime

from django.db import connection, transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.clock import office_time
from cobranca.common.errors import DomainError
from cobranca.common.prepared import ask
from cobranca.debtors.models import Debtor

# One statement: what is there already is not written again. The debtor's own agency is the row's.
NOTE = """
INSERT INTO debtors_debtorreading (agency_id, debtor_id, actor_id, page, at)
SELECT d.agency_id, coalesce(d.merged_into_id, d.id), t.actor, t.page, t.at
FROM (VALUES (%s::bigint, %s::bigint, %s::text, %s::timestamptz, %s::timestamptz))
     t (debtor, actor, page, at, hour)
JOIN debtors_debtor d ON d.id = t.debtor
WHERE NOT EXISTS (
    SELECT 1 FROM debtors_debtorreading r
    WHERE r.debtor_id = coalesce(d.merged_into_id, d.id) AND r.actor_id = t.actor
      AND r.page = t.page AND r.at >= t.hour AND r.at <= t.at)
RETURNING id
"""
# A page is not kept waiting for the disk: should the database's machine lose its power, the notes
# of the last half second go with it. (In a transaction of somebody else's, theirs decides.)
NOTE_OF_PAGE = NOTE.replace(
    "\nWHERE NOT EXISTS",
    """
CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true) OFFSET 0) soon
WHERE NOT EXISTS""",
)
PAGE_LIMIT = 40

# What was looked at, as it is written down and shown.
DEBTOR_PAGE = "Página do devedor"
API = "API"
EXPORT = "Exportação dos dados"
REVEALED = "Dados revelados"
COMPARED = "Comparação de duplicados"


def note_reading(debtor_id: int, actor: User, page: str, at: datetime) -> None:
    """Write down that `actor` read a debtor's data on `page` at `at`; nothing when it says so of
    this hour already. The debtor must be of the actor's agency: the caller has looked."""
    hour = office_time(at).replace(minute=0, second=0, microsecond=0)
    note = NOTE if connection.in_atomic_block else NOTE_OF_PAGE
    ask(note, debtor_id, actor.pk, page[:PAGE_LIMIT], at, hour)


@transaction.atomic
def write_down_revealing(debtor: Debtor, actor: User, reason: str, at: datetime) -> None:
    """Write down that masked data were shown to `actor`, and why; DomainError without a reason."""
    why = " ".join(reason.split())
    if not why:
        raise DomainError("Diga por que precisa ver os dados deste devedor.", "reason")
    note_reading(debtor.pk, actor, REVEALED, at)
    changes = {"motivo": ["", why]}
    log_action("debtor.revealed", debtor, actor, agency=debtor.agency, changes=changes)
