"""The demonstration's teams are made once, and its goals once a month."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from cobranca.accounts.models import Team
from cobranca.accounts.roles import COLLECTOR
from cobranca.telecobranca.models import ContractAssignment, Distribution, Goal
from integrations.demo.teams import HOUSE, OFFICE, ensure_teams
from tests import factories
from tests.cobranca.telecobranca.teaming import owing

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 20)


def start(agency, actor, on=TODAY):
    at = timezone.make_aware(datetime.combine(on, time(9)))
    ensure_teams(agency, actor, on=on, at=at)


def test_the_portfolio_is_divided_once(in_scope, agency, creditor, implementer, collector):
    outside = factories.make_user(agency, COLLECTOR, "otavio")
    for _ in range(20):
        owing(creditor, ["100"])

    start(agency, implementer)
    start(agency, implementer)

    house, office = Team.objects.get(name=HOUSE), Team.objects.get(name=OFFICE)
    assert list(house.members.all()) == [collector]
    assert list(office.members.all()) == [outside]
    assert Distribution.objects.count() == 1
    assert ContractAssignment.objects.filter(team=house).count() == 13
    assert ContractAssignment.objects.filter(team=office).count() == 7
    assert Goal.objects.count() == 3


def test_a_new_month_expects_what_the_last_did(in_scope, agency, implementer):
    start(agency, implementer)
    start(agency, implementer, date(2026, 6, 1))

    assert Goal.objects.filter(month=date(2026, 6, 1)).count() == 3


def test_an_agency_without_debtors_still_starts(in_scope, agency, implementer):
    start(agency, implementer)

    assert not Distribution.objects.exists()
