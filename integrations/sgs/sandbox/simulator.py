"""The SGS simulator: the central bank's public service of time series, and who corrects it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.dates import add_months
from integrations.sandbox.faults import Fault
from integrations.sandbox.messages import Reply, Request, html_page
from integrations.sandbox.mishaps import answer_with_faults
from integrations.sandbox.simulator import Options, Refused, Simulator
from integrations.sgs.sandbox import answers, faults
from integrations.sgs.sandbox.catalog import SERIES, Series
from integrations.sgs.sandbox.world import World

ENDPOINT = "GET /dados/serie/bcdata.sgs.{code}/dados"
_PATH = re.compile(r"/dados/serie/bcdata\.sgs\.(\d{1,9})/dados")
_MONTHS_OF_TEN_YEARS = 120
_ACTIONS = {
    "revise": "Correct or publish a value: {series, month: YYYY-MM, value}.",
    "remove": "Take a value back: {series, month: YYYY-MM}.",
    "advance_clock": "Move the date: {days} or {date}.",
}


class SgsSimulator(Simulator):
    """Answers for every series of the catalog; no authentication, as there."""

    name = "sgs"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.faults = faults.SgsFaults(options.seed)
        self.world = World(options.seed, self.clock)
        # Whether monthly series are held to ten years as well; today only daily ones are.
        self.limits_all = False
        self.resume()

    def answer(self, request: Request) -> Reply:
        """Answer a request for values; anything else is a page."""
        found = _PATH.fullmatch(request.path)
        if found is None or request.method != "GET":
            return html_page(404, "Not Found")
        firing = self.faults.firing(request)
        replies = filter(None, map(faults.instead, firing))
        reply = next(replies, None) or self._bent(request, firing, int(found[1]))
        asked = urlencode(request.query, doseq=True)
        self.calls.record("rest", ENDPOINT, path=request.path, query=asked, status=reply.status)
        return reply

    def _bent(self, request: Request, firing: list[Fault], code: int) -> Reply:
        own = [fault for fault in firing if faults.is_ours(fault)]
        common = [fault for fault in firing if not faults.is_ours(fault)]

        def answered(asked: Request) -> Reply:
            with self.lock:
                reply = self._values(SERIES.get(code), asked)
            for fault in own:
                if isinstance(reply.payload, list):
                    faults.bend(reply.payload, fault, self.world)
            return reply

        return answer_with_faults(request, common, answered, _error)

    def _values(self, series: Series | None, request: Request) -> Reply:
        if series is None or request.argument("formato") != "json":
            return answers.invalid_request()
        try:
            start = _day(request, "dataInicial") or series.first
            end = _day(request, "dataFinal") or self.clock.today()
        except ValueError:
            return answers.error(400, "Data inválida")
        if self._is_too_long(series, request, start, end):
            return answers.range_refused()
        rows = self.world.rows(series, start, end)
        return Reply(payload=rows) if rows else answers.none_found()

    def _is_too_long(self, series: Series, request: Request, start: date, end: date) -> bool:
        if not series.is_daily and not self.limits_all:
            return False
        is_open = request.argument("dataInicial") is None
        return is_open or end >= add_months(start, _MONTHS_OF_TEN_YEARS)

    def repeat(self, entry: Mapping[str, Any]) -> None:
        """Apply a journalled action again."""
        if "action" in entry:
            self._correct(entry["action"], entry["arguments"])

    def state(self) -> dict[str, Any]:
        """Return the date and how many values each monthly series has."""
        return {
            "sandbox": self.name,
            "date": self.clock.today(),
            "born_on": self.born_on,
            "seed": self.options.seed,
            "series": {str(row["series"]): len(row["values"]) for row in self.book(None)},
        }

    def book(self, company: int | None) -> Iterator[dict[str, Any]]:
        """Yield each monthly series with all its values, as truth."""
        for series in SERIES.values():
            if not series.is_daily:
                rows = self.world.rows(series, series.first, add_months(self.clock.today(), 12))
                values = {f"{row['data'][6:]}-{row['data'][3:5]}": row["valor"] for row in rows}
                yield {"series": series.code, "name": series.name, "values": values}

    def customers(self) -> Iterator[dict[str, Any]]:
        """Yield nobody: a central bank's series have no customers."""
        yield from ()

    def actions(self) -> dict[str, str]:
        """Return the actions with what they do and take."""
        return dict(_ACTIONS)

    def act(self, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do an action and journal it."""
        if action == "advance_clock":
            on = date.fromisoformat(arguments["date"]) if "date" in arguments else None
            days = int(arguments.get("days", 0))
            return {"date": self.set_clock(on=on, advance_days=days)}
        done = self._correct(action, arguments)
        self.record({"action": action, "arguments": dict(arguments)})
        return done

    def _correct(self, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        series = SERIES.get(int(arguments.get("series", 0)))
        if series is None:
            raise Refused(f"no series {arguments.get('series')}")
        month = date.fromisoformat(f"{arguments.get('month', '')}-01")
        value = str(arguments["value"]) if action == "revise" and "value" in arguments else None
        if action == "revise" and value is None:
            raise Refused("revise needs a value")
        self.world.correct(series.code, month, value)
        return {"series": series.code, "month": month, "value": value}

    def events(self, after: int) -> list[dict[str, Any]]:
        """Return nothing: the bank tells nobody."""
        return []

    def settings(self) -> dict[str, Any]:
        """Return the switches."""
        return {"switches": {"limit_all_series": self.limits_all}}

    def configure(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change the switches; Refused when something is unknown."""
        switches = changes.get("switches", {})
        if set(changes) - {"switches"} or set(switches) - {"limit_all_series"}:
            raise Refused("the only setting is switches.limit_all_series")
        self.limits_all = bool(switches.get("limit_all_series", self.limits_all))
        return self.settings()


def _error(status: int, fault: Fault) -> Reply:
    if status == 404:
        return answers.none_found()
    if status >= 500:
        return answers.page(status, "Internal Server Error")
    reply = answers.error(status, "Acesso recusado")
    if "retry_after" in fault.options:
        reply.headers["Retry-After"] = str(fault.options["retry_after"])
    return reply


def _day(request: Request, name: str) -> date | None:
    text = request.argument(name)
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007 - a day
