"""What one application of the mirror is asked to do, and what came of it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


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
