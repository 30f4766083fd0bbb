"""What may happen to attempts, contacts, promises and callbacks, by subject."""

from cobranca.dunning.services.callbacks import (
    CallbackWanted,
    cancel_callback,
    finish_callback,
    pass_callbacks,
    reschedule_callback,
)
from cobranca.dunning.services.law import attempt_contact
from cobranca.dunning.services.promises import PromiseGiven, cancel_promise
from cobranca.dunning.services.records import (
    Contacted,
    ContactRefusedError,
    ask_permission,
    record_contact,
    write_record,
)
from cobranca.dunning.services.settling import settle_debtor, settle_promises

__all__ = [
    "CallbackWanted",
    "ContactRefusedError",
    "Contacted",
    "PromiseGiven",
    "ask_permission",
    "attempt_contact",
    "cancel_callback",
    "cancel_promise",
    "finish_callback",
    "pass_callbacks",
    "record_contact",
    "reschedule_callback",
    "settle_debtor",
    "settle_promises",
    "write_record",
]
