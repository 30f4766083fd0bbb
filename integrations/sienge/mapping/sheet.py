"""What a batch of rows became: records, rows set aside, rows left out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cobranca.contracts.records import Record
from integrations.core.connector import Issue
from integrations.core.streaming import Row

T = TypeVar("T")


@dataclass
class Sheet:
    """The outcome of mapping some rows, in the order they came."""

    records: list[Record] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)
    rows: int = 0

    def set_aside(
        self,
        row: Row[Any],
        message: str,
        *,
        code: str = "bad_row",
        contract: str = "",
        installment: str = "",
    ) -> None:
        """Keep a row (or a part of it) for a person to look at."""
        self.issues.append(Issue(code, message, contract, installment, row.plain()))


def as_list(value: list[T] | T | None) -> list[T]:
    """Return the items of a list that the specification sometimes draws as a single object."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def first(*values: object) -> object:
    """Return the first spelling of a field that was told."""
    for value in values:
        if value is not None:
            return value
    return None


def unique(items: list[str]) -> Iterator[str]:
    """Yield each item once, in order."""
    return iter(dict.fromkeys(items))
