"""The simulated central bank, served, and whoever corrects it."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import requests

from integrations.sandbox.running import Running, start

TODAY = date(2026, 11, 19)
IGPM, IPCA, INCC_M, SELIC = 189, 433, 7456, 11


class Bank:
    """A simulator over HTTP, and its control side."""

    def __init__(self, running: Running) -> None:
        self.running, self.url = running, running.url

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        wanted = method or ("GET" if body is None else "POST")
        answer = requests.request(wanted, f"{self.url}/_sandbox/{path}", json=body, timeout=10)
        return answer.json()

    def act(self, action: str, **arguments: Any) -> dict[str, Any]:
        answer = self.control(f"actions/{action}", arguments)
        assert "reason" not in answer, answer
        return answer

    def fault(self, kind: str, code: int | None = None, **options: Any) -> None:
        path = rf"sgs\.{code}/" if code else ""
        assert "faults" in self.control("faults", {"kind": kind, "path": path, **options})

    def repair(self) -> None:
        self.control("faults", method="DELETE")

    def get(self, code: int, **query: str) -> requests.Response:
        url = f"{self.url}/dados/serie/bcdata.sgs.{code}/dados"
        return requests.get(url, params={"formato": "json", **query}, timeout=10)

    def rows(self, code: int, start: str, end: str) -> list[dict[str, str]]:
        return self.get(code, dataInicial=start, dataFinal=end).json()

    def truth(self, code: int, first: date = date.min) -> dict[date, Decimal]:
        """Return every published month of a series since one."""
        [series] = [row for row in self.control("book")["bills"] if row["series"] == code]
        told = {
            date.fromisoformat(f"{month}-01"): value for month, value in series["values"].items()
        }
        return {month: Decimal(value) for month, value in told.items() if month >= first}

    def asked(self) -> list[tuple[str, str]]:
        """Return code and period of each call since the last time this was asked."""
        calls = self.control("calls?last=1").get("last", [])
        self.control("calls/reset", {})
        return [
            (call["path"].split(".")[2].split("/")[0], _period(call["query"])) for call in calls
        ]


def _period(query: str) -> str:
    given = dict(parse_qsl(query))
    return f"{given['dataInicial']} a {given['dataFinal']}"


def open_bank(**options: Any) -> Bank:
    return Bank(start("sgs", **({"seed": 3, "on": TODAY} | options)))
