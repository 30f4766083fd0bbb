"""SIE-15: what comes is stored once and answered; what has no business here is told so."""

import io
import threading

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from integrations.core.inbox.moves import storing
from integrations.core.inbox.understanding import BODY_LIMIT
from integrations.core.models import WebhookSubscription
from integrations.core.states import DeliveryStatus
from tests.integrations.core.inbox import tiny

pytestmark = pytest.mark.django_db


def test_an_announcement_is_stored_before_it_is_answered(announce, stored, agency, rings):
    response = announce({"title": "5600", "installment": 2}, event="PAID", key="0f4f")

    (row,) = stored()
    assert response.status_code == 200
    assert (row.agency_id, row.system, row.event, row.key) == (agency.pk, "tiny", "PAID", "0f4f")
    assert (row.contract, row.installment, row.status) == ("5600", 2, DeliveryStatus.WAITING)
    assert row.body == '{"title": "5600", "installment": 2}'
    assert rings == [agency.pk]


def test_the_last_slash_is_not_needed(announce, stored, agency):
    assert announce(path=f"/webhooks/tiny/{agency.pk}").status_code == 200
    assert len(stored()) == 1


def test_one_statement_checks_the_token_and_stores(announce):
    announce(key="warm")

    with CaptureQueriesContext(connection) as queries:
        announce(key="0f4f")

    assert len(queries) == 1


def test_no_cookie_is_set_and_no_session_made(announce, django_db_setup):
    response = announce()

    assert not response.cookies
    assert "Vary" not in response.headers


def test_one_that_comes_again_is_stored_once_and_counted(announce, stored, rings):
    statuses = [announce(key="0f4f").status_code for _ in range(3)]

    (row,) = stored()
    assert statuses == [200, 200, 200]
    assert row.repeats == 2
    assert len(rings) == 1


def test_one_that_comes_again_after_it_was_done_stays_done(announce, stored):
    announce(key="0f4f")
    settle(stored()[0], DeliveryStatus.DONE)

    announce(key="0f4f")

    assert stored()[0].status == DeliveryStatus.DONE


def test_without_a_name_of_its_own_it_is_known_by_what_it_says(announce, stored):
    announce({"title": "5600"}, key="")
    announce({"title": "5600"}, key="")
    announce({"title": "5601"}, key="")
    announce({"title": "5600"}, key="", event="OTHER")

    assert [row.repeats for row in stored()] == [1, 0, 0]


@pytest.mark.parametrize("status", [s for s in DeliveryStatus if s != DeliveryStatus.WAITING])
def test_without_a_name_a_repeat_of_one_that_ended_is_looked_at_again(
    announce, stored, rings, status
):
    announce(key="")
    settle(stored()[0], status)

    announce(key="")

    (row,) = stored()
    assert (row.status, row.attempts, row.repeats) == (DeliveryStatus.WAITING, 0, 1)
    assert len(rings) == 2


def test_a_name_too_long_for_its_column_still_tells_two_apart(announce, stored):
    announce(key="a" * 200)
    announce(key="a" * 201)
    announce(key="a" * 200)

    assert [row.repeats for row in stored()] == [1, 0]


def test_unknown_events_are_stored(announce, stored):
    assert announce({"x": [1, {"y": None}]}, event="NEVER_HEARD_OF").status_code == 200
    assert stored()[0].event == "NEVER_HEARD_OF"


def test_the_token_before_the_last_change_is_good_until_it_is_forgotten(
    announce, agency, subscription
):
    subscription.old_token_hash = tiny.sha256("the old one")
    subscription.save()

    assert announce(token="the old one").status_code == 200
    WebhookSubscription._base_manager.update(old_token_hash="")
    assert announce(token="the old one", key="2").status_code == 401


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "wrong", tiny.TOKEN[:-1], f"{tiny.TOKEN} x", "\x00"])
def test_without_the_token_nobody_comes_in(announce, stored, refused, token):
    response = announce(token=token)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert stored() == []
    assert [(row.status, row.count) for row in refused()] == [(401, 1)]


