"""Deliveries that need no other system: e-mails to the people of the agency."""

from cobranca.accounts.notify import notify_role
from cobranca.accounts.roles import IMPLEMENTER
from cobranca.outbox.registry import Delivery, handles


@handles("import.needs_attention")
def tell_implementers(delivery: Delivery) -> None:
    """Write to the implementers that an import stopped and why.

    Payload: run, creditor, status, message (all as people read them).
    """
    payload = delivery.payload
    notify_role(
        agency=delivery.agency,
        role=IMPLEMENTER,
        subject=f"Importação de {payload['creditor']}: {payload['status']}",
        template="emails/import_needs_attention.txt",
        context={"payload": payload},
    )
