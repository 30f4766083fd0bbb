"""The log of calls: both sides of each, no secrets, and never in the way."""

import base64
import gc
from datetime import timedelta

import msgspec
import pytest
from django.db import DatabaseError, connection
from django_scopes import scope

from integrations.core.calls import BODY_LIMIT, BULK, forget_calls
from integrations.core.errors import PermanentError, RetryableError
from integrations.core.models import IntegrationLog
from integrations.core.streaming import stream_rows
from tests.integrations.answering import Answer, Answering
from tests.integrations.core.conftest import NOON, PASSWORD, call_to

decode = msgspec.json.Decoder().decode
anything = msgspec.json.Decoder(msgspec.Raw)


@pytest.fixture
def logs(agency):
    def read():
        with scope(agency=agency):
            return list(IntegrationLog.objects.order_by("id"))

    return read


def test_a_call_is_written_down_as_the_playbook_shows_it(http, logs):
    http.journal.window = {"data_ini": "2026-11-18 07:00:00", "data_fin": "2026-11-19 12:00:20"}
    params = {"modifiedAfter": "2026-11-17", "limit": "200", "offset": "0"}
    with Answering(Answer(body={"results": [{"id": 1, "value": 10}]})) as server:
        http.get(call_to(server.url, params=params, contract="5600"), decode)

    (log,) = logs()
    assert (log.kind, log.method, log.verb, log.status) == ("ErpApi", "ListarCoisas", "GET", 200)
    assert log.url.endswith("/coisas?modifiedAfter=2026-11-17&limit=200&offset=0")
    assert log.contract == "5600"
    assert log.at == NOON
    assert "Accept: application/json" in log.request
    assert log.request.endswith(
        "Usuario:usuario-api;\nSenha:(oculta);\ndata_ini:2026-11-18 07:00:00;\n"
        "data_fin:2026-11-19 12:00:20;\noffset:0;\nlimit:200"
    )
    assert log.response == '{"results":[{"id":1,"value":10}]}'
    assert log.error == ""


def test_each_try_is_written_down_with_its_error(http, logs):
    with Answering(Answer(503, b"<html>x</html>"), Answer(body={})) as server:
        http.get(call_to(server.url), decode)

    failed, answered = logs()
    assert (failed.status, failed.response) == (503, "<html>x</html>")
    assert "fora do ar" in failed.error
    assert (answered.status, answered.error) == (200, "")


def test_a_call_without_an_answer_is_written_down(http, logs):
    with Answering(Answer(drop=True)) as server, pytest.raises(RetryableError):
        http.get(call_to(server.url), decode)

    assert {(log.status, log.error) for log in logs()} == {(None, "O Sienge não respondeu.")}


@pytest.mark.parametrize("is_json", [True, False])
def test_secrets_are_masked_wherever_they_are_echoed(http, logs, is_json):
    basic = base64.b64encode(f"usuario-api:{PASSWORD}".encode()).decode()
    echoed = {
        "senha": "outra",
        "token": {"value": "abc"},
        "authorization": f"Basic {basic}",
        "text": f"{PASSWORD} e {basic}",
    }
    body = msgspec.json.encode(echoed)
    answer = Answer(400, body if is_json else body[:-1])
    with Answering(answer) as server, pytest.raises(Exception, match="recusou"):
        http.get(call_to(server.url, params={"q": PASSWORD}), decode)

    (log,) = logs()
    written = " ".join([log.url, log.request, log.response, log.error])
    for secret in (PASSWORD, basic, "s3nh", "outra", "secreta"):
        assert secret not in written
    assert "Authorization" not in log.request


def test_a_long_answer_is_kept_as_its_head_and_a_count(http, logs):
    rows = [{"id": n, "nome": "São João " * 20} for n in range(1_000)]
    with (
        Answering(Answer(body={"data": rows})) as server,
        http.open(call_to(server.url, pool=BULK)) as download,
    ):
        count = sum(1 for _ in stream_rows(download, anything))
        download.count(count)

    (log,) = logs()
    size = len(msgspec.json.encode({"data": rows}))
    assert log.status == 200
    assert len(log.response) < BODY_LIMIT + 200
    assert log.response.endswith(f"… {size - BODY_LIMIT} bytes omitidos\n1000 linhas, {size} bytes")


def test_a_long_answer_that_broke_says_so(http, logs):
    answer = Answer(body=b'{"data":[' + b"1," * 400_000, cut=300_000)
    with (
        Answering(answer) as server,
        pytest.raises(RetryableError),
        http.open(call_to(server.url)) as download,
    ):
        list(stream_rows(download, anything))

    (log,) = logs()
    assert (log.status, log.error) == (200, "A conexão caiu no meio da resposta.")


def test_a_long_answer_nobody_wanted_to_the_end_is_written_down(http, logs):
    with Answering(Answer(body={"data": [1, 2, 3]})) as server:
        with pytest.raises(ZeroDivisionError), http.open(call_to(server.url)):
            raise ZeroDivisionError
        gc.collect()

    assert logs()[0].error == "Interrompida: ZeroDivisionError"


def test_exact_amounts_stay_exact_in_the_log(http, logs):
    with Answering(Answer(body=b'{"value": 1234.10, "residue": 341233.7699999997}')) as server:
        http.get(call_to(server.url), decode)

    assert logs()[0].response == '{"value":1234.10,"residue":341233.7699999997}'


def test_a_log_that_cannot_be_written_does_not_break_the_call(http, logs, monkeypatch):
    def refuse(*_, **__):
        raise DatabaseError("disk full")

    monkeypatch.setattr(IntegrationLog, "save", refuse)
    with Answering(Answer(body={"id": 1})) as server:
        assert http.get(call_to(server.url), decode) == {"id": 1}

    assert not connection.needs_rollback
    assert logs() == []


def test_old_calls_are_forgotten_for_one_agency(http, logs, agency, other_agency):
    with Answering(Answer(body={})) as server:
        http.get(call_to(server.url), decode)

    assert forget_calls(other_agency, NOON + timedelta(days=1)) == 0
    assert forget_calls(agency, NOON) == 0
    assert forget_calls(agency, NOON + timedelta(days=1)) == 1
    assert logs() == []


def test_a_long_word_does_not_hold_up_the_log(http, logs):
    """Searching it for names of secrets once took time in the square of its length."""
    word = "senha_" * (BODY_LIMIT // 6)
    with Answering(Answer(400, word)) as server, pytest.raises(PermanentError):
        http.get(call_to(server.url), decode)

    assert logs()[0].response == word
