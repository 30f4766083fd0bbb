"""A worker process on another day, to be killed: python -m tests.flows.year.worker WORK NOW ..."""

import os
import sys
from collections.abc import Callable
from typing import Any

import django
import time_machine

PATIENCE = 100_000


def main(work: str, now: str, agency_id: str, creditor_id: str, debtor_id: str = "0") -> None:
    django.setup()
    # What needs the settings is imported once they are there.
    from django_scopes import scope, scopes_disabled

    from cobranca.accounts.models import Agency
    from cobranca.common import clock
    from cobranca.contracts.tasks import sync_debtor
    from cobranca.creditors.models import Creditor
    from cobranca.outbox import delivery
    from integrations.core import http
    from integrations.core.budget import Timing
    from integrations.core.inbox.processing import process
    from integrations.core.runs.services import import_now
    from integrations.sienge import config

    http.Timing = lambda: Timing(sleep=lambda seconds: None)  # as in tests/flows/conftest.py
    config.REST_PER_MINUTE = config.BULK_PER_MINUTE = PATIENCE
    with scopes_disabled():
        agency = Agency.objects.get(pk=agency_id)
        creditor = Creditor.objects.select_related("agency").get(pk=creditor_id)
    with time_machine.travel(now), scope(agency=agency):
        os.write(1, b"working\n")
        works: dict[str, Callable[[], Any]] = {
            "webhooks": lambda: process(agency, clock=clock.now),
            "opening": lambda: sync_debtor(int(debtor_id)),
            "push": lambda: delivery.deliver_due(clock=clock.now),
            "payments": lambda: load("sienge_pagamentos"),
            "load": lambda: load("carga_sienge"),
            "batimento": lambda: load("carga_sienge", full=True),
        }

        def load(layout: str, *, full: bool = False) -> None:
            import_now(creditor=creditor, layout=layout, full=full, now=clock.now())

        works[work]()
        os.write(1, b"done\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
