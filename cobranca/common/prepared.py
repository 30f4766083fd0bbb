"""Queries whose SQL is written once: building it each time cost more than the database did.

A page that people open all day asks the same things of another debtor. `Prepared` lets Django
compile a queryset once, with marks where the values go, and afterwards only fills them in; rows
become the same objects as ever. The agency in scope is one of the values, always.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from threading import Lock
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.query import get_related_populators
from django_scopes import get_scope, scope
from django_scopes.exceptions import ScopeError

AGENCY = "agency"
_INTEGERS = 7_340_000_000_000_000_000
_DAYS = date(1801, 1, 1).toordinal()


class Prepared:
    """A queryset by name of its parameters; `marks` gives each parameter's type: int, str, date."""

    def __init__(self, build: Callable[..., QuerySet[Any]], **marks: type) -> None:
        self._build, self._types = build, marks
        self._lock = Lock()
        self._compiler: Any = None

    def __call__(self, **values: Any) -> list[Any]:
        """Return the rows for these values, within the agency in scope."""
        found = get_scope()
        if found.get(AGENCY) is None:
            raise ScopeError("a prepared query needs an agency in scope")
        return list(self._rows(values | {AGENCY: found[AGENCY].pk}))

    def _rows(self, values: dict[str, Any]) -> Iterator[Any]:
        if self._compiler is None:
            with self._lock:
                if self._compiler is None:
                    self._compile()
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[compiler.using]
        params = tuple(values[slot] if slot else value for slot, value in self._params)
        compiler.as_sql = lambda *_, **__: (self._sql, params)
        results = compiler.execute_sql()
        if self._is_tuple:
            return compiler.results_iter(results, tuple_expected=True)
        return self._objects(compiler.results_iter(results))

    def _compile(self) -> None:
        marks = {name: _mark(kind, place) for place, (name, kind) in enumerate(
            {AGENCY: int, **self._types}.items())}  # fmt: skip
        given = {name: mark for name, mark in marks.items() if name != AGENCY}
        with scope(agency=marks[AGENCY]):
            rows = self._build(**given)
            compiler = rows.query.get_compiler(using=rows.db)
        self._sql, params = compiler.as_sql()
        names = {mark: name for name, mark in marks.items()}
        self._params = [(_slot(names, value), value) for value in params]
        lacking = set(marks) - {slot for slot, _ in self._params}
        if lacking:
            raise LookupError(f"the query does not depend on {', '.join(sorted(lacking))}")
        self._is_tuple = getattr(rows, "_fields", None) is not None
        if not self._is_tuple:
            self._describe(compiler, rows)
        self._compiler = compiler

    def _describe(self, compiler: Any, rows: QuerySet[Any]) -> None:
        """Keep what turns a row into an object, as ModelIterable finds it out each time."""
        select, info = compiler.select, compiler.klass_info
        fields: Sequence[int] = info["select_fields"]
        self._model, self._using = info["model"], rows.db
        self._place = slice(fields[0], fields[-1] + 1)
        self._names = [column[0].target.attname for column in select[self._place]]
        populators: Callable[..., Any] = get_related_populators  # the stubs know a later Django
        self._related = populators(info, select, rows.db)
        self._annotations = list((compiler.annotation_col_map or {}).items())

    def _objects(self, rows: Iterator[Any]) -> Iterator[Any]:
        for row in rows:
            found = self._model.from_db(self._using, self._names, row[self._place])
            for related in self._related:
                related.populate(row, found)
            for name, place in self._annotations:
                setattr(found, name, row[place])
            yield found


def _mark(kind: type, place: int) -> Any:
    """Return a value of a type that no query says by itself."""
    if kind is date:
        return date.fromordinal(_DAYS + place)
    return _INTEGERS + place if kind is int else f"\ue000{place}"


def _slot(names: dict[Any, str], value: Any) -> str:
    """Return the parameter that a mark stands for, "" for the query's own values."""
    return names.get(value, "") if isinstance(value, (int, str, date)) else ""
