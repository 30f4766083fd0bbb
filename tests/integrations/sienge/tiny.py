"""A Sienge in sixty lines, of our own making: pages as small as a test wants them, and faults.

Not the sandbox: only what it takes to page, to stream and to go wrong at a chosen moment.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from tests.integrations.answering import Answer, Answering, Asked

REST, BULK = "/x/public/api/v1", "/x/public/api/bulk-data/v1"
LISTS = (
    *("companies", "enterprises", "cost-centers", "customers", "sales-contracts", "units"),
    *("payment-condition-types", "document-identifications", "indexers"),
)
_encoder = msgspec.json.Encoder(decimal_format="number")


class TinySienge:
    """Lists by path, and what happens to some calls instead (`faults`: answer or None)."""

    def __init__(self, page: int = 200) -> None:
        self.page = page
        self.lists: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
        self.bulk: dict[str, list[dict[str, Any]]] = {"income": [], "customer-extract-history": []}
        self.faults: list[Callable[[Asked], Answer | None]] = []
        self.server = Answering(route=self.answer)

    @property
    def api_url(self) -> str:
        return self.server.url + REST

    @property
    def calls(self) -> list[str]:
        """Return the paths asked for, with the offset of pages after the first."""
        return [
            asked.path.rsplit("v1/", 1)[-1]
            + ("" if asked.query.get("offset", "0") == "0" else f"@{asked.query['offset']}")
            for asked in self.server.asked
        ]

    def answer(self, asked: Asked) -> Answer:
        for fault in self.faults:
            answer = fault(asked)
            if answer is not None:
                return answer
        name = asked.path.rsplit("v1/", 1)[-1]
        if asked.path.startswith(BULK):
            return Answer(body=_encoder.encode({"data": self.bulk[name]}))
        kind, _, code = name.partition("/")
        if code:
            return self._one(kind, code)
        return self._page(self._matching(name, asked), asked)

    def _one(self, kind: str, code: str) -> Answer:
        found = [row for row in self.lists[kind] if str(row["id"]) == code]
        return Answer(body=_encoder.encode(found[0])) if found else Answer(404, {"status": 404})

    def _page(self, rows: list[dict[str, Any]], asked: Asked) -> Answer:
        offset = int(asked.query["offset"])
        limit = min(int(asked.query["limit"]), self.page)
        metadata = {"count": len(rows), "offset": offset, "limit": limit}
        page = {"resultSetMetadata": metadata, "results": rows[offset : offset + limit]}
        return Answer(body=_encoder.encode(page))

    def _matching(self, name: str, asked: Asked) -> list[dict[str, Any]]:
        wanted = {k: v for k, v in asked.query.items() if k in ("companyId", "enterpriseId")}
        changed = asked.query.get("modifiedAfter", "")
        return [
            row
            for row in self.lists[name]
            if all(str(row.get(key)) == value for key, value in wanted.items())
            and str(row.get("modifiedAt", "9999")) >= changed
        ]
