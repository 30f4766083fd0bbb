"""One call being answered: its arguments, and the pages and objects it is answered with."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

from integrations.sandbox.messages import Reply, Request
from integrations.sienge.sandbox.errors import ApiError, malformed, missing
from integrations.sienge.sandbox.settings import Switches
from integrations.sienge.sandbox.world import World

if TYPE_CHECKING:
    from integrations.sienge.sandbox.bulk.asynchronous import Jobs
    from integrations.sienge.sandbox.reports import Reports

Row = TypeVar("Row")

DEFAULT_LIMIT, MAX_LIMIT = 100, 200


@dataclass(slots=True)
class Call:
    """A request matched to an endpoint, with typed access to what it asks."""

    world: World
    switches: Switches
    reports: "Reports"
    request: Request
    path: dict[str, str]
    base_url: str
    lock: AbstractContextManager[Any]
    jobs: "Jobs"

    def text(self, name: str) -> str | None:
        """Return a query argument as it came."""
        return self.request.argument(name)

    def integer(self, name: str) -> int | None:
        """Return a whole number; 400 when it is something else."""
        text = self.text(name)
        try:
            return None if text is None else int(text)
        except ValueError as error:
            raise malformed(name, str(text)) from error

    def number(self, name: str) -> Decimal | None:
        """Return a decimal number; 400 when it is something else."""
        text = self.text(name)
        try:
            return None if text is None else Decimal(text)
        except InvalidOperation as error:
            raise malformed(name, str(text)) from error

    def day(self, name: str) -> date | None:
        """Return a date; 400 when it is not yyyy-MM-dd."""
        text = self.text(name)
        if text is None:
            return None
        try:
            # fromisoformat alone would also take 20261119.
            return date.fromisoformat(text) if len(text) == 10 else _refuse_day(text)
        except ValueError as error:
            raise malformed(name, text) from error

    def flag(self, name: str) -> bool | None:
        """Return a boolean written true/false or S/N; 400 when it is something else."""
        text = self.text(name)
        if text is None:
            return None
        if text.lower() in ("true", "s"):
            return True
        if text.lower() in ("false", "n"):
            return False
        raise malformed(name, text)

    def words(self, name: str) -> set[str]:
        """Return the items of a comma-separated argument, empty when absent."""
        return {word.strip() for word in (self.text(name) or "").split(",") if word.strip()}

    def integers(self, name: str) -> set[int]:
        """Return the whole numbers of a comma-separated argument, empty when absent."""
        try:
            return {int(word) for word in self.words(name)}
        except ValueError as error:
            raise malformed(name, self.text(name) or "") from error

    def required_day(self, name: str) -> date:
        """Return a date; 400 when absent."""
        value = self.day(name)
        if value is None:
            raise missing(name)
        return value

    def required_integer(self, name: str) -> int:
        """Return a whole number; 400 when absent."""
        value = self.integer(name)
        if value is None:
            raise missing(name)
        return value

    def choice(self, name: str, *allowed: str) -> str:
        """Return one of the allowed codes; 400 when absent or another."""
        text = self.text(name)
        if text is None:
            raise missing(name)
        if text not in allowed:
            raise malformed(name, text)
        return text

    def path_integer(self, name: str) -> int:
        """Return an id of the path; 400 when it is not a number."""
        try:
            return int(self.path[name])
        except ValueError as error:
            raise malformed(name, self.path[name]) from error

    def row(self, rows: dict[int, Row], name: str) -> Row:
        """Return the row the path asks for; 404 when there is none."""
        found = rows.get(self.path_integer(name))
        if found is None:
            raise ApiError(404)
        return found

    def body(self) -> Any:
        """Return the JSON body; 400 when it is not JSON."""
        try:
            return self.request.json()
        except ValueError as error:
            raise ApiError(400, "Corpo não é JSON válido") from error

    def window(self) -> tuple[int, int]:
        """Return offset and limit; 400 beyond the documented bounds."""
        offset, limit = self.integer("offset"), self.integer("limit")
        offset = 0 if offset is None else offset
        limit = DEFAULT_LIMIT if limit is None else limit
        if offset < 0:
            raise malformed("offset", str(offset))
        if not 0 < limit <= MAX_LIMIT:
            raise malformed("limit", f"{limit}; máximo {MAX_LIMIT}")
        return offset, limit

    def page(self, rows: Sequence[Row], shape: Callable[[Row], object]) -> Reply:
        """Return the asked page of the rows, shaping only those."""
        offset, limit = self.window()
        if not rows and self.switches.empty_searches_404:
            raise ApiError(404)
        results = [shape(row) for row in rows[offset : offset + limit]]
        return listing(results, count=len(rows), offset=offset, limit=limit)

    def single(self, result: object) -> Reply:
        """Return one object, bare or wrapped as some tenants are answered."""
        if self.switches.wrap_single:
            return listing([result], count=1, offset=0, limit=1)
        return Reply(payload=result)


def listing(results: list[Any], *, count: int, offset: int, limit: int) -> Reply:
    """Return the envelope every list comes in."""
    metadata = {"count": count, "offset": offset, "limit": limit}
    return Reply(payload={"resultSetMetadata": metadata, "results": results})


def whole(results: list[Any]) -> Reply:
    """Return an answer that is not paged: its limit is its size."""
    return listing(results, count=len(results), offset=0, limit=max(len(results), 1))


def _refuse_day(text: str) -> date:
    raise ValueError(text)
