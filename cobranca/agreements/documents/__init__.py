"""PDF documents of agreements and calculations (AGR-08, CAL-13), and sending them."""

from cobranca.agreements.documents.debts import debt_statement
from cobranca.agreements.documents.found import Kind
from cobranca.agreements.documents.paper import Document
from cobranca.agreements.documents.priced import Priced, of_calculation, of_quote
from cobranca.agreements.documents.receipts import receipt
from cobranca.agreements.documents.sending import (
    Sending,
    send_calculation,
    send_document,
)
from cobranca.agreements.documents.statements import (
    is_for_email,
    statement_of_agreement,
    statement_of_calculation,
)
from cobranca.agreements.documents.terms import term

__all__ = [
    "Document",
    "Kind",
    "Priced",
    "Sending",
    "debt_statement",
    "is_for_email",
    "of_calculation",
    "of_quote",
    "receipt",
    "send_calculation",
    "send_document",
    "statement_of_agreement",
    "statement_of_calculation",
    "term",
]
