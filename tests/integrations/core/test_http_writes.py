"""Writes against a real server: done, refused in words, or not known; never done twice by us."""

import socket

import msgspec
import pytest
from django_scopes import scope

from integrations.core import http as http_module
from integrations.core.calls import REST
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    CredentialsError,
    NotGrantedError,
    RefusedError,
    RetryableError,
    UnknownOutcomeError,
    UnreachableError,
)
from integrations.core.models import CallUsage, IntegrationLog
from tests.integrations.answering import Answer, Answering
from tests.integrations.core.conftest import PASSWORD, call_to

decode = msgspec.json.Decoder().decode
BODY = {"phones": [{"number": "048999112233", "main": True}]}
WRITES = ["POST", "PUT", "DELETE"]


def write(http, server, verb="POST", body=BODY, **facts):
    return http.send(call_to(server.url, **facts), verb, body, decode)


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(200, {"id": "a1"}), {"id": "a1"}),
        (Answer(201, b""), None),
        (Answer(200, b"  "), None),
        (Answer(204, b""), None),
    ],
)
def test_a_write_is_sent_once_and_its_answer_decoded(http, verb, answer, told):
    with Answering(answer) as server:
        assert write(http, server, verb) == told

    (asked,) = server.asked
    assert (asked.verb, asked.sent) == (verb, BODY)
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Authorization"].startswith("Basic ")


def test_amounts_leave_as_exact_numbers(http):
    from decimal import Decimal

    with Answering(Answer(204)) as server:
        write(http, server, body={"totalValue": Decimal("4284.15")})

    assert server.asked[0].body == b'{"totalValue":4284.15}'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            {"status": 422, "developerMessage": "x", "clientMessage": "Parcela já liquidada"},
            "Parcela já liquidada.",
        ),
        ({"status": "400", "userMessage": ["Url inválida", "Token curto"]}, "Url inválida. Token"),
        ({"status": 400, "userMessage": "Url inválida"}, "Url inválida."),
        (
            {
                "clientMessage": "A requisição contém dados inválidos",
                "errors": [{"field": "phones[0].number", "message": "formato inválido"}],
            },
            "A requisição contém dados inválidos. phones[0].number: formato inválido.",
        ),
        ({"developerMessage": "Parâmetro ausente"}, "Parâmetro ausente."),
        ({}, "recusou Coisas"),
        (b"<html>", "recusou Coisas"),
        ({"clientMessage": "linha um\n\tlinha\u0000 dois"}, "linha um linha dois."),
        ({"clientMessage": None, "userMessage": [None, 3], "errors": "x"}, "x."),
    ],
)
@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_refusal_is_told_in_the_providers_words(http, body, words, status):
    with Answering(Answer(status, body)) as server, pytest.raises(RefusedError) as refused:
        write(http, server)

    assert words in refused.value.message
    assert refused.value.http_status == status
    assert len(server.asked) == 1


def test_a_refusal_is_short_and_tells_no_secret(http):
    told = f"senha={PASSWORD} token: abc123 " + "muito " * 200
    body = {"status": 400, "clientMessage": told}
    with Answering(Answer(400, body)) as server, pytest.raises(RefusedError) as refused:
        write(http, server)

    message = refused.value.message
    assert len(message) <= 300
    assert "abc123" not in message
    assert PASSWORD not in message


def test_what_is_not_there_is_refused_and_a_wrong_address_is_not_a_refusal(http):
    with Answering(Answer(404, {"status": 404, "clientMessage": "Não há"})) as server:
        with pytest.raises(RefusedError) as refused:
            write(http, server, "DELETE", None)
        server.answers = [Answer(404, b"<html>")]
        with pytest.raises(ConfigError, match="Url Api"):
            write(http, server)

    assert refused.value.http_status == 404


@pytest.mark.parametrize(
    ("status", "kind"), [(401, CredentialsError), (403, NotGrantedError), (302, ConfigError)]
)
def test_a_closed_door_is_told_as_for_reads(http, status, kind):
    answer = Answer(status, b"", {"Location": "http://outra.example"})
    with Answering(answer) as server, pytest.raises(kind):
        write(http, server)

    assert len(server.asked) == 1


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, {"status": 500}),
        Answer(502, b"<html>"),
        Answer(504, b""),
        Answer(408, b""),
        Answer(200, b"<html>Entrar</html>"),
        Answer(200, b'{"id":'),
        Answer(200, {"id": "a1"}, cut=3),
        Answer(drop=True),
        Answer(206, {}),
    ],
    ids=["500", "502", "504", "408", "html", "truncated", "cut", "dropped", "206"],
)
def test_a_lost_answer_is_never_followed_by_a_second_write(http, patient, verb, answer):
    with Answering(answer) as server, pytest.raises(UnknownOutcomeError, match="pode ter sido"):
        write(http, server, verb)

    assert len(server.asked) == 1
    assert patient.waits == []


