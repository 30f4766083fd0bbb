"""A supervisor's day by keyboard: a team, a distribution seen before it is done, its undoing."""

from playwright.sync_api import Page, expect

from cobranca.accounts.models import Team
from cobranca.telecobranca.models import ContractAssignment
from tests.browser.chromium import Watched
from tests.browser.conftest import Office


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is meant has the focus; a page that never gives it fails."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def test_a_team_is_made_given_debtors_and_they_are_taken_back(
    desk: Watched, office: Office
) -> None:
    page, before = desk.page, ContractAssignment._base_manager.count()
    desk.enter(office.implementer)
    desk.open("/equipe/equipes/")
    press(page, "n")
    expect(page.locator("h1")).to_have_text("Nova equipe")
    tab_to(page, "#id_name")
    page.keyboard.type("Equipe do teclado")
    tab_to(page, "#id_kind_0")
    press(page, "Space", "Enter")
    expect(page.locator("main")).to_contain_text("“Equipe do teclado” salva")
    team = Team._base_manager.get(name="Equipe do teclado")

    desk.open("/equipe/distribuicao/")
    tab_to(page, f"#alvo-t{team.pk}")
    press(page, "Space", "Enter")
    expect(page.locator("#previa")).to_be_visible()
    assert ContractAssignment._base_manager.count() == before
    tab_to(page, "button[value=aplicar]")
    press(page, "Enter")
    expect(page.locator("main")).to_contain_text("Distribuição aplicada")
    assert ContractAssignment._base_manager.filter(team=team).exists()

    tab_to(page, "button:has(use[href$='#undo-2'])")
    press(page, "Enter")
    expect(page.locator("main")).to_contain_text("Distribuição desfeita")
    assert ContractAssignment._base_manager.count() == before


def test_the_board_refreshes_itself_opens_its_lists_and_takes_a_debtor_back(
    desk: Watched, office: Office
) -> None:
    page = desk.page
    desk.enter(office.implementer)
    desk.open("/equipe/quadro/")
    said = page.locator("[data-board-said]")
    first = said.inner_text()
    page.focus("#f-acionamentos")

    page.wait_for_timeout(1100)
    press(page, "r")
    desk.settle()

    expect(said).not_to_have_text(first)
    assert page.evaluate("document.activeElement.id") == "f-acionamentos"
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text("Acionamentos de hoje")
    press(page, "j", "Enter")
    page.wait_for_url("**/telecobranca/devedores/*/")

    desk.open("/equipe/quadro/")
    tab_to(page, "[data-take]")
    press(page, "Enter")
    expect(page.locator("#retomar")).to_contain_text("volta já à fila")
    tab_to(page, "#retomar .btn-danger")
    press(page, "Enter")
    expect(page.locator("main")).to_contain_text("voltou à fila; estava com")
