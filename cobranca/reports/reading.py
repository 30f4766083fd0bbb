"""Statements over facts: figures by group, and the names that go with their keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from cobranca.calc.money import ZERO
from cobranca.reports.facts import Fact
from cobranca.reports.filters import NOBODY, Filters

# What figures may be grouped by, beside columns of the fact.
BUCKET = "bucket"
_SPELLED = {BUCKET: "date_trunc(%(step)s, f.day::timestamp)::date"}
_CREDITOR = "coalesce(nullif(cr.trade_name, ''), cr.legal_name)"
_BRANCH = "b.code || ' · ' || b.name"
_USER = "coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username)"
NAMES_OF_ROWS = f"""
    d.name AS debtor, c.number AS contract, {_CREDITOR} AS creditor, {_BRANCH} AS branch
"""
JOINED_TO_ROWS = """
    LEFT JOIN debtors_debtor d ON d.id = f.debtor_id
    LEFT JOIN contracts_contract c ON c.id = f.contract_id
    LEFT JOIN creditors_creditor cr ON cr.id = f.creditor_id
    LEFT JOIN creditors_branch b ON b.id = f.branch_id
"""
USER_OF_ROWS = f", {_USER} AS collector"
JOINED_USER = "LEFT JOIN accounts_user u ON u.id = f.collector_id"
_NAMES = {
    "creditor": f"SELECT cr.id, {_CREDITOR} FROM creditors_creditor cr WHERE cr.agency_id = %s",
    "branch": f"SELECT b.id, {_BRANCH} FROM creditors_branch b WHERE b.agency_id = %s",
    "collector": f"SELECT u.id, {_USER} FROM accounts_user u WHERE u.agency_id = %s",
    "reason": "SELECT r.code, r.label FROM contracts_agencyrecallreason r WHERE r.agency_id = %s",
}


@dataclass(frozen=True)
class Group:
    """How many rows share some values, and the sum of their amounts."""

    by: Mapping[str, Any]
    count: int
    amount: Decimal

    def __getitem__(self, name: str) -> Any:
        """Return the value that the rows share."""
        return self.by[name]


def groups(
    fact: Fact,
    filters: Filters,
    *by: str,
    amount: str = "amount",
    sums: Sequence[str] = (),
    known: str = "",
) -> list[Group]:
    """Return the rows of a fact counted and added up by columns, with one statement.

    `sums` are columns to add up besides the amount; each group has them under their names.
    `known` is a column without which a row does not count.
    """
    spelled = [f"{_SPELLED.get(name, f'f.{name}')} AS {name}" for name in by]
    numbers = ", ".join(str(n) for n in range(1, len(by) + 1))
    added = [f"coalesce(sum(f.{name}), 0)" for name in sums]
    figures = [*added, "count(*)", f"coalesce(sum(f.{amount}), 0)"]
    rows = fact.statement(filters, with_channel="channel" in by)
    statement = (
        f"SELECT {', '.join([*spelled, *figures])} "
        f"FROM ({rows}) f {f'WHERE f.{known} IS NOT NULL' if known else ''} "
        f"{f'GROUP BY {numbers}' if by else ''}"
    )
    return [
        Group(dict(zip((*by, *sums), row, strict=False)), row[-2], row[-1])
        for row in run(statement, filters.parameters())
    ]


def names(of: str, agency: int) -> dict[Any, str]:
    """Return how people call each creditor, branch, collector or reason of an agency."""
    found: dict[Any, str] = dict(run(_NAMES[of], [agency]))
    if of == "collector":
        found[None] = "Sem cobrador"
    if of == "branch":
        found[None] = "Sem filial"
    return found


def run(statement: str, parameters: Any) -> list[tuple[Any, ...]]:
    """Return what a statement selects."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def count_of(found: Sequence[Group], **wanted: Any) -> int:
    """Return how many rows the groups with these values have."""
    return sum(each.count for each in found if _is(each, wanted))


def amount_of(found: Sequence[Group], **wanted: Any) -> Decimal:
    """Return the sum of the amounts of the groups with these values."""
    return sum((each.amount for each in found if _is(each, wanted)), ZERO)


def _is(group: Group, wanted: Mapping[str, Any]) -> bool:
    return all(group.by[name] == value for name, value in wanted.items())


def between(found: Sequence[Group], start: date, end: date) -> list[Group]:
    """Return the groups by day that lie in a period, both ends included."""
    return [each for each in found if start <= each["day"] <= end]


def person_key(collector_id: int | None) -> int:
    """Return how an address spells a collector; nobody is one as well."""
    return NOBODY if collector_id is None else collector_id
