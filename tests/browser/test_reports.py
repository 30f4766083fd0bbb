"""Dashboards by the keyboard: tables, the list behind a figure, a debtor of it."""

from datetime import timedelta

import pytest
from django_scopes import scope

from cobranca.common import clock
from cobranca.dunning.models import Promise
from tests.browser import axe
from tests.browser.chromium import Watched
from tests.browser.conftest import Office

DEBTOR = "Conceição Aparecida"


@pytest.fixture
def promised(office: Office) -> None:
    with scope(agency=office.agency):
        for status in ("kept", "broken"):
            Promise.objects.create(
                agency=office.agency,
                debtor=office.portfolio.debtor,
                promised_on=clock.today() - timedelta(days=9),
                amount="150.00",
                status=status,
                actor=office.collector,
            )


def test_a_supervisor_reads_a_board_and_opens_what_a_figure_counts(
    desk: Watched, office: Office, promised: None
) -> None:
    page = desk.page
    desk.enter(office.implementer)
    desk.open("/paineis/")
    assert "foi cumprida" in page.get_by_role("region", name="Promessas").inner_text()

    page.locator("#card-promessas a").press("Enter")
    desk.settle()
    table = page.get_by_role("region", name="Tabela: Promessas por cobrador")
    assert table.bounding_box()["width"] <= 1  # there for who listens alone
    page.keyboard.press("t")
    assert table.bounding_box()["width"] > 300
    assert page.locator("[data-tables]").get_attribute("aria-pressed") == "true"
    assert axe.faults_of(page, "promessas com tabelas") == []
    page.keyboard.press("t")

    # Focus that goes into a hidden table shows it.
    link = table.get_by_role("link").first
    link.focus()
    assert table.bounding_box()["width"] > 300
    page.keyboard.press("Enter")
    page.wait_for_url("**/paineis/lista/**")
    desk.settle()
    assert "R$ 150,00" in page.locator(".lead").inner_text()
    page.keyboard.press("j")
    assert DEBTOR in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/telecobranca/devedores/**")
    desk.settle()
    assert "/telecobranca/devedores/" in page.url


def test_the_choice_of_tables_is_kept_for_the_next_board(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)
    desk.open("/paineis/aging/")
    desk.page.keyboard.press("t")

    desk.open("/paineis/movimento/")

    assert desk.page.locator(".chart-table.is-shown").count() == 3
