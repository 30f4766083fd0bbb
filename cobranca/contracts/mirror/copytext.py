"""Rows of records as the text that COPY reads, column by column.

A portfolio is mostly installments, and most of what staging one costs is this text: a whole
column at a time is three times as fast as row by row, and a day that many rows share is spelled
once.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

NULL = "\\N"
# What COPY would read as its own signs. PostgreSQL cannot store a NUL and no name has one.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})
_EPOCH = date(2000, 1, 1)


class Column(NamedTuple):
    """How one field is stored in its staging table, and how its values are written there."""

    kind: str
    written: Callable[[Sequence[Any]], Iterable[str]]
    is_optional: bool = False

    @property
    def definition(self) -> str:
        """Return the column's type and whether it may be NULL, as CREATE TABLE wants them."""
        return self.kind if self.is_optional else f"{self.kind} NOT NULL"


class _Spelled(dict[Any, str]):
    """Spells a value the first time it is asked for; None is NULL."""

    def __init__(self, spell: Callable[[Any], str]) -> None:
        self._spell = spell

    def __missing__(self, value: Any) -> str:
        text = self[value] = NULL if value is None else self._spell(value)
        return text


def _texts(values: Sequence[str]) -> Sequence[str]:
    together = "".join(values)
    if together.isprintable() and "\\" not in together:
        return values
    return [value.translate(_ESCAPES) for value in values]


def _numbers(values: Sequence[Any]) -> Iterable[str]:
    return map(str, values)


def _optional(values: Sequence[Any]) -> Iterable[str]:
    return map(_Spelled(str).__getitem__, values)


def _flags(values: Sequence[bool]) -> Iterable[str]:
    return map({True: "t", False: "f"}.__getitem__, values)


def _days(values: Sequence[date]) -> Iterable[str]:
    return map(_Spelled(_day_number).__getitem__, values)


def _day_number(day: date) -> str:
    return str(day.toordinal() - _EPOCH.toordinal())


def day(column: str) -> str:
    """Return the SQL that makes a date again of a column of kind DAY."""
    return f"(date '{_EPOCH.isoformat()}' + {column})"


TEXT = Column("text", _texts)
JSON = Column("jsonb", _texts)
FLAG = Column("boolean", _flags)
WHOLE = Column("integer", _numbers)
MONEY = Column("numeric(14,2)", _numbers)
DATE = Column("date", _optional, is_optional=True)
NUMBER = Column("integer", _optional, is_optional=True)
# A date as a number of days, read by COPY in a fifth of the time: for the one table that counts.
DAY = Column("integer", _days)


def copy_text(page: int, columns: Sequence[Column], rows: Sequence[Any]) -> str:
    """Return rows as COPY text, each behind the number of its page."""
    told = zip(*rows, strict=True)
    written = [column.written(values) for column, values in zip(columns, told, strict=True)]
    lines = map("\t".join, zip([str(page)] * len(rows), *written, strict=True))
    return "\n".join(lines) + "\n"
