"""The control API below /_sandbox/: what stands in for people working in the real system."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from integrations.sandbox import jsonio
from integrations.sandbox.dispatcher import Dispatcher
from integrations.sandbox.faults import HELP as FAULT_HELP
from integrations.sandbox.faults import BadFault
from integrations.sandbox.messages import Reply, Request
from integrations.sandbox.simulator import Refused, Simulator

PREFIX = "/_sandbox"

ENDPOINTS = {
    "GET /_sandbox/": "this help",
    "GET /_sandbox/state": "counts of the world",
    "GET /_sandbox/book?company=": "every bill and installment as truth",
    "GET /_sandbox/customers": "every customer as truth",
    "GET /_sandbox/calls?last=1": "calls received per endpoint; last=1 lists them",
    "POST /_sandbox/calls/reset": "start counting again",
    "GET|POST|DELETE /_sandbox/faults": "list, switch on (one object or a list), switch all off",
    "DELETE /_sandbox/faults/{id}": "switch one fault off",
    "GET|POST /_sandbox/clock": "the date; {date}, {advance_days} or {advance_minutes}",
    "GET|POST /_sandbox/settings": "switches, limits and grants",
    "GET /_sandbox/events?after=": "what subscribers would have been told",
    "GET /_sandbox/webhooks?after=": "every delivery with its attempts, and totals per event",
    "POST /_sandbox/webhooks/deliver": "manual mode: send now; {minutes?, limit?, everything?}",
    "GET /_sandbox/mails": "e-mails the system would have sent",
    "POST /_sandbox/actions/{action}": "do something to the world",
}

Handler = Callable[["ControlApi", Request, str], Reply]


class ControlApi:
    """Answers the control requests of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def answer(self, request: Request) -> Reply:
        """Answer a control request; 4xx with a reason when it cannot be done."""
        head, _, tail = request.path.removeprefix(PREFIX).strip("/").partition("/")
        handler = _HANDLERS.get((request.method, head))
        if handler is None:
            return _problem(404, f"no {request.method} {request.path}; see {PREFIX}/")
        try:
            return handler(self, request, tail)
        except (Refused, BadFault, ValueError) as error:
            return _problem(400, str(error))

    def help(self, request: Request, tail: str) -> Reply:
        """List endpoints, actions and fault options."""
        return Reply(
            payload={
                "sandbox": self.simulator.name,
                "endpoints": ENDPOINTS,
                "actions": self.simulator.actions(),
                "faults": FAULT_HELP,
            }
        )

    def state(self, request: Request, tail: str) -> Reply:
        """Return counts."""
        with self.simulator.lock:
            return Reply(payload=self.simulator.state())

    def book(self, request: Request, tail: str) -> Reply:
        """Stream the whole book."""
        company = request.argument("company")
        rows = self.simulator.book(int(company) if company else None)
        return self._stream("bills", rows)

    def customers(self, request: Request, tail: str) -> Reply:
        """Stream the customers."""
        return self._stream("customers", self.simulator.customers())

    def calls(self, request: Request, tail: str) -> Reply:
        """Return the counts of calls."""
        detailed = request.argument("last") is not None
        return Reply(payload=self.simulator.calls.describe(detailed=detailed))

    def reset_calls(self, request: Request, tail: str) -> Reply:
        """Start counting again."""
        if tail != "reset":
            return _problem(404, "POST /_sandbox/calls/reset")
        self.simulator.calls.reset()
        return Reply(payload=self.simulator.calls.describe())

    def faults(self, request: Request, tail: str) -> Reply:
        """List the faults."""
        return Reply(payload={"faults": self.simulator.faults.describe()})

    def add_faults(self, request: Request, tail: str) -> Reply:
        """Switch faults on."""
        wanted = request.json()
        board = self.simulator.faults
        added = [board.add(fault) for fault in (wanted if isinstance(wanted, list) else [wanted])]
        return Reply(status=201, payload={"faults": [fault.describe() for fault in added]})

    def remove_faults(self, request: Request, tail: str) -> Reply:
        """Switch faults off."""
        return Reply(payload={"removed": self.simulator.faults.clear(int(tail) if tail else None)})

    def clock(self, request: Request, tail: str) -> Reply:
        """Show or move the date."""
        if request.method == "POST":
            wanted = _object(request)
            on = date.fromisoformat(wanted["date"]) if "date" in wanted else None
            with self.simulator.lock:
                self.simulator.set_clock(on=on, advance_days=int(wanted.get("advance_days", 0)))
            self.simulator.moved(minutes=int(wanted.get("advance_minutes", 0)))
        clock = self.simulator.clock
        return Reply(payload={"date": clock.today(), "fixed": clock.is_fixed})

    def settings(self, request: Request, tail: str) -> Reply:
        """Show or change switches, limits and grants."""
        with self.simulator.lock:
            if request.method == "POST":
                return Reply(payload=self.simulator.configure(_object(request)))
            return Reply(payload=self.simulator.settings())

    def events(self, request: Request, tail: str) -> Reply:
        """List what subscribers would have been told."""
        after = int(request.argument("after") or 0)
        return Reply(payload={"events": self.simulator.events(after)})

    def webhooks(self, request: Request, tail: str) -> Reply:
        """List the deliveries to subscribers."""
        return Reply(payload=self._dispatcher().log(int(request.argument("after") or 0)))

    def deliver(self, request: Request, tail: str) -> Reply:
        """Send what is due; without the lock, for who is told may ask back at once."""
        if tail != "deliver":
            return _problem(404, "POST /_sandbox/webhooks/deliver")
        wanted = _object(request)
        unknown = set(wanted) - {"minutes", "limit", "everything"}
        if unknown:
            raise Refused(f"unknown arguments {sorted(unknown)}")
        limit = wanted.get("limit")
        done = self._dispatcher().deliver(
            minutes=int(wanted.get("minutes", 0)),
            limit=None if limit is None else int(limit),
            everything=wanted.get("everything") is True,
        )
        return Reply(payload=done)

    def _dispatcher(self) -> Dispatcher:
        if self.simulator.dispatcher is None:
            raise Refused(f"{self.simulator.name} tells nobody anything")
        return self.simulator.dispatcher

    def mails(self, request: Request, tail: str) -> Reply:
        """List the e-mails."""
        with self.simulator.lock:
            return Reply(payload={"mails": self.simulator.mails()})

    def act(self, request: Request, tail: str) -> Reply:
        """Do an action and tell what happened."""
        if tail not in self.simulator.actions():
            return _problem(404, f"unknown action {tail!r}; see {PREFIX}/")
        with self.simulator.lock:
            return Reply(payload=self.simulator.act(tail, _object(request)))

    def _stream(self, name: str, rows: Iterable[dict[str, Any]]) -> Reply:
        opening = jsonio.dump({"on": self.simulator.clock.today()})[:-1] + f',"{name}":['.encode()
        return Reply(items=_dumped(rows), opening=opening)


