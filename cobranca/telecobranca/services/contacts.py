"""A contact as the desk works it: recorded, and the debtor given back to the queue."""

from datetime import datetime, timedelta

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.debtors.models import Debtor
from cobranca.dunning.models import Callback, ContactRecord
from cobranca.dunning.services import Contacted, ask_permission, write_record
from cobranca.dunning.services.records import check_told
from cobranca.telecobranca.models import DrawEnd
from cobranca.telecobranca.services.queue import release


def work_contact(*, debtor: Debtor, told: Contacted, actor: User, at: datetime) -> ContactRecord:
    """Record a contact and give the debtor back to the queue: for the time of the callback, kept
    for who is to make it, else after the hours of rest that the result asks for.

    Raises what `record_contact` does. A refusal of the law of contact is kept.
    """
    check_told(debtor, told)
    allowed = ask_permission(debtor=debtor, told=told, actor=actor, at=at)
    with transaction.atomic():
        record = write_record(debtor=debtor, told=allowed, actor=actor, at=at)
        callback = Callback.objects.filter(record=record).select_related("assigned_to").first()
        if callback is not None:
            until, kept_for = callback.at, callback.assigned_to
        else:
            until, kept_for = at + timedelta(hours=told.result.pause_hours), None
        release(
            record.debtor_id,
            at=at,
            available_at=until,
            reserved_for=kept_for,
            ended_as=DrawEnd.WORKED,
        )
    return record
