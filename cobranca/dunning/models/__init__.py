"""The law of contact as data, each attempt to reach a debtor, and what came of it."""

from cobranca.dunning.models.law import (
    ContactAttempt,
    ContactPolicy,
    ContactRule,
    HolidayScope,
    LegalHoliday,
)
from cobranca.dunning.models.records import Callback, ContactRecord, ContactResult, Promise

__all__ = [
    "Callback",
    "ContactAttempt",
    "ContactPolicy",
    "ContactRecord",
    "ContactResult",
    "ContactRule",
    "HolidayScope",
    "LegalHoliday",
    "Promise",
]
