"""Signing in and out, and the look one chooses."""

import re

import pytest
from playwright.sync_api import expect

from cobranca.accounts.roles import COLLECTOR
from tests import factories
from tests.browser.chromium import Watched
from tests.browser.conftest import Office


def test_signing_in_leads_home_and_out_again(desk: Watched, office: Office) -> None:
    desk.open("/")
    desk.sign_in(office.collector.username)

    expect(desk.page).to_have_url(re.compile("/telecobranca/$"))

    desk.page.click(".user-menu > summary")
    desk.page.click("text=Sair")
    desk.settle()
    expect(desk.page).to_have_url(re.compile("/conta/login/"))


def test_a_wrong_password_is_said_and_five_close_the_door(desk: Watched, office: Office) -> None:
    clumsy = factories.make_user(office.agency, COLLECTOR)
    desk.sign_in(clumsy.username, "errada")
    expect(desk.page.get_by_role("alert")).to_contain_text("incorretos")

    for _ in range(5):
        desk.page.fill("#id_password", "errada")
        desk.page.click("button[type=submit]")
        desk.settle()

    expect(desk.page.get_by_role("alert")).to_contain_text("Muitas tentativas")


def test_the_theme_follows_the_system_until_one_is_chosen(desk: Watched, office: Office) -> None:
    html = desk.page.locator("html")
    desk.enter(office.collector)
    desk.open("/telecobranca/")
    expect(html).to_have_attribute("data-bs-theme", "light")

    desk.page.emulate_media(color_scheme="dark")
    expect(html).to_have_attribute("data-bs-theme", "dark")

    desk.page.click(".user-menu > summary")
    desk.page.click("text=Clara")
    expect(html).to_have_attribute("data-bs-theme", "light")
    desk.page.reload()
    expect(html).to_have_attribute("data-bs-theme", "light")


def test_the_choice_holds_in_the_configuration_screens(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)
    desk.open("/implantacao/")
    desk.page.click(".user-menu > summary")
    desk.page.click("text=Escura")

    desk.open("/admin/")

    expect(desk.page.locator("html")).to_have_class(re.compile("dark"))


@pytest.mark.parametrize("path", ["/conta/signup/", "/conta/password/reset/"])
def test_pages_before_sign_in_are_ours(desk: Watched, path: str) -> None:
    desk.open(path)

    expect(desk.page.locator(".brand")).to_be_visible()


def test_the_account_pages_are_ours(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)

    for path in ("/conta/password/change/", "/conta/2fa/", "/conta/sessions/", "/conta/logout/"):
        desk.open(path)
        expect(desk.page.locator(".topbar")).to_be_visible()


def test_an_address_that_does_not_exist_is_said_in_our_words(desk: Watched) -> None:
    desk.expect(404)

    desk.open("/nada/")

    expect(desk.page.get_by_role("heading")).to_have_text("Página não encontrada")
