"""Opening a debtor whose Sienge is on, off or hanging: no request of ours waits for it."""

import socket
from collections.abc import Iterator

import pytest
from django.urls import reverse

from cobranca.contracts.models import DebtorSync
from integrations.sienge import parameters as p
from tests import factories
from tests.integrations.sienge.office import configure


@pytest.fixture
def contract(in_scope, company):
    debtor = factories.make_debtor(in_scope)
    contract = factories.make_contract(company, debtor, number="5600", external_debtor="3431")
    factories.make_installment(contract, 1, has_boleto=True)
    return contract


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{held.getsockname()[1]}"


@pytest.fixture
def mute() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def connections(monkeypatch):
    """Every connection that Python code makes; the database's own client makes none of them."""
    made = []
    real = socket.socket.connect

    def noted(self, address):
        made.append(address)
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", noted)
    return made


@pytest.mark.parametrize("state", ["on", "off", "hanging"])
def test_no_request_of_the_page_goes_out(
    state, sienge, nobody, mute, in_scope, contract, client_for, collector, connections
):
    address = {"on": sienge.api_url, "off": nobody, "hanging": mute}[state]
    configure(in_scope, {p.USER: "x", p.PASSWORD: "segredo", p.API_ADDRESS: address})
    client = client_for(collector)
    path = reverse("telecobranca:debtor_sync", args=[contract.debtor_id])

    page = client.get(reverse("telecobranca:debtor", args=[contract.debtor_id]))
    asked = client.post(path, {"visto": ""})
    polled = client.get(path, {"visto": ""})
    book = client.get(reverse("telecobranca:debtor_contracts", args=[contract.debtor_id]))
    window = client.get(reverse("telecobranca:second_copy", args=[contract.installments.get().pk]))

    answers = (page, asked, polled, book, window)
    assert [answer.status_code for answer in answers] == [200] * 5
    assert "Conferindo no Sienge…" in polled.content.decode()
    assert DebtorSync.objects.get().status == "queued"
    assert connections == []


def test_the_agencys_parameter_decides(sienge, in_scope, contract, client_for, collector):
    configure(
        in_scope,
        {
            p.USER: "x",
            p.PASSWORD: "segredo",
            p.API_ADDRESS: sienge.api_url,
            p.SYNC_ON_OPEN: "Não",
        },
    )
    path = reverse("telecobranca:debtor_sync", args=[contract.debtor_id])

    asked = client_for(collector).post(path)

    assert "Conferindo" not in asked.content.decode()
    assert not DebtorSync.objects.exists()


def test_without_a_connection_nobody_is_asked(in_scope, contract, client_for, collector):
    path = reverse("telecobranca:debtor_sync", args=[contract.debtor_id])

    client_for(collector).post(path)

    assert not DebtorSync.objects.exists()
