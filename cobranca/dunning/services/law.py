"""Asking for a contact: decided under a lock of the person, and kept, permitted or not."""

from datetime import datetime

from django.db import connection, transaction

from cobranca.accounts.models import User
from cobranca.common.errors import DomainError
from cobranca.debtors.models import Debtor, EmailAddress, Phone
from cobranca.dunning import contact_law
from cobranca.dunning.models import ContactAttempt

# Part of the lock's key, beside the person's number.
LOCK_SPACE = 728_411
_INT = 2**31


@transaction.atomic
def attempt_contact(
    *,
    debtor: Debtor,
    channel: str,
    at: datetime,
    actor: User | None,
    phone: Phone | None = None,
    email: EmailAddress | None = None,
) -> ContactAttempt:
    """Decide whether a debtor may be contacted at `at`, and keep what was decided and why.

    One attempt of a person at a time, so that two at once cannot exceed a cap; the lock lasts as
    long as the caller's transaction. Never raises for a refusal: look at `is_allowed`. Raises
    DomainError at `phone` or `email` when it is another debtor's, at `channel` when there is no
    such channel. Without a phone, the main one is what is asked about and kept.
    """
    check_ours(debtor, phone, email)
    lock_person(debtor.pk)
    asked = contact_law.read_asked(debtor, channel, at, phone=phone, email=email)
    decision = contact_law.decide_asked(asked, at)
    return ContactAttempt.objects.create(
        agency_id=debtor.agency_id,
        debtor=debtor,
        channel=channel,
        phone=asked.phone,
        email=email,
        actor=actor,
        at=at,
        is_allowed=decision.is_allowed,
        rule=decision.rule,
        reason=decision.reason[:300],
        facts=dict(decision.facts),
    )


def check_ours(debtor: Debtor, phone: Phone | None, email: EmailAddress | None) -> None:
    """Refuse a phone or an e-mail of somebody else."""
    if phone is not None and phone.debtor_id != debtor.pk:
        raise DomainError("Este telefone não é deste devedor.", "phone")
    if email is not None and email.debtor_id != debtor.pk:
        raise DomainError("Este e-mail não é deste devedor.", "email")


def lock_person(debtor_id: int) -> None:
    """Have the attempts of one person wait for each other until the transaction ends.

    Not a lock of the row: a load that writes it must not keep collectors waiting. Two people
    whose numbers meet in one key only wait for each other for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, debtor_id % _INT])
