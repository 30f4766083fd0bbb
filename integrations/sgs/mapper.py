"""Rows of a series → values of months, pure. What is not understood is named, never guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrations.core.errors import PermanentError
from integrations.core.streaming import Row
from integrations.sgs import months
from integrations.sgs.months import Span
from integrations.sgs.rows import Value

_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,10}(\.\d{1,20})?", re.ASCII)
_DECIMALS = Decimal(1).scaleb(-8)  # what the database keeps


@dataclass(frozen=True)
class Reading:
    """The months of an answer, exact, and the rows that were set aside, in words."""

    values: Mapping[date, Decimal]
    problems: tuple[str, ...] = ()


class _BadRow(Exception):
    """A row set aside, with the reason."""


def reading_of(rows: Sequence[Row[Value]], span: Span) -> Reading:
    """Translate the rows of an answer about `span`, in whatever order they came.

    A month told twice with one value counts once; with two values it counts for nothing.
    PermanentError when the series has days in it: its values are not of months.
    """
    found: dict[date, set[Decimal]] = {}
    problems: list[str] = []
    for position, row in enumerate(rows, start=1):
        try:
            month, value = _month_and_value(row, span)
            found.setdefault(month, set()).add(value)
        except _BadRow as error:
            problems.append(f"linha {position}: {error}")
    torn = sorted(month for month, told in found.items() if len(told) > 1)
    problems += [f"{months.text(month)}: veio com valores diferentes" for month in torn]
    values = {month: told.pop() for month, told in sorted(found.items()) if len(told) == 1}
    return Reading(values, tuple(problems))


def _month_and_value(row: Row[Value], span: Span) -> tuple[date, Decimal]:
    if row.value is None:
        raise _BadRow(row.problem)
    month = _month(row.value.data)
    if month not in span:
        raise _BadRow(f"{months.text(month)} não foi pedido")
    return month, _number(row.value.valor, month)


def _month(told: object) -> date:
    found = _DAY.fullmatch(told.strip()) if isinstance(told, str) else None
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise _BadRow("campo data ausente ou inválido")
    if day.day != 1:
        raise PermanentError("A série não é mensal: confira o código no cadastro do índice.")
    return day


def _number(told: object, month: date) -> Decimal:
    """Return the exact number of a text with a point; any other spelling could be another one."""
    if not isinstance(told, str) or not _NUMBER.fullmatch(told.strip()):
        raise _BadRow(f"campo valor ausente ou inválido em {months.text(month)}")
    number = Decimal(told.strip())
    if number != number.quantize(_DECIMALS):
        raise _BadRow(f"campo valor com casas demais em {months.text(month)}")
    return number
