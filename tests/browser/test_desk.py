"""A collector's day by keyboard alone: next, call, record, calculate, agree, next."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django_scopes import scope
from playwright.sync_api import Locator, expect

from cobranca.accounts.roles import COLLECTOR
from cobranca.debtors.models import Debtor
from cobranca.dunning.results import default_results
from cobranca.telecobranca.models import WorkQueue
from cobranca.telecobranca.services.queue import refresh_queue
from tests import factories
from tests.browser import back_office, data
from tests.browser.chromium import Watched

Traveller = time_machine.Traveller
# A Tuesday, 14:00: calls are permitted everywhere.
AFTERNOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    """An afternoon, whatever time it is where the tests run."""
    with time_machine.travel(AFTERNOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def debtor(desk: Watched, clock: Traveller) -> Debtor:
    """A debtor of this test's own, whose page is open, in an office with a campaign and a queue."""
    agency = factories.make_agency()
    collector = factories.make_user(agency, COLLECTOR)
    creditor = factories.make_creditor(agency)
    made = data.full_debtor(creditor, collector).debtor
    back_office.build_load(creditor)
    with scope(agency=agency):
        default_results(agency)
        campaign = factories.make_campaign(creditor, name="Carteira própria")
        factories.make_cash_bracket(campaign)
        WorkQueue.objects.create(agency=agency, name="Geral")
        refresh_queue(agency.pk, AFTERNOON.date(), AFTERNOON)
    desk.enter(collector)
    desk.open(f"/telecobranca/devedores/{made.pk}/")
    # A page that was loaded again would have lost this.
    desk.page.evaluate("window.sameAsBefore = true")
    return made


def press(desk: Watched, *keys: str) -> None:
    for key in keys:
        desk.page.keyboard.press(key)


def box(desk: Watched) -> Locator:
    return desk.page.locator("#contact-box")


def still_the_same_page(desk: Watched) -> bool:
    return bool(desk.page.evaluate("window.sameAsBefore === true"))


def choose_way(desk: Watched, key: str) -> None:
    """Ask how the debtor may be reached, and choose; focus says that what came is ready."""
    press(desk, "r")
    expect(box(desk).locator(".way[data-focus]")).to_be_focused()
    press(desk, key)


def call(desk: Watched) -> None:
    """Ask to call the main phone, and wait for the form."""
    choose_way(desk, "1")
    expect(box(desk)).to_contain_text("Permitido")
    expect(box(desk).locator("[data-focus]")).to_be_focused()


def test_a_promise_is_recorded_by_keyboard(desk: Watched, debtor: Debtor) -> None:
    call(desk)
    press(desk, "2")
    expect(desk.page.locator("#contact_promised_on")).to_be_focused()
    desk.page.keyboard.type("27112026")
    expect(desk.page.locator("#contact_promised_on")).to_have_value("27/11/2026")
    press(desk, "Tab")
    desk.page.keyboard.type("500,00")
    press(desk, "Enter")

    expect(box(desk)).to_contain_text("promessa de R$ 500,00 para 27/11/2026")
    expect(desk.page.locator("#strip-promise")).to_have_text("27/11/2026")
    expect(desk.page.locator("#strip-contact")).to_have_text("agora")
    event = desk.page.locator(".event").first
    expect(event).to_contain_text("Ligação: Promessa de pagamento")
    assert still_the_same_page(desk)


def test_what_cannot_be_promised_is_said_where_it_was_typed(desk: Watched, debtor: Debtor) -> None:
    call(desk)
    press(desk, "2")
    desk.page.keyboard.type("23112026")
    press(desk, "Tab")
    desk.page.keyboard.type("500")
    press(desk, "Enter")

    expect(box(desk).locator(".field.invalid")).to_contain_text("já passou")
    expect(desk.page.locator("#contact_promised_on")).to_be_focused()
    press(desk, "Escape", "Escape")
    expect(box(desk)).to_be_hidden()


