"""One load of one company: what its streams share."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from integrations.core.budget import office_time
from integrations.core.connector import Scope
from integrations.core.streaming import Row
from integrations.sienge.client import SiengeClient
from integrations.sienge.config import Filters
from integrations.sienge.mapper import Sheet
from integrations.sienge.paging import ListPage, Position, read_list

T = TypeVar("T")

SHEET_ROWS, SHEET_RECORDS = 2_000, 5_000
# Edges of modifiedAfter and changeStartDate are not documented: one day more than needed.
OVERLAP = timedelta(days=1)


class Coded(Protocol):
    """A row with a code of its own."""

    id: Any


C = TypeVar("C", bound=Coded)


@dataclass
class Leaf:
    """A sheet of one stream and where its step stands after it."""

    stream: str
    sheet: Sheet = field(default_factory=Sheet)
    at: dict[str, Any] = field(default_factory=dict)
    restarts: bool = False
    foreseen: int = 1


@dataclass
class Load:
    """A load under way. `memo` goes into the cursor: small, and replaced, never changed inside.

    enterprises  codes of those with contracts (a daily load: with contracts new here)
    units        codes of units sold by contracts new here, a few of them
    shares       unit → percent sold, where it is not the whole unit
    fresh        customers read by this load and not known here before (a daily load)
    wanted       customers that open installments name and nobody read, a few of them
    installments how many installments the sales contracts promise
    pages        step → pages foreseen
    calls        REST calls made so far
    """

    client: SiengeClient
    filters: Filters
    scope: Scope
    memo: dict[str, Any] = field(default_factory=dict)
    # Customers read by this process; None when an earlier one read them.
    seen: set[str] | None = None

    @property
    def company(self) -> str:
        """Return the code of the company."""
        return self.filters.company

    @property
    def since(self) -> date | None:
        """Return the first day of the changes asked for; None for everything."""
        if self.scope.full or self.scope.since is None:
            return None
        return office_time(self.scope.since).date() - OVERLAP

    def recall(self, name: str) -> list[str]:
        """Return a list of the memo."""
        return list(self.memo.get(name, []))

    def note(self, name: str, items: Iterable[str], at_most: int | None = None) -> None:
        """Add to a list of the memo what it does not have yet."""
        self.memo[name] = list(dict.fromkeys([*self.recall(name), *items]))[:at_most]

    def count_call(self) -> None:
        """Note one REST call, for what a daily load may still spend."""
        self.memo["calls"] = self.memo.get("calls", 0) + 1

    def foresee(self, step: str, pages: int) -> None:
        """Tell how many pages a step will have, for the progress bar."""
        self.memo["pages"] = {**self.memo.get("pages", {}), step: pages}

    def paged(
        self,
        stream: str,
        fetch: Callable[[int], ListPage[C]],
        add: Callable[[Sheet, Row[C]], object],
        at: dict[str, Any],
    ) -> Iterator[Leaf]:
        """Yield a leaf a page of a list, going on from the position in `at`."""
        start = Position.from_cursor(at.get("list"))
        for step in read_list(fetch, lambda row: row.id, start):
            if step.restarts:  # the first page tells how long pages are, the last one may not
                self.foresee(stream, step.foreseen)
            leaf = Leaf(
                stream,
                at={"list": step.position.as_cursor()},
                restarts=step.restarts,
                foreseen=step.foreseen,
            )
            self.count_call()
            for row in step.rows:
                add(leaf.sheet, row)
            yield leaf

    def streamed(
        self, stream: str, rows: Iterable[Row[T]], add: Callable[[Sheet, Row[T]], object]
    ) -> Iterator[Leaf]:
        """Yield the leaves of one long answer, which can only be read from its start."""
        leaf = Leaf(stream, restarts=True)
        for row in rows:
            add(leaf.sheet, row)
            if leaf.sheet.rows >= SHEET_ROWS or len(leaf.sheet.records) >= SHEET_RECORDS:
                yield leaf
                leaf = Leaf(stream)
        yield leaf
