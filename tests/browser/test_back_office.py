"""Implementer's pages in the browser: parameters, imports, logs."""

import re

from playwright.sync_api import expect

from tests.browser.chromium import Watched
from tests.browser.conftest import Office


def test_a_parameter_is_changed_in_place(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)
    desk.open("/configuracoes/parametros/")
    desk.page.click("td >> text=Vazio >> nth=0")
    desk.page.fill("input[name=value]", "30")

    desk.page.click("text=Salvar")

    expect(desk.page.locator("td >> text=30")).to_be_visible()
    desk.page.reload()
    expect(desk.page.locator("td >> text=30")).to_be_visible()


def test_the_imports_lead_to_their_result(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)
    desk.open("/backoffice/importacoes/")
    for key in ("j", "Enter"):
        desk.page.keyboard.press(key)

    expect(desk.page.locator("h1")).to_have_text(re.compile(r"Importação \d+"))
    expect(desk.page.locator("text=Campo balanceAmount não é valor.")).to_have_count(3)
    with desk.page.expect_download() as download:
        desk.page.click("text=CSV")
    assert download.value.suggested_filename.endswith(".csv")


def test_a_batimento_that_waits_says_what_confirming_does(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)
    desk.open(f"/backoffice/importacoes/{office.portfolio.run.pk - 1}/")

    desk.page.click("text=Confirmar devoluções")

    expect(desk.page.get_by_role("dialog")).to_contain_text("Devolver 21.044 parcelas?")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)


def test_a_call_shows_both_sides_and_copies_them(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)
    desk.open("/logs/integracao/")
    desk.page.check("text=Somente com erros")
    desk.page.click("button >> text=Pesquisar")
    desk.settle()
    expect(desk.page.locator("[data-row]")).to_have_count(4)

    desk.page.click("[data-row] a >> nth=0")
    desk.page.click("text=Copiar >> nth=1")

    expect(desk.page.locator("#toasts")).to_contain_text("Copiado.")
    assert "1095.50" in desk.page.evaluate("navigator.clipboard.readText()")