def test_a_wrong_number_leaves_the_phones_that_serve(desk: Watched, debtor: Debtor) -> None:
    call(desk)
    press(desk, "7")
    expect(box(desk)).to_contain_text("O telefone será inativado")
    press(desk, "Enter")

    expect(desk.page.locator("#count-telefones")).to_have_text("1")
    expect(desk.page.locator(".event").first).to_contain_text(re.compile("Número errado|inativado"))
    press(desk, "r")
    expect(box(desk)).to_contain_text("Ligar para (27) 3131-4150")
    expect(box(desk)).not_to_contain_text("99924-9180")


def test_a_callback_stands_on_the_agenda_until_it_is_done(desk: Watched, debtor: Debtor) -> None:
    call(desk)
    press(desk, "8")
    expect(desk.page.locator("#contact_callback_on")).to_be_focused()
    desk.page.keyboard.type("24112026")
    press(desk, "Tab")
    desk.page.keyboard.type("1630")
    press(desk, "Enter")
    expect(box(desk)).to_contain_text("retorno em 24/11/2026 16:30")

    desk.open("/telecobranca/agenda/")
    row = desk.page.locator("#agenda [data-row]")
    expect(row).to_contain_text("24/11/2026 16:30")
    press(desk, "j", "g")
    expect(desk.page.locator("#contact_callback_on")).to_be_focused()
    desk.page.keyboard.type("25112026")
    press(desk, "Enter")
    expect(row).to_contain_text("25/11/2026 16:30")
    press(desk, "j", "f")
    expect(desk.page.locator("#agenda")).to_contain_text("Nenhum retorno")


def test_at_night_the_law_is_told_instead_of_the_form(
    desk: Watched, debtor: Debtor, clock: Traveller
) -> None:
    clock.move_to(NIGHT)
    desk.enter(factories.make_user(debtor.agency, COLLECTOR))
    choose_way(desk, "1")

    expect(box(desk)).to_contain_text("Permitido a partir de 25/11/2026")
    expect(box(desk).locator("a[href^='tel:']")).to_have_count(0)
    press(desk, "Escape")
    expect(box(desk)).to_be_hidden()


def test_a_debtor_who_calls_is_recorded_at_any_hour(desk: Watched, debtor: Debtor) -> None:
    choose_way(desk, "9")
    expect(box(desk)).to_contain_text("Por onde")
    expect(box(desk).locator("[data-focus]")).to_be_focused()
    press(desk, "3", "Enter")

    expect(desk.page.locator(".event").first).to_contain_text("Ligação recebida")


def test_an_agreement_is_made_below_without_leaving_the_debtor(
    desk: Watched, debtor: Debtor
) -> None:
    press(desk, "j", "j", " ", "j", " ", "c")
    panel = desk.page.locator(".calc-panel")
    expect(panel.locator("#calc-count")).to_have_text("(2 de 148)")
    expect(panel).to_be_focused()
    expect(desk.page.locator("#selection")).to_be_hidden()
    assert desk.sideways() == 0

    press(desk, "s")
    expect(panel.locator("[data-save]").first).to_be_focused()
    press(desk, "Enter")

    expect(panel).to_have_count(0)
    expect(desk.page.locator("#toasts")).to_contain_text("salvo e vigente")
    expect(desk.page.locator("#tab-panel")).to_contain_text("Vigente")
    expect(desk.page.locator("#count-acordos")).to_have_text("1")
    expect(desk.page.locator("#contracts abbr.letter.A")).to_have_count(3)
    assert still_the_same_page(desk)


def test_the_calculation_closes_and_opens_again(desk: Watched, debtor: Debtor) -> None:
    panel = desk.page.locator(".calc-panel")
    for _ in range(2):
        press(desk, "c")
        expect(panel).to_be_focused()
        press(desk, "v")
        desk.page.keyboard.type("1")
        expect(panel.locator("#error-final_value")).to_contain_text(re.compile(r"\w"))
        press(desk, "Escape", "Escape", "Escape")
        expect(panel).to_have_count(0)
    assert still_the_same_page(desk)


