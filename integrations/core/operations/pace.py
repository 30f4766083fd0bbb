"""How long an ERP is waited for, and when one that failed is asked again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cobranca.common import clock


@dataclass(frozen=True)
class Pace:
    """Clock and patience, replaced in tests.

    `pauses` are between looks after a write, which may lag behind it. A request of which nobody
    heard any more may still be carried out: it is not sent again before it is `settled`.
    """

    now: Callable[[], datetime] = clock.now
    sleep: Callable[[float], None] = time.sleep
    pauses: tuple[float, ...] = (0.5, 1, 2, 4)
    settled: timedelta = timedelta(minutes=2)
    longest_rest: timedelta = timedelta(hours=1)

    def rest(self, attempts: int) -> timedelta:
        """Return how long a write that failed is left alone: 2, 4, 8… minutes."""
        return min(timedelta(minutes=2 ** min(attempts, 10)), self.longest_rest)


PACE = Pace()
