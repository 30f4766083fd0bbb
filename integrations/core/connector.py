"""What a connector may be able to do. It declares what it can; nothing else is ever called."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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


@runtime_checkable
class ReadsPayments(Protocol):
    """Reads the receipts of a creditor since a moment, apart from the portfolio (SIE-19)."""

    def read_payments(
        self, scope: Scope, resume: Mapping[str, Any] | None = None
    ) -> Iterator[Page]:
        """Yield pages of the installments that were paid, of contracts known here."""


@runtime_checkable
class ReadsTitles(Protocol):
    """Reads some titles whole: every installment of each, whether open or not."""

    def read_titles(
        self, titles: Sequence[str], *, receipts: bool, boletos: Collection[str] = ()
    ) -> Iterator[Page]:
        """Yield pages of all that is known of `titles` (external codes of contracts).

        With `receipts` the receipts come too; without, only what a collector sees. Of the titles
        in `boletos` it is told which installments have one, even where that costs a call more.
        A title that the ERP no longer has comes as a contract record without installments.
        """


@dataclass(frozen=True)
class Announcement:
    """What a webhook told: which event, about what. Codes are external; "" where not told.

    `key` names the delivery: one that comes again has the same. "" when the provider gave none.
    """

    event: str
    key: str = ""
    hook: str = ""
    contract: str = ""  # the title
    installment: int | None = None
    sale: str = ""  # sales contract, to be asked which title it is of
    customer: str = ""


@dataclass(frozen=True)
class HookState:
    """A subscription as it should be, and what is found of it over there."""

    event: str
    label: str
    state: str  # "ok" | "missing" | "different" | "unavailable"
    message: str = ""
    hook: str = ""  # its id over there, where there is one


@runtime_checkable
class ReceivesWebhooks(Protocol):
    """Understands deliveries and reads the facts they only point at."""

    def title_of_sale(self, sale: str) -> str:
        """Return the title of a sales contract; "" when the ERP does not have it."""


@runtime_checkable
class ManagesWebhooks(Protocol):
    """Creates, repairs and removes the subscriptions over there (SIE-14).

    `known` are the ids of those created with the present token, which no ERP shows.
    """

    def look_at_hooks(self, url: str, known: Collection[str]) -> list[HookState]:
        """Return the state of every subscription wanted at `url`; changes nothing."""

    def install_hooks(self, url: str, token: str, known: Collection[str]) -> list[HookState]:
        """Create what is missing and replace what differs; doing it again changes nothing.

        What could not be done is told in the states.
        """

    def remove_hooks(self, url: str, known: Collection[str]) -> int:
        """Remove the subscriptions that lead to `url`; returns how many there were."""


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
