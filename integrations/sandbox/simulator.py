"""What every simulator is: an API, a control side, a clock, faults and a journal."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from integrations.sandbox.calls import CallLog
from integrations.sandbox.clock import Clock
from integrations.sandbox.dispatcher import Dispatcher
from integrations.sandbox.faults import FaultBoard
from integrations.sandbox.journal import Journal
from integrations.sandbox.messages import Reply, Request


class Refused(Exception):
    """A control action that cannot be done, with the reason."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a sandbox is started with; the world is a function of these and nothing else."""

    seed: int = 1
    contracts: int = 100
    on: date | None = None
    companies: int = 2
    customers: int | None = None
    installments_per_contract: int | None = None
    first_company_percent: int = 90
    extras_percent: int = 12
    state_dir: Path | None = None

    def header(self, simulator: str, born_on: date) -> dict[str, Any]:
        """Return what identifies the world in its journal."""
        return {
            "simulator": simulator,
            "seed": self.seed,
            "contracts": self.contracts,
            "companies": self.companies,
            "customers": self.customers,
            "installments_per_contract": self.installments_per_contract,
            "first_company_percent": self.first_company_percent,
            "extras_percent": self.extras_percent,
            "on": born_on.isoformat(),
        }


class Simulator(ABC):
    """A system that is simulated; one lock serialises everything that reads or changes it."""

    name: str

    def __init__(self, options: Options) -> None:
        self.options = options
        self.lock = threading.RLock()
        self.clock = Clock(options.on)
        self.faults = FaultBoard(options.seed)
        self.calls = CallLog()
        self.journal = Journal(options.state_dir)
        self.born_on = options.on or self.journal.born_on() or self.clock.today()
        self._last_day = self.born_on
        # Set by the simulators of systems that tell subscribers what happens.
        self.dispatcher: Dispatcher | None = None

    def resume(self) -> None:
        """Open the journal and do again what it says; the clock ends where it stood."""
        self.journal.open(self.options.header(self.name, self.born_on))
        for entry in self.journal.replay():
            fixed = self.clock.today() if self.clock.is_fixed else None
            self.clock.set(date.fromisoformat(entry["on"]))
            self._follow_clock()
            self.repeat(entry)
            if "clock" not in entry:
                self.clock.set(fixed)
        self._follow_clock()

    def _follow_clock(self) -> None:
        """Tell what counts instants by how many days the date has moved on."""
        days = (self.clock.today() - self._last_day).days
        self._last_day = self.clock.today()
        if days > 0:
            self.moved(days=days)

    def moved(self, *, days: int = 0, minutes: int = 0) -> None:
        """Let so much time pass for what is due at an instant."""
        if self.dispatcher:
            self.dispatcher.moved(days=days, minutes=minutes)

    def record(self, entry: Mapping[str, Any]) -> None:
        """Write to the journal something that changed the world, with the day it happened."""
        self.journal.append({"on": self.clock.today(), **entry})

    def set_clock(self, *, on: date | None = None, advance_days: int = 0) -> date:
        """Fix or advance the date and return it."""
        if on is not None:
            self.clock.set(on)
        if advance_days:
            self.clock.advance(advance_days)
        self._follow_clock()
        self.record({"clock": True})
        return self.clock.today()

    def opened(self, port: int) -> None:
        """Begin what needs the simulator to be served."""
        if self.dispatcher:
            self.dispatcher.start(port)

    def close(self) -> None:
        """Let go of what the process holds besides memory."""
        if self.dispatcher:
            self.dispatcher.close()

    def mails(self) -> list[dict[str, Any]]:
        """Return the e-mails the system would have sent."""
        return []

    @abstractmethod
    def repeat(self, entry: Mapping[str, Any]) -> None:
        """Apply one entry of the journal to the world."""

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """Answer a request to the simulated API."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Return counts that describe the world."""

    @abstractmethod
    def book(self, company: int | None) -> Iterator[dict[str, Any]]:
        """Yield the whole book as truth, independent of how the API shows it."""

    @abstractmethod
    def customers(self) -> Iterator[dict[str, Any]]:
        """Yield every customer as truth."""

    @abstractmethod
    def actions(self) -> dict[str, str]:
        """Return the control actions and what each does."""

    @abstractmethod
    def act(self, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do a control action; Refused when it cannot be done, KeyError when unknown."""

    @abstractmethod
    def events(self, after: int) -> list[dict[str, Any]]:
        """Return what the system would have told its subscribers, after a sequence number."""

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return switches, limits and grants as they are."""

    @abstractmethod
    def configure(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change switches, limits or grants; Refused when something is unknown."""
