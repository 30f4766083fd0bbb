"""What one application of the mirror is asked to do, and what came of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# What the timeline calls the reading that opening a debtor asks for. It words its recalls in its
# own way (SIE-13), whatever the ERP tells of them.
OPENING = "Sincronização"


@dataclass(frozen=True)
class MirrorJob:
    """One run's orders: whose portfolio, how much of it was read, and the office's rules."""

    run: int
    agency: int
    creditor: int
    system: str  # creditor type, for the ERP's customer codes
    source: str  # what the timeline calls this load
    on: date
    full: bool
    update_data: bool = True
    reopen_recalled: bool = True
    recall_imported: bool = True
    import_branches: bool = True
    recall_limit_percent: Decimal = Decimal(30)
    # A person looked at the removals and agreed to them.
    confirmed: bool = False
    # What was staged is the whole of each title in it, and of no other: titles read one by one.
    titles: bool = False
    # When reading began. What was read of a title later than that is not overwritten by it.
    read_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.titles and (self.full or self.read_at is None):
            raise ValueError("titles are read one by one, at a moment that is known")

    @property
    def is_opening(self) -> bool:
        """Tell whether somebody opened a debtor, and nothing else is known to have happened."""
        return self.titles and self.source == OPENING


@dataclass(frozen=True)
class MirrorIssue:
    """A contract left out, and why."""

    code: str
    message: str
    contract: str = ""


@dataclass
class Outcome:
    """What changed. Counts are of installments unless their name says otherwise."""

    included: int = 0
    updated: int = 0
    recalled: int = 0
    reopened: int = 0
    transferred: int = 0  # contracts
    open_before: int = 0
    needs_confirmation: bool = False
    removals_held: str = ""  # why nothing was removed, when something spoke against it
    not_imported: dict[str, int] = field(default_factory=dict)
    extra: dict[str, int] = field(default_factory=dict)
    issues: list[MirrorIssue] = field(default_factory=list)
    preview: list[dict[str, Any]] = field(default_factory=list)
