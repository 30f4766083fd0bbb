"""The work queue, as the rest of the desk uses it: draw, give back, renew, rank, ask why."""

from cobranca.telecobranca.selectors_queue import queue_size, why_next
from cobranca.telecobranca.services.drawing import Drawn, next_debtor, release, renew
from cobranca.telecobranca.services.ranking import Ranked, refresh_debtors, refresh_queue

__all__ = [
    "Drawn",
    "Ranked",
    "next_debtor",
    "queue_size",
    "refresh_debtors",
    "refresh_queue",
    "release",
    "renew",
    "why_next",
]
