"""The command bar by keyboard: what was typed last is what is opened, whatever comes late."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from cobranca.common import clock
from cobranca.debtors.reading import DEBTOR_PAGE, note_reading
from tests.browser.chromium import Watched
from tests.browser.conftest import Office

# Faster than any debounce, whatever the machine is doing.
AT_ONCE = """(field, text) => {
    for (const letter of text) {
        field.value += letter;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
}"""
NAME = "Conceição Aparecida Gonçalves de Araújo"
SOURCE = "**/telecobranca/busca/**"


# Counts the requests that were sent and neither answered nor called off.
COUNTING = """
  const real = window.fetch, flying = new Set();
  window.asked = []; window.most = 0;
  window.fetch = async (url, options) => {
    const flight = { signal: options.signal };
    flying.add(flight);
    window.asked.push(new URL(url, location.href).searchParams.get("q"));
    window.most = Math.max(window.most, [...flying].filter((each) => !each.signal.aborted).length);
    try { return await real(url, options); } finally { flying.delete(flight); }
  };
"""


@pytest.fixture(autouse=True)
def opened(desk: Watched, office: Office) -> None:
    desk.page.add_init_script(COUNTING)
    desk.enter(office.collector)
    desk.open("/conta/sessions/")


def slow(first: str) -> Callable[[Route], None]:
    """Answer what begins a word late, so that its answer comes after the next one's."""

    def handle(route: Route) -> None:
        if route.request.url.endswith(f"={first}"):
            time.sleep(0.6)
        route.continue_()

    return handle


def test_a_late_answer_never_replaces_a_newer_one(desk: Watched) -> None:
    desk.page.route(SOURCE, slow("zzzz"))
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("zzzz")
    desk.page.wait_for_timeout(200)

    desk.page.fill("#command", "3712")

    expect(desk.page.get_by_role("option", name=re.compile(NAME))).to_be_visible()
    desk.page.wait_for_timeout(700)
    expect(desk.page.get_by_role("option", name=re.compile(NAME))).to_be_visible()
    expect(desk.page.locator("#command-told")).to_be_hidden()
    assert desk.page.evaluate("[asked.slice(-2), most]") == [["zzzz", "3712"], 1]


def test_typing_fast_asks_once(desk: Watched) -> None:
    desk.page.keyboard.press("Control+k")
    expect(desk.page.locator("#command-list[aria-busy]")).to_have_count(0)
    desk.page.locator("#command").evaluate(AT_ONCE, "conceicao")

    expect(desk.page.get_by_role("option", name=re.compile(NAME))).to_be_visible()
    assert desk.page.evaluate("[asked, most]") == [["", "conceicao"], 1]


def test_enter_pressed_too_early_waits_for_what_was_typed(desk: Watched) -> None:
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("3712")
    desk.page.keyboard.press("Enter")

    expect(desk.page.locator("h1")).to_have_text(NAME)


def test_arrows_choose_and_the_field_says_which(desk: Watched) -> None:
    field = desk.page.locator("#command")
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("conceicao")
    options = desk.page.get_by_role("option")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")

    desk.page.keyboard.press("ArrowDown")

    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    chosen = str(options.nth(1).get_attribute("id"))
    expect(field).to_have_attribute("aria-activedescendant", chosen)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(desk.page.locator("#command-count")).to_contain_text("resultados")


def test_those_seen_last_are_offered_before_anything_is_typed(
    desk: Watched, office: Office
) -> None:
    note_reading(office.portfolio.debtor.pk, office.collector, DEBTOR_PAGE, clock.now())

    desk.page.keyboard.press("Control+k")

    expect(desk.page.locator("#command-recent")).to_have_text("Vistos há pouco")
    expect(desk.page.get_by_role("option", name=re.compile(NAME))).to_be_visible()


def test_pages_and_actions_are_found_by_name_and_opened(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)
    desk.open("/conta/sessions/")
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("nova impor")
    expect(desk.page.get_by_role("option", name="Nova importação")).to_have_attribute(
        "aria-selected", "true"
    )

    desk.page.keyboard.press("Enter")

    expect(desk.page.locator("h1")).to_have_text("Nova importação")


def test_a_collector_is_offered_nothing_they_may_not_open(desk: Watched) -> None:
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("impor")

    expect(desk.page.locator("#command-told")).to_contain_text("Nada com “impor”")
    expect(desk.page.get_by_role("option")).to_have_count(0)


def test_a_search_that_fails_says_so_and_keeps_what_was_typed(desk: Watched) -> None:
    desk.expect(500)
    desk.page.route(SOURCE, lambda route: route.fulfill(status=500))
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("conceicao")

    expect(desk.page.locator("#command-told")).to_contain_text("A pesquisa não respondeu")
    expect(desk.page.locator("#command")).to_have_value("conceicao")
    desk.page.unroute(SOURCE)
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(re.compile(r"/telecobranca/\?q=conceicao"))


def test_a_slow_search_says_that_it_is_at_it(desk: Watched) -> None:
    desk.page.route(SOURCE, slow("conceicao"))
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("conceicao")

    expect(desk.page.locator(".command-slow")).to_be_visible()
    expect(desk.page.get_by_role("option", name=re.compile(NAME))).to_be_visible()
    expect(desk.page.locator(".command-slow")).to_be_hidden()


def test_escape_closes_and_gives_the_focus_back(desk: Watched) -> None:
    brand = desk.page.locator(".brand")
    brand.focus()
    desk.page.keyboard.press("Control+k")
    expect(desk.page.locator("#command-panel")).to_be_visible()

    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#command-panel")).to_be_hidden()
    desk.page.keyboard.press("Escape")

    expect(brand).to_be_focused()


def test_it_works_after_parts_of_the_page_were_exchanged(desk: Watched, office: Office) -> None:
    desk.open(f"/telecobranca/devedores/{office.portfolio.debtor.pk}/")
    desk.page.click("#tab-dados")
    desk.settle()
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("acordos")

    expect(desk.page.get_by_role("option", name="Acordos")).to_be_visible()


def test_on_a_phone_the_field_has_the_whole_width(desk: Watched) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.locator("#command").click()
    desk.page.keyboard.type("conceicao")

    option = desk.page.get_by_role("option", name=re.compile(NAME))
    expect(option).to_be_visible()
    box = desk.page.locator("#command").bounding_box()
    assert box
    assert box["width"] > 350
    assert desk.sideways() == 0
    option.click()
    expect(desk.page.locator("h1")).to_have_text(NAME)


def test_the_sections_fit_and_say_where_one_is(desk: Watched, office: Office) -> None:
    desk.enter(office.implementer)
    desk.open("/backoffice/importacoes/")
    expect(desk.page.locator(".sections-here")).to_have_text("Back Office")
    desk.page.click(".sections > summary")
    panel = desk.page.locator(".sections-panel").bounding_box()

    assert panel
    assert panel["x"] + panel["width"] <= 1366
    assert panel["y"] + panel["height"] <= 768
    desk.page.click(".sections-panel a:has-text('Parâmetros')")
    expect(desk.page.locator("h1")).to_have_text("Parâmetros")
