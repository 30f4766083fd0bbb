"""Chromium as tests and screenshots drive it, and what a page must never do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from cobranca.accounts.models import User
from tests.factories import PASSWORD

EXECUTABLE = "/usr/bin/chromium"
# Without these Chromium looks for Google's hosts, or refuses to run as root.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=pt-BR"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",
)
# Words that only an untranslated page shows. ERPs' and formats' own words are not here.
ENGLISH = re.compile(
    r"\b(Save|Delete|Sign [Ii]n|Sign [Oo]ut|Log out|No results?|Search|Add|Cancel|Change|Edit|"
    r"Close|Loading|Submit|Next|Previous|Password|Username|This field|Required|Select|"
    r"Welcome|Filter|Remove|Yes|View|History|Home|Today|Choose)\b"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser for as long as the block lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=list(FLAGS))
        yield browser
        browser.close()


class Watched:
    """A page that remembers everything it did wrong."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self.faults: list[str] = []
        self.expected: set[int] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("response", self._response)

    def expect(self, status: int) -> None:
        """Allow answers with `status`: the test is about them."""
        self.expected.add(status)

    def open(self, path: str) -> None:
        """Go to an address and wait until the page is still."""
        self.page.goto(self.server + path)
        self.settle()

    def settle(self) -> None:
        """Wait for requests in flight, then read what is on the page."""
        self.page.wait_for_load_state("load")
        for _ in range(100):
            if not self.page.evaluate("document.querySelectorAll('.htmx-request').length"):
                break
            self.page.wait_for_timeout(50)
        self.look_for_english()

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in at the form."""
        self.open("/conta/login/")
        self.page.fill("#id_login", username)
        self.page.fill("#id_password", password)
        self.page.click("button[type=submit]")
        self.settle()

    def enter(self, user: User) -> None:
        """Be signed in, without the form."""
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.server}]
        )

    def look_for_english(self) -> None:
        """Note untranslated words among what is visible."""
        for match in ENGLISH.finditer(self.page.inner_text("body")):
            self.faults.append(f"english at {self.page.url}: {match.group()}")

    def sideways(self) -> int:
        """Return how many pixels the page is wider than the window."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(script))

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {status}" in message.text for status in self.expected)
        # A question that a newer one took the place of, as hx-sync means it: nothing is wrong.
        expected = expected or message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status}: {response.url}")
