"""The house of marked secrets, and whoever walks through it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from cobranca.accounts.models import Agency
from tests.security.house import House, Walk, make_house, messages
from tests.security.marking import all_logs, database_text, found_in


@pytest.fixture
def house(agency: Agency, settings: Any, tmp_path: Any, monkeypatch: Any) -> House:
    settings.MEDIA_ROOT = tmp_path
    return make_house(agency, settings, monkeypatch)


@pytest.fixture
def walk(house: House) -> Iterator[Walk]:
    """Hand out a walk; at its end look at all that is kept besides the answers."""
    made = Walk(house)
    with all_logs(lambda line: found_in(line, house.secrets)) as logs, messages() as told:
        yield made
        made.look("the database", database_text())
        made.look("an e-mail", "\n".join(message.message().as_string() for message in mail.outbox))
        made.look("a message to the worker", "\n".join(told))
        assert logs.count
        for line in logs.leaks:
            made.look(f"a log: {line}", line)
    assert made.findings == []
