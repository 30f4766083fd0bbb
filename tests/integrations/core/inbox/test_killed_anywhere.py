"""A worker killed at any line of ours: its lease runs out, and the effect comes once.

CI dies at every 50th line reached; INTAKE_KILLS=1 at each of them.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from cobranca.contracts.models import Event, Installment
from integrations.core import inbox, titles
from integrations.core.inbox.moves.leasing import LEASE
from integrations.core.inbox.processing import process
from integrations.core.models import WebhookDelivery
from tests import factories
from tests.integrations.core.inbox import tiny
from tests.integrations.core.inbox.tiny import NOW, make_title, received

pytestmark = pytest.mark.django_db(transaction=True)  # what is not committed is gone
EVERY = int(os.environ.get("INTAKE_KILLS", "50"))
OURS = (str(Path(inbox.__file__).parent), titles.__file__)


class Killed(BaseException):
    """What a SIGKILL leaves: nobody handles it."""


@contextmanager
def dying_at(number: int) -> Iterator[list[int]]:
    """Let the block die when it reaches its `number`-th line of ours; yields the lines counted."""
    reached = [0]

    def at_line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            reached[0] += 1
            if reached[0] == number:
                raise Killed
        return at_line

    def enter(frame: FrameType, event: str, _: Any) -> Any:
        return at_line if frame.f_code.co_filename.startswith(OURS) else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield reached
    finally:
        sys.settrace(before)


def test_killed_at_any_line_the_effect_comes_once(agency, book):
    with scope(agency=agency):
        creditor = factories.make_creditor(agency, creditor_type=tiny.KIND, external_code="1")
        lines = killed = number = 0
        while number <= lines or not lines:
            number += EVERY
            title = str(number)
            make_title(creditor, title, book=book)
            book.titles[title] = {1: Decimal(0)}
            row = received(agency, number, contract=title)
            sale = received(agency, f"sale-{number}", sale=title)
            idle = received(agency, f"idle-{number}")
            book.sales[title] = title
            with dying_at(number) as reached:
                killed += dies(agency)
            lines = max(lines, reached[0])

            process(agency, clock=lambda: NOW + LEASE + timedelta(seconds=1))

            for one in (row, sale, idle):
                one.refresh_from_db()
                assert one.status == "done", (number, one.outcome, one.error)
            closed = Event.objects.filter(contract__external_id=title, kind="recall")
            assert closed.count() == 1, number
            assert not Installment.objects.filter(contract__external_id=title, status="open")
            WebhookDelivery.objects.all().delete()

    assert lines > 200
    assert killed >= lines // EVERY - 1


def dies(agency: Any) -> bool:
    """Process until the end, or death, which takes its connection along; tell which."""
    try:
        process(agency, clock=lambda: NOW)
    except Killed:
        connection.close()
        connection.connect()
        return True
    return False
