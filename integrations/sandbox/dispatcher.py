"""Tells subscribers what happened, with loss, repetition and disorder on demand."""

import heapq
import random
import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from integrations.sandbox import sending
from integrations.sandbox.deliveries import (
    CANCELLED,
    DELIVERED,
    DROPPED,
    LOST,
    REFUSED,
    RETRY_MINUTES,
    SENDING,
    TIMEOUT_SECONDS,
    WAITING,
    Delivery,
    Message,
    Settings,
)
from integrations.sandbox.instants import Instants

_WORKERS = 4

Record = Callable[[Mapping[str, Any]], None]


class Dispatcher:
    """A queue of deliveries by the instant they are due, emptied by threads of its own.

    In manual mode time stands still and nothing is sent until `deliver`. Nothing at all is
    sent before `start`, so that a world that is done again does not tell it all again.
    """

    def __init__(
        self,
        *,
        seed: int,
        on: date,
        record: Record,
        is_subscribed: Callable[[str], bool],
    ) -> None:
        self._seed = seed
        self._record = record
        self._is_subscribed = is_subscribed
        self._instants = Instants(on)
        self._settings = Settings()
        self._changed = threading.Condition()
        self._queue: list[tuple[datetime, int, Delivery]] = []
        self._order = count()
        self._deliveries: dict[str, Delivery] = {}
        self._workers: list[threading.Thread] = []
        self._own_port: int | None = None
        self._started = self._stopping = False

    def start(self, port: int) -> None:
        """Begin to send; what leads back to this port is never sent."""
        with self._changed:
            self._own_port, self._started = port, True
            self._employ()

    def close(self) -> None:
        """Stop sending and wait for what is under way."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.join(TIMEOUT_SECONDS + 1)

    def moved(self, *, days: int = 0, minutes: int = 0) -> None:
        """Follow the simulator's clock: what became due meanwhile goes out."""
        with self._changed:
            self._instants.jump(days=days, minutes=minutes)
            self._changed.notify_all()

    def settings(self) -> dict[str, Any]:
        """Return how deliveries fare."""
        return self._settings.describe()

    def configure(self, wanted: Mapping[str, Any]) -> None:
        """Change how deliveries fare from now on; ValueError when something is wrong."""
        with self._changed:
            self._settings = self._settings.changed(wanted)
            self._instants.flow(0 if self._is_manual else self._settings.speed)
            self._employ()
            self._changed.notify_all()

    @property
    def _is_manual(self) -> bool:
        return self._settings.mode == "manual"

    def post(self, message: Message) -> None:
        """Queue a message for its subscriber, lost or doubled as chance and settings have it."""
        chance = random.Random(f"{self._seed}:webhook:{message.key}")
        wanted = self._settings
        is_lost, is_double = chance.random() < wanted.loss, chance.random() < wanted.double
        with self._changed:
            now = self._instants.now()
            for copy in (1, 2) if is_double and not is_lost else (1,):
                wait = wanted.delay_seconds + int(chance.random() * wanted.shuffle_seconds)
                due_at = now + timedelta(seconds=wait)
                self._add(Delivery(message, copy, now, due_at, is_lost=is_lost))
            self._employ()
            self._changed.notify()

    def _add(self, delivery: Delivery) -> None:
        self._deliveries[delivery.key] = delivery
        heapq.heappush(self._queue, (delivery.due_at, next(self._order), delivery))

    def _employ(self) -> None:
        """Start the threads when there is something for them to do."""
        wanted = self._started and self._queue and not (self._workers or self._is_manual)
        if not wanted or self._stopping:
            return
        for number in range(_WORKERS):
            worker = threading.Thread(target=self._work, name=f"webhooks-{number}", daemon=True)
            self._workers.append(worker)
            worker.start()

    def _work(self) -> None:
        while (delivery := self._wait_for_one()) is not None:
            self._handle(delivery)

    def _wait_for_one(self) -> Delivery | None:
        with self._changed:
            while not self._stopping:
                delivery = None if self._is_manual else self._pop_due()
                if delivery:
                    return delivery
                first = self._queue[0][0] if self._queue and not self._is_manual else None
                wait = None if first is None else self._instants.real_seconds_until(first)
                self._changed.wait(wait)
        return None

    def _pop_due(self) -> Delivery | None:
        """Take the delivery that is due longest; the caller holds the lock."""
        while self._queue and self._queue[0][0] <= self._instants.now():
            delivery = heapq.heappop(self._queue)[2]
            if delivery.state == WAITING:
                delivery.state = SENDING
                return delivery
        return None

    def deliver(
        self, *, minutes: int = 0, limit: int | None = None, everything: bool = False
    ) -> dict[str, Any]:
        """Send what is due, one after the other; ValueError unless in manual mode.

        `minutes` pass first. With `everything` the instant jumps to each next delivery, its
        retries included, until none is left.
        """
        if not self._is_manual:
            raise ValueError("deliver is for the manual mode")
        self.moved(minutes=minutes)
        handled: list[Delivery] = []
        attempts = 0
        while limit is None or len(handled) < limit:
            delivery = self._take(everything=everything)
            if delivery is None:
                break
            attempts += self._handle(delivery)
            handled.append(delivery)
        return self._summary(handled, attempts)

    def _take(self, *, everything: bool) -> Delivery | None:
        with self._changed:
            if everything and self._queue:
                self._instants.reach(self._queue[0][0])
            return self._pop_due()

    def _summary(self, handled: list[Delivery], attempts: int) -> dict[str, Any]:
        copies = list({delivery.key: delivery for delivery in handled}.values())
        return {
            "sent": attempts,
            "delivered": sum(each.state == DELIVERED for each in copies),
            "doubled": sum(each.copy == 2 for each in copies),
            "lost": sum(each.state == LOST for each in copies),
            "failed": sum(each.state not in (DELIVERED, LOST) for each in copies),
            "waiting": sum(not each.is_over for each in list(self._deliveries.values())),
            "deliveries": [each.describe() for each in copies],
        }

    def _handle(self, delivery: Delivery) -> int:
        """Send a delivery unless it is not to be sent; return how often it was."""
        message = delivery.message
        if delivery.is_lost:
            delivery.state = LOST
        elif not self._is_subscribed(message.hook):
            delivery.state = CANCELLED
        elif sending.is_own_address(message.url, self._own_port):
            delivery.state = REFUSED
        else:
            self._send(delivery)
            return 1
        return 0

    def _send(self, delivery: Delivery) -> None:
        message = delivery.message
        attempt: dict[str, Any] = {"at": self._instants.now()}
        try:
            status = sending.post(
                message.url, message.headers, message.body, seconds=TIMEOUT_SECONDS
            )
            attempt["status"] = status
        except sending.NotSent as error:
            attempt["error"] = str(error)
        with self._changed:
            self._note(delivery, attempt)
        self._record({"webhook": delivery.key, "attempt": attempt})

    def _note(self, delivery: Delivery, attempt: Mapping[str, Any]) -> None:
        """Note how a sending went and when it is tried again; the caller holds the lock."""
        delivery.attempts.append(dict(attempt))
        tried = len(delivery.attempts)
        if 200 <= attempt.get("status", 0) < 300:
            delivery.state = DELIVERED
        elif tried > len(RETRY_MINUTES):
            delivery.state = DROPPED
        else:
            delivery.state = WAITING
            delivery.due_at = attempt["at"] + timedelta(minutes=RETRY_MINUTES[tried - 1])
            heapq.heappush(self._queue, (delivery.due_at, next(self._order), delivery))
            self._changed.notify()

    def restore(self, entry: Mapping[str, Any]) -> None:
        """Note again a sending that the journal tells of."""
        attempt = dict(entry["attempt"])
        attempt["at"] = datetime.fromisoformat(attempt["at"])
        with self._changed:
            self._instants.reach(attempt["at"])
            delivery = self._deliveries.get(entry["webhook"])
            if delivery:
                # What was queued for its first sending is overtaken by what is noted now.
                self._queue = [row for row in self._queue if row[2] is not delivery]
                heapq.heapify(self._queue)
                self._note(delivery, attempt)

    def log(self, after: int = 0) -> dict[str, Any]:
        """Return what became of every delivery after an event, and of all in sum."""
        with self._changed:
            rows = list(self._deliveries.values())
            described = [row.describe() for row in rows if row.message.sequence > after]
        return {
            "now": self._instants.now(),
            "settings": self.settings(),
            "waiting": sum(not row.is_over for row in rows),
            "totals": _totals(rows),
            "deliveries": described,
        }


def _totals(rows: list[Delivery]) -> dict[str, dict[str, int]]:
    """Return per event name how many messages were announced and how they ended."""
    totals: dict[str, dict[str, int]] = {}
    told = {row.message.key for row in rows if row.state == DELIVERED}
    for row in rows:
        found = totals.setdefault(
            row.message.event,
            dict.fromkeys(("announced", "sent", "doubled", DELIVERED, LOST, DROPPED, WAITING), 0),
        )
        found["sent"] += len(row.attempts)
        if row.copy == 2:
            found["doubled"] += 1
            continue
        found["announced"] += 1
        state = DELIVERED if row.message.key in told else row.state if row.is_over else WAITING
        found[state] = found.get(state, 0) + 1
    return totals
