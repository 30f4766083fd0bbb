"""The debtor page: nothing reloads it, the keyboard drives it."""

import re

import pytest
from playwright.sync_api import expect

from cobranca.accounts.roles import COLLECTOR
from cobranca.debtors.models import Debtor, Phone
from tests import factories
from tests.browser import back_office, data
from tests.browser.chromium import Watched


@pytest.fixture(autouse=True)
def debtor(desk: Watched) -> Debtor:
    """A debtor of this test's own, whose page is open."""
    agency = factories.make_agency()
    collector = factories.make_user(agency, COLLECTOR)
    creditor = factories.make_creditor(agency)
    made = data.full_debtor(creditor, collector).debtor
    back_office.build_load(creditor)
    desk.enter(collector)
    desk.open(f"/telecobranca/devedores/{made.pk}/")
    # A page that was loaded again would have lost this.
    desk.page.evaluate("window.sameAsBefore = true")
    return made


def still_the_same_page(desk: Watched) -> bool:
    return bool(desk.page.evaluate("window.sameAsBefore === true"))


def test_the_strip_says_who_how_much_and_how_old(desk: Watched) -> None:
    strip = desk.page.locator(".strip")

    expect(strip).to_contain_text("R$ 183.531,88")
    expect(strip).to_contain_text("150 dias")
    expect(strip.locator("#erp-age .fresh")).to_have_text(re.compile("há 5 h"))


def test_a_new_event_appears_on_the_timeline(desk: Watched) -> None:
    desk.page.keyboard.press("e")
    desk.page.keyboard.type("Prometeu pagar na sexta")
    desk.page.click("text=Registrar evento")

    expect(desk.page.locator(".event").first).to_contain_text("Prometeu pagar na sexta")
    expect(desk.page.locator("#note-box")).to_be_hidden()
    expect(desk.page.locator("#toasts")).to_contain_text("Evento registrado.")
    assert still_the_same_page(desk)


def test_the_timeline_is_filtered_and_searched(desk: Watched) -> None:
    desk.page.get_by_label("Devoluções").check()
    expect(desk.page.locator(".event")).to_have_count(2)

    desk.page.get_by_label("Todos").check()
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("boleto")
    expect(desk.page.locator(".event")).to_have_count(1)
    assert still_the_same_page(desk)


def test_a_phone_is_changed_in_place(desk: Watched) -> None:
    desk.page.locator("[data-edit]").nth(1).click()
    desk.page.fill("#id_number", "123")
    desk.page.click("text=Salvar")
    expect(desk.page.locator(".field.invalid")).to_contain_text("Telefone inválido")

    desk.page.fill("#id_number", "(27) 3131-4151")
    desk.page.click("text=Salvar")

    expect(desk.page.locator("#tab-panel")).to_contain_text("(27) 3131-4151")
    expect(desk.page.locator(".event").first).to_contain_text("Telefone alterado")
    expect(desk.page.locator("#count-telefones")).to_have_text("2")
    assert still_the_same_page(desk)


def test_an_inactivated_phone_can_be_taken_back(desk: Watched, debtor: Debtor) -> None:
    desk.page.locator("#tab-panel button:has(title:text('Inativar'))").first.click()
    expect(desk.page.locator("#count-telefones")).to_have_text("1")

    desk.page.click("text=Desfazer")

    expect(desk.page.locator("#count-telefones")).to_have_text("2")
    assert Phone._base_manager.get(debtor=debtor, number="27999249180").is_active


def test_every_tab_opens(desk: Watched) -> None:
    for tab, told in (
        ("Endereços", "Rua das Palmeiras, 120"),
        ("E-mails", "conceicao.araujo@exemplo.com.br"),
        ("Dados", "Paulo Henrique de Araújo"),
        ("Produtos", "87,40 m²"),
        ("Telefones", "(27) 99924-9180"),
    ):
        desk.page.get_by_role("tab", name=tab).click()
        expect(desk.page.locator("#tab-panel")).to_contain_text(told)
    assert still_the_same_page(desk)


def test_an_address_is_added(desk: Watched) -> None:
    desk.page.get_by_role("tab", name="Endereços").click()
    desk.page.click("text=Novo endereço")
    desk.page.fill("#id_street", "Avenida Beira-Mar")
    desk.page.fill("#id_postal_code", "88015-700")
    desk.page.select_option("#id_state", "SC")
    desk.page.click("text=Incluir endereço")

    expect(desk.page.locator("#tab-panel")).to_contain_text("Avenida Beira-Mar")
    expect(desk.page.locator("#count-enderecos")).to_have_text("2")


def test_installments_are_selected_and_added_up_by_keyboard(desk: Watched) -> None:
    for key in ("j", " ", "j", " ", "j", " "):
        desk.page.keyboard.press(key)

    selection = desk.page.locator("#selection")
    expect(selection).to_contain_text("3 parcelas selecionadas")
    expect(selection).to_contain_text("R$ 5.907,08")
    desk.page.click("#selection >> text=Novo evento")
    expect(desk.page.locator("#id_text")).to_have_value(re.compile("35/180, 36/180, 37/180"))
    desk.page.click("text=Limpar")
    expect(selection).to_be_hidden()


def test_an_installment_opens_and_closes_its_history(desk: Watched) -> None:
    for key in ("j", "j", "j", "Enter"):
        desk.page.keyboard.press(key)
    expect(desk.page.locator(".history")).to_contain_text("R$ 434,52")

    desk.page.keyboard.press("Enter")

    expect(desk.page.locator(".history")).to_have_count(0)


def test_the_rest_of_a_contract_comes_on_demand(desk: Watched) -> None:
    rows = desk.page.locator(".contract").first.locator("[data-row]")
    expect(rows).to_have_count(7)

    desk.page.click("text=139 parcelas a vencer")
    expect(rows).to_have_count(67)
    desk.page.click("text=Mostrar mais >> nth=0")
    expect(rows).to_have_count(127)
    desk.page.click("text=34 parcelas pagas")
    expect(rows).to_have_count(161)
    assert still_the_same_page(desk)


def test_finished_contracts_come_on_demand(desk: Watched) -> None:
    desk.page.click("text=Mostrar 1 contrato finalizado")

    expect(desk.page.locator("text=Torre A · apto 301")).to_be_visible()


def test_a_session_that_ended_leads_to_sign_in_and_back(desk: Watched) -> None:
    desk.page.context.clear_cookies()

    desk.page.get_by_role("tab", name="Dados").click()

    expect(desk.page).to_have_url(re.compile(r"/conta/login/\?next=%2Ftelecobranca%2Fdevedores"))


def test_the_document_is_copied(desk: Watched, debtor: Debtor) -> None:
    desk.page.locator(".strip .copyable").click()

    expect(desk.page.locator("#toasts")).to_contain_text("Copiado.")
    assert desk.page.evaluate("navigator.clipboard.readText()") == debtor.document
