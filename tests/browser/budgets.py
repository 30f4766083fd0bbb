"""A day on which the calls of a package run short."""

from datetime import timedelta

from cobranca.accounts.models import Agency, User
from cobranca.common import clock
from cobranca.creditors.services import set_parameter
from integrations.core.budget import CallBudget, Priority, Timing
from integrations.core.calls import BULK, REST
from integrations.sienge import parameters
from integrations.sienge.config import limits_of_package

# How many calls of which pool each kind of work made in the last half hour.
SPENT = (
    (REST, Priority.LOADS, 51),
    (REST, Priority.PAYMENTS, 12),
    (REST, Priority.AGREEMENTS, 3),
    (BULK, Priority.LOADS, 2),
)


def build_budget(agency: Agency, actor: User) -> None:
    """Use up a good part of the smallest package."""
    set_parameter(parameters.PACKAGE, "Free", agency=agency, actor=actor)
    half_an_hour_ago = clock.now() - timedelta(minutes=30)
    timing = Timing(now=lambda: half_an_hour_ago, sleep=lambda _: None)
    limits = limits_of_package("Free")
    for pool, priority, calls in SPENT:
        for _ in range(calls):
            CallBudget(agency.pk, "sienge", limits, priority, timing).spend(pool)
