"""Queries whose SQL is written once and planned once: doing it each time cost more than the answer.

A page that people open all day asks the same things of another debtor. `Prepared` lets Django
compile a queryset once, with marks where the values go, and afterwards only fills them in; rows
become the same objects as ever. The agency in scope is one of the values, always, but for
`by_agency=False`: who is signed in is known before their agency is.

The values travel beside the SQL, so that after a few times PostgreSQL keeps the statement's plan
for the connection (`prepare_threshold` in the settings); Django's own cursors write values into
the text and are planned each time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import QuerySet
from django.db.models.query import get_related_populators
from django_scopes import get_scope, scope
from django_scopes.exceptions import ScopeError
from psycopg.types.numeric import Int8

AGENCY = "agency"
_INTEGERS = 7_340_000_000_000_000_000
_DAYS = date(1801, 1, 1).toordinal()
_cursor: Any = ServerBindingCursor  # the stubs do not see what it extends


class Prepared:
    """A queryset by name of its parameters; `marks` gives each parameter's type: int, str, date,
    datetime."""

    def __init__(
        self, build: Callable[..., QuerySet[Any]], by_agency: bool = True, **marks: type
    ) -> None:
        self._build, self._by_agency = build, by_agency
        self._types = {AGENCY: int, **marks} if by_agency else marks
        self._lock = Lock()
        self._sql = ""

    def __call__(self, **values: Any) -> list[Any]:
        """Return the rows for these values, within the agency in scope."""
        if self._by_agency:
            found = get_scope().get(AGENCY)
            if found is None:
                raise ScopeError("a prepared query needs an agency in scope")
            values[AGENCY] = found.pk
        if not self._sql:
            with self._lock:
                if not self._sql:
                    self._compile()
        return list(self._rows(values))

    def _rows(self, values: dict[str, Any]) -> Iterator[Any]:
        wide = {name: Int8(v) if type(v) is int else v for name, v in values.items()}
        params = [wide[slot] if slot else value for slot, value in self._params]
        rows: Iterable[Any] = _fetch(connections[self._using], self._sql, params)
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return map(tuple, rows) if self._is_tuple else self._objects(rows)

    def _compile(self) -> None:
        marks = {name: _mark(kind, place) for place, (name, kind) in enumerate(self._types.items())}
        given = {name: mark for name, mark in marks.items() if name != AGENCY}
        if self._by_agency:
            with scope(agency=marks[AGENCY]):
                rows = self._build(**given)
                compiler = rows.query.get_compiler(using=rows.db)
        else:
            rows = self._build(**given)
            compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        names = {mark: name for name, mark in marks.items()}
        self._params = [(_slot(names, value), value) for value in params]
        lacking = set(marks) - {slot for slot, _ in self._params}
        if lacking:
            raise LookupError(f"the query does not depend on {', '.join(sorted(lacking))}")
        self._is_tuple = getattr(rows, "_fields", None) is not None
        self._using = rows.db
        self._compiler = compiler
        selected = [column[0] for column in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(selected)
        if not self._is_tuple:
            self._describe(compiler, rows)
        self._sql = sql  # last: whoever sees it finds the rest

    def _describe(self, compiler: Any, rows: QuerySet[Any]) -> None:
        """Keep what turns a row into an object, as ModelIterable finds it out each time."""
        select, info = compiler.select, compiler.klass_info
        fields: Sequence[int] = info["select_fields"]
        self._model = info["model"]
        self._place = slice(fields[0], fields[-1] + 1)
        self._names = [column[0].target.attname for column in select[self._place]]
        populators: Callable[..., Any] = get_related_populators  # the stubs know a later Django
        self._related = populators(info, select, rows.db)
        self._annotations = list((compiler.annotation_col_map or {}).items())

    def _objects(self, rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            found = self._model.from_db(self._using, self._names, row[self._place])
            for related in self._related:
                related.populate(row, found)
            for name, place in self._annotations:
                setattr(found, name, row[place])
            yield found


def ask(sql: str, *values: Any) -> list[Any]:
    """Return what a statement of one's own answers: its values beside it, planned once as well."""
    return _fetch(connections[DEFAULT_DB_ALIAS], sql, [wide(value) for value in values])


def wide(value: Any) -> Any:
    """Return whole numbers as bigints: a statement is planned anew for each size of number."""
    if type(value) is list:
        return [wide(each) for each in value]
    return Int8(value) if type(value) is int else value


def _fetch(connection: Any, sql: str, params: list[Any]) -> list[Any]:
    """Ask with the values beside the SQL; counted, logged and wrapped as Django's cursors are."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        raw = _cursor(connection.connection)
    with connection._prepare_cursor(raw) as cursor:
        cursor.execute(sql, params)
        found: list[Any] = cursor.fetchall()
        return found


def _mark(kind: type, place: int) -> Any:
    """Return a value of a type that no query says by itself."""
    if kind is datetime:
        return datetime(1801, 1, 1, 0, 0, place, tzinfo=UTC)
    if kind is date:
        return date.fromordinal(_DAYS + place)
    return _INTEGERS + place if kind is int else f"\ue000{place}"


def _slot(names: dict[Any, str], value: Any) -> str:
    """Return the parameter that a mark stands for, "" for the query's own values."""
    return names.get(value, "") if isinstance(value, (int, str, date)) else ""
