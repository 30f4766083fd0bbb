"""What may happen to contracts, installments and timelines, by subject."""

from cobranca.contracts.services.events import record_event
from cobranca.contracts.services.installments import (
    add_credit,
    lock_installments,
    move_installments,
)
from cobranca.contracts.services.notes import (
    NOTE_LIMIT,
    TITLE_LIMIT,
    add_note_event,
    record_contact_change,
)
from cobranca.contracts.services.receipts import settle_installment

__all__ = [
    "NOTE_LIMIT",
    "TITLE_LIMIT",
    "add_credit",
    "add_note_event",
    "lock_installments",
    "move_installments",
    "record_contact_change",
    "record_event",
    "settle_installment",
]
