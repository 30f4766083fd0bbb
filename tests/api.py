"""What tests of the REST API ask of an answer."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient


def results(api: APIClient, url: str, **query: Any) -> list[dict[str, Any]]:
    """Return the rows of a list's first page."""
    response = api.get(url, query)
    assert response.status_code == 200, response.content
    assert set(response.json()) == {"next", "previous", "results"}
    return response.json()["results"]


def ids(api: APIClient, url: str, **query: Any) -> list[int]:
    return [row["id"] for row in results(api, url, **query)]


def refusal(response: Any, status: int) -> dict[str, Any]:
    """Return a problem, after a look at its form."""
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/problem+json")
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == status
    assert body["detail"]
    return body


def errors(response: Any, status: int = 400) -> dict[str, list[str]]:
    return refusal(response, status)["errors"]


def queries(api: APIClient, url: str) -> int:
    """Return how many queries a list takes."""
    with CaptureQueriesContext(connection) as captured:
        response = api.get(url)
    assert response.status_code == 200, response.content
    return len(captured)


def assert_queries_stay(api: APIClient, url: str, add_row: Callable[[], Any]) -> None:
    """See that a list takes as many queries for five rows as for one."""
    add_row()
    before, rows = queries(api, url), len(results(api, url))
    for _ in range(4):
        add_row()

    assert len(results(api, url)) > rows
    assert queries(api, url) == before
