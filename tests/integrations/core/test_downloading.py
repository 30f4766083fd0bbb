"""Files behind a provider's links: no credentials, no end of size or time, no other roads."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from time import monotonic, sleep

import pytest
from django_scopes import scope

from integrations.core import downloading
from integrations.core.calls import Call
from integrations.core.errors import PermanentError, RetryableError
from integrations.core.models import CallUsage, IntegrationLog
from tests.integrations.answering import Answer, Answering

PDF = b"%PDF-1.7 boleto"
SIGNED = "/boleto.pdf?assinatura=xyz&expira=300"


def fetch(http, url, **kind):
    return http.download(Call("BaixarRelatorio", url, "Boletos"), **{"may_be_plain": True, **kind})


def test_a_file_is_fetched_without_credentials(http, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login joao password segredo")
    monkeypatch.setenv("NETRC", str(netrc))
    with Answering(Answer(body=PDF)) as server:
        assert fetch(http, server.url + SIGNED) == PDF

    (asked,) = server.asked
    assert "Authorization" not in asked.headers
    assert asked.query == {"assinatura": "xyz", "expira": "300"}


def test_the_link_is_a_key_and_is_not_written_down(http, agency):
    with Answering(Answer(body=PDF)) as server:
        fetch(http, server.url + SIGNED)
    with pytest.raises(RetryableError) as failed:
        fetch(http, server.url + SIGNED)  # nobody there any more

    with scope(agency=agency):
        logs = list(IntegrationLog.objects.order_by("id"))
        assert not CallUsage.objects.exists()
    written = "".join(f"{log.url}{log.request}{log.response}{log.error}" for log in logs)
    assert logs[0].url == f"{server.url}/boleto.pdf"
    assert "xyz" not in written + failed.value.message + failed.value.detail
    assert failed.value.__cause__ is None


@pytest.mark.parametrize("status", [403, 404, 410, 500])
def test_a_link_that_expired_is_asked_for_anew(http, status):
    with Answering(Answer(status)) as server, pytest.raises(RetryableError, match="não vale mais"):
        fetch(http, server.url + SIGNED)


def test_a_file_without_end_is_cut(http, monkeypatch):
    monkeypatch.setattr(downloading.download, "__kwdefaults__", {"largest": 1000})
    with Answering(Answer(body=b"x" * 1001)) as server:
        with pytest.raises(PermanentError, match="grande demais"):
            fetch(http, server.url)
        server.answers = [Answer(body=b"x" * 1000)]
        assert len(fetch(http, server.url)) == 1000


def test_a_file_that_trickles_is_given_up(http, monkeypatch):
    monkeypatch.setattr(downloading, "_LONGEST", -1.0)
    with Answering(Answer(body=PDF)) as server, pytest.raises(RetryableError, match="demorou"):
        fetch(http, server.url)


def test_a_file_that_comes_byte_by_byte_is_given_up_before_a_block_of_it_came(http, monkeypatch):
    monkeypatch.setattr(downloading, "_LONGEST", 0.3)
    with trickling(seconds=4) as url:
        started = monotonic()
        with pytest.raises(RetryableError, match="demorou"):
            fetch(http, url)
    assert monotonic() - started < 3


@contextmanager
def trickling(seconds: float) -> Iterator[str]:
    """Serve one file, a byte each 50 ms."""

    def serve() -> None:
        with suppress(OSError), listening.accept()[0] as client:
            client.recv(65_536)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while monotonic() < until:
                client.sendall(b"x")
                sleep(0.05)

    until = monotonic() + seconds
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Thread(target=serve)
        server.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.join(timeout=10)


@pytest.mark.parametrize("cut", range(len(PDF)))
def test_a_cut_file_is_none(http, cut):
    with Answering(Answer(body=PDF, cut=cut)) as server, pytest.raises(RetryableError):
        fetch(http, server.url)


def test_a_redirect_is_followed_a_few_times(http):
    def route(asked):
        if asked.path == "/para-sempre":
            return Answer(302, b"", {"Location": "/para-sempre"})
        return Answer(302, b"", {"Location": "/b"}) if asked.path == "/a" else Answer(body=PDF)

    with Answering(route=route) as server:
        assert fetch(http, f"{server.url}/a") == PDF
        with pytest.raises(PermanentError, match="lugar nenhum"):
            fetch(http, f"{server.url}/para-sempre")


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://x/"])
def test_a_link_or_redirect_leads_to_no_other_kind_of_place(http, place):
    redirect = Answer(302, b"", {"Location": place})
    with Answering(redirect) as server, pytest.raises(PermanentError, match="inseguro"):
        fetch(http, server.url)
    with pytest.raises(PermanentError, match="inseguro"):
        fetch(http, place)


def test_where_the_api_is_secure_so_are_its_links(http):
    with Answering(Answer(body=PDF)) as server, pytest.raises(PermanentError, match="inseguro"):
        fetch(http, server.url, may_be_plain=False)

    assert server.asked == []
