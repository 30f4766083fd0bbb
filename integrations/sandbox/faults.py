"""Which faults are switched on, and for which of the coming calls."""

import random
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from integrations.sandbox.messages import Request

STATUS_KINDS = ("401", "403", "404", "404-html", "429", "500", "503")
REQUEST_KINDS = ("slow", "cut-before-headers", "empty", "html", "duplicate-rows")
REPLY_KINDS = (
    "hang",
    "cut-body",
    "truncated",
    "api-error",
    "wrong-type",
    "missing-row",
    "count-drift",
    "reset-after-apply",
)
KINDS = (*STATUS_KINDS, *REQUEST_KINDS, *REPLY_KINDS)

HELP = {
    "kind": " | ".join(KINDS),
    "path": "regular expression searched in the path; every path when absent",
    "method": "GET, POST, ...; any when absent",
    "offset": "only the page with this offset",
    "nth": "only these matching calls, counted from 1: 2 or [1, 3]",
    "count": "stop after firing this many times",
    "probability": "chance of firing, 0 to 1, from a seeded generator",
    "item": "row of the page, or item of the stream, from 0 (cut-body, truncated, api-error, ...)",
    "seconds": "slow, hang: how long",
    "retry_after": "429: value of Retry-After; absent, the header is absent",
    "daily": "429: true adds the headers of an exhausted daily quota",
    "field": "wrong-type: dotted path inside the row, e.g. paymentTerm.id",
    "value": "wrong-type: what to put there",
    "missing": "wrong-type: true removes the field instead",
    "rows": "duplicate-rows, missing-row: how many (default 1)",
    "delta": "count-drift: added to count, once per page already served (default 1)",
}


class BadFault(ValueError):
    """A fault that cannot be switched on, with the reason."""


@dataclass(slots=True)
class Fault:
    """One fault and its conditions; `seen` and `fired` count the calls that matched."""

    id: int
    kind: str
    path: re.Pattern[str]
    options: Mapping[str, Any]
    seen: int = 0
    fired: int = 0
    chance: random.Random = field(default_factory=random.Random)

    def matches(self, request: Request) -> bool:
        """Whether the call is one the fault is about; counting comes afterwards."""
        method, offset = self.options.get("method"), self.options.get("offset")
        if method and request.method != str(method).upper():
            return False
        if offset is not None and (request.argument("offset") or "0") != str(offset):
            return False
        return self.path.search(request.path) is not None

    def fires(self) -> bool:
        """Count a matching call and say whether the fault happens to it."""
        self.seen += 1
        nth, count = self.options.get("nth"), self.options.get("count")
        if nth is not None and self.seen not in (nth if isinstance(nth, list) else [nth]):
            return False
        if count is not None and self.fired >= int(count):
            return False
        probability = Decimal(str(self.options.get("probability", 1)))
        if self.chance.randrange(1_000_000) >= probability * 1_000_000:
            return False
        self.fired += 1
        return True

    def describe(self) -> dict[str, Any]:
        """Return the fault as the control API shows it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "path": self.path.pattern,
            **self.options,
            "seen": self.seen,
            "fired": self.fired,
        }


class FaultBoard:
    """The faults of one simulator, in the order they were switched on.

    A simulator with faults of its own names them in `kinds`.
    """

    kinds: tuple[str, ...] = KINDS

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._faults: dict[int, Fault] = {}
        self._last_id = 0

    def add(self, wanted: Mapping[str, Any]) -> Fault:
        """Switch a fault on; BadFault when its kind, options or expression are wrong."""
        options = {name: value for name, value in wanted.items() if name not in ("kind", "path")}
        kind, unknown = str(wanted.get("kind")), set(options) - set(HELP)
        if kind not in self.kinds:
            raise BadFault(f"unknown kind {kind!r}; one of {', '.join(self.kinds)}")
        if unknown:
            raise BadFault(f"unknown options: {', '.join(sorted(unknown))}")
        try:
            path = re.compile(str(wanted.get("path", "")))
        except re.error as error:
            raise BadFault(f"path is not a regular expression: {error}") from error
        with self._lock:
            self._last_id += 1
            chance = random.Random(f"{self._seed}:fault:{self._last_id}")
            fault = Fault(self._last_id, kind, path, options, chance=chance)
            self._faults[fault.id] = fault
        return fault

    def clear(self, fault_id: int | None = None) -> int:
        """Switch one fault off, or all of them; return how many."""
        with self._lock:
            wanted = list(self._faults) if fault_id is None else [fault_id]
            return sum(self._faults.pop(key, None) is not None for key in wanted)

    def describe(self) -> list[dict[str, Any]]:
        """Return every fault switched on, with how often it matched and fired."""
        return [fault.describe() for fault in self._faults.values()]

    def firing(self, request: Request) -> list[Fault]:
        """Return the faults that happen to this call, counting it."""
        with self._lock:
            matching = [fault for fault in self._faults.values() if fault.matches(request)]
            return [fault for fault in matching if fault.fires()]
