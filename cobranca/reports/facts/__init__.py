"""The facts that figures are made of. A figure counts the same rows that its list shows."""

from cobranca.reports.facts.contacts import CONTACTS, PROMISES, PROMISES_MADE
from cobranca.reports.facts.fact import Choice, Column, Fact
from cobranca.reports.facts.flow import FLOW
from cobranca.reports.facts.installments import DUE, OPEN
from cobranca.reports.facts.money import AGREEMENTS, RECEIPTS

FACTS = {
    fact.slug: fact
    for fact in (OPEN, DUE, RECEIPTS, AGREEMENTS, CONTACTS, PROMISES, PROMISES_MADE, FLOW)
}
# What a collector may list of their own work.
PERSONAL = frozenset(
    fact.slug for fact in (RECEIPTS, AGREEMENTS, CONTACTS, PROMISES, PROMISES_MADE)
)

__all__ = [
    "AGREEMENTS",
    "CONTACTS",
    "DUE",
    "FACTS",
    "FLOW",
    "OPEN",
    "PERSONAL",
    "PROMISES",
    "PROMISES_MADE",
    "RECEIPTS",
    "Choice",
    "Column",
    "Fact",
]