@pytest.mark.parametrize("credentials", ["Basic dTpw", "Token x", "Bearer", tiny.TOKEN, "ação"])
def test_other_credentials_are_not_the_token(announce, credentials):
    response = announce(token=None, headers={"Authorization": credentials})

    assert response.status_code == 401


def test_a_token_opens_only_its_own_agency(announce, other_agency, stored):
    tiny.subscribe(other_agency, token="theirs")

    response = announce(path=f"/webhooks/tiny/{other_agency.pk}/")

    assert response.status_code == 401
    assert stored() == []


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/tiny/999999999999999999/",
        "/webhooks/tiny/0/",
        "/webhooks/nothing/{agency}/",
        "/webhooks/tiny/abc/",
        "/webhooks/tiny/-1/",
        "/webhooks/tiny/9999999999999999999999999/",
        "/webhooks/tiny/{agency}/x/",
        "/webhooks/TINY/{agency}/",
    ],
)
def test_an_unknown_address_is_not_there(announce, agency, refused, path):
    assert announce(path=path.format(agency=agency.pk)).status_code == 404
    assert refused() == []


def test_an_agency_switched_off_is_not_there(announce, agency):
    agency.is_active = False
    agency.save()

    assert announce().status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options", "head"])
def test_only_post_is_heard(client, subscription, method):
    url = f"/webhooks/tiny/{subscription.agency_id}/"

    response = getattr(client, method)(url, headers={"Authorization": f"Bearer {tiny.TOKEN}"})

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


