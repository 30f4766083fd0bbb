"""Rows that change their debtor: one statement a table, and word of what moved."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from cobranca.debtors.holdings import Change, Holding, OnMerge

# Names of tables and columns are our models' own; values are parameters.
MOVE = """
UPDATE {table} t SET {column} = %(new)s{stamped}
WHERE t.{column} = %(old)s{only}{apart}
RETURNING t.{pk}
"""
APART = """
  AND NOT EXISTS (SELECT 1 FROM {table} k
                  WHERE k.{column} = %(new)s AND {same})
"""
LOWER_FLAG = """
UPDATE {table} t SET {flag} = false
WHERE t.{pk} = ANY(%(ids)s) AND t.{flag}
  AND EXISTS (SELECT 1 FROM {table} k
              WHERE k.{column} = %(new)s AND k.{flag} AND NOT k.{pk} = ANY(%(ids)s))
RETURNING t.{pk}
"""
TAKE_OUT = "DELETE FROM {table} t WHERE t.{column} = %(old)s RETURNING t.{pk}"
READ_OUT = "SELECT row_to_json(t) FROM {table} t WHERE t.{column} = %(old)s"
PUT_BACK = """
INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %(row)s::jsonb)
ON CONFLICT DO NOTHING
"""
SET_ONE = "UPDATE {table} SET {column} = %(after)s WHERE {pk} = %(pk)s AND {column} IS NOT DISTINCT FROM %(before)s"  # noqa: E501


def names_of(holding: Holding) -> dict[str, str]:
    """Return how the database calls a holding's table and columns."""
    meta = holding.table._meta
    words = {
        "table": meta.db_table,
        "pk": str(meta.pk.column),
        "column": str(meta.get_field(holding.owner).column),  # type: ignore[union-attr]
        "flag": holding.flag,
        "stamp": str(meta.get_field(holding.stamp).column) if holding.stamp else "",  # type: ignore[union-attr]
    }
    columns = (meta.get_field(name).column for name in holding.identity)  # type: ignore[union-attr]
    words["same"] = " AND ".join(f"k.{column} = t.{column}" for column in columns)
    return words


def move(holding: Holding, old: int, new: int, ids: Collection[int] | None = None) -> list[int]:
    """Give the rows of debtor `old` (only `ids`, when told) to `new`; return which moved.

    Where the new one has the same row already, it stays.
    """
    words = names_of(holding)
    words["stamped"] = _stamped(words["stamp"], is_back=ids is not None)
    words["only"] = "" if ids is None else f" AND t.{words['pk']} = ANY(%(ids)s)"
    words["apart"] = APART.format(**words) if holding.on_merge == OnMerge.UNITES else ""
    values = {"old": old, "new": new, "ids": list(ids or ())}
    return [pk for (pk,) in rows(MOVE.format(**words), values)]


def _stamped(stamp: str, *, is_back: bool) -> str:
    if not stamp:
        return ""
    if is_back:
        return f", {stamp} = nullif({stamp}, %(new)s)"
    return f", {stamp} = coalesce({stamp}, %(old)s)"


def lower_flags(holding: Holding, new: int, ids: Sequence[int]) -> list[Change]:
    """Take the flag of moved rows away where the debtor they came to has it set already."""
    if not holding.flag or not ids:
        return []
    words = names_of(holding)
    found = rows(LOWER_FLAG.format(**words), {"new": new, "ids": list(ids)})
    return [Change(holding.model, pk, holding.flag, True, False) for (pk,) in found]


def read_out(holding: Holding, debtor_id: int) -> list[Any]:
    """Return a debtor's rows as they stand, to be put back one day."""
    return [row for (row,) in rows(READ_OUT.format(**names_of(holding)), {"old": debtor_id})]


def take_out(holding: Holding, debtor_id: int) -> None:
    """Delete a debtor's rows."""
    rows(TAKE_OUT.format(**names_of(holding)), {"old": debtor_id})


def put_back(holding: Holding, told: str) -> None:
    """Insert a row (JSON) as it was read out, unless one is in its place."""
    with connection.cursor() as cursor:
        cursor.execute(PUT_BACK.format(**names_of(holding)), {"row": told})


def change(told: Change, table: type[Any], *, is_back: bool = False) -> bool:
    """Change a value, or change it back; not when somebody else changed it meanwhile."""
    words = {"table": table._meta.db_table, "pk": table._meta.pk.column, "column": told.column}
    before, after = (told.after, told.before) if is_back else (told.before, told.after)
    with connection.cursor() as cursor:
        cursor.execute(SET_ONE.format(**words), {"pk": told.pk, "before": before, "after": after})
        return bool(cursor.rowcount)


def rows(statement: str, values: dict[str, Any]) -> list[Any]:
    """Run a statement and return what it yields."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
