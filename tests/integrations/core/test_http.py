"""The HTTP client against a real server: what is believed, repeated, waited for and refused."""

import gzip
from datetime import timedelta

import msgspec
import pytest

from integrations.core.calls import BULK
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    NotGrantedError,
    PermanentError,
    RetryableError,
)
from integrations.core.http import CredentialsError, Patience, UnreachableError
from tests.integrations.answering import Answer, Answering
from tests.integrations.core.conftest import NOON, PASSWORD, call_to

GOOD = {"results": [1, 2]}
decode = msgspec.json.Decoder().decode


def test_an_answer_is_decoded(http):
    with Answering(Answer(body=GOOD)) as server:
        found = http.get(call_to(server.url, params={"limit": "200"}), decode)

    assert found == GOOD
    (asked,) = server.asked
    assert (asked.path, asked.query) == ("/coisas", {"limit": "200"})
    assert asked.headers["Authorization"].startswith("Basic ")


def test_a_404_in_json_means_that_there_is_none(http):
    with Answering(Answer(404, {"status": 404, "clientMessage": "não encontrado"})) as server:
        assert http.get(call_to(server.url), decode) is None

    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"<html>Not Found</html>", b"", b'"x"'])
def test_a_404_that_is_not_json_means_a_wrong_address(http, body):
    with Answering(Answer(404, body)) as server, pytest.raises(ConfigError, match="Url Api"):
        http.get(call_to(server.url), decode)


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_not_followed(http, status):
    answer = Answer(status, b"", {"Location": "http://outra.example/login"})
    with Answering(answer) as server, pytest.raises(ConfigError):
        http.get(call_to(server.url), decode)

    assert len(server.asked) == 1


def test_refused_credentials_are_not_tried_again(http):
    with Answering(Answer(401, {"status": 401})) as server, pytest.raises(CredentialsError):
        http.get(call_to(server.url), decode)

    assert len(server.asked) == 1


def test_a_resource_that_is_not_granted_is_named(http):
    with Answering(Answer(403, b"")) as server, pytest.raises(NotGrantedError) as refused:
        http.get(call_to(server.url), decode)

    assert refused.value.resource == "Coisas"
    assert "Coisas" in refused.value.message


@pytest.mark.parametrize("status", [400, 405, 415, 422])
def test_a_refused_question_is_not_repeated(http, status):
    body = {"status": status, "clientMessage": "cpf 529.982.247-25 inválido"}
    with Answering(Answer(status, body)) as server, pytest.raises(PermanentError) as refused:
        http.get(call_to(server.url), decode)

    assert len(server.asked) == 1
    assert "529" not in refused.value.message + refused.value.detail


@pytest.mark.parametrize(
    "bad",
    [
        Answer(500, {"status": 500}),
        Answer(503, b"<html>manutencao</html>"),
        Answer(200, b""),
        Answer(204, b""),
        Answer(200, b"<html>Entrar</html>", {"Content-Type": "text/html"}),
        Answer(200, b'{"results":[1,'),
        Answer(200, GOOD, cut=5),
        Answer(drop=True),
        Answer(429, {"status": 429}),
        Answer(200, b"\x1f\x8bnot gzip", {"Content-Encoding": "gzip"}),
    ],
    ids=["500", "503", "empty", "204", "html", "truncated", "cut", "dropped", "429", "bad-gzip"],
)
def test_a_read_that_failed_is_repeated(http, patient, bad):
    with Answering(bad, bad, Answer(body=GOOD)) as server:
        assert http.get(call_to(server.url), decode) == GOOD

    assert len(server.asked) == 3
    assert patient.waits == [0.5, 1.0]


@pytest.mark.parametrize(
    "bad", [Answer(500), Answer(200, b"<html>"), Answer(200, GOOD, cut=3), Answer(drop=True)]
)
def test_after_three_tries_it_is_left_for_later(http, bad):
    with Answering(bad) as server, pytest.raises(RetryableError):
        http.get(call_to(server.url), decode)

    assert len(server.asked) == 3


@pytest.mark.parametrize("asked", ["7", "Thu, 19 Nov 2026 15:00:27 GMT"])
def test_retry_after_is_honoured(http, patient, asked):
    with Answering(Answer(429, {}, {"Retry-After": asked}), Answer(body=GOOD)) as server:
        http.get(call_to(server.url), decode)

    assert patient.waits == [7]


