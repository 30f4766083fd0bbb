"""What is chosen when the ERP is to send something: which paper, and to which e-mail."""

from typing import Any

from django import forms

from cobranca.common.errors import DomainError
from cobranca.contracts.erp_mail import MESSAGE_LIMIT, Paper
from cobranca.debtors.emails import active_emails
from cobranca.debtors.models import Debtor


class CopyMailForm(forms.Form):
    """One of the debtor's e-mails."""

    email = forms.TypedChoiceField(
        label="E-mail do devedor",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Escolha um dos e-mails ativos do devedor."},
    )

    def __init__(self, data: Any, debtor: Debtor) -> None:
        super().__init__(data)
        self.emails = active_emails(debtor)
        fields: dict[str, Any] = self.fields
        fields["email"].choices = [(email.pk, email.email) for email in self.emails]

    def put(self, error: DomainError) -> None:
        """Show a broken rule at its field, else above the form."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class PaperForm(CopyMailForm):
    """A statement or a balance, an e-mail, and words of the collector's."""

    paper = forms.ChoiceField(
        label="O que enviar", choices=Paper, initial=Paper.STATEMENT, widget=forms.RadioSelect
    )
    message = forms.CharField(
        label="Mensagem",
        max_length=MESSAGE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("paper", "email", "message")
