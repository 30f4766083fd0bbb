"""Pictures of every page, both sizes, both themes, into .local/screenshots/.

Run `python -m tests.browser.screenshots [--whole] [name…]`; it makes and drops its own database.
With --whole a picture is as long as its page. A name may end in *.
"""

import logging
import os
import sys
from fnmatch import fnmatch
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")
# Playwright runs an event loop in this thread, where Django would refuse queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import (  # noqa: E402
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from playwright.sync_api import Browser  # noqa: E402
from pytest_django.live_server_helper import LiveServer  # noqa: E402

from cobranca.accounts.models import User  # noqa: E402
from tests.browser.chromium import Watched, chromium  # noqa: E402
from tests.browser.conftest import open_office  # noqa: E402
from tests.browser.pages import Sight, sights  # noqa: E402

SIZES = ((1366, 768), (390, 844))
THEMES = ("light", "dark")
FOLDER = settings.BASE_DIR / ".local" / "screenshots"


def shoot(browser: Browser, server: str, wanted: list[Sight], whole: bool) -> list[str]:
    """Take the pictures and return what the pages did wrong."""
    faults = []
    for width, height in SIZES:
        for theme in THEMES:
            for user in {sight.user for sight in wanted}:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    locale="pt-BR",
                    color_scheme=theme,
                )
                watched = Watched(context.new_page(), server)
                if user:
                    watched.enter(User.objects.get(username=user))
                for sight in [sight for sight in wanted if sight.user == user]:
                    look(watched, sight, FOLDER / f"{sight.name}-{width}-{theme}.png", whole)
                faults += watched.faults
                context.close()
    return faults


def look(watched: Watched, sight: Sight, path: Path, whole: bool) -> None:
    """Open one page, do what is to be done there, and keep the picture."""
    watched.open(sight.path)
    if sight.act:
        sight.act(watched.page)
    watched.page.wait_for_timeout(350)
    watched.page.screenshot(path=path, full_page=whole)


def main(arguments: list[str]) -> int:
    """Take the pictures named, or all."""
    names = [each for each in arguments if not each.startswith("--")]
    logging.disable(logging.INFO)
    FOLDER.mkdir(parents=True, exist_ok=True)
    connection.settings_dict["TEST"]["NAME"] = f"test_screenshots_{os.getpid()}"
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    server = LiveServer("localhost:0")
    try:
        wanted = [
            sight
            for sight in sights(open_office().portfolio)
            if not names or any(fnmatch(sight.name, name) for name in names)
        ]
        with chromium() as browser:
            faults = shoot(browser, server.url, wanted, "--whole" in arguments)
    finally:
        server.stop()
        with connection.cursor() as cursor:  # a request of the last page may still hold one
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        teardown_databases(made, verbosity=0)
    print(*faults, sep="\n")
    print(f"{len(wanted) * len(SIZES) * len(THEMES)} pictures in {FOLDER}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
