"""A browser, a server and an office with a small portfolio, shared by the whole package.

The server runs in a thread and sees only what is committed: the office is made once, every test
that changes something makes a debtor of its own, and the database is emptied at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import COLLECTOR, IMPLEMENTER
from cobranca.creditors.models import Creditor
from tests import factories
from tests.browser import data
from tests.browser.chromium import Watched, chromium


@dataclass
class Office:
    """Who works there, and what they work on."""

    agency: Agency
    collector: User
    implementer: User
    creditor: Creditor
    portfolio: data.Portfolio


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the whole package use the database, and empty it at the end.

    The name is pytest-django's: by it the plugin knows that these tests want a test database.
    """
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=False)
        # Under Playwright's event loop Django keeps a connection of its own, which nobody
        # else would close.
        connection.close()


@pytest.fixture(scope="package")
def office(transactional_db: None) -> Office:
    assert "test" in connection.settings_dict["NAME"]
    return open_office()


def open_office() -> Office:
    """Make an agency, its people and its portfolio."""
    agency = factories.make_agency("Assessoria Aurora")
    collector = factories.make_user(agency, COLLECTOR, "caio")
    implementer = factories.make_user(agency, IMPLEMENTER, "ines")
    creditor = factories.make_creditor(
        agency,
        legal_name="Aurora Incorporações SPE Ltda",
        trade_name="Aurora Incorporações",
        creditor_type="SIENGE",
        external_code="1",
    )
    portfolio = data.build(agency, creditor, collector, others=30)
    return Office(agency, collector, implementer, creditor, portfolio)


@pytest.fixture(scope="package")
def server(office: Office) -> Iterator[str]:
    live = LiveServer("localhost:0")
    yield live.url
    live.stop()


@pytest.fixture
def desk(browser: Browser, server: str) -> Iterator[Watched]:
    """A page at the desk's size; what it did wrong fails the test at its end."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="pt-BR", color_scheme="light"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(10_000)
    watched = Watched(context.new_page(), server)
    yield watched
    watched.look_for_english()
    context.close()
    cache.clear()  # wrong passwords are counted there
    assert watched.faults == []
