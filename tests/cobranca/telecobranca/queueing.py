"""An office with a queue: debtors of any kind, ranked and drawn."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.debtors.models import Debtor, DebtorSummary
from cobranca.telecobranca.models import QueueEntry, WorkQueue
from cobranca.telecobranca.queue_rules import DEFAULT_ORDER, Rule, stored
from cobranca.telecobranca.services import queue
from tests import factories

ON = date(2026, 11, 19)  # a Thursday
AT = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # 14 h in Brasília
NIGHT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 23 h in Brasília


def make_queue(agency: Agency, name: str = "Geral", **fields: Any) -> WorkQueue:
    """Make a queue; relations are given as lists, `rules` as criterion → (weight, full)."""
    rules = fields.pop("rules", None)
    chosen = {n: fields.pop(n) for n in ("creditors", "branches", "campaigns", "teams")
              if n in fields}  # fmt: skip
    order = DEFAULT_ORDER if rules is None else [Rule(by, *told) for by, told in rules.items()]
    made = WorkQueue(agency=agency, name=name, ordering=stored(order), **fields)
    made.save()
    for relation, rows in chosen.items():
        getattr(made, relation).set(rows)
    return made


def make_owing(agency: Agency, *, days_late: int = 10, total: str = "100", **told: Any) -> Debtor:
    """Make a debtor by summary alone, living and dialled in São Paulo."""
    state, phone = told.pop("state", "SP"), told.pop("phone", "11987654321")
    debtor = factories.make_debtor(agency, details=told.pop("details", {}))
    DebtorSummary(
        agency=agency,
        debtor=debtor,
        open_total=Decimal(total),
        open_count=1,
        contract_count=1,
        oldest_due_date=ON - timedelta(days=days_late),
        **told,
    ).save()
    if phone:
        debtor.phone_set.create(agency=agency, number=phone, is_main=True)
    if state:
        debtor.address_set.create(
            agency=agency, street="Rua", state=state, is_main=True, fingerprint="1"
        )
    return debtor


def ranked(agency: Agency, on: date = ON, at: datetime = AT) -> list[int]:
    """Rank the queue; return the keys of those in it, in order."""
    queue.refresh_queue(agency.pk, on, at)
    return in_order()


def set_clock(monkeypatch: Any, at: datetime) -> None:
    """Let the product's clock stand at an instant."""
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(clock, "today", lambda: clock.office_date(at))


def in_order() -> list[int]:
    return list(QueueEntry.objects.order_by("rank", "pk").values_list("pk", flat=True))