HOSTILE = {
    "nothing": b"",
    "no JSON": b"<xml/>",
    "cut": b'{"title": "56',
    "a list": b"[1, 2]",
    "a number": b"5600",
    "null": b"null",
    "NUL": b'{"title": "\x00"}',
    "NUL alone": b"\x00",
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "deep list": b"[" * 60_000,
    "deep object": b'{"a":' * 12_000,
    "deep and closed": b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    "huge number": b'{"title": ' + b"9" * 10_000 + b"}",
    "infinite": b'{"title": 1e999}',
    "NaN": b'{"title": NaN}',
    "lone surrogate": b'{"title": "\\ud800"}',
    "two objects": b"{}{}",
    "byte order mark": b"\xef\xbb\xbf{}",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_json_object_is_refused(announce, stored, refused, body):
    assert announce(body).status_code == 400
    assert stored() == []
    assert [row.status for row in refused()] == [400]


WRONG = {
    "escaped NUL": {"title": "56\x0000"},
    "a list for a code": {"title": ["5600"]},
    "a number for a code": {"title": 5600},
    "an endless code": {"title": "5" * 41},
    "a word for a number": {"installment": "two"},
    "yes for a number": {"installment": True},
    "a negative number": {"installment": -1},
    "a number too large": {"installment": 2**31},
    "a fraction": {"installment": 1.5},
    "line breaks": {"title": "1\n2"},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_fields_that_no_column_could_hold_are_refused(announce, stored, body):
    assert announce(body).status_code == 400
    assert stored() == []


@pytest.mark.parametrize("event", ["", " ", "E" * 81, "A\tB", "A\x7fB", "ã\x85"])
def test_an_event_must_have_a_readable_name(announce, stored, event):
    assert announce(event=event).status_code in (200, 400)
    assert all(row.event.isprintable() for row in stored())


def test_a_reader_that_stumbles_is_a_refusal_and_not_a_failure(announce, stored):
    """Sending a list where the tiny connector calls `.get` makes it fail in a way of its own."""
    assert announce(b'{"title": {}}').status_code == 400
    assert stored() == []


def test_a_body_of_64_kib_is_the_longest(announce, stored):
    fits = b'{"x": "' + b"a" * (BODY_LIMIT - 9) + b'"}'

    assert announce(fits).status_code == 200
    assert announce(fits + b" ").status_code == 413
    assert len(stored()) == 1


class Endless(io.RawIOBase):
    """A body of which reading a byte is too much."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("it was read")


def test_one_that_says_it_is_too_large_is_not_read(announce):
    response = announce(CONTENT_LENGTH="10000000000", **{"wsgi.input": Endless()})

    assert response.status_code == 413


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "٣", "9" * 400, "+5", " 5", "0x10"])
def test_a_length_that_makes_no_sense_is_refused(announce, length):
    response = announce(CONTENT_LENGTH=length)

    assert response.status_code == (413 if length == "9" * 400 else 400)


def test_a_body_shorter_than_it_says_is_refused(announce, stored):
    cut = {"CONTENT_LENGTH": "60000", "wsgi.input": io.BytesIO(b'{"title": "1"}')}

    assert announce(**cut).status_code == 400
    assert stored() == []


def test_a_body_in_pieces_is_read_where_the_server_says_it_ends(announce, stored):
    def in_pieces(body: bytes, **told: object) -> int:
        told |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(body)}
        return announce(**told).status_code

    assert in_pieces(b'{"title": "1"}') == 411
    assert in_pieces(b'{"title": "1"}', **{"wsgi.input_terminated": True}) == 200
    long = b'{"x": "' + b"a" * BODY_LIMIT + b'"}'
    assert in_pieces(long, **{"wsgi.input_terminated": True}) == 413
    assert len(stored()) == 1


class Garbled(io.RawIOBase):
    """What gunicorn does with a chunk whose size is no number: an error of its own kind."""

    def read(self, size: int = -1) -> bytes:
        raise LookupError("Invalid chunk size")


def test_a_body_that_the_server_cannot_make_out_is_refused(announce, stored):
    told = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}

    assert announce(**told, **{"wsgi.input": Garbled()}).status_code == 400
    assert stored() == []


def test_the_content_type_does_not_matter(announce, stored):
    assert announce(b'{"title": "1"}', content_type="text/plain").status_code == 200
    form = "multipart/form-data; boundary=x"
    assert announce(b'{"title": "1"}', content_type=form, key="2").status_code == 200
    assert len(stored()) == 2


def test_a_wrong_token_is_told_before_what_is_wrong_with_the_body(announce):
    assert announce(b"<xml/>", token="wrong").status_code == 401
    assert announce(b"a" * (BODY_LIMIT + 1), token="wrong").status_code == 401


def test_refusals_alike_in_a_minute_are_one_row(announce, refused, monkeypatch):
    monkeypatch.setattr("cobranca.common.clock.now", lambda: tiny.NOW)
    for _ in range(5):
        announce(token="wrong")
    announce(b"<xml/>")

    assert [(row.status, row.count) for row in refused()] == [(401, 5), (400, 1)]


def test_neither_the_token_nor_a_guess_is_written_anywhere(announce, stored, refused, caplog):
    announce({"title": "5600", "echo": tiny.TOKEN})
    announce(b"<xml/>", token="a-guess-zqxguess")
    announce({"title": ["x"]})

    written = str([vars(row) for row in [*stored(), *refused()]]) + caplog.text
    assert "zqxtoken" not in written
    assert "zqxguess" not in written


# --- the database ---------------------------------------------------------------------------------


def test_without_the_database_the_provider_is_asked_to_come_again(announce, monkeypatch):
    def gone(*_):
        raise OperationalError

    monkeypatch.setattr(storing, "_ask", gone)

    response = announce()

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_is_made_again(announce, stored):
    announce(key="1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    killer = threading.Thread(target=terminate, args=[pid])
    killer.start()
    killer.join()

    assert announce(key="2").status_code == 200
    assert len(stored()) == 2


def terminate(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    connection.close()


def settle(row, status):
    """Put a row where processing would have put it."""
    type(row)._base_manager.filter(pk=row.pk).update(status=status, attempts=3, error="x")
