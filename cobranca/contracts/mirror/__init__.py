"""The mirror: how a creditor's portfolio comes in (architecture.md, section 4)."""

from cobranca.contracts.mirror.apply import apply
from cobranca.contracts.mirror.job import OPENING, MirrorIssue, MirrorJob, Outcome
from cobranca.contracts.mirror.staging import (
    discard,
    forget_pages,
    partial_runs,
    prepare,
    stage,
    staged_rows,
)

__all__ = [
    "OPENING",
    "MirrorIssue",
    "MirrorJob",
    "Outcome",
    "apply",
    "discard",
    "forget_pages",
    "partial_runs",
    "prepare",
    "stage",
    "staged_rows",
]
