"""Who looked at a person's data, and when: written down once a person, debtor, page and hour."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.clock import office_time
from cobranca.common.errors import DomainError
from cobranca.debtors.models import Debtor

# One statement: what is there already is not written again. The debtor's own agency is the row's.
NOTE = """
INSERT INTO debtors_debtorreading (agency_id, debtor_id, actor_id, page, at)
SELECT d.agency_id, coalesce(d.merged_into_id, d.id), %(actor)s, %(page)s, %(at)s
FROM debtors_debtor d
WHERE d.id = %(debtor)s AND NOT EXISTS (
    SELECT 1 FROM debtors_debtorreading r
    WHERE r.debtor_id = coalesce(d.merged_into_id, d.id) AND r.actor_id = %(actor)s
      AND r.page = %(page)s AND r.at >= %(hour)s AND r.at <= %(at)s)
"""
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
    local = office_time(at)
    values: dict[str, Any] = {
        "debtor": debtor_id,
        "actor": actor.pk,
        "page": page[:PAGE_LIMIT],
        "at": at,
        "hour": local.replace(minute=0, second=0, microsecond=0),
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)


@transaction.atomic
def write_down_revealing(debtor: Debtor, actor: User, reason: str, at: datetime) -> None:
    """Write down that masked data were shown to `actor`, and why; DomainError without a reason."""
    why = " ".join(reason.split())
    if not why:
        raise DomainError("Diga por que precisa ver os dados deste devedor.", "reason")
    note_reading(debtor.pk, actor, REVEALED, at)
    changes = {"motivo": ["", why]}
    log_action("debtor.revealed", debtor, actor, agency=debtor.agency, changes=changes)
