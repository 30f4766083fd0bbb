"""Where whoever writes to a debtor asks for leave first.

The law of contact is decided in dunning, which the rooms that send e-mails may not import: dunning
installs its answer at start-up. Until then everything is permitted.
"""

from datetime import datetime
from typing import Protocol

from cobranca.accounts.models import User
from cobranca.common.errors import DomainError
from cobranca.debtors.models import Debtor, EmailAddress


class Leave(Protocol):
    """Decides whether a debtor may be written to, and keeps what was decided."""

    def __call__(
        self, *, debtor: Debtor, email: EmailAddress | None, actor: User | None, at: datetime
    ) -> str:
        """Return why not, in Portuguese; "" when it is permitted."""


def _permitted(**_: object) -> str:
    return ""


_leaves: list[Leave] = [_permitted]


def install(leave: Leave) -> None:
    """Make `leave` the one that decides."""
    _leaves[:] = [leave]


def ask_leave(
    *, debtor: Debtor, email: EmailAddress | None, actor: User | None, at: datetime
) -> None:
    """Ask whether a debtor may be written to at `at`; DomainError at `email` when not.

    What was decided is kept, the refusal too: so never ask within a transaction that the error
    would roll back.
    """
    if reason := _leaves[0](debtor=debtor, email=email, actor=actor, at=at):
        raise DomainError(reason, "email")
