"""Answers to POSTs of the API, kept for a day so that a repeated call is not done twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_scopes import scope

from cobranca.accounts.models import Agency, IdempotencyRecord
from cobranca.common.api.exceptions import ReusedKey
from cobranca.common.api.idempotency import Answer, Call

KEPT_FOR = timedelta(hours=24)


def answer_once(call: Call, run: Callable[[], Answer], *, in_transaction: bool) -> Answer:
    """Return the answer given to a call before, else what `run` answers now, and keep it.

    In a transaction the claim on the key, the effect and the answer are seen together or not at
    all: a second process with the same key waits at the unique constraint, then repeats the
    answer of the first, or does the work when the first one failed. Without a transaction two
    calls at the same instant may both be done; both give the answer of whoever ends first.
    """
    if in_transaction:
        return _once(call, run)
    found = _living(call).first()
    if found is not None:
        return _repeated(found, call)
    answer = run()
    return _kept(call, answer)


@transaction.atomic
def _once(call: Call, run: Callable[[], Answer]) -> Answer:
    record, is_ours = _claim(call)
    if not is_ours:
        return _repeated(record, call)
    answer = run()
    IdempotencyRecord.objects.filter(pk=record.pk).update(**_columns(answer))
    return answer


@transaction.atomic
def _kept(call: Call, answer: Answer) -> Answer:
    record, is_ours = _claim(call, **_columns(answer))
    return answer if is_ours else _repeated(record, call)


def _claim(call: Call, **columns: Any) -> tuple[IdempotencyRecord, bool]:
    _slot(call).filter(expires_at__lte=call.at).delete()
    given = {"fingerprint": call.fingerprint, "expires_at": call.at + KEPT_FOR, **columns}
    return IdempotencyRecord.objects.get_or_create(**_address(call), defaults=given)


def _address(call: Call) -> dict[str, Any]:
    return {
        "agency": call.user.agency,
        "user": call.user,
        "route": call.route,
        "key": call.key,
    }


def _slot(call: Call) -> Any:
    return IdempotencyRecord.objects.filter(**_address(call))


def _living(call: Call) -> Any:
    return _slot(call).filter(expires_at__gt=call.at)


def _columns(answer: Answer) -> dict[str, Any]:
    return {"status_code": answer.status, "body": answer.body}


def _repeated(record: IdempotencyRecord, call: Call) -> Answer:
    if record.fingerprint != call.fingerprint:
        raise ReusedKey
    return Answer(record.status_code or 200, record.body, is_repeated=True)


def forget_expired(*, now: datetime) -> int:
    """Delete the answers of all agencies that are older than a day; return how many."""
    forgotten = 0
    for agency in Agency.objects.all():
        with scope(agency=agency):
            forgotten += IdempotencyRecord.objects.filter(expires_at__lte=now).delete()[0]
    return forgotten
