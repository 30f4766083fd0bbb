"""What the law of contact needs every hour: blocks that begin or end, holidays of years to come."""

from celery import shared_task

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.debtors.blocks import refresh_blocked
from cobranca.dunning.contact_law import forget_places
from cobranca.dunning.seeds import plant_holidays

TASK = "dunning.keep_law"
EVERY_MINUTES = 60
# Years beyond the present one whose holidays are there: a permission is never sought in a year
# without them.
YEARS_AHEAD = 3


@shared_task(name=TASK)
def keep_law() -> int:
    """Mark who is blocked today, in every agency, and load holidays; return rows changed."""
    today = clock.today()
    changed = plant_holidays(range(today.year, today.year + YEARS_AHEAD + 1))
    for agency_id in Agency.objects.values_list("pk", flat=True):
        changed += refresh_blocked(agency_id, today)
    forget_places()
    return changed
