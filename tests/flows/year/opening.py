"""Debtors that the desk opens: the page asks for a reading, a worker carries it out (SIE-13)."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from cobranca.accounts.models import User
from cobranca.contracts.models import Contract, DebtorSync, TitleReading
from cobranca.contracts.tasks import sync_debtor
from tests.flows.office import Office
from tests.flows.year.paper import Announced, Bill


@dataclass
class Opening:
    """One person who opens debtors' pages."""

    office: Office
    actor: User
    seed: int
    failed: int = 0
    chance: random.Random = field(init=False)
    page: Client = field(init=False)

    def __post_init__(self) -> None:
        self.page = Client(SERVER_NAME="127.0.0.1")
        self.chance = random.Random(f"opening:{self.seed}")

    def choose(self) -> int | None:
        """Return a debtor who owes something."""
        owing = Contract.objects.filter(
            creditor=self.office.creditor, is_current=True, status="active"
        ).order_by("pk")
        debtors = list(dict.fromkeys(owing.values_list("debtor_id", flat=True)))
        return self.chance.choice(debtors) if debtors else None

    def bills_of(self, debtor: int, bills: list[Bill]) -> list[Bill]:
        """Return the ERP's titles of a debtor that the office has."""
        own = Contract.objects.filter(
            creditor=self.office.creditor, debtor=debtor, is_current=True, status="active"
        )
        titles = set(own.values_list("external_id", flat=True))
        return [bill for bill in bills if str(bill["bill"]) in titles]

    def request(self, debtor: int) -> None:
        """Do what the page does once it is there: ask for the reading, waiting for nothing."""
        address = reverse("telecobranca:debtor_sync", args=[debtor])
        answer: Any = self.page.post(address)
        if answer.status_code == 302:  # a session does not last for a year
            self.page.force_login(self.actor)
            answer = self.page.post(address)
        assert answer.status_code == 200

    def carry_out(self, debtor: int) -> DebtorSync:
        """Do what the worker does, and return how it ended."""
        sync_debtor(debtor)
        row = DebtorSync.objects.get(debtor=debtor)
        self.failed += row.status != "done"
        return row

    def read(self, since: datetime) -> Announced:
        """Return the titles whose readings were applied since an instant, whoever did it."""
        read = TitleReading.objects.filter(
            contract__creditor=self.office.creditor, read_at__gte=since
        )
        titles = {int(title) for title in read.values_list("contract__external_id", flat=True)}
        return Announced(titles=titles, boletos=titles)
