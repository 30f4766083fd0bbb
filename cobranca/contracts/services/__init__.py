"""What may happen to contracts, installments and timelines, by subject."""

from cobranca.contracts.services.contact_data import record_contact_change
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
)
from cobranca.contracts.services.recalls import Why, recall_installments, tell_recall
from cobranca.contracts.services.receipts import settle_installment
from cobranca.contracts.services.renegotiations import (
    Generated,
    LoadUnderWayError,
    add_generated,
    finish_negotiations,
    let_go,
    remember_reading,
    remove_negotiation,
    wait_for_mirror,
)

__all__ = [
    "NOTE_LIMIT",
    "TITLE_LIMIT",
    "Generated",
    "LoadUnderWayError",
    "Why",
    "add_credit",
    "add_generated",
    "add_note_event",
    "finish_negotiations",
    "let_go",
    "lock_installments",
    "move_installments",
    "recall_installments",
    "record_contact_change",
    "record_event",
    "remember_reading",
    "remove_negotiation",
    "settle_installment",
    "tell_recall",
    "wait_for_mirror",
]
