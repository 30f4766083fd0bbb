"""Setting the second factor up and signing in with it, as a person does."""

import pytest
from playwright.sync_api import expect

from cobranca.accounts.roles import IMPLEMENTER
from tests import factories
from tests.browser.chromium import Watched
from tests.browser.conftest import Office
from tests.cobranca.accounts.two_factor_kit import code


@pytest.fixture
def required(settings):
    settings.REQUIRE_TWO_FACTOR = True


def enter(desk: Watched, username: str) -> None:
    """Sign in, wherever it leads."""
    desk.open("/conta/login/")
    desk.page.fill("#id_login", username)
    desk.page.fill("#id_password", factories.PASSWORD)
    desk.page.click("button[type=submit]")


def test_it_is_set_up_at_the_first_sign_in_and_asked_for_at_the_next(
    desk: Watched, office: Office, required: None
) -> None:
    person = factories.make_user(office.agency, IMPLEMENTER)
    page = desk.page
    enter(desk, person.username)
    page.wait_for_url("**/conta/2fa/totp/activate/")
    expect(page.get_by_alt_text("Código QR para o aplicativo autenticador")).to_be_visible()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0

    page.click("summary >> text=Digite a chave")
    secret = page.inner_text(".secret-key")
    page.fill("#id_code", code(secret))
    page.click("text=Ativar")
    page.wait_for_selector(".codes")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.click("text=Guardei, continuar")
    page.wait_for_url("**/implantacao/")

    page.click(".user-menu > summary")
    page.click("text=Sair")
    page.wait_for_url("**/conta/login/**")
    enter(desk, person.username)
    page.fill("#id_code", codes[0])
    page.click("button >> text=Entrar")
    page.wait_for_url("**/conta/2fa/trust/")
    page.click("text=Não, só desta vez")
    page.wait_for_url("**/implantacao/")
