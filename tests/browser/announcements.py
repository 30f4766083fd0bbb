"""Announcements in every state and a few refusals, to look at."""

from datetime import timedelta
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common import clock
from integrations.core.models import WebhookDelivery, WebhookRefusal
from integrations.core.states import AT_WORK

EVENTS = (
    "RECEIPT_PROCESSED",
    "RECEIVABLE_INSTALLMENT_UPDATED",
    "SALES_CONTRACT_CANCELED",
    "BANK_MOVEMENT_CREATED",
    "UPDATE_RECEIVABLE_BILL_SITUATION",
)
DOWN = "O Sienge não respondeu: nenhuma conexão foi possível."
POISON = "O Sienge respondeu 422 a este título: parcela sem data-base de juros."


def build_announcements(agency: Agency, contract: str) -> WebhookDelivery:
    """Make sixty announcements; return the one that is parked."""
    now = clock.now()
    rows = [
        WebhookDelivery(
            agency=agency,
            system="sienge",
            key=f"0f4f6a7e-0000-4000-8000-{number:012}",
            hook="caa132c2-6473-4ec4-8756-b3baa9c3c4c4",
            event=EVENTS[number % len(EVENTS)],
            body='{"billId": 5600, "installmentId": 2}',
            contract=contract if number % 5 < 2 else "",
            installment=number % 40 + 1 if number % 5 < 2 else None,
            sale="812" if number % 5 == 2 else "",
            received_at=now - timedelta(minutes=11 * number),
            **_state(number, now),
        )
        for number in range(60)
    ]
    WebhookDelivery.objects.bulk_create(rows[::-1])
    _build_refusals(agency, now)
    return next(row for row in rows if row.status == "parked")


def _state(number: int, now: Any) -> dict[str, Any]:
    later = {"due_at": now + timedelta(minutes=4)}
    ended = {"due_at": now, "processed_at": now - timedelta(minutes=11 * number - 1)}
    return {
        0: {"status": "waiting", "due_at": now},
        1: {"status": "waiting", "attempts": 1, "outcome": AT_WORK, **later},
        2: {"status": "waiting", "outcome": "Aguardando o ERP", "error": DOWN, **later},
        6: {"status": "parked", "attempts": 6, "error": POISON, **ended},
        7: {"status": "unmatched", "outcome": "Nenhum contrato em cobrança aqui", **ended},
        10: {"status": "discarded", **ended},
    }.get(number, {"status": "done", "outcome": "Lido no ERP e aplicado", "attempts": 1,
                   "repeats": int(number % 9 == 4), **ended})  # fmt: skip


def _build_refusals(agency: Agency, now: Any) -> None:
    minute = now.replace(second=0, microsecond=0)
    told = ((401, "Token ausente ou errado", 1240, 38), (413, "Corpo maior que 64 KiB", 1, 99_000))
    for number, (status, reason, count, size) in enumerate(told):
        WebhookRefusal(
            agency=agency, system="sienge", at=minute - timedelta(minutes=number), status=status,
            reason=reason, count=count, size=size,
        ).save()  # fmt: skip
