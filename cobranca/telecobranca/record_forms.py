"""What is typed of a contact. Rules are the services'; here only shapes and words."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from cobranca.accounts.models import User
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract
from cobranca.contracts.services import NOTE_LIMIT
from cobranca.debtors.models import EmailAddress, Phone
from cobranca.dunning.models import ContactAttempt, ContactResult
from cobranca.dunning.services import CallbackWanted, PromiseGiven
from cobranca.dunning.services.callbacks import NOTE_LENGTH
from cobranca.dunning.services.promises import REASON_LENGTH
from cobranca.dunning.services.records import Contacted
from cobranca.dunning.states import Channel, Direction
from cobranca.telecobranca.calculation_forms import AmountField, DayField

# Channels by which a debtor reaches the office.
RECEIVED = (Channel.CALL, Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
# Where the services' errors stand on the form.
PLACES = {"callback_at": "callback_on"}


def day_field(label: str) -> DayField:
    """Return a day as people type it; not required."""
    messages = {"invalid": "Data inválida: use dd/mm/aaaa."}
    attrs = {"inputmode": "numeric", "placeholder": "dd/mm/aaaa", "maxlength": 10,
             "autocomplete": "off", "data-day": ""}  # fmt: skip
    widget = forms.DateInput(attrs=attrs, format="%d/%m/%Y")
    formats = ["%d/%m/%Y", "%Y-%m-%d"]
    return DayField(
        label=label, required=False, input_formats=formats, error_messages=messages, widget=widget
    )


class TimeField(forms.TimeField):
    """An hour as people type it: 14:30."""

    def __init__(self, label: str) -> None:
        attrs = {"inputmode": "numeric", "placeholder": "hh:mm", "maxlength": 5,
                 "autocomplete": "off", "data-hour": ""}  # fmt: skip
        super().__init__(
            label=label,
            required=False,
            input_formats=["%H:%M", "%Hh%M", "%H"],
            widget=forms.TimeInput(attrs=attrs, format="%H:%M"),
            error_messages={"invalid": "Hora inválida: use hh:mm."},
        )


class WhenForm(forms.Form):
    """When to contact again, and who does it."""

    callback_on = day_field("Retornar em")
    callback_time = TimeField("às")
    assigned_to = forms.TypedChoiceField(
        label="Com quem", coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        # Notes and the calculation stand on the same page.
        super().__init__(*args, **{"auto_id": "contact_%s"} | kwargs)
        chosen = [("", "Comigo"), *((person.pk, str(person)) for person in colleagues)]
        self.fields["assigned_to"].choices = chosen  # type: ignore[attr-defined]
        self.people = {person.pk: person for person in colleagues}

    @property
    def wanted_at(self) -> datetime | None:
        """The instant that was typed, by the office's clock; None when nothing was."""
        on: date | None = self.cleaned_data.get("callback_on")
        if on is None:
            return None
        hour: time = self.cleaned_data.get("callback_time") or time(9)
        return timezone.make_aware(datetime.combine(on, hour))

    @property
    def collector(self) -> User | None:
        chosen = self.cleaned_data.get("assigned_to")
        return self.people.get(chosen) if chosen else None

    def put(self, error: DomainError) -> None:
        """Show a rule's refusal where it belongs."""
        name = PLACES.get(error.field, error.field)
        self.add_error(name if name in self.fields else None, error.message)


class RecordForm(WhenForm):
    """A contact with its result, its promise and its callback."""

    result = forms.TypedChoiceField(
        label="Resultado",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Escolha o resultado."},
    )
    direction = forms.ChoiceField(choices=Direction, widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label="Por onde", choices=[(each.value, each.label) for each in RECEIVED], required=False
    )
    attempt = forms.IntegerField(required=False, widget=forms.HiddenInput)
    phone = forms.TypedChoiceField(label="Telefone", coerce=int, empty_value=None, required=False)
    contract = forms.TypedChoiceField(
        label="Contrato", coerce=int, empty_value=None, required=False
    )
    text = forms.CharField(
        label="O que foi dito",
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    promised_on = day_field("Promete pagar em")
    amount = AmountField("Valor")
    callback_note = forms.CharField(
        label="Assunto do retorno", max_length=NOTE_LENGTH, required=False
    )

    def __init__(
        self,
        *args: Any,
        results: Iterable[ContactResult],
        contracts: Iterable[Contract],
        phones: Iterable[Phone],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.results = {result.pk: result for result in results}
        self.contracts = {contract.pk: contract for contract in contracts}
        self.phones = {phone.pk: phone for phone in phones}
        for name, rows in (("contract", self.contracts), ("phone", self.phones)):
            chosen = [("", "Nenhum"), *((pk, str(row)) for pk, row in rows.items())]
            self.fields[name].choices = chosen  # type: ignore[attr-defined]
        labels = [(pk, result.label) for pk, result in self.results.items()]
        self.fields["result"].choices = labels  # type: ignore[attr-defined]
        self.fields["amount"].widget.attrs |= {"inputmode": "decimal", "placeholder": "0,00"}

    @property
    def choices(self) -> list[tuple[str, ContactResult, bool]]:
        """Each result with the key that chooses it ("" after the tenth), and whether it is."""
        chosen = str(self["result"].value() or "")
        keys = [*"1234567890"]
        return [
            (keys[place] if place < len(keys) else "", result, str(result.pk) == chosen)
            for place, result in enumerate(self.results.values())
        ]

    def told(self, attempt: ContactAttempt | None) -> Contacted:
        """Return what was typed for the service; raises DomainError for half a promise."""
        data = self.cleaned_data
        result = self.results[data["result"]]
        return Contacted(
            result=result,
            direction=data["direction"],
            channel=data["channel"] or Channel.CALL,
            attempt=attempt,
            phone=self._phone(attempt),
            email=self._email(attempt),
            contract=self.contracts.get(data["contract"]),
            text=data["text"],
            promise=self._promise() if result.wants_promise else None,
            callback=self._callback(),
        )

    def _phone(self, attempt: ContactAttempt | None) -> Phone | None:
        return attempt.phone if attempt else self.phones.get(self.cleaned_data["phone"])

    def _email(self, attempt: ContactAttempt | None) -> EmailAddress | None:
        return attempt.email if attempt else None

    def _promise(self) -> PromiseGiven | None:
        day, amount = self.cleaned_data["promised_on"], self.cleaned_data["amount"]
        if day is None:
            raise DomainError("Informe para quando foi prometido.", "promised_on")
        if amount is None:
            raise DomainError("Informe quanto foi prometido.", "amount")
        return PromiseGiven(day, amount)

    def _callback(self) -> CallbackWanted | None:
        at = self.wanted_at
        if at is None:
            return None
        return CallbackWanted(at, self.collector, self.cleaned_data["callback_note"])


class CancelPromiseForm(forms.Form):
    """Why a promise is called off."""

    reason = forms.CharField(
        label="Por que a promessa é cancelada",
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"autofocus": True}),
        error_messages={"required": "Diga por quê."},
    )
