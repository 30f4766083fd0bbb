"""Every page, at the desk's size and on a phone: nothing wrong, nothing in English, no overflow."""

from playwright.sync_api import Browser

from tests.browser.chromium import Watched
from tests.browser.conftest import Office
from tests.browser.pages import sights

SIZES = ((1366, 768), (390, 844))


def test_every_page_is_clean_at_both_sizes(browser: Browser, server: str, office: Office) -> None:
    faults = []
    for width, height in SIZES:
        for user in (None, office.collector, office.implementer):
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="pt-BR"
            )
            watched = Watched(context.new_page(), server)
            if user:
                watched.enter(user)
            for sight in sights(office.portfolio):
                if sight.user != (user.username if user else ""):
                    continue
                watched.open(sight.path)
                if (over := watched.sideways()) > 0:
                    faults.append(f"{sight.name} at {width}: {over} px too wide")
            faults += watched.faults
            context.close()

    assert faults == []
