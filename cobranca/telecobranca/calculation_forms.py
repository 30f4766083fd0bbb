"""What is typed on the calculation screen. Limits are the calculation's; here only shapes."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cobranca.agreements.services import DESCRIPTION_LIMIT
from cobranca.calc.discounts import DiscountRequest, Percent, Value
from cobranca.calc.money import ZERO
from cobranca.campaigns.calculation import Asked
from cobranca.campaigns.states import PlanKind

# 1.234,56 or 1234,56 or 1234.56, after R$ or not.
_AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,6}))?|(\d+)\.(\d{1,6})")
_LONGEST_AMOUNT = 24
_LARGEST_AMOUNT = Decimal("999999999999.99")
_RANGE = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")
MOST_SELECTED = 5000
LAST_YEAR = 2100

AS_PERCENT, AS_VALUE = "percent", "value"
UNITS = [(AS_PERCENT, "%"), (AS_VALUE, "R$")]
DISCOUNTS = {"charges": "Encargos", "principal": "Principal", "fee": "Honorários"}


_SWAP = str.maketrans(",.", ".,")


def amount_text(value: Decimal) -> str:
    """1.234,56: as the filter `money`, many times faster, for tables of hundreds of rows."""
    return f"{value:,.2f}".translate(_SWAP)


def parse_amount(text: str) -> Decimal:
    """Read a number as Brazilians type it; ValidationError says how to."""
    plain = re.sub(r"[\s\u00a0]|R\$|%", "", text)
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise ValidationError("Digite um número sem sinal, como 1.234,56.")
    whole, cents, other_whole, other_cents = found.groups()
    digits = (whole or other_whole).replace(".", "")
    amount = Decimal(f"{digits}.{cents or other_cents or 0}")
    if amount > _LARGEST_AMOUNT:
        raise ValidationError("Valor grande demais.")
    return amount


class AmountField(forms.CharField):
    """Reais or a percentage, "1.234,56"; None when left empty."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, max_length=_LONGEST_AMOUNT)

    def clean(self, value: Any) -> Any:
        """Return what was typed as a Decimal."""
        text = super().clean(value)
        return parse_amount(text) if text else None


class SelectionField(forms.CharField):
    """Keys of installments as ranges, "101-140,152"; None when the field is not there at all."""

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> Any:
        """Return the keys, or None."""
        return None if value is None else list(parse_selection(value))


def parse_selection(text: str) -> Collection[int]:
    """Read "101-140,152" into keys."""
    keys: set[int] = set()
    for part in filter(None, text.split(",")):
        found = _RANGE.fullmatch(part.strip())
        if found is None:
            raise ValidationError("Seleção desconhecida: abra o cálculo de novo.")
        first, last = int(found[1]), int(found[2] or found[1])
        if last - first + len(keys) >= MOST_SELECTED:
            raise ValidationError(f"Selecione até {MOST_SELECTED} parcelas por vez.")
        keys.update(range(first, last + 1))
    return sorted(keys)


class DayField(forms.DateField):
    """A day that a calculation may speak of."""

    def clean(self, value: Any) -> Any:
        """Refuse years that only a slip of the keyboard makes."""
        day = super().clean(value)
        if day is not None and day.year > LAST_YEAR:
            raise ValidationError(f"Informe uma data até 31/12/{LAST_YEAR}.")
        return day


def _day(label: str, *, required: bool) -> DayField:
    messages = {"required": "Informe a data.", "invalid": "Data inválida: use dd/mm/aaaa."}
    formats = ["%d/%m/%Y", "%Y-%m-%d"]
    return DayField(label=label, required=required, input_formats=formats, error_messages=messages)


def _unit() -> forms.ChoiceField:
    return forms.ChoiceField(choices=UNITS, required=False)


class CalculationForm(forms.Form):
    """Everything a calculation is asked with; field names are those of the rules' errors."""

    on = _day("Data do cálculo", required=True)
    plan = forms.ChoiceField(label="Pagamento", choices=PlanKind)
    contract = forms.CharField(label="Contrato(s)", required=False, max_length=18)
    selection = SelectionField()
    parts = forms.IntegerField(
        label="Parcelas", required=False, error_messages={"invalid": "Digite um número inteiro."}
    )
    down_payment = AmountField("Entrada")
    first_due = _day("Primeiro vencimento", required=False)
    discount_charges = AmountField("Encargos")
    discount_charges_as = _unit()
    discount_principal = AmountField("Principal")
    discount_principal_as = _unit()
    discount_fee = AmountField("Honorários")
    discount_fee_as = _unit()
    final_value = AmountField("Valor final")
    expenses = AmountField("Despesas")
    description = forms.CharField(
        label="Descrição",
        required=False,
        max_length=DESCRIPTION_LIMIT,
        error_messages={"max_length": f"Descrição longa demais: até {DESCRIPTION_LIMIT} letras."},
    )


def starting_values(on: date) -> dict[str, str]:
    """Return what the screen has before anything is typed."""
    units = {f"discount_{group}_as": AS_PERCENT for group in DISCOUNTS}
    return {"on": f"{on:%d/%m/%Y}", "plan": PlanKind.CASH, "parts": "2", **units}


def discounts_of(told: Mapping[str, Any]) -> DiscountRequest:
    """Return the discounts of a form that is valid."""
    groups = {name: _discount(told, f"discount_{name}") for name in DISCOUNTS}
    return DiscountRequest(**groups, final_value=told["final_value"])


def _discount(told: Mapping[str, Any], name: str) -> Percent | Value | None:
    amount = told[name]
    if amount is None:
        return None
    return Value(amount) if told[f"{name}_as"] == AS_VALUE else Percent(amount)


def asked_of(
    told: Mapping[str, Any],
    selection: Collection[int] | None,
    *,
    first_due: date,
    business_days: bool,
) -> Asked:
    """Return what a valid form asks for, with the creditor's settings for due dates."""
    in_parcels = told["plan"] == PlanKind.INSTALMENTS
    return Asked(
        on=told["on"],
        selection=selection,
        plan=told["plan"],
        # An emptied field is no number of parcels: the bracket says how many there may be.
        parts=(told["parts"] or 0) if in_parcels else 1,
        down_payment=(told["down_payment"] or ZERO) if in_parcels else ZERO,
        first_due=(told["first_due"] if in_parcels else None) or first_due,
        business_days=business_days,
        discounts=discounts_of(told),
        expenses=told["expenses"] or ZERO,
    )
