"""Every page, at the desk's size and on a phone: nothing wrong, nothing in English, no overflow,
and nothing that keeps anybody from reading or using it, in the light and in the dark (axe-core).
"""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import axe
from tests.browser.chromium import Watched
from tests.browser.conftest import Office
from tests.browser.pages import Sight, sights

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@pytest.mark.parametrize("user", ["", "caio", "ines"])
def test_every_page_is_clean_at_both_sizes_and_in_both_themes(
    browser: Browser, server: str, office: Office, user: str
) -> None:
    people = {"caio": office.collector, "ines": office.implementer}
    context = browser.new_context(viewport=DESK, locale="pt-BR", color_scheme="light")
    context.set_default_timeout(10_000)
    watched = Watched(context.new_page(), server)
    if user:
        watched.enter(people[user])
    for sight in sights(office.portfolio):
        if sight.user == user:
            look(watched, sight)
    context.close()

    assert not watched.faults, "\n".join(watched.faults)


def look(watched: Watched, sight: Sight) -> None:
    """Open a page, do there what is to be done, and note what is wrong with it."""
    watched.open(sight.path)
    if sight.act:
        sight.act(watched.page)
        watched.settle()
    watched.faults += axe.faults_of(watched.page, sight.name)
    if not sight.act:
        watched.faults += too_wide(watched, sight.name)


def too_wide(watched: Watched, name: str) -> list[str]:
    """Return the sizes at which a page has to be moved sideways."""
    faults = []
    for size in (PHONE, DESK):
        watched.page.set_viewport_size(size)
        if (over := watched.sideways()) > 0:
            faults.append(f"{name} at {size['width']}: {over} px too wide")
    return faults


# --- the checks themselves ------------------------------------------------------------------------

FAULTY = """<!doctype html><html lang="pt-BR" data-bs-theme="light"><title>Errada</title><main>
<style>p { color: #000 } [data-bs-theme=dark] p { color: #eee }</style>
<h1>Errada</h1><p>%s</p><img src="data:,"><input></main></html>"""


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


def test_axe_finds_what_has_no_name(page: Page) -> None:
    page.set_content(FAULTY % "texto")

    found = axe.run(page)

    assert {line.partition(" ")[0] for line in found} == {"image-alt", "label"}
    page.close()


def test_axe_finds_what_only_the_dark_hides(page: Page) -> None:
    page.set_content(FAULTY % "texto")

    found = axe.faults_of(page, "errada")

    assert [line for line in found if "color-contrast" in line and "(dark)" in line]
    assert not [line for line in found if "color-contrast" in line and "(light)" in line]
    assert page.locator("html").get_attribute("data-bs-theme") == "light"
    page.close()
