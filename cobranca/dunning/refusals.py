"""Contacts that were asked for and refused: who asked, for whom, by which rule."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.debtors.sight import seen
from cobranca.dunning.models import ContactAttempt


@dataclass(frozen=True, kw_only=True)
class RefusalFilter:
    """Which refusals; `asked_by` 0 is the product itself. Days by the office's calendar."""

    family: str = ""
    channel: str = ""
    asked_by: int | None = None
    since: date | None = None
    until: date | None = None


def refusals(wanted: RefusalFilter) -> QuerySet[ContactAttempt]:
    """Return refused attempts, newest first, along with whom and by whom."""
    rows = seen(ContactAttempt.objects.filter(is_allowed=False), "debtor")
    if wanted.family:
        rows = rows.filter(rule__startswith=f"{wanted.family}:")
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.asked_by is not None:
        rows = rows.filter(actor=wanted.asked_by or None)
    if wanted.since is not None:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows.select_related("debtor", "actor", "phone").order_by("-at", "-id")


def _midnight(day: date) -> datetime:
    """Return the first instant of a day of the office."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    zone = clock.office_time(noon).tzinfo
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def askers() -> list[tuple[int, str]]:
    """Return the people of the agency whose contacts were refused."""
    refused = ContactAttempt.objects.filter(is_allowed=False, actor__isnull=False).order_by()
    ids = seen(refused, "debtor")
    people = User.objects.filter(pk__in=ids.values("actor"))
    return [(person.pk, str(person)) for person in people]
