"""Creditors, branches and contract types on the wire.

What people type with punctuation (CNPJ, CEP, phone) may come with it; the services strip it.
"""

from typing import Any

from cobranca.common.api.serializers import Row
from cobranca.creditors.models import Branch, ContractType, ContractTypeAttribute, Creditor
from cobranca.creditors.services import BRANCH_FIELDS, CONTRACT_TYPE_FIELDS, CREDITOR_FIELDS

STAMPS = ("created_at", "updated_at")
WITH_PUNCTUATION: dict[str, Any] = {"document": {"max_length": 20}}


class CreditorSerializer(Row):
    class Meta:
        model = Creditor
        fields = ("id", *CREDITOR_FIELDS, *STAMPS)
        read_only_fields = ("logo",)
        extra_kwargs = {
            **WITH_PUNCTUATION,
            "postal_code": {"max_length": 12},
            "phone": {"max_length": 25},
        }


class BranchSerializer(Row):
    class Meta:
        model = Branch
        fields = ("id", *BRANCH_FIELDS, "source", *STAMPS)
        read_only_fields = ("source",)
        extra_kwargs = WITH_PUNCTUATION


class AttributeSerializer(Row):
    class Meta:
        model = ContractTypeAttribute
        fields = ("key", "label", "is_key", "position")


class ContractTypeSerializer(Row):
    attributes = AttributeSerializer(many=True, read_only=True, label="atributos do produto")

    class Meta:
        model = ContractType
        fields = ("id", *CONTRACT_TYPE_FIELDS, "attributes", *STAMPS)
