"""What was read once in a request and need not be read again in it.

A page asks the same settings from many corners. They are remembered from the request's first
question to its end and no longer: nothing is older than the page that shows it. Workers and
commands remember nothing, and a request that changes what is remembered stops remembering, so
that a change that is rolled back leaves nothing behind.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
_memory: ContextVar[dict[Hashable, Any] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember what is read within the block."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(key: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` returned for `key` before in this request, else ask it."""
    memory = _memory.get()
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = read()
    return cast(T, memory[key])


def stop_remembering() -> None:
    """Read everything anew for the rest of the request: something remembered was changed."""
    _memory.set(None)
