"""What is typed about an agreement: why, or what was received."""

from datetime import date
from typing import Any

from django import forms

from cobranca.agreements.models import REASON_LIMIT, AgreementInstallment
from cobranca.agreements.services import Receipt
from cobranca.agreements.services.paying import IN_CASH
from cobranca.telecobranca.calculation_forms import AmountField, DayField, amount_text

MEANS = (IN_CASH, "PIX", "Boleto", "Transferência", "Cartão", "Cheque")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="Motivo",
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
        error_messages={
            "required": "Informe o motivo.",
            "max_length": f"Motivo longo demais: até {REASON_LIMIT} letras.",
        },
    )


class PaymentForm(forms.Form):
    """What was received for a parcel."""

    amount = AmountField("Valor recebido")
    paid_on = DayField(
        label="Data do pagamento",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        error_messages={"required": "Informe a data.", "invalid": "Data inválida: use dd/mm/aaaa."},
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric"}),
    )
    means = forms.ChoiceField(label="Forma", choices=[(each, each) for each in MEANS])
    note = forms.CharField(label="Observação", max_length=200, required=False)

    def __init__(self, data: Any, parcel: AgreementInstallment, on: date) -> None:
        remaining = amount_text(parcel.remaining)
        initial = {"amount": remaining, "paid_on": on}
        super().__init__(data, initial=initial)
        field = self.fields["amount"]
        field.required = True
        field.error_messages["required"] = "Informe o valor."
        field.help_text = f"Faltam R$ {remaining}."
        field.widget.attrs |= {"inputmode": "decimal", "class": "num", "autofocus": True}

    def receipt(self, parcel: AgreementInstallment) -> Receipt:
        """Return the money of a valid form."""
        told = self.cleaned_data
        return Receipt(
            paid_on=told["paid_on"],
            amount=told["amount"],
            parcel_id=parcel.pk,
            means=told["means"],
            note=told["note"],
        )
