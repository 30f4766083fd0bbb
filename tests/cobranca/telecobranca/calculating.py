"""Asking the calculation screen, as a browser does."""

from collections.abc import Callable
from datetime import date

from django.test import Client
from django.urls import reverse

from cobranca.accounts.models import User
from cobranca.contracts.models import Contract, Installment
from cobranca.debtors.models import Debtor

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
ON = date(2026, 4, 20)


def address(name: str, debtor: Debtor) -> str:
    return reverse(f"telecobranca:{name}", args=[debtor.pk])


def ask_erp(client: Client, debtor: Debtor, on: date) -> None:
    client.post(address("calculation_erp", debtor), {"on": on.isoformat(), "plan": "cash"})


def opened(client: Client, debtor: Debtor, day: date, **data: str):
    return client.get(address("calculation", debtor), {"on": day.isoformat(), **data})


def answered(client: Client, debtor: Debtor, day: date, **data: str):
    given = {"on": day.isoformat(), "plan": "cash", "parts": "2", **data}
    return client.post(address("calculation_answer", debtor), given, headers=HTMX)


def figures(response) -> list[tuple[str, ...]]:
    return [
        (row.label, row.original, row.delay, row.charges, row.fee, row.total)
        for row in response.context["screen"].rows
        if row.is_selected
    ]


def everything(contract: Contract) -> str:
    keys = Installment._base_manager.filter(contract=contract).values_list("pk", flat=True)
    return ",".join(map(str, keys))


def save(client: Client, debtor: Debtor, mode: str, **data: str):
    seen = answered(client, debtor, ON, **data).context["screen"].seen_total
    given = {
        "on": ON.isoformat(),
        "plan": "cash",
        "parts": "2",
        **data,
        "mode": mode,
        "seen_total": seen,
    }
    return client.post(address("calculation_save", debtor), given, headers=HTMX)
