"""The way of webhooks in the story: subscribed to in the ERP, delivered over HTTP, processed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cobranca.common import clock
from integrations.core.hooks import install_hooks
from integrations.core.inbox.processing import process
from integrations.core.inbox.report import Report
from integrations.core.models import WebhookDelivery
from integrations.core.states import DeliveryStatus
from tests.flows.office import Office
from tests.flows.year.paper import Announced, Bill

BOLETOS = ("PAYMENT_SLIP_REGISTERED", "BOOK_COLLECTION_CONFIRMED")


@dataclass
class Webhooks:
    """The office's subscription, and what came of it."""

    office: Office

    def subscribe(self) -> None:
        """Press the button that creates every hook in the ERP (SIE-14)."""
        row = install_hooks(creditor=self.office.creditor, actor=None, now=clock.now())
        assert row.installed_at, row.message

    def deliver(self, **wanted: Any) -> dict[str, Any]:
        """Let the ERP send what is due."""
        done: dict[str, Any] = self.office.erp.control("webhooks/deliver", wanted)
        return done

    def process(self) -> Report:
        """Process all that arrived, as the task does."""
        return process(self.office.agency, clock=clock.now)

    def waiting(self) -> list[WebhookDelivery]:
        """Return what arrived and was not brought to its end."""
        return list(WebhookDelivery.objects.filter(status=DeliveryStatus.WAITING))

    def parked(self) -> list[WebhookDelivery]:
        return list(WebhookDelivery.objects.filter(status=DeliveryStatus.PARKED))

    def read(self, bills: list[Bill], since: datetime) -> Announced:
        """Return the titles that were read since an instant because they were announced."""
        of_contract = {bill["contract"]: bill["bill"] for bill in bills}
        done = WebhookDelivery.objects.filter(
            status=DeliveryStatus.DONE, processed_at__gte=since, outcome__startswith="Lido no ERP"
        )
        found = Announced()
        for row in done:
            title = _title(json.loads(row.body), of_contract)
            if title:
                found.titles.add(title)
                if row.event in BOLETOS:
                    found.boletos.add(title)
        return found


def _title(body: dict[str, Any], of_contract: dict[int, int]) -> int | None:
    if "salesContractId" in body:
        return of_contract.get(body["salesContractId"])
    title = body.get("billId") or body.get("receivableBillId")
    return title if isinstance(title, int) else None
