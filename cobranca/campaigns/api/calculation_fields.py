"""What a calculation is asked with, on the wire: shared by `calculations` and `agreements`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rest_framework import serializers

from cobranca.calc.discounts import DiscountRequest, Percent, Value
from cobranca.calc.money import ZERO
from cobranca.campaigns.calculation import Asked
from cobranca.campaigns.states import PlanKind
from cobranca.common.api.serializers import Fields
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract
from cobranca.debtors.models import Debtor

MOST_INSTALLMENTS = 2000
# The calculation's names of its inputs → the names on the wire.
WIRE_NAMES = {
    "selection": "installments",
    "discount_charges": "discounts.charges",
    "discount_principal": "discounts.principal",
    "discount_fee": "discounts.fee",
}


def money(**options: Any) -> serializers.DecimalField:
    """Return a field for an amount that is not negative."""
    return serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=ZERO, required=False, **options
    )


class DiscountField(Fields):
    """A discount on a group: as a percentage or as a value, not both."""

    percent = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=ZERO, max_value=100, required=False
    )
    value = money()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both and neither."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Informe percent ou value: um dos dois.")
        return attrs


class DiscountsField(Fields):
    charges = DiscountField(required=False)
    principal = DiscountField(required=False)
    fee = DiscountField(required=False)


class CalculationFields(Fields):
    """Everything a calculation is asked with; what is left out has the screen's defaults."""

    debtor = serializers.PrimaryKeyRelatedField(queryset=Debtor._default_manager)
    on = serializers.DateField(required=False)
    installments = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        allow_empty=False,
        max_length=MOST_INSTALLMENTS,
        help_text="Sem elas: o que está em atraso, do credor mais antigo.",
    )
    contracts = serializers.PrimaryKeyRelatedField(
        queryset=Contract._default_manager, many=True, required=False
    )
    plan = serializers.ChoiceField(choices=PlanKind.choices, default=PlanKind.CASH)
    parts = serializers.IntegerField(required=False, default=1)
    down_payment = money(default=ZERO)
    first_due = serializers.DateField(required=False, allow_null=True, default=None)
    discounts = DiscountsField(required=False)
    final_value = money(allow_null=True, default=None)
    expenses = money(default=ZERO)


def asked_from(told: Mapping[str, Any], **defaults: Any) -> Asked:
    """Return what validated fields ask for; `defaults` gives what the agency's settings say."""
    contracts = told.get("contracts")
    return Asked(
        **defaults | ({"on": told["on"]} if "on" in told else {}),
        selection=told.get("installments"),
        contract_ids=[each.pk for each in contracts] if contracts else None,
        plan=told["plan"],
        parts=told["parts"],
        down_payment=told["down_payment"],
        first_due=told["first_due"],
        discounts=_discounts(told),
        expenses=told["expenses"],
    )


def _discounts(told: Mapping[str, Any]) -> DiscountRequest:
    groups = {name: _discount(each) for name, each in told.get("discounts", {}).items()}
    return DiscountRequest(**groups, final_value=told["final_value"])


def _discount(told: Mapping[str, Any]) -> Percent | Value:
    return Percent(told["percent"]) if "percent" in told else Value(told["value"])


@contextmanager
def wire_names() -> Iterator[None]:
    """Say errors of the calculation at the fields of the wire."""
    try:
        yield
    except DomainError as error:
        error.field = WIRE_NAMES.get(error.field, error.field)
        raise
