"""A served Sienge sandbox and somebody who calls it; neither needs Django or the database."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

import pytest
import requests

from integrations.sandbox.running import Running, start

TODAY = date(2026, 11, 19)
CREDENTIALS = ("construtora-cobranca", "sandbox-sienge")


class Api:
    """Calls the tenant `construtora` of one sandbox."""

    def __init__(self, running: Running) -> None:
        self.running, self.root, self.world = running, running.url, running.world
        self.rest = f"{running.url}/construtora/public/api/v1"
        self.bulk = f"{running.url}/construtora/public/api/bulk-data/v1"
        self.http = requests.Session()
        self.http.auth = CREDENTIALS

    def ask(self, method: str, path: str, **arguments: Any) -> requests.Response:
        return self.http.request(method, f"{self.rest}{path}", timeout=10, **arguments)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.ask("GET", path, params=query)

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return self.get(path, **query).json()["results"]

    def ask_bulk(self, path: str, **query: Any) -> requests.Response:
        return self.http.get(f"{self.bulk}{path}", params=query, timeout=10)

    def data(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return self.ask_bulk(path, **query).json()["data"]

    def income(self, **query: Any) -> list[dict[str, Any]]:
        period = {"startDate": "1990-01-01", "endDate": "2090-12-31", "selectionType": "D"}
        return self.data("/income", **period | query)

    def extract(self, **query: Any) -> list[dict[str, Any]]:
        period = {"startDueDate": "1990-01-01", "endDueDate": "2090-12-31"}
        return self.data("/customer-extract-history", **period | query)

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        wanted = method or ("GET" if body is None else "POST")
        url = f"{self.root}/_sandbox/{path}"
        answer = requests.request(wanted, url, json=body, timeout=10)
        return answer.json()

    def act(self, action: str, **arguments: Any) -> dict[str, Any]:
        answer = self.control(f"actions/{action}", arguments)
        assert "reason" not in answer, answer
        return answer

    def refusal(self, action: str, **arguments: Any) -> str:
        return self.control(f"actions/{action}", arguments)["reason"]

    def fault(self, kind: str, **options: Any) -> None:
        assert "faults" in self.control("faults", {"kind": kind, **options})

    def configure(self, **settings: Any) -> Any:
        return self.control("settings", settings)

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        return [(row["event"], row["body"]) for row in self.control("events")["events"]]

    def book(self) -> dict[int, dict[str, Any]]:
        return {row["bill"]: row for row in self.control("book")["bills"]}


class ReadOnlyApi(Api):
    """Reads a sandbox nobody changes, so that its book is read once."""

    @cached_property
    def _book(self) -> dict[int, dict[str, Any]]:
        return super().book()

    def book(self) -> dict[int, dict[str, Any]]:
        return self._book


@pytest.fixture
def make_api() -> Iterator[Callable[..., Api]]:
    """Start sandboxes of one's own, stopped when the test ends."""
    made: list[Api] = []

    def make(**options: Any) -> Api:
        given = {"seed": 3, "contracts": 12, "on": TODAY} | options
        made.append(Api(start("sienge", **given)))
        return made[-1]

    yield make
    for api in made:
        api.http.close()
        api.running.stop()


@pytest.fixture
def api(make_api: Callable[..., Api]) -> Api:
    """A small sandbox that the test may change."""
    return make_api()


@pytest.fixture(scope="module")
def reading() -> Iterator[Api]:
    """A sandbox shared by the tests of a module that only read."""
    with start("sienge", seed=5, contracts=24, on=TODAY) as running:
        shared = ReadOnlyApi(running)
        yield shared
        shared.http.close()
