"""Telephones of the year: changed in the ERP at night, changed here in the afternoon (SIE-24, 25).

What is active here must be what the ERP has and nobody gave up: after each load that read it, and
once half an hour has passed after a change here.
"""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import F

from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.debtors.contacts import PHONE
from cobranca.debtors.models import DebtorReference, Phone
from cobranca.debtors.services import add_contact, change_contact, set_contact_active
from cobranca.outbox import delivery
from cobranca.outbox.models import OutboxEvent
from tests.flows.office import Office
from tests.flows.year.paper import Bill

TOPIC = "debtor.contacts_changed"
GIVEN_UP = "Inativo-Cobmais"
HALF_AN_HOUR = timedelta(minutes=30)
Book = dict[str, dict[str, bool]]


@dataclass
class Contacts:
    """Who was given telephones of a known shape, and what becomes of them."""

    office: Office
    actor: User
    seed: int
    # Customers whose telephones the ERP's users changed, and a load has read since.
    followed: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)
    done: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"contacts:{self.seed}")

    def _number(self) -> str:
        return f"48{self.chance.randrange(960_000_000, 999_999_999)}"

    def change_there(self, bills: list[Bill]) -> dict[str, Any]:
        """Return how a customer's telephones are put anew: one new, perhaps one that stays."""
        customer = self.chance.choice(bills)["customer"]
        numbers = [self._number()]
        kept = sorted(self.there().get(str(customer), {}))
        if kept and customer in self.followed and self.chance.random() < 0.5:
            numbers.append(self.chance.choice(kept))
        self.unread.add(customer)
        phones = [{"number": f"0{number}", "main": at == 0} for at, number in enumerate(numbers)]
        return {"customer": customer, "phones": phones}

    def loaded(self) -> None:
        """Note that a load read what was changed in the ERP."""
        self.followed |= self.unread
        self.unread = set()
        self.keep_time()

    def change_here(self) -> bool:
        """Do what a collector does to a telephone; False when there is nobody to do it to."""
        debtors = self._debtors()
        if not debtors:
            return False
        debtor = debtors[self.chance.choice(sorted(debtors))]
        active = list(Phone.objects.filter(debtor=debtor, is_active=True).order_by("pk"))
        others = [phone for phone in active if not phone.is_main]
        deed = self.chance.randrange(3)
        if deed == 1 and len(active) > 1:
            phone = self.chance.choice(active)
            set_contact_active(contact=phone, active=False, actor=self.actor)
        elif deed == 2 and others:
            change_contact(
                contact=self.chance.choice(others), values={"is_main": True}, actor=self.actor
            )
        else:
            values = {"number": self._number(), "kind": "mobile", "note": "recado"}
            add_contact(debtor_id=debtor, kind=PHONE, values=values, actor=self.actor)
        self.done += 1
        # It is due so long after it was written, by the database's clock: by the story's here.
        OutboxEvent.objects.filter(topic=TOPIC, status="pending", attempts=0).update(
            due_at=clock.now() + (F("due_at") - F("created_at"))
        )
        return True

    def push(self) -> int:
        """Do what the worker does with what is due now."""
        told = delivery.deliver_due(clock=clock.now)
        self.keep_time()
        return told

    @property
    def waits(self) -> bool:
        return OutboxEvent.objects.filter(topic=TOPIC, status="pending").exists()

    def keep_time(self) -> None:
        """The database has a clock of its own, which may run ahead of the story's."""
        now = clock.now()
        Phone.objects.filter(updated_at__gt=now).update(updated_at=now)

    def here(self) -> Book:
        """Return the active telephones here of those who are followed, and the main one."""
        return {
            str(customer): dict(
                Phone.objects.filter(debtor=debtor, is_active=True).values_list("number", "is_main")
            )
            for customer, debtor in self._debtors().items()
        }

    def there(self) -> Book:
        """Return what the ERP has and nobody gave up, by customer."""
        return {
            str(customer["id"]): {
                phone["number"].lstrip("0"): phone["main"]
                for phone in customer["phones"]
                if phone["note"] != GIVEN_UP
            }
            for customer in self.office.erp.customers()
        }

    def _debtors(self) -> dict[int, int]:
        """Return by customer the debtors who are followed and are no other customer too."""
        known = DebtorReference.objects.filter(agency=self.office.agency).values_list(
            "external_id", "debtor_id"
        )
        debtors = [debtor for _, debtor in known]
        return {
            int(code): debtor
            for code, debtor in known
            if int(code) in self.followed and debtors.count(debtor) == 1
        }

    def check(self) -> None:
        """Hold both sides against each other, unless something waits to be told."""
        if self.waits or self.unread:
            return
        here, there = self.here(), self.there()
        wanted = {customer: there[customer] for customer in here}
        assert here == wanted, {
            customer: (here[customer], wanted[customer])
            for customer in here
            if here[customer] != wanted[customer]
        }
