"""Finding a debtor: on the page, in the command bar, by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Watched
from tests.browser.conftest import Office

NAME = "Conceição Aparecida Gonçalves de Araújo"


@pytest.fixture(autouse=True)
def opened(desk: Watched, office: Office) -> None:
    desk.enter(office.collector)
    desk.open("/telecobranca/")


def test_the_portfolio_is_there_before_anything_is_typed(desk: Watched) -> None:
    expect(desk.page.locator(".portfolio")).to_contain_text("31")
    expect(desk.page.locator("[data-row]")).to_have_count(25)

    desk.page.click("text=Mostrar mais 25")

    expect(desk.page.locator("[data-row]")).to_have_count(31)
    expect(desk.page.locator("text=Mostrar mais")).to_have_count(0)


def test_results_narrow_while_typing_and_the_address_keeps_them(desk: Watched) -> None:
    desk.page.fill("#q", "conceicao aparecida")

    expect(desk.page.locator("[data-row]")).to_have_count(1)
    expect(desk.page).to_have_url(re.compile(r"q=conceicao"))
    desk.page.reload()
    expect(desk.page.locator("[data-row] a")).to_have_text(NAME)


def test_nobody_found_says_what_else_to_try(desk: Watched) -> None:
    desk.page.fill("#q", "zzzz")

    expect(desk.page.locator("#found")).to_contain_text("Nenhum devedor com “zzzz”")


def test_the_keyboard_moves_in_the_list_and_opens(desk: Watched) -> None:
    first = desk.page.locator("[data-row] a").nth(0)
    second = desk.page.locator("[data-row] a").nth(1)
    desk.page.locator("#q").blur()

    for key in ("j", "j"):
        desk.page.keyboard.press(key)
    expect(second).to_be_focused()
    desk.page.keyboard.press("k")
    expect(first).to_be_focused()
    desk.page.keyboard.press("Enter")

    expect(desk.page).to_have_url(re.compile(r"/devedores/\d+/$"))


def test_the_command_bar_finds_from_any_page(desk: Watched) -> None:
    desk.open("/conta/sessions/")
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("3712")
    option = desk.page.get_by_role("option", name=re.compile(NAME))
    expect(option).to_have_attribute("aria-selected", "true")

    desk.page.keyboard.press("Enter")

    expect(desk.page.locator("h1")).to_have_text(NAME)


def test_the_command_bar_goes_to_sections(desk: Watched) -> None:
    desk.open("/conta/sessions/")
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("telecobr")
    expect(desk.page.get_by_role("option", name="Devedores")).to_be_visible()

    desk.page.keyboard.press("Escape")

    expect(desk.page.locator("#command-panel")).to_be_hidden()


def test_shortcuts_are_listed(desk: Watched) -> None:
    desk.page.locator("#q").blur()

    desk.page.keyboard.press("?")

    expect(desk.page.get_by_role("dialog")).to_contain_text("Atalhos do teclado")
