"""Contracts, installments, receipts and recalls on the wire."""

from typing import Any

from rest_framework import serializers

from cobranca.common.api.serializers import Fields, Row
from cobranca.contracts.models import Contract, Installment, Negotiation, Payment, Recall

STAMPS = ("created_at", "updated_at")


class ContractSerializer(Row):
    class Meta:
        model = Contract
        fields: tuple[str, ...] = (
            "id", "creditor", "branch", "contract_type", "debtor", "number", "kind", "status",
            "external_id", "external_debtor", "is_current", "document_number", "unit", "issued_on",
            "finished_on", "attributes", *STAMPS,
        )  # fmt: skip


class NegotiationSerializer(Row):
    class Meta:
        model = Negotiation
        fields = ("number", "started_on", "finished_on")


class ContractDetailSerializer(ContractSerializer):
    negotiations = NegotiationSerializer(many=True)

    class Meta(ContractSerializer.Meta):
        fields = (*ContractSerializer.Meta.fields, "negotiations")


class OfContract(Row):
    """A row of a contract, which says whose it is without asking for the contract."""

    contract_number = serializers.CharField(source="contract.number", read_only=True)
    contract_external_id = serializers.CharField(source="contract.external_id", read_only=True)
    debtor = serializers.IntegerField(source="contract.debtor_id", read_only=True)
    creditor = serializers.IntegerField(source="contract.creditor_id", read_only=True)


WHOSE = ("contract", "contract_number", "contract_external_id", "debtor", "creditor")


class InstallmentSerializer(OfContract):
    class Meta:
        model = Installment
        fields = (
            "id", *WHOSE, "negotiation", "number", "label", "due_date", "principal", "balance",
            "credit", "note", "status", "has_boleto", "is_imported", *STAMPS,
        )  # fmt: skip


class PaymentSerializer(OfContract):
    class Meta:
        model = Payment
        fields = (
            "id", *WHOSE, "number", "paid_on", "sequence", "kind", "is_cash", "gross", "net",
            "charges", "discount", "created_at",
        )  # fmt: skip


class RecallSerializer(OfContract):
    class Meta:
        model = Recall
        fields = (
            "id", *WHOSE, "number", "reason", "recalled_on", "note", "reopened_on", "created_at",
        )  # fmt: skip


class BoletoSerializer(OfContract):
    installment = serializers.IntegerField(source="pk", read_only=True)

    class Meta:
        model = Installment
        fields = ("installment", *WHOSE, "number", "label", "due_date", "balance", "status")


class DigestSerializer(Fields):
    month = serializers.DateField(label="mês do vencimento")
    status = serializers.CharField(label="situação das parcelas")
    installments = serializers.IntegerField(label="parcelas")
    principal: Any = serializers.DecimalField(max_digits=18, decimal_places=2)
    balance: Any = serializers.DecimalField(max_digits=18, decimal_places=2)
    fingerprint = serializers.CharField(label="impressão das chaves e valores")