def test_enter_and_answers_leave_the_keyboard_in_the_field(desk: Watched, debtor: Debtor) -> None:
    press(desk, "c")
    panel = desk.page.locator(".calc-panel")
    expect(panel).to_be_focused()
    press(desk, "v")
    for key in ("1", "0", "Enter"):
        with desk.page.expect_response(re.compile(r"/calculo/quadro/")):
            press(desk, key)
        expect(panel.locator("#error-final_value")).to_contain_text(re.compile(r"\w"))
        desk.settle()
        expect(desk.page.locator("#id_final_value")).to_be_focused()


def test_escape_goes_to_the_table_first_and_closes_what_nobody_typed_in(
    desk: Watched, debtor: Debtor
) -> None:
    panel, table = desk.page.locator(".calc-panel"), desk.page.locator(".calc-scroll")
    press(desk, "c")
    expect(panel).to_be_focused()
    press(desk, "v", "Enter", "Escape")
    expect(table).to_be_focused()
    press(desk, "j", "v")
    expect(desk.page.locator("#id_final_value")).to_be_focused()
    press(desk, "Escape")

    expect(panel.locator("tr.current [data-open]")).to_be_focused()
    press(desk, "Escape")
    expect(panel).to_have_count(0)
    assert still_the_same_page(desk)


def test_what_was_typed_is_told_before_escape_throws_it_away(desk: Watched, debtor: Debtor) -> None:
    panel, field = desk.page.locator(".calc-panel"), desk.page.locator("#id_final_value")
    press(desk, "c")
    expect(panel).to_be_focused()
    press(desk, "v")
    desk.page.keyboard.type("1000")
    press(desk, "Escape", "Escape")

    expect(desk.page.locator("#toasts")).to_contain_text("não foi salvo")
    expect(field).to_have_value("1000")
    press(desk, "v", "Backspace", "Escape", "Escape")
    expect(panel).to_have_count(0)
    assert still_the_same_page(desk)


def test_why_this_campaign_is_told_in_place(desk: Watched, debtor: Debtor) -> None:
    press(desk, "c")
    expect(desk.page.locator(".calc-panel")).to_be_focused()
    desk.page.click("text=Por que esta campanha?")

    told = desk.page.locator("#explained")
    expect(told).to_contain_text("Carteira própria")
    expect(told.locator(".candidate.chosen").first).to_contain_text("Usada")


def test_the_next_debtor_comes_by_one_key(desk: Watched, debtor: Debtor) -> None:
    desk.open("/telecobranca/agenda/")
    expect(desk.page.locator("[data-key=n]")).to_be_visible()
    press(desk, "n")

    expect(desk.page).to_have_url(re.compile(f"/telecobranca/devedores/{debtor.pk}/"))
    expect(desk.page.locator(".strip h1")).to_contain_text("Conceição")


def test_every_key_is_listed(desk: Watched, debtor: Debtor) -> None:
    press(desk, "?")

    listed = desk.page.locator("#shortcuts kbd").all_inner_texts()
    assert {"J", "K", "Espaço", "Enter", "C", "N", "E", "/", "?", "R"} <= set(listed)


def test_contacts_are_listed_and_a_promise_called_off(desk: Watched, debtor: Debtor) -> None:
    call(desk)
    press(desk, "2")
    desk.page.keyboard.type("27112026")
    press(desk, "Tab")
    desk.page.keyboard.type("500,00")
    press(desk, "Enter")
    expect(box(desk)).to_contain_text("promessa")

    desk.page.get_by_role("tab", name="Contatos").click()
    desk.page.click("#tab-panel [data-row-key=x]")
    desk.page.fill("#id_reason", "Fez acordo")
    press(desk, "Enter")

    expect(desk.page.locator("#tab-panel")).to_contain_text("Cancelada")
    expect(desk.page.locator("#strip-promise")).to_have_text("nenhuma")
