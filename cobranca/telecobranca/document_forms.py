"""What is chosen when a document is sent: which one, and to which of the debtor's e-mails."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django import forms

from cobranca.agreements.documents import Kind
from cobranca.agreements.documents.sending import TOKEN_LIMIT
from cobranca.agreements.models import Agreement
from cobranca.agreements.states import AgreementStatus
from cobranca.calc.words import day_text, reais
from cobranca.debtors.emails import active_emails
from cobranca.debtors.models import Debtor

# What a choice stands for: the kind, and the key of what it is about.
Documents = Mapping[str, tuple[Kind, int, str]]


def documents_of(agreement: Agreement) -> Documents:
    """Return what may be sent of an agreement, by the name of the choice."""
    return {f"{kind.value}-{key}": (kind, key, label) for kind, key, label in _choices(agreement)}


def _choices(agreement: Agreement) -> Iterator[tuple[Kind, int, str]]:
    is_proposal = agreement.status == AgreementStatus.PROPOSAL
    yield Kind.TERM, agreement.pk, "Proposta de acordo" if is_proposal else Kind.TERM.label
    for payment in agreement.payments.all():
        void = " (estornado)" if payment.reversed_on else ""
        what = f"{reais(payment.amount)} em {day_text(payment.paid_on)}{void}"
        yield Kind.RECEIPT, payment.pk, f"Recibo de {what}"
    yield Kind.STATEMENT, agreement.pk, str(Kind.STATEMENT.label)


class SendForm(forms.Form):
    """A document and an e-mail. `token` makes a second press of the button send nothing more."""

    document_choice = forms.ChoiceField(label="Documento")
    email = forms.TypedChoiceField(
        label="E-mail do devedor",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Escolha um dos e-mails ativos do devedor."},
    )
    token = forms.CharField(max_length=TOKEN_LIMIT, widget=forms.HiddenInput)

    def __init__(self, data: Any, debtor: Debtor, documents: Documents | None = None) -> None:
        super().__init__(data, initial={"token": uuid4().hex})
        self.documents = documents or {}
        self.emails = active_emails(debtor)
        fields: dict[str, Any] = self.fields
        fields["email"].choices = [(email.pk, email.email) for email in self.emails]
        if documents is None:
            del fields["document_choice"]
        else:
            fields["document_choice"].choices = [
                (name, label) for name, (_, _, label) in documents.items()
            ]

    @property
    def document(self) -> tuple[Kind, int]:
        """Return what a valid form chose."""
        kind, key, _ = self.documents[self.cleaned_data["document_choice"]]
        return kind, key
