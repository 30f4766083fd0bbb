"""Emptying the database between tests that commit: what has rows is emptied, nothing is rebuilt.

TRUNCATE gives every table and index a new file, some four hundred of them, each time, and Django
then writes permissions, roles and law again; a test leaves rows in a dozen tables. What every
database has from the start stays, unless a test changed it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

KEPT = (
    "django_content_type", "auth_permission", "auth_group", "auth_group_permissions",
    "dunning_contactrule", "dunning_legalholiday",
)  # fmt: skip
_EMPTY = """
DO $$
DECLARE name text; has_rows boolean;
BEGIN
    FOREACH name IN ARRAY ARRAY[{names}]::text[] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO has_rows;
        IF has_rows THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
END $$
"""
_DIGEST = "SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {table} t"

_emit: Callable[..., Any] = flush.emit_post_migrate_signal
_from_the_start: list[str] = []


def install() -> None:
    """Let Django's `flush`, which ends each test that commits, do this. Call it once a database
    is there."""
    DatabaseOperations.sql_flush = _sql_flush  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = _make_again  # type: ignore[attr-defined]
    _from_the_start[:] = _digests()


def _sql_flush(
    self: DatabaseOperations, style: Any, tables: Sequence[str], **options: Any
) -> list[str]:
    """Delete without asking parents and children: everything goes."""
    return _statements([table for table in tables if table not in KEPT])


def _statements(tables: Sequence[str]) -> list[str]:
    names = ", ".join(f"'{table}'" for table in tables)
    return ["SET LOCAL session_replication_role = replica", _EMPTY.format(names=names)]


def _make_again(*args: Any, **options: Any) -> None:
    """Write again what is there from the start, if a test changed it."""
    if _digests() == _from_the_start:
        return
    connection.ops.execute_sql_flush(_statements(KEPT))
    _emit(*args, **options)
    _from_the_start[:] = _digests()  # with new keys


def _digests() -> list[str]:
    with connection.cursor() as cursor:
        found = []
        for table in KEPT:
            cursor.execute(_DIGEST.format(table=table))
            found.append(cursor.fetchone()[0])
        return found