def test_an_answer_that_comes_too_late_is_a_lost_one(http, monkeypatch):
    monkeypatch.setattr(http_module, "READ_TIMEOUT", 0.05)
    with Answering(Answer(204, late=0.4)) as server, pytest.raises(UnknownOutcomeError):
        write(http, server, "PUT")

    assert len(server.asked) == 1


@pytest.mark.parametrize("verb", WRITES)
def test_a_write_that_was_asked_to_wait_is_repeated(http, patient, verb):
    wait = Answer(429, {}, {"Retry-After": "7"})
    with Answering(wait, wait, Answer(204)) as server:
        write(http, server, verb)

    assert len(server.asked) == 3
    assert patient.waits == [7, 7]


@pytest.mark.parametrize(("verb", "calls"), [("PUT", 3), ("DELETE", 3), ("POST", 1)])
def test_a_closed_provider_is_asked_again_only_what_may_be_done_twice(http, verb, calls):
    with Answering(Answer(503, b"<html>")) as server:
        with pytest.raises(RetryableError) as later:
            write(http, server, verb)
        assert len(server.asked) == calls

    assert not isinstance(later.value, UnknownOutcomeError)


@pytest.mark.parametrize("verb", WRITES)
def test_a_write_that_never_left_is_repeated_and_nothing_was_done(http, patient, verb):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UnreachableError):
            http.send(call_to(url), verb, BODY, decode)

    assert len(patient.waits) == 2


def test_a_write_spends_the_budget_and_stops_when_it_is_spent(http, agency):
    spent = Answer(429, {}, {"x-ratelimit-remaining-day": "0"})
    with Answering(Answer(204), spent) as server:
        write(http, server)
        with pytest.raises(BudgetError):
            write(http, server)
        with pytest.raises(BudgetError):
            write(http, server)
        assert len(server.asked) == 2

    with scope(agency=agency):
        assert CallUsage.objects.get(pool=REST, priority=0, window="2026-11-19").used == 2


def test_a_write_is_written_down_with_what_it_sent_and_without_secrets(http, agency):
    body = {"url": "https://aqui.example/", "token": "segredo-do-gancho", "events": ["A"]}
    with Answering(Answer(200, {"id": "h1", "token": "segredo-do-gancho"})) as server:
        write(http, server, body=body, contract="5600")

    with scope(agency=agency):
        log = IntegrationLog.objects.get()
    assert (log.verb, log.status, log.contract) == ("POST", 200, "5600")
    assert log.request.startswith(f"POST {server.url}/coisas\n")
    assert '"url":"https://aqui.example/"' in log.request
    assert "segredo-do-gancho" not in log.request + log.response
    assert PASSWORD not in log.request


def test_a_lost_write_is_written_down_as_such(http, agency):
    with Answering(Answer(drop=True)) as server, pytest.raises(UnknownOutcomeError):
        write(http, server, "PUT")

    with scope(agency=agency):
        log = IntegrationLog.objects.get()
    assert (log.verb, log.status) == ("PUT", None)
    assert "pode ter sido feito" in log.error


def test_a_signed_link_in_an_answer_is_written_down_without_what_signs_it(http, agency):
    answer = Answer(body={"urlReport": "https://files.example/b.pdf?assinatura=xyz&expira=300"})
    with Answering(answer) as server:
        found = http.get(call_to(server.url), decode)

    assert found["urlReport"].endswith("expira=300")
    with scope(agency=agency):
        log = IntegrationLog.objects.get()
    assert "https://files.example/b.pdf?" in log.response
    assert "xyz" not in log.response


def test_a_read_may_be_refused_in_words_where_they_are_asked_for(http):
    body = {"status": 422, "clientMessage": "Não foram encontradas parcelas aptas"}
    with Answering(Answer(422, body)) as server, pytest.raises(RefusedError, match="aptas"):
        http.get(call_to(server.url, tells_refusal=True), decode)

    assert len(server.asked) == 1
