"""Contacts that the law refused, for the pages that list them."""

from datetime import UTC, datetime

from cobranca.accounts.models import User
from cobranca.debtors.models import Debtor
from cobranca.dunning.services import attempt_contact

SUNDAY = datetime(2026, 3, 8, 17, 0, tzinfo=UTC)


def refuse_contacts(debtors: list[Debtor], actor: User) -> None:
    """Have each debtor called by a person, and written to by the product, on a Sunday."""
    for debtor in debtors:
        attempt_contact(debtor=debtor, channel="call", at=SUNDAY, actor=actor)
        attempt_contact(debtor=debtor, channel="sms", at=SUNDAY, actor=None)
