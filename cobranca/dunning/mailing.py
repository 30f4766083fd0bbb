"""E-mails that the rooms below send: asked for as any other contact (TEL-07)."""

from datetime import datetime

from cobranca.accounts.models import User
from cobranca.debtors import outreach
from cobranca.debtors.models import Debtor, EmailAddress
from cobranca.dunning.services import attempt_contact
from cobranca.dunning.states import Channel

REFUSED = "O contato não é permitido agora."


def leave_to_mail(
    *, debtor: Debtor, email: EmailAddress | None, actor: User | None, at: datetime
) -> str:
    """Keep the attempt; return why the debtor may not be written to, "" when they may."""
    attempt = attempt_contact(debtor=debtor, channel=Channel.EMAIL, at=at, actor=actor, email=email)
    return "" if attempt.is_allowed else attempt.reason or REFUSED


def install() -> None:
    """Have every e-mail to a debtor asked for."""
    outreach.install(leave_to_mail)
