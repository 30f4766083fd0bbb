"""Reading a paged list to its end, and knowing whether it was the end.

Sienge pages by record offset over a list that may change meanwhile. A count that moves, a row
told twice or a number of rows other than the count says so: the list is read once more from its
start, and if it moves again it was not read whole.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from integrations.core.errors import RetryableError
from integrations.core.streaming import Row

T = TypeVar("T")

ASKED_LIMIT = 200


@dataclass(frozen=True)
class ListPage(Generic[T]):
    """One page as it came; `count` and `limit` are None when the answer does not tell them."""

    rows: list[Row[T]]
    count: int | None = None
    limit: int | None = None


@dataclass
class Position:
    """How far a list was read: goes into the cursor, so that a later process goes on from it."""

    offset: int = 0
    count: int | None = None
    is_second: bool = False
    # Keys of the page before, so that a row that slid over is noticed after a crash too.
    edge: list[str] = field(default_factory=list)

    def as_cursor(self) -> dict[str, Any]:
        """Return the position in JSON's types."""
        return dict(vars(self))

    @classmethod
    def from_cursor(cls, cursor: dict[str, Any] | None) -> "Position":
        """Return the position a cursor tells, or the start."""
        return cls(**cursor) if cursor else cls()


@dataclass(frozen=True)
class Step(Generic[T]):
    """A page that fits the ones before it. `restarts` when they are to be forgotten."""

    rows: list[Row[T]]
    position: Position
    restarts: bool
    foreseen: int  # pages of the whole list, if all are as long as this one


class _Moved(Exception):
    """The list is not the one whose first page was read."""


def read_list(
    fetch: Callable[[int], ListPage[T]], key: Callable[[T], object], start: Position
) -> Iterator[Step[T]]:
    """Yield the pages of a list from `start` to its end.

    `fetch(offset)` reads one page. Raises RetryableError when the list changed twice.
    """
    is_second = start.is_second
    try:
        yield from _read_once(fetch, key, start, restarts=start.offset == 0)
        return
    except _Moved:
        if is_second:
            raise _not_whole() from None
    try:
        yield from _read_once(fetch, key, Position(is_second=True), restarts=True)
    except _Moved:
        raise _not_whole() from None


def list_all(fetch: Callable[[int], ListPage[T]], key: Callable[[T], object]) -> list[Row[T]]:
    """Return all rows of a short list."""
    rows: list[Row[T]] = []
    for step in read_list(fetch, key, Position()):
        rows = step.rows if step.restarts else rows + step.rows
    return rows


def _read_once(
    fetch: Callable[[int], ListPage[T]],
    key: Callable[[T], object],
    position: Position,
    *,
    restarts: bool,
) -> Iterator[Step[T]]:
    seen = set(position.edge)
    while True:
        page = fetch(position.offset)
        keys = [_key_of(row, key) for row in page.rows]
        if _repeats_itself(page, keys, seen):
            return
        position = _advance(position, page, keys, seen)
        seen.update(keys)
        yield Step(page.rows, position, restarts, _pages(position, page))
        if _is_last(position, page):
            return
        restarts = False


def _advance(position: Position, page: ListPage[Any], keys: list[str], seen: set[str]) -> Position:
    """Return the position after a page, or raise when it does not fit the ones before."""
    count = position.count if page.count is None else page.count
    has_moved = position.count is not None and count != position.count
    if has_moved or len(set(keys) - seen) != len(keys):
        raise _Moved
    after = Position(
        offset=position.offset + len(keys),
        count=count,
        is_second=position.is_second,
        edge=keys,
    )
    ends_early = count is not None and not keys and after.offset < count
    if ends_early or (count is not None and after.offset > count):
        raise _Moved
    return after


def _is_last(position: Position, page: ListPage[Any]) -> bool:
    if position.count is not None:
        return position.offset >= position.count
    # Without a count, only a page shorter than the server's own limit is surely the last.
    return not page.rows or (page.limit is not None and len(page.rows) < page.limit)


def _repeats_itself(page: ListPage[Any], keys: list[str], seen: set[str]) -> bool:
    """Tell a list that ignores paging and answered whole the first time (bare arrays do)."""
    tells_nothing = page.count is None and page.limit is None
    return tells_nothing and bool(keys) and seen.issuperset(keys)


def _pages(position: Position, page: ListPage[Any]) -> int:
    size = len(page.rows) or ASKED_LIMIT
    return max(1, -(-(position.count or position.offset) // size))


def _key_of(row: Row[T], key: Callable[[T], object]) -> str:
    told = None if row.value is None else key(row.value)
    return str(told) if told is not None else hashlib.blake2b(row.raw, digest_size=8).hexdigest()


def _not_whole() -> RetryableError:
    return RetryableError(
        "A lista mudou no Sienge durante a leitura.", "paged list inconsistent twice"
    )
