"""A calculation over REST: asked, answered, nothing saved."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.calc.quote import Line
from cobranca.campaigns.api.calculation_fields import (
    CalculationFields,
    asked_from,
    wire_names,
)
from cobranca.campaigns.calculation import Calculation, calculate
from cobranca.campaigns.erp_balances import ask_erp, contracts_to_ask
from cobranca.campaigns.items import DebtRow
from cobranca.campaigns.models import Quote
from cobranca.common import clock
from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Resource


def amount() -> serializers.DecimalField:
    """Return a field that shows an amount: "1095.58"."""
    return serializers.DecimalField(max_digits=14, decimal_places=2)


class AmountsOut(Fields):
    original = amount()
    correction = amount()
    principal = amount()
    penalty = amount()
    interest = amount()
    charges = amount()
    fee = amount()
    updated = amount()
    discount_principal = amount()
    discount_penalty = amount()
    discount_interest = amount()
    discount_fee = amount()
    early_discount = amount()
    discount = amount()
    net = amount()


class LineOut(AmountsOut):
    installment = serializers.IntegerField(source="key")
    contract = serializers.IntegerField()
    contract_number = serializers.CharField()
    label = serializers.CharField()
    due_date = serializers.DateField()
    effective_due_date = serializers.DateField()
    days_late = serializers.IntegerField()
    campaign = serializers.CharField()


class TotalsOut(AmountsOut):
    expenses = amount()
    total = amount()


class GroupsOut(Fields):
    charges = amount()
    principal = amount()
    fee = amount()


class PercentsOut(Fields):
    charges = serializers.DecimalField(max_digits=9, decimal_places=4)
    principal = serializers.DecimalField(max_digits=9, decimal_places=4)
    fee = serializers.DecimalField(max_digits=9, decimal_places=4)


class ParcelOut(Fields):
    number = serializers.IntegerField()
    due_date = serializers.DateField(source="due")
    amount = amount()


class ScheduleOut(Fields):
    down_payment = amount()
    financed = amount()
    monthly_rate_percent = serializers.DecimalField(
        max_digits=9, decimal_places=6, source="monthly_percent"
    )
    parcels = ParcelOut(many=True)
    total = amount()


class CalculationOut(Fields):
    on = serializers.DateField()
    plan = serializers.CharField()
    lines = LineOut(many=True)
    totals = TotalsOut()
    minimum = amount()
    max_discounts = GroupsOut()
    max_discount_percents = PercentsOut()
    schedule = ScheduleOut()
    erp_problems = serializers.ListField(
        child=serializers.CharField(),
        help_text="Por que o ERP de algum contrato não disse o saldo; vale então a campanha.",
    )
    statement = serializers.JSONField(required=False)


class CalculationIn(CalculationFields):
    statement = serializers.BooleanField(
        default=False, help_text="Com true, a resposta traz a memória de cálculo."
    )


class CalculationViewSet(Resource):
    """Calculations: POST only."""

    about = "Cálculo de uma dívida numa data. Nada é gravado."
    model = Quote
    serializer_class = CalculationOut
    needs = {"create": ("contracts.view_installment",)}
    # The ERP is asked what is owed, as the screen does; an agreement made next has the same price.
    posts_in_transaction = False

    @extend_schema(summary="Calcular", request=CalculationIn, responses={200: CalculationOut})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Price a selection of a debtor's installments."""
        given = CalculationIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        asked = asked_from(told, on=clock.today())
        problems = _ask_erp(told["debtor"].pk, asked.on)
        with wire_names():
            made = calculate(told["debtor"].pk, asked)
        answer = shown(made, with_statement=told["statement"], erp_problems=problems)
        return Response(answer)


def _ask_erp(debtor_id: int, on: date) -> list[str]:
    now = clock.now()
    told = ask_erp(contracts_to_ask(debtor_id, on, now=now), on, now=now)
    return [f"{each.contract}: {each.problem}" for each in told if each.problem]


def shown(
    made: Calculation, *, with_statement: bool, erp_problems: Sequence[str] = ()
) -> dict[str, Any]:
    """Return a calculation as the API tells it."""
    lines = zip(made.rows, made.quote.lines, strict=True)
    told = CalculationOut(
        {
            "on": made.order.on,
            "plan": made.asked.plan,
            "lines": [_line(row, line) for row, line in lines],
            "totals": made.quote.totals,
            "minimum": made.quote.minimum,
            "max_discounts": made.quote.ceilings,
            "max_discount_percents": made.quote.max_percents,
            "schedule": made.schedule,
            "erp_problems": erp_problems,
            **({"statement": made.statement.to_json()} if with_statement else {}),
        }
    )
    return dict(told.data)


def _line(row: DebtRow, line: Line) -> dict[str, Any]:
    figures = {name: getattr(line, name) for name in AmountsOut().fields}
    return {
        **figures,
        "key": line.key,
        "contract": row.contract.pk,
        "contract_number": row.contract.number,
        "label": row.installment.label or str(row.installment.number),
        "due_date": row.installment.due_date,
        "effective_due_date": row.effective_due,
        "days_late": line.days_late,
        "campaign": row.campaign.name if row.campaign else "",
    }