@pytest.mark.parametrize(
    ("asked", "believed"),
    [
        ("99999999999999", 86_400),
        ("9" * 5000, 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Mon, 01 Jan 99999999999999 00:00:00 GMT", None),
        ("1.5", None),
    ],
)
def test_no_header_however_wrong_keeps_us_from_knowing_what_failed(http, patient, asked, believed):
    headers = {
        "Retry-After": asked,
        "x-ratelimit-limit-day": "9" * 5000,
        "x-ratelimit-remaining-day": "9" * 5000,
    }
    with Answering(*[Answer(503, {}, headers)] * 3) as server, pytest.raises(RetryableError) as no:
        http.get(call_to(server.url), decode)

    assert no.value.retry_after == believed


def test_a_long_retry_after_is_left_to_whoever_runs_the_load(http, patient):
    answer = Answer(503, {}, {"Retry-After": "3600"})
    with Answering(answer) as server, pytest.raises(RetryableError) as later:
        http.get(call_to(server.url), decode)

    assert later.value.retry_after == 3600
    assert (len(server.asked), patient.waits) == (1, [])


def test_a_spent_day_stops_calls_until_tomorrow(http, patient):
    spent = Answer(429, {}, {"x-ratelimit-limit-day": "100", "x-ratelimit-remaining-day": "0"})
    with Answering(spent) as server:
        with pytest.raises(BudgetError, match="20/11/2026 às 00:00"):
            http.get(call_to(server.url), decode)
        with pytest.raises(BudgetError):
            http.get(call_to(server.url), decode)
        assert len(server.asked) == 1

        server.answers = [Answer(body=GOOD)]
        patient.at = NOON + timedelta(hours=12)
        assert http.get(call_to(server.url), decode) == GOOD


def test_a_day_declared_over_by_mistake_opens_again_for_the_next_client(http, make_http):
    """A quota may be raised, a 429 may be a fault: each client tries once."""
    spent = Answer(429, {}, {"x-ratelimit-remaining-day": "0"})
    with Answering(spent, Answer(body=GOOD)) as server:
        with pytest.raises(BudgetError):
            http.get(call_to(server.url), decode)

        make_http().get(call_to(server.url), decode)

        assert http.get(call_to(server.url), decode) == GOOD


def test_nobody_there_is_told_apart_from_a_broken_answer(http):
    with Answering(Answer(body=GOOD)) as server:
        gone = server.url

    with pytest.raises(UnreachableError, match="não respondeu"):
        http.get(call_to(gone), decode)


def test_a_probe_asks_once(http):
    with Answering(Answer(500)) as server, pytest.raises(RetryableError):
        http.get(call_to(server.url), decode, Patience(tries=1))

    assert len(server.asked) == 1


def test_a_long_answer_is_handed_out_in_blocks(http):
    body = b"x" * 700_000
    with (
        Answering(Answer(body=body)) as server,
        http.open(call_to(server.url, pool=BULK)) as download,
    ):
        blocks = list(download)

    assert b"".join(blocks) == body
    assert max(map(len, blocks)) <= 256 * 1024


def test_a_long_answer_may_come_compressed(http):
    body = gzip.compress(b'{"data":[]}')
    answer = Answer(body=body, headers={"Content-Encoding": "gzip"})
    with Answering(answer) as server, http.open(call_to(server.url)) as download:
        assert b"".join(download) == b'{"data":[]}'


def test_a_long_answer_that_is_cut_is_an_error(http):
    answer = Answer(body=b"x" * 700_000, cut=300_000)
    with (
        Answering(answer) as server,
        http.open(call_to(server.url)) as download,
        pytest.raises(RetryableError, match="caiu"),
    ):
        list(download)

    assert len(server.asked) == 1


def test_the_beginning_of_a_long_answer_is_tried_again(http, patient):
    answers = [Answer(429, {}, {"Retry-After": "3"}), Answer(503, b"x"), Answer(body=b"{}")]
    with Answering(*answers) as server, http.open(call_to(server.url)) as download:
        assert b"".join(download) == b"{}"

    assert patient.waits == [3, 1.0]


def test_a_long_answer_may_say_that_there_is_none(http):
    with (
        Answering(Answer(404, {"status": 404})) as server,
        http.open(call_to(server.url)) as none,
    ):
        assert none is None


def test_a_resource_that_is_not_granted_is_named_for_long_answers_too(http):
    with (
        Answering(Answer(403, {})) as server,
        pytest.raises(NotGrantedError),
        http.open(call_to(server.url)),
    ):
        pass


def test_no_error_tells_the_password(http):
    with Answering(Answer(body=GOOD)) as server:
        gone = server.url

    with pytest.raises(RetryableError) as failed:
        http.get(call_to(f"{gone}/{PASSWORD}"), decode)

    assert PASSWORD not in failed.value.message + failed.value.detail
    assert "s3nh%40" not in failed.value.detail


def test_at_the_desk_an_erp_that_hangs_is_not_waited_for(make_http):
    http = make_http(patience=Patience(tries=2, longest=0.0, answer=0.2))

    with Answering(Answer(body=GOOD, late=1)) as server, pytest.raises(RetryableError):
        http.get(call_to(server.url), decode)

    assert len(server.asked) == 1
