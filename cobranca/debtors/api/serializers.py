"""Debtors and contact data on the wire."""

from collections.abc import Callable
from typing import Any, ClassVar

from cobranca.common import viewer
from cobranca.common.api.serializers import Row
from cobranca.debtors.contacts import ADDRESS, EMAIL, PHONE
from cobranca.debtors.models import (
    Address,
    Debtor,
    DebtorReference,
    DebtorSummary,
    EmailAddress,
    Phone,
    RelatedPerson,
)

STAMPS = ("created_at", "updated_at")


class Masked(Row):
    """A row some of whose fields are masked for whoever may not see them (PLT-18)."""

    masks: ClassVar[dict[str, Callable[[str], str]]]

    def to_representation(self, instance: Any) -> Any:
        """Return what the caller may see."""
        shown = super().to_representation(instance)
        if viewer.is_masked():
            for name, mask in self.masks.items():
                shown[name] = mask(shown[name])
        return shown


NOTHING_OWED: dict[str, Any] = {
    "open_total": "0.00",
    "open_count": 0,
    "contract_count": 0,
    "oldest_due_date": None,
}


class SummarySerializer(Row):
    class Meta:
        model = DebtorSummary
        fields = ("open_total", "open_count", "contract_count", "oldest_due_date")

    def get_attribute(self, instance: Debtor) -> Any:
        """Return what a debtor owes; one never summed up owes nothing."""
        return super().get_attribute(instance) or NOTHING_OWED


class ReferenceSerializer(Row):
    class Meta:
        model = DebtorReference
        fields = ("system", "external_id")


class RelatedPersonSerializer(Masked):
    masks = {
        "document": viewer.hidden_document,
        "phone": viewer.hidden_phone,
        "email": viewer.hidden_email,
        "note": viewer.hidden_text,
    }

    class Meta:
        model = RelatedPerson
        fields = ("id", "role", "name", "document", "phone", "email", "note", "source", "is_active")


class DebtorSerializer(Masked):
    masks = {"document": viewer.hidden_document}
    summary = SummarySerializer(read_only=True, label="quanto deve")

    class Meta:
        model = Debtor
        fields: tuple[str, ...] = (
            "id", "document", "name", "kind", "social_name", "birth_date", "merged_into",
            "anonymised_at", "summary", *STAMPS,
        )  # fmt: skip


class DebtorDetailSerializer(DebtorSerializer):
    references = ReferenceSerializer(many=True, label="códigos nos ERPs")
    related_people = RelatedPersonSerializer(many=True, label="pessoas relacionadas")

    class Meta(DebtorSerializer.Meta):
        fields = (*DebtorSerializer.Meta.fields, "details", "references", "related_people")


CONTACT = ("id", "debtor", "source", "is_active", *STAMPS)
NOT_TYPED = ("source", "is_active")


class PhoneSerializer(Masked):
    masks = {"number": viewer.hidden_phone}

    class Meta:
        model = Phone
        fields = (*CONTACT, *PHONE.fields)
        read_only_fields = NOT_TYPED
        extra_kwargs = {"number": {"max_length": 30, "help_text": "Com DDD."}}


class EmailSerializer(Masked):
    masks = {"email": viewer.hidden_email}

    class Meta:
        model = EmailAddress
        fields = (*CONTACT, *EMAIL.fields)
        read_only_fields = NOT_TYPED


class AddressSerializer(Row):
    class Meta:
        model = Address
        fields = (*CONTACT, *ADDRESS.fields)
        read_only_fields = NOT_TYPED
        extra_kwargs = {"postal_code": {"max_length": 12}}
