"""The rows behind a figure: a page of them, what they add up to, or all of them for a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from cobranca.debtors.models import Debtor
from cobranca.debtors.sight import seen
from cobranca.reports.facts import Column, Fact
from cobranca.reports.facts.fact import WHOLE
from cobranca.reports.filters import Filters
from cobranca.reports.reading import JOINED_TO_ROWS, JOINED_USER, NAMES_OF_ROWS, USER_OF_ROWS, run

PAGE_SIZE = 50
CHUNK = 2_000
# Of every list, whatever the fact.
_FIRST = (
    Column("debtor", "Devedor"),
    Column("contract", "Contrato", hide_narrow=True),
    Column("number", "Parcela", WHOLE, hide_narrow=True),
)
_LAST = (
    Column("creditor", "Credor", hide_narrow=True),
    Column("branch", "Filial", hide_narrow=True),
)
_WITHOUT_NUMBER = frozenset({"acionamentos", "promessas", "promessas-feitas", "acordos-feitos"})


@dataclass(frozen=True)
class Asked:
    """A list: which fact, under which filters, narrowed by which of its choices.

    `debtors` are those whom whoever looks may open; None: all of the agency's.
    """

    fact: Fact
    filters: Filters
    narrowed: Mapping[str, str]
    debtors: Sequence[int] | None = None

    @property
    def columns(self) -> list[Column]:
        """Return its columns from left to right."""
        first = [c for c in _FIRST if c.key != "number" or self.fact.slug not in _WITHOUT_NUMBER]
        return [*first, *self.fact.columns[:-1], *_LAST, self.fact.columns[-1]]

    @property
    def has_amount(self) -> bool:
        """Tell whether its rows have an amount that adds up."""
        return any(column.key == "amount" for column in self.fact.columns)


@dataclass(frozen=True)
class ListPage:
    """Some rows, what all of them add up to, and where the next page begins ("" at the end)."""

    rows: list[dict[str, Any]]
    count: int
    amount: Decimal
    after: str


def narrowings_of(fact: Fact, told: Mapping[str, str]) -> dict[str, str]:
    """Return the words of an address that a fact's choices know."""
    return {
        name: told[name] for name in fact.choices if told.get(name) and _is_known(fact, name, told)
    }


def _is_known(fact: Fact, name: str, told: Mapping[str, str]) -> bool:
    # An agency has reasons of its own.
    return told[name] in fact.choices[name].labels or name == "motivo"


def debtors_seen() -> list[int] | None:
    """Return whom whoever looks may open; None when that is everybody, at no cost."""
    every = Debtor.objects.all()
    narrowed = seen(every)
    return None if narrowed is every else list(narrowed.order_by().values_list("pk", flat=True))


def list_page(asked: Asked, after: str, size: int = PAGE_SIZE) -> ListPage:
    """Return a page by key: two statements, however long the list."""
    where, parameters = _where(asked)
    with_channel = "canal" in asked.narrowed
    sums = run(
        f"SELECT count(*), coalesce(sum(f.amount), 0) "
        f"FROM ({asked.fact.statement(asked.filters, with_channel=with_channel)}) f WHERE {where}",
        parameters,
    )
    position = _position(after)
    if position is not None:
        sign = "<" if asked.fact.newest_first else ">"
        where += f" AND (f.day, f.key) {sign} (%(after_day)s::date, %(after_key)s::bigint)"
        parameters |= {"after_day": position[0], "after_key": position[1]}
    found = _rows(_statement(asked, where, limit=size + 1), parameters)
    rows = [worded(asked, row) for row in found]
    shown, last = rows[:size], rows[size - 1] if len(rows) > size else None
    return ListPage(
        shown, sums[0][0], sums[0][1], f"{last['day']:%Y-%m-%d}.{last['key']}" if last else ""
    )


def all_rows(asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield every row in the list's order, a few thousand at a time in memory."""
    where, parameters = _where(asked)
    with connection.chunked_cursor() as cursor:
        cursor.execute(_statement(asked, where), parameters)
        while rows := cursor.fetchmany(CHUNK):
            names = [column[0] for column in cursor.description]
            for row in rows:
                yield worded(asked, dict(zip(names, row, strict=True)))


def _where(asked: Asked) -> tuple[str, dict[str, Any]]:
    parameters = asked.filters.parameters()
    parts = ["true"]
    for name, word in asked.narrowed.items():
        parts.append(f"f.{asked.fact.choices[name].column} = %(is_{name})s")
        parameters[f"is_{name}"] = word
    if asked.debtors is not None:
        parts.append("f.debtor_id = ANY(%(debtors)s)")
        parameters["debtors"] = list(asked.debtors)
    return " AND ".join(parts), parameters


def _statement(asked: Asked, where: str, limit: int | None = None) -> str:
    way = "DESC" if asked.fact.newest_first else "ASC"
    order = f"f.day {way}, f.key {way}"
    person, joined = (USER_OF_ROWS, JOINED_USER) if asked.fact.is_of_people else ("", "")
    rows = asked.fact.statement(asked.filters, with_channel="canal" in asked.narrowed)
    # Names are looked up for the rows of the page alone.
    page = (
        f"SELECT f.* FROM ({rows}) f WHERE {where} "
        f"ORDER BY {order} {f'LIMIT {limit}' if limit else ''}"
    )
    return (
        f"SELECT f.*, {NAMES_OF_ROWS} {person} FROM ({page}) f {JOINED_TO_ROWS} {joined} "
        f"ORDER BY {order}"
    )


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _position(after: str) -> tuple[date, int] | None:
    """Return where a page begins; an address that nobody wrote begins at the beginning."""
    day, _, key = after.partition(".")
    try:
        return date.fromisoformat(day), int(key[:18])
    except ValueError:
        return None


def worded(asked: Asked, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with codes as people read them."""
    labels = {choice.column: choice.labels for choice in asked.fact.choices.values()}
    return {
        name: labels[name].get(value, value) if name in labels else value
        for name, value in row.items()
    }
