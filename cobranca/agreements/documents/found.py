"""A document by its kind and the key of what it is about: as people ask for it to be sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, TextChoices

from cobranca.agreements.documents.debts import debt_statement
from cobranca.agreements.documents.paper import Document
from cobranca.agreements.documents.priced import Priced, of_quote
from cobranca.agreements.documents.receipts import receipt
from cobranca.agreements.documents.statements import (
    statement_of_agreement,
    statement_of_quote,
)
from cobranca.agreements.documents.terms import term
from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.agreements.states import AgreementStatus
from cobranca.campaigns.models import Quote
from cobranca.common.errors import NotFoundError
from cobranca.contracts.models import Contract
from cobranca.debtors.models import Debtor


class Kind(TextChoices):
    """What may be sent, and what its key is of: an agreement, its payment, a kept calculation."""

    TERM = "term", "Termo de acordo"
    STATEMENT = "statement", "Memória de cálculo"
    RECEIPT = "receipt", "Recibo"
    DEBT = "debt", "Demonstrativo de débito"
    CALCULATION = "calculation", "Memória de cálculo do débito"


@dataclass(frozen=True)
class Found:
    """A document to be made on a day, of whom and about what."""

    debtor: Debtor
    # Its contract, when there is only one: the event is shown there.
    contract: Contract | None
    about: Model
    make: Callable[[date], Document]
    # None where no agreement stands behind the document.
    agreement: Agreement | None = None
    is_promise: bool = False

    @property
    def refusal(self) -> str:
        """Why it must not go out to the debtor; "" when it may."""
        if self.agreement is None or not self.is_promise:
            return ""
        return NOT_SENT.get(self.agreement.status, "")


# Read by the debtor, these would promise what is not so.
NOT_SENT: Mapping[str, str] = {
    AgreementStatus.WAITING: "O acordo ainda não foi aprovado: envie depois da aprovação.",
    AgreementStatus.BROKEN: "O acordo foi quebrado: seu termo não vale mais.",
    AgreementStatus.CANCELLED: "O acordo foi cancelado: seu termo não vale mais.",
}


def find(kind: str, key: int) -> Found:
    """Return a document of the scope's agency; NotFoundError when there is none."""
    found: Found = FINDERS[Kind(kind)](key)
    return found


def _term(key: int) -> Found:
    agreement = _one(_agreements(), key)
    return _of_agreement(agreement, lambda on: term(agreement, on=on))


def _statement(key: int) -> Found:
    agreement = _one(_agreements(), key)
    return _of_agreement(agreement, lambda on: statement_of_agreement(agreement, on=on))


def _of_agreement(agreement: Agreement, make: Callable[[date], Document]) -> Found:
    contract = _only_contract(agreement)
    return Found(agreement.debtor, contract, agreement, make, agreement, is_promise=True)


def _receipt(key: int) -> Found:
    whose = ("parcel", "agreement__debtor", "agreement__creditor__agency")
    payment: AgreementPayment = _one(AgreementPayment.objects.select_related(*whose), key)
    agreement = payment.agreement
    return Found(
        agreement.debtor,
        _only_contract(agreement),
        payment,
        lambda on: receipt(payment, on=on),
        agreement,
    )


def _debt(key: int) -> Found:
    row, priced = _kept(key)
    return Found(row.debtor, _contract_of(priced), row, lambda on: debt_statement(priced, on=on))


def _calculation(key: int) -> Found:
    row, priced = _kept(key)
    return Found(
        row.debtor,
        _contract_of(priced),
        row,
        lambda on: statement_of_quote(row, priced, on=on),
    )


def _kept(key: int) -> tuple[Quote, Priced]:
    row: Quote = _one(Quote.objects.select_related("debtor"), key)
    return row, of_quote(row)


FINDERS: Mapping[Kind, Callable[[int], Found]] = {
    Kind.TERM: _term,
    Kind.STATEMENT: _statement,
    Kind.RECEIPT: _receipt,
    Kind.DEBT: _debt,
    Kind.CALCULATION: _calculation,
}


def _agreements() -> Any:
    return Agreement.objects.select_related("debtor", "creditor__agency", "agency", "quote")


def _one(rows: Any, key: int) -> Any:
    row = rows.filter(pk=key).first()
    if row is None:
        raise NotFoundError("O documento pedido não existe mais.")
    return row


def _only_contract(agreement: Agreement) -> Contract | None:
    contracts = Contract.objects.filter(pk__in=agreement.items.values("contract"))
    found = list(contracts[:2])
    return found[0] if len(found) == 1 else None


def _contract_of(priced: Priced) -> Contract | None:
    return priced.contracts[0] if len(priced.contracts) == 1 else None
