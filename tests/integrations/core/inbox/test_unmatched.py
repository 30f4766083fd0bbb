"""SIE-17: announcements of titles unknown here wait for the load that brings them; then they go."""

from datetime import timedelta

import pytest
from django_scopes import scopes_disabled

from cobranca.common import clock
from cobranca.creditors.standard_parameters import LOG_RETENTION_DAYS
from integrations.core.inbox.moves.unmatched import look_again
from integrations.core.models import WebhookDelivery, WebhookRefusal
from integrations.core.states import DeliveryStatus
from integrations.core.tasks import delete_old_logs
from tests import factories
from tests.integrations.core.inbox import tiny
from tests.integrations.core.inbox.tiny import NOW, make_title, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope", "book")]
UNMATCHED = DeliveryStatus.UNMATCHED
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def creditor(agency):
    return factories.make_creditor(agency, creditor_type=tiny.KIND, external_code="1")


def kept(agency, number, title, at=NOW, **fields):
    return received(agency, number, contract=title, status=UNMATCHED, received_at=at, **fields)


def numbers():
    return sorted(WebhookDelivery.objects.values_list("key", flat=True))


def test_after_a_load_the_matched_are_deleted_and_the_others_kept(agency, creditor):
    make_title(creditor, "5600")
    kept(agency, 1, "5600")
    kept(agency, 2, "777")
    kept(agency, 3, "")

    matched = look_again(agency, "tiny", read_from=NOW + HOUR, now=NOW + HOUR)

    assert matched == 1
    assert numbers() == ["2", "3"]


def test_what_was_announced_after_the_load_began_is_processed(agency, creditor):
    make_title(creditor, "5600")
    row = kept(agency, 1, "5600", at=NOW + HOUR)

    look_again(agency, "tiny", read_from=NOW, now=NOW + 2 * HOUR)

    row.refresh_from_db()
    assert (row.status, row.due_at) == (DeliveryStatus.WAITING, NOW + 2 * HOUR)


def test_the_unmatched_are_deleted_after_the_days_of_the_parameter(agency, creditor):
    kept(agency, 1, "777", at=NOW - 7 * DAY - HOUR)
    kept(agency, 2, "777", at=NOW - 7 * DAY + HOUR)

    look_again(agency, "tiny", read_from=NOW, now=NOW)

    assert numbers() == ["2"]


def test_other_systems_and_other_states_are_let_alone(agency, creditor):
    make_title(creditor, "5600")
    kept(agency, 1, "5600", system="other")
    received(agency, 2, contract="5600", status=DeliveryStatus.PARKED)

    look_again(agency, "tiny", read_from=NOW + HOUR, now=NOW + 30 * DAY)

    assert numbers() == ["1", "2"]


def test_the_log_is_kept_as_long_as_the_parameter_of_retention_says(agency, creditor):
    now = clock.now()
    days = int(LOG_RETENTION_DAYS.default)
    old, fresh = now - timedelta(days=days, hours=1), now - timedelta(days=days, hours=-1)
    for number, status in enumerate(DeliveryStatus):
        at = {"received_at": now, "processed_at": old}
        received(agency, f"{status}-{number}", status=status, **at)
    received(agency, "fresh", status=DeliveryStatus.DONE, processed_at=fresh)
    kept(agency, "unmatched-old", "777", at=now - 8 * DAY)
    for at in (old, fresh):
        WebhookRefusal(agency=agency, system="tiny", at=at, status=401, reason="x").save()

    with scopes_disabled():
        delete_old_logs()

    left = {key.partition("-")[0] for key in numbers()}
    assert left == {"waiting", "unmatched", "parked", "fresh"}
    assert "unmatched-old" not in numbers()
    assert WebhookRefusal.objects.count() == 1
