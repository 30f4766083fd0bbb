"""The Sienge simulator: one tenant's public API and what happens behind it."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.dispatcher import Dispatcher
from integrations.sandbox.faults import Fault
from integrations.sandbox.messages import JSON, Reply, Request, html_page
from integrations.sandbox.mishaps import answer_with_faults
from integrations.sandbox.simulator import Options, Refused, Simulator
from integrations.sienge.sandbox import book, reports, webhooks
from integrations.sienge.sandbox.actions.perform import ACTIONS, perform
from integrations.sienge.sandbox.bulk.asynchronous import Jobs
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.endpoints import BULK, REST
from integrations.sienge.sandbox.errors import ApiError, problem
from integrations.sienge.sandbox.generation.build import build_world
from integrations.sienge.sandbox.grants import Grants
from integrations.sienge.sandbox.limits import Limits
from integrations.sienge.sandbox.model import Event
from integrations.sienge.sandbox.routes import Route, RouteTable
from integrations.sienge.sandbox.settings import Switches, change_switches, describe_switches
from integrations.sienge.sandbox.spec import as_documented

SUBDOMAIN = "construtora"
USER, PASSWORD = "construtora-cobranca", "sandbox-sienge"


@dataclass(frozen=True, slots=True)
class Base:
    """One of the two APIs: its prefix after the subdomain, its endpoints, its name in counts."""

    prefix: str
    table: RouteTable
    channel: str

    def segments(self, path: str) -> tuple[str, ...]:
        """Return what of a path comes after the subdomain and the prefix."""
        rest = path.strip("/").removeprefix(f"{SUBDOMAIN}/{self.prefix}")
        return tuple(rest.strip("/").split("/"))


@dataclass(frozen=True, slots=True)
class Target:
    """The endpoint a request is for, with the values of its path."""

    base: Base
    route: Route
    values: dict[str, str]


BASES = (
    Base("public/api/v1", REST, "rest"),
    Base("public/api/bulk-data/v1", BULK, "bulk"),
)


class SiengeSimulator(Simulator):
    """Answers for the tenant `construtora`."""

    name = "sienge"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.world = build_world(options, self.clock, self.born_on)
        self.switches = Switches()
        self.limits = Limits()
        self.grants = Grants(REST.resources() | BULK.resources())
        self.reports = reports.Reports()
        self.jobs = Jobs()
        self.dispatcher = self.telling = Dispatcher(
            seed=options.seed,
            on=self.born_on,
            record=self._record_delivery,
            is_subscribed=self.world.hooks.__contains__,
        )
        self.world.on_event = self._tell
        self.resume()

    def _tell(self, event: Event) -> None:
        for message in webhooks.messages_of(self.world, event, SUBDOMAIN):
            self.telling.post(message)

    def _record_delivery(self, entry: Mapping[str, Any]) -> None:
        # The lock puts it behind what it tells of, which is journalled only when it is done.
        with self.lock:
            self.record(entry)

    def answer(self, request: Request) -> Reply:
        """Answer a request to the API or to a report link."""
        if request.path.startswith(reports.PREFIX):
            return self.reports.answer(request.path)
        if request.headers.get("user-agent") == webhooks.USER_AGENT:
            return html_page(404, "Not Found")
        base = _base_of(request.path)
        if base is None:
            return html_page(404, "Not Found")
        if not self._is_authentic(request):
            return problem(401)
        target = _find(base, request)
        if target is None:
            known = base.table.knows(base.segments(request.path))
            return html_page(405 if known else 404, "Not Found")
        return self._answer_counted(target, request)

    def _answer_counted(self, target: Target, request: Request) -> Reply:
        """Let faults happen, answer, and count the call."""
        asked = urlencode(request.query, doseq=True)
        reply = answer_with_faults(
            request,
            self.faults.firing(request),
            lambda asked_now: self._answer_target(target, asked_now),
            self._fault_error,
        )
        reply.headers |= self.limits.headers(target.base.channel)
        self.calls.record(
            target.base.channel,
            f"{request.method} {target.route.template}",
            path=request.path,
            query=asked,
            status=reply.status,
        )
        return reply

    def _answer_target(self, target: Target, request: Request) -> Reply:
        """Check limits, grants and content type, then let the endpoint answer."""
        with self.lock:
            refusal = self._refusal(target, request)
            if refusal is not None:
                return refusal
            try:
                reply = target.route.view(self._call(target, request))
            except ApiError as error:
                return error.reply
            if target.route.changes and reply.status < 300:
                self._record_write(request)
            return as_documented(target.route, reply) if self.switches.spec_mode else reply

    def _call(self, target: Target, request: Request) -> Call:
        return Call(
            world=self.world,
            switches=self.switches,
            reports=self.reports,
            request=request,
            path=target.values,
            base_url=f"{request.root}/{SUBDOMAIN}/{target.base.prefix}",
            lock=self.lock,
            jobs=self.jobs,
        )

    def _refusal(self, target: Target, request: Request) -> Reply | None:
        route = target.route
        limited = self.limits.take(target.base.channel, self.world.today)
        if limited is not None:
            return limited
        if not self.grants.allows(route.resource, route.method):
            return problem(403)
        kind = request.headers.get("content-type", "")
        if request.body and not kind.startswith("application/json"):
            return problem(415)
        return None

    def _fault_error(self, status: int, fault: Fault) -> Reply:
        reply = problem(status)
        if "retry_after" in fault.options:
            reply.headers["Retry-After"] = str(fault.options["retry_after"])
        if fault.options.get("daily"):
            reply.headers["x-ratelimit-limit-day"] = "100"
            reply.headers["x-ratelimit-remaining-day"] = "0"
        return reply

    def _is_authentic(self, request: Request) -> bool:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            return kind == "Basic" and base64.b64decode(token, validate=True).decode() == (
                f"{USER}:{PASSWORD}"
            )
        except (binascii.Error, UnicodeDecodeError):
            return False

    def _record_write(self, request: Request) -> None:
        self.record(
            {
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "body": request.body.decode(),
            }
        )

    def repeat(self, entry: Mapping[str, Any]) -> None:
        """Apply a journalled action or write again."""
        if "action" in entry:
            perform(self.world, entry["action"], entry["arguments"])
        elif "path" in entry:
            self._write_again(entry)
        elif "webhooks" in entry:
            self.telling.configure(entry["webhooks"])
        elif "webhook" in entry:
            self.telling.restore(entry)

    def _write_again(self, entry: Mapping[str, Any]) -> None:
        request = Request(
            method=entry["method"],
            path=entry["path"],
            query=dict(entry["query"]),
            headers={"content-type": JSON},
            body=str(entry["body"]).encode(),
        )
        base = _base_of(request.path)
        target = _find(base, request) if base else None
        if target is not None:
            self._answer_target(target, request)

    def moved(self, *, days: int = 0, minutes: int = 0) -> None:
        """Let time pass for the links to reports too."""
        super().moved(days=days, minutes=minutes)
        self.reports.moved(days=days, minutes=minutes)

    def close(self) -> None:
        """Stop telling subscribers and remove the files of asynchronous queries."""
        super().close()
        self.jobs.close()

    def mails(self) -> list[dict[str, Any]]:
        """Return the e-mails in the order they were asked for."""
        return [asdict(mail) for mail in self.world.mails]

    def state(self) -> dict[str, Any]:
        """Return the counts of the world with its date and seed."""
        return {
            "sandbox": self.name,
            "date": self.world.today,
            "born_on": self.born_on,
            "seed": self.options.seed,
            "subdomain": SUBDOMAIN,
            **book.counts(self.world),
        }

    def book(self, company: int | None) -> Iterator[dict[str, Any]]:
        """Yield the whole book."""
        return book.book(self.world, self.lock, company)

    def customers(self) -> Iterator[dict[str, Any]]:
        """Yield the customers."""
        return book.customers(self.world, self.lock)

    def actions(self) -> dict[str, str]:
        """Return the actions with what they do and take."""
        described = {name: _one_line(action.__doc__) for name, action in ACTIONS.items()}
        return {**described, "advance_clock": "Move the date: {days} or {date}."}

    def act(self, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do an action and journal it."""
        if action == "advance_clock":
            on = date.fromisoformat(arguments["date"]) if "date" in arguments else None
            days = int(arguments.get("days", 0))
            return {"date": self.set_clock(on=on, advance_days=days)}
        done = perform(self.world, action, arguments)
        self.record({"action": action, "arguments": dict(arguments)})
        return done

    def events(self, after: int) -> list[dict[str, Any]]:
        """Return the events after a sequence number."""
        return [
            {
                "sequence": event.sequence,
                "id": event.id,
                "event": event.name,
                "body": event.body,
                "on": event.on,
            }
            for event in self.world.events[after:]
        ]

    def settings(self) -> dict[str, Any]:
        """Return switches, limits and grants."""
        return {
            "switches": describe_switches(self.switches),
            "limits": self.limits.describe(),
            "grants": self.grants.describe(),
            "webhooks": self.telling.settings(),
        }

    def configure(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change switches, limits and grants; Refused when something is unknown."""
        unknown = set(changes) - {"switches", "limits", "grants", "webhooks"}
        if unknown:
            raise Refused(f"unknown settings: {', '.join(sorted(unknown))}")
        change_switches(self.switches, changes.get("switches", {}))
        self.limits.configure(changes.get("limits", {}))
        self.grants.configure(changes.get("grants", {}))
        if "webhooks" in changes:
            self.telling.configure(changes["webhooks"])
            # Unlike the others these are kept: what is lost or doubled hangs on them.
            self.record({"webhooks": changes["webhooks"]})
        return self.settings()


def _base_of(path: str) -> Base | None:
    """Return the API a path belongs to; None for another tenant or an unknown base."""
    subdomain, _, rest = path.strip("/").partition("/")
    if subdomain != SUBDOMAIN:
        return None
    for base in BASES:
        if rest == base.prefix or rest.startswith(f"{base.prefix}/"):
            return base
    return None


def _find(base: Base, request: Request) -> Target | None:
    match = base.table.find(request.method, base.segments(request.path))
    return Target(base, *match) if match else None


def _one_line(docstring: str | None) -> str:
    return " ".join((docstring or "").split())
