"""What a connector may be able to do. It declares what it can; nothing else is ever called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from cobranca.contracts.records import Record


@dataclass(frozen=True)
class Scope:
    """What a load asks for: everything (`full`), or what changed since a moment."""

    company: str  # the creditor's code in the ERP
    full: bool
    since: datetime | None = None
    # Told by the mirror, so that a daily load asks only for what is missing here.
    known_contracts: "Knows | None" = None
    known_debtors: "Knows | None" = None


class Knows(Protocol):
    """Which of some external codes the mirror already has."""

    def __call__(self, codes: Sequence[str], /) -> set[str]:
        """Return the codes among `codes` that are already mirrored."""


@dataclass(frozen=True)
class Issue:
    """A row set aside: reason, where it was, and the row for a person to look at."""

    code: str
    message: str
    contract: str = ""
    installment: str = ""
    row: Any = None


@dataclass(frozen=True)
class Page:
    """One step of reading: what came, and where to go on after it.

    `cursor` is what `read_portfolio(resume=…)` gets back after a crash. A page that `restarts`
    its stream tells the mirror to drop what it staged of that stream before. `expected` is the
    number of pages foreseen in all, for the progress bar.
    """

    stream: str
    records: Sequence[Record]
    cursor: Mapping[str, Any]
    restarts: bool = False
    rows: int = 0
    issues: Sequence[Issue] = ()
    # Rows left out, by the rule that left them out (a sentence for the screen).
    ignored: Mapping[str, int] = field(default_factory=dict)
    expected: int | None = None
    # Things a person should know of this load (a resource that is not granted…).
    notices: Sequence[str] = ()


@runtime_checkable
class ReadsPortfolio(Protocol):
    """Reads a creditor's receivables, in pages, to the end."""

    @property
    def imports_branches(self) -> bool:
        """Tell whether branches not registered here are created (else issues, SIE-06)."""

    def read_portfolio(
        self, scope: Scope, resume: Mapping[str, Any] | None = None
    ) -> Iterator[Page]:
        """Yield pages until everything in `scope` was read; raise if it cannot be read whole."""


@dataclass(frozen=True)
class ResourceCheck:
    """One line of the connection check: a resource and what the ERP said of it."""

    name: str
    permission: str
    state: str  # "ok" | "not_granted" | "down"
    message: str = ""


@runtime_checkable
class ChecksConnection(Protocol):
    """Tells, resource by resource, what the ERP lets us use."""

    def check(self) -> list[ResourceCheck]:
        """Authenticate and try a harmless read of each resource; ConfigError if nobody can."""


@runtime_checkable
class OffersChoices(Protocol):
    """Lists of the ERP that are offered next to a parameter."""

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Return (code, description) pairs of the list `name`; KeyError if there is none."""
