"""The night's tidying: old readings forgotten, what strayed to a merged debtor gathered."""

from datetime import datetime

from celery import shared_task
from django_scopes import scope, scopes_disabled

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.creditors.selectors import value_of
from cobranca.debtors.merging import gather_strays
from cobranca.debtors.models import DebtorReading
from cobranca.debtors.parameters import READINGS_KEPT_YEARS

TASK = "debtors.tidy"
EVERY_MINUTES = 24 * 60
# Few enough rows a statement that nobody waits behind it.
BATCH = 5000


@shared_task(name=TASK)
def tidy() -> int:
    """Return how many readings were forgotten: those older than each agency keeps them."""
    gather_strays()
    with scopes_disabled():
        agencies = list(Agency.objects.all())
    return sum(forget_readings(agency, clock.now()) for agency in agencies)


def forget_readings(agency: Agency, at: datetime) -> int:
    """Delete an agency's readings that are too old; return how many there were."""
    deleted = 0
    with scope(agency=agency):
        years = value_of(READINGS_KEPT_YEARS, agency=agency)
        leap = (at.month, at.day) == (2, 29)
        before = at.replace(year=at.year - years, day=28 if leap else at.day)
        old = DebtorReading.objects.filter(at__lt=before).order_by()
        while ids := list(old.values_list("pk", flat=True)[:BATCH]):
            deleted += DebtorReading.objects.filter(pk__in=ids).delete()[0]
    return deleted
