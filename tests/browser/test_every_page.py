"""Every page, at the desk's size and on a phone: nothing wrong, nothing in English, no overflow."""

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Watched
from tests.browser.conftest import Office
from tests.browser.pages import sights

SIZES = ((1366, 768), (390, 844))


@pytest.mark.parametrize("user", ["", "caio", "ines"])
def test_every_page_is_clean_at_both_sizes(
    browser: Browser, server: str, office: Office, user: str
) -> None:
    people = {"caio": office.collector, "ines": office.implementer}
    context = browser.new_context(locale="pt-BR")
    watched = Watched(context.new_page(), server)
    if user:
        watched.enter(people[user])
    for sight in sights(office.portfolio):
        if sight.user == user and sight.act is None:
            watched.open(sight.path)
            watched.faults += too_wide(watched, sight.name)
    context.close()

    assert watched.faults == []


def too_wide(watched: Watched, name: str) -> list[str]:
    """Return the sizes at which a page has to be moved sideways."""
    faults = []
    for width, height in SIZES:
        watched.page.set_viewport_size({"width": width, "height": height})
        if (over := watched.sideways()) > 0:
            faults.append(f"{name} at {width}: {over} px too wide")
    return faults
