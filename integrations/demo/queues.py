"""How the demonstration's offices put their debtors in order: three queues."""

from typing import Any

from cobranca.accounts.models import Agency, User
from cobranca.common import clock
from cobranca.telecobranca.models import PromiseFilter, WorkQueue
from cobranca.telecobranca.queue_rules import DEFAULT_ORDER, Criterion, Rule, stored
from cobranca.telecobranca.services import queues
from cobranca.telecobranca.services.queue import refresh_queue

VALUE_FIRST = (
    Rule(Criterion.TOTAL, 60, 100_000),
    Rule(Criterion.DAYS_LATE, 30, 180),
    Rule(Criterion.LAST_CONTACT, 10, 30),
)
QUEUES: tuple[tuple[str, dict[str, Any], tuple[Rule, ...]], ...] = (
    ("Promessas a conferir", {"promise": PromiseFilter.DUE}, DEFAULT_ORDER),
    ("Atrasos recentes", {"min_days_late": 1, "max_days_late": 60}, DEFAULT_ORDER),
    ("Carteira antiga", {"min_days_late": 61}, VALUE_FIRST),
)


def ensure_queues(agency: Agency, actor: User) -> None:
    """Give an agency its queues, once, and rank them; the schedule goes on with that."""
    if not WorkQueue.objects.exists():
        for number, (name, filters, order) in enumerate(QUEUES, 1):
            row = WorkQueue(
                agency=agency, name=name, position=10 * number, ordering=stored(order), **filters
            )
            queues.save_queue(queue=row, chosen={}, actor=actor)
    refresh_queue(agency.pk, clock.today(), clock.now())
