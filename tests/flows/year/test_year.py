"""A year of an office: each day both books are equal, and the timelines tell what happened."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
import time_machine
from django_scopes import scope

from cobranca.common import clock
from cobranca.creditors.standard_parameters import LOG_RETENTION_DAYS
from tests.flows.office import MAIN_COMPANY, TODAY, make_erp, make_office
from tests.flows.year.door import Door
from tests.flows.year.losses import is_like, measured, report_of, truth
from tests.flows.year.noise import Noise
from tests.flows.year.script import Script
from tests.flows.year.story import Year
from tests.flows.year.webhooks import Webhooks

logger = structlog.get_logger(__name__)
DAYS = int(os.environ.get("YEAR_DAYS", "40"))
SEED = int(os.environ.get("YEAR_SEED", "1"))
CONTRACTS = int(os.environ.get("YEAR_CONTRACTS", "16"))


@pytest.fixture
def year(transactional_db: None, settings: Any) -> Iterator[Year]:
    """A year that is about to begin: nobody has loaded anything yet."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    erp = make_erp(
        seed=SEED,
        contracts=CONTRACTS,
        customers=CONTRACTS + 5,
        companies=1,
        installments_per_contract=45,
        extras_percent=20,
    )
    erp.settings(webhooks={"mode": "manual"})
    office = make_office(erp)
    with (
        scope(agency=office.agency),
        Door() as door,
        time_machine.travel(f"{TODAY} 06:00:00-03:00") as traveller,
    ):
        settings.SITE_URL = door.url
        # The loss meter looks back as long as announcements are kept.
        office.configure(LOG_RETENTION_DAYS, "500")
        office.now = clock.now  # the product's own, moved with the ERP's
        yield Year(office, Script(SEED, MAIN_COMPANY), traveller, Webhooks(office))
    erp.stop()


def test_a_calm_year(year):
    year.begin()
    year.live(DAYS)
    year.end()
    logger.info(year.summary())
    check_losses(year)


def test_a_rough_year_ends_where_a_calm_one_does(year):
    year.noise = Noise(year.office, SEED)

    year.begin()
    year.live(DAYS)
    year.end()

    logger.info(year.summary())
    assert year.noise.deaths >= DAYS // 40
    check_losses(year)


def check_losses(year: Year) -> None:
    """Hold the loss meter against what the ERP knows that it told in vain."""
    report = report_of(year.office)
    told, meant = measured(report), truth(year, report)
    logger.info("losses", told=told, meant=meant)
    assert is_like(told, meant), (told, meant)
