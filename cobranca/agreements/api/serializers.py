"""Agreements on the wire."""

from typing import Any

from rest_framework import serializers

from cobranca.agreements.models import (
    REASON_LIMIT,
    Agreement,
    AgreementInstallment,
    AgreementItem,
    AgreementPayment,
    AgreementTemplate,
)
from cobranca.agreements.services import DESCRIPTION_LIMIT
from cobranca.agreements.states import Mode
from cobranca.campaigns.api.calculation_fields import CalculationFields, money
from cobranca.common.api.serializers import Fields, Row

WHAT = (
    "id", "number", "debtor", "creditor", "status", "waits_for", "plan", "is_integrated",
    "external_id", "template", "on", "made_on", "updated_debt", "discount", "early_discount",
    "expenses", "agreed", "financing", "total", "monthly_rate_percent", "paid", "remains",
    "next_due", "description", "reason", "made_by", "approved_by", "activated_on", "closed_on",
    "created_at", "updated_at",
)  # fmt: skip


def amount() -> serializers.DecimalField:
    """Return a field that shows an amount: "1095.58"."""
    return serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)


class AgreementSerializer(Row):
    paid: Any = amount()
    remains: Any = amount()
    next_due = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = WHAT


class AgreementItemSerializer(Row):
    contract_number = serializers.CharField(source="contract.number", read_only=True)
    label = serializers.CharField(source="installment", read_only=True)
    due_date = serializers.DateField(source="installment.due_date", read_only=True)

    class Meta:
        model = AgreementItem
        fields = (
            "installment", "label", "due_date", "contract", "contract_number", "position",
            "days_late", "original", "correction", "penalty", "interest", "fee", "discount", "net",
            "is_live", "covered_on", "credited",
        )  # fmt: skip


class AgreementParcelSerializer(Row):
    remaining: Any = amount()

    class Meta:
        model = AgreementInstallment
        fields = (
            "id", "number", "due_date", "amount", "paid", "remaining", "paid_on", "status",
            "erp_number",
        )  # fmt: skip


class AgreementPaymentSerializer(Row):
    agreement_number = serializers.IntegerField(source="agreement.number", read_only=True)
    parcel_number = serializers.IntegerField(source="parcel.number", read_only=True)
    debtor = serializers.IntegerField(source="agreement.debtor_id", read_only=True)
    creditor = serializers.IntegerField(source="agreement.creditor_id", read_only=True)

    class Meta:
        model = AgreementPayment
        fields = (
            "id", "agreement", "agreement_number", "debtor", "creditor", "parcel", "parcel_number",
            "paid_on", "amount", "means", "note", "recorded_by", "created_at", "reversed_on",
            "reversed_by",
        )  # fmt: skip


class AgreementDetailSerializer(AgreementSerializer):
    items = AgreementItemSerializer(many=True, read_only=True, label="parcelas originais")
    parcels = AgreementParcelSerializer(many=True, read_only=True, label="parcelas do acordo")
    payments = AgreementPaymentSerializer(many=True, read_only=True, label="pagamentos")

    class Meta(AgreementSerializer.Meta):
        fields = (*WHAT, "quote", "items", "parcels", "payments")


class AgreementIn(CalculationFields):
    description = serializers.CharField(
        max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True, default=""
    )
    template = serializers.PrimaryKeyRelatedField(
        queryset=AgreementTemplate._default_manager,
        required=False,
        allow_null=True,
        default=None,
    )
    mode = serializers.ChoiceField(
        Mode.choices,
        default=Mode.ACTIVE,
        help_text="Acima da alçada de quem faz, o acordo espera aprovação.",
    )


class AgreementReasonIn(Fields):
    reason = serializers.CharField(max_length=REASON_LIMIT, help_text="Por quê.")


class AgreementReceiptIn(Fields):
    amount: Any = money(help_text="Sem valor: tudo o que falta, da parcela ou do acordo.")
    paid_on = serializers.DateField(required=False, help_text="Sem data: hoje.")
    parcel = serializers.IntegerField(
        min_value=1, required=False, help_text="Sem parcela: pela ordem de vencimento."
    )
    means = serializers.CharField(max_length=40, required=False)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class AgreementReversalIn(AgreementReasonIn):
    payment = serializers.IntegerField(
        min_value=1, required=False, help_text="Sem pagamento: o último que não foi estornado."
    )