def _dumped(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    return (jsonio.dump(row) for row in rows)


def _object(request: Request) -> dict[str, Any]:
    wanted = request.json()
    if not isinstance(wanted, dict):
        raise Refused("the body must be a JSON object")
    return wanted


def _problem(status: int, reason: str) -> Reply:
    return Reply(status=status, payload={"reason": reason})


_HANDLERS: dict[tuple[str, str], Handler] = {
    ("GET", ""): ControlApi.help,
    ("GET", "state"): ControlApi.state,
    ("GET", "book"): ControlApi.book,
    ("GET", "customers"): ControlApi.customers,
    ("GET", "calls"): ControlApi.calls,
    ("POST", "calls"): ControlApi.reset_calls,
    ("GET", "faults"): ControlApi.faults,
    ("POST", "faults"): ControlApi.add_faults,
    ("DELETE", "faults"): ControlApi.remove_faults,
    ("GET", "clock"): ControlApi.clock,
    ("POST", "clock"): ControlApi.clock,
    ("GET", "settings"): ControlApi.settings,
    ("POST", "settings"): ControlApi.settings,
    ("GET", "events"): ControlApi.events,
    ("GET", "webhooks"): ControlApi.webhooks,
    ("POST", "webhooks"): ControlApi.deliver,
    ("GET", "mails"): ControlApi.mails,
    ("POST", "actions"): ControlApi.act,
}
