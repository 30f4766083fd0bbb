"""An agency's webhooks as they look after one of them was lost, and receipts nobody announced."""

from datetime import timedelta

from cobranca.common import clock
from cobranca.contracts.models import Contract, Payment
from cobranca.creditors.models import Creditor
from integrations.core.models import WebhookSubscription

STATES = (
    ("RECEIPT_PROCESSED", "Pagamento", "ok", ""),
    ("SALES_CONTRACT_CANCELED", "Contrato cancelado", "missing", ""),
    (
        "PAYMENT_SLIP_REGISTERED, BOOK_COLLECTION_CONFIRMED",
        "Boleto criado",
        "different",
        "Existe com outro token, endereço ou eventos: o reparo o substitui.",
    ),
    ("", "SPC inclusão", "unavailable", "Sem evento público no Sienge."),
)


def build_subscription(creditor: Creditor, contract: Contract) -> None:
    """Make a subscription of three weeks with something to repair."""
    now = clock.now()
    WebhookSubscription.objects.create(
        agency=creditor.agency,
        system="sienge",
        token="um-token",
        token_hash="0" * 64,
        hooks=[
            {"event": event, "label": label, "state": state, "message": message, "hook": ""}
            for event, label, state, message in STATES
        ],
        checked_at=now - timedelta(minutes=7),
        installed_at=now - timedelta(days=21),
        message="1 de 3 webhooks prontos.",
    )
    Contract.objects.filter(pk=contract.pk).update(created_at=now - timedelta(days=60))
    day = (now - timedelta(days=3)).date()
    for number in contract.installments.values_list("number", flat=True)[:12]:
        Payment.objects.get_or_create(
            agency=creditor.agency, contract=contract, number=number, paid_on=day, sequence=1,
            kind="Recebimento", gross=10, net=10, created_at=now - timedelta(days=2),
        )  # fmt: skip
