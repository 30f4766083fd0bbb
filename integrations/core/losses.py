"""How much of what happened was not announced (the loss meter).

Facts that loads and other readings found are held against the announcements received: a receipt
of a kind that is announced, an installment new in a contract known before, a contract cancelled.
What came with its contract's first load happened before anybody here waited for announcements of
it, and is told by the transaction that wrote both. Nothing is counted before the webhooks were
created, nor while the ERP may still be repeating a delivery.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from cobranca.accounts.models import Agency
from cobranca.common.clock import office_date
from cobranca.contracts.models import Contract, Installment, Negotiation, Payment, Recall
from cobranca.creditors.models import Creditor
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import LOG_RETENTION_DAYS
from integrations.core.models import WebhookDelivery, WebhookSubscription
from integrations.core.registry import entry_of_system

# The ERP repeats a delivery for so long (reference, 3.1).
GRACE = timedelta(hours=10)
WINDOW = timedelta(days=30)

_TABLES = {
    "creditors": Creditor._meta.db_table,
    "contracts": Contract._meta.db_table,
    "installments": Installment._meta.db_table,
    "negotiations": Negotiation._meta.db_table,
    "payments": Payment._meta.db_table,
    "recalls": Recall._meta.db_table,
    "deliveries": WebhookDelivery._meta.db_table,
}
# What was written down this very moment may be announced yet. Rows whose instant lies ahead were
# written under another clock: their own dates speak for them.
_SETTLED = "NOT ({row}.created_at > %(until)s AND {row}.created_at <= %(now)s)"

_OURS = """
    SELECT c.id, c.external_id, c.created_at FROM {contracts} c
    JOIN {creditors} k ON k.id = c.creditor_id AND k.creditor_type = %(creditor_type)s
    WHERE c.agency_id = %(agency)s AND c.external_id <> ''
"""

# A title that was ceded and came back tells the same under each of its holders: it counts once.
_RECEIPTS = f"""
SELECT c.external_id, p.number, count(DISTINCT (p.paid_on, p.sequence, p.kind)) AS times,
       min(p.paid_on) AS first_on
FROM {{payments}} p JOIN ({_OURS}) c ON c.id = p.contract_id
WHERE p.agency_id = %(agency)s AND p.kind = ANY(%(kinds)s)
  AND p.created_at > c.created_at
  AND p.paid_on > %(installed_on)s AND p.paid_on >= %(from_on)s AND p.paid_on < %(until_on)s
  AND {_SETTLED.format(row="p")}
GROUP BY c.external_id, p.number
"""  # noqa: S608  (our own tables' names)

# New ones have higher numbers than all that the contract came with, and were not yet due when
# they were first seen: one that was closed then and is owed again came back, and nothing
# announces that.
_CREATED = f"""
SELECT DISTINCT c.external_id, i.number, 1 AS times, NULL::date AS first_on
FROM {{installments}} i JOIN ({_OURS}) c ON c.id = i.contract_id
WHERE i.agency_id = %(agency)s AND i.created_at > c.created_at
  AND i.due_date >= (i.created_at AT TIME ZONE %(zone)s)::date
  AND i.created_at >= %(from)s AND {_SETTLED.format(row="i")}
  AND i.number > ALL (SELECT o.number FROM {{installments}} o
                      WHERE o.contract_id = c.id AND o.created_at = c.created_at)
  AND NOT EXISTS (SELECT 1 FROM {{negotiations}} n WHERE n.contract_id = c.id
                  AND n.number = i.negotiation AND n.is_agreement)
"""  # noqa: S608  (our own tables' names)

_CANCELLED = f"""
SELECT c.external_id, NULL::integer AS number, 1 AS times, min(r.recalled_on) AS first_on
FROM {{recalls}} r JOIN ({_OURS}) c ON c.id = r.contract_id
WHERE r.agency_id = %(agency)s AND (r.reason = 'termination' OR r.note LIKE 'Distrato%%')
  AND r.recalled_on > %(installed_on)s AND r.recalled_on >= %(from_on)s
  AND r.recalled_on < %(until_on)s AND {_SETTLED.format(row="r")}
GROUP BY c.external_id
"""  # noqa: S608  (our own tables' names)

# One announcement speaks for one fact, of the same installment and not older than it.
_COMPARED = """
WITH facts AS ({facts})
SELECT coalesce(sum(f.times), 0),
       coalesce(sum(greatest(f.times - (
           SELECT count(*) FROM {deliveries} d
           WHERE d.agency_id = %(agency)s AND d.system = %(system)s AND d.event = %(event)s
             AND d.contract = f.external_id
             AND (f.number IS NULL OR d.installment = f.number)
             AND (f.first_on IS NULL
                  OR d.received_at >= (f.first_on - 1)::timestamp AT TIME ZONE %(zone)s)
       ), 0)), 0)
FROM facts f
"""


@dataclass(frozen=True)
class Loss:
    """Of one kind of fact, how many were found and how many of them nobody announced."""

    event: str
    what: str  # in the plural, for a sentence
    found: int
    missing: int

    @property
    def percent(self) -> Decimal:
        """Return the share that was not announced."""
        if not self.found:
            return Decimal(0)
        return (Decimal(100) * self.missing / self.found).quantize(Decimal("0.1"))

    @property
    def sentence(self) -> str:
        """Return it in words."""
        if not self.found:
            return "Nada a comparar neste período."
        verb = "não foi avisado" if self.missing == 1 else "não foram avisados"
        share = str(self.percent).replace(".", ",")
        return f"{self.missing} de {self.found} {self.what} {verb}: {share} %"


@dataclass(frozen=True)
class LossReport:
    """What was not announced, by event and in all."""

    since: datetime
    until: datetime
    losses: Sequence[Loss]

    @property
    def total(self) -> Loss:
        """Return all kinds together."""
        found = sum(loss.found for loss in self.losses)
        return Loss("", "fatos", found, sum(loss.missing for loss in self.losses))


def losses(
    agency: Agency, system: str, now: datetime, window: timedelta = WINDOW
) -> LossReport | None:
    """Return what was not announced in a window; None where no webhooks were created."""
    entry = entry_of_system(system)
    row = WebhookSubscription.objects.filter(agency=agency, system=system).first()
    if entry is None or entry.announced is None or row is None or row.installed_at is None:
        return None
    kept = timedelta(days=value_of(LOG_RETENTION_DAYS, agency=agency))
    since, until = max(row.installed_at, now - min(window, kept)), now - GRACE
    values: dict[str, Any] = {
        "agency": agency.pk,
        "system": system,
        "creditor_type": entry.creditor_type,
        "kinds": list(entry.announced.receipt_kinds),
        "now": now,
        "from": since,
        "until": until,
        "installed_on": office_date(row.installed_at),
        "from_on": office_date(since),
        "until_on": office_date(until),
        "zone": settings.TIME_ZONE,
    }
    told = entry.announced
    found = [
        _compare(_RECEIPTS, told.receipt, "recebimentos", values),
        _compare(_CREATED, told.installment_created, "parcelas novas", values),
        _compare(_CANCELLED, told.contract_cancelled, "distratos", values),
    ]
    return LossReport(since, until, found)


def _compare(facts: str, event: str, what: str, values: dict[str, Any]) -> Loss:
    statement = _COMPARED.replace("{facts}", facts).format(**_TABLES)
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"event": event})
        found, missing = cursor.fetchone()
    return Loss(event, what, int(found), int(missing))
