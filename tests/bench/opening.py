"""Opening a debtor with the ERP on and with it off: the same pages, round about, in one run."""

import socket
import statistics
from typing import Any

from django.test import Client
from django.urls import reverse
from django_scopes import scope

from cobranca.accounts.roles import COLLECTOR
from cobranca.contracts.models import Contract, DebtorSync
from integrations.sienge import parameters as p
from tests import factories
from tests.bench.timing import figure, seconds
from tests.flows.office import Office, make_erp, make_office

OPENINGS = 60


def opening(rounds: int) -> dict[str, Any]:
    """Open a debtor: the page, what it then asks for, and one look at how that stands."""
    erp = make_erp(seed=1, contracts=12, companies=1)
    try:
        office = make_office(erp)
        with scope(agency=office.agency):
            office.load(full=True)
            client, debtor = _signed_in(office), _busiest()
            on, off = erp.api_url, _nobody()
            times: dict[str, list[float]] = {on: [], off: []}
            for number in range(OPENINGS * max(rounds // 5, 1) + 2):
                for address in (on, off) if number % 2 else (off, on):
                    office.configure(p.API_ADDRESS, address)
                    DebtorSync.objects.all().delete()
                    spent = seconds(lambda: _open(client, debtor))
                    if number > 1:  # the first are warm-up
                        times[address].append(spent)
    finally:
        erp.stop()
    # Pair by pair: what else the machine does falls upon both of a pair.
    pairs = [without / with_erp for with_erp, without in zip(times[on], times[off], strict=True)]
    ms = {address: statistics.median(spent) * 1000 for address, spent in times.items()}
    detail = f"{ms[off]:.1f} ms with nobody there, {ms[on]:.1f} ms with the ERP on"
    return {"desk.open_erp_off_ratio": figure(statistics.median(pairs), "<= 1.1", "×", detail)}


def _signed_in(office: Office) -> Client:
    client = Client()
    client.force_login(factories.make_user(office.agency, COLLECTOR))
    return client


def _busiest() -> int:
    return int(Contract.objects.filter(status="active").earliest("pk").debtor_id)


def _nobody() -> str:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{held.getsockname()[1]}"


def _open(client: Client, debtor: int) -> None:
    sync = reverse("telecobranca:debtor_sync", args=[debtor])
    answers = [
        client.get(reverse("telecobranca:debtor", args=[debtor])),
        client.post(sync, {"visto": ""}),
        client.get(sync, {"visto": ""}),
    ]
    if [answer.status_code for answer in answers] != [200, 200, 200]:
        raise RuntimeError("the page did not open")
    if "Conferindo" not in answers[2].content.decode():
        raise RuntimeError("nothing was asked for")
