"""Two people who save a campaign's table at once: no overlap is ever stored, nothing is lost."""

from threading import Barrier

import pytest
from django_scopes import scope

from cobranca.campaigns import services
from cobranca.campaigns.brackets import collisions
from cobranca.campaigns.models import CashBracket
from cobranca.common.errors import DomainError
from tests.cobranca.campaigns.making import cash, make_campaign
from tests.concurrency.test_task_runs import race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
RACES = 12
MINE, THEIRS = (0, 30), (15, 60)


@pytest.fixture
def new_campaign(agency, creditor):
    def make():
        with scope(agency=agency):
            return make_campaign(creditor)

    return make


def stored(agency, campaign):
    """Return the table as the rules read it."""
    with scope(agency=agency):
        rows = CashBracket.objects.filter(campaign=campaign)
        return [services.CASH.values(row) for row in rows]


def saver(agency, campaign, span, seen_at=None):
    """Return someone who saves a table of one bracket; they get True or what refused them."""

    def save():
        with scope(agency=agency):
            try:
                services.save_brackets(
                    campaign=campaign, cash=[cash(*span)], actor=None, seen_at=seen_at
                )
            except DomainError as error:
                return error.message
        return True

    return save


def careless(agency, campaign, span, looked):
    """Return someone who looks for overlaps and writes, with no lock."""

    def save():
        with scope(agency=agency):
            row = cash(*span)
            row.agency, row.campaign = agency, campaign
            there = stored(agency, campaign)
            looked.wait(timeout=10)
            if collisions([*there, services.CASH.values(row)]):
                return False
            row.save()
        return True

    return save


def test_two_who_save_at_once_never_store_an_overlap(agency, new_campaign):
    for _ in range(RACES):
        campaign = new_campaign()

        race(saver(agency, campaign, MINE), saver(agency, campaign, THEIRS))

        assert len(stored(agency, campaign)) == 1


def test_the_second_of_two_is_told_and_the_firsts_work_stays(agency, new_campaign):
    for _ in range(RACES):
        campaign = new_campaign()
        seen_at = campaign.updated_at

        got = race(saver(agency, campaign, MINE, seen_at), saver(agency, campaign, THEIRS, seen_at))

        assert sum(each is True for each in got) == 1
        assert sum("Outra pessoa salvou" in str(each) for each in got) == 1
        winner = (MINE, THEIRS)[got.index(True)]
        (row,) = stored(agency, campaign)
        assert (row["delay_from"], row["delay_to"]) == winner


def test_without_the_lock_an_overlap_is_stored(agency, new_campaign):
    campaign, looked = new_campaign(), Barrier(2)

    got = race(careless(agency, campaign, MINE, looked), careless(agency, campaign, THEIRS, looked))

    assert got == [True, True]
    assert collisions(stored(agency, campaign))
