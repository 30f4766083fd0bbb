"""Phones, addresses and e-mails. What a person says here the ERP's loads no longer change."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common.api.filters import NumberFilter, TrueFalseFilter
from cobranca.common.api.views import Creates, Reads, Updates
from cobranca.debtors import services
from cobranca.debtors.api.serializers import AddressSerializer, EmailSerializer, PhoneSerializer
from cobranca.debtors.contacts import ADDRESS, EMAIL, PHONE, Contact, ContactKind
from cobranca.debtors.models import Address, EmailAddress, Phone


class ContactFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    is_active = TrueFalseFilter()


def _changing(model: str) -> dict[str, tuple[str, ...]]:
    """Return what the actions need: both are changes, whatever their verb."""
    return dict.fromkeys(("inactivate", "reactivate"), (f"debtors.change_{model}",))


class ContactViewSet(Reads, Creates, Updates):
    """One kind of contact data."""

    kind: ContactKind
    filterset_class = ContactFilter

    def rows(self) -> QuerySet[Any]:
        """Return contact data along with whose it is."""
        return self.model._default_manager.select_related("debtor")

    def create_row(self, values: dict[str, Any]) -> Contact:
        """Add to a debtor."""
        debtor = values.pop("debtor")
        return services.add_contact(
            debtor_id=debtor.pk, kind=self.kind, values=values, actor=self.actor
        )

    def update_row(self, row: Contact, values: dict[str, Any]) -> Contact:
        """Change; when the ERP's own was replaced, the answer is the new row."""
        if values.pop("debtor", row.debtor) != row.debtor:
            raise ValidationError({"debtor": ["O devedor não muda: inclua no outro."]})
        now = {name: getattr(row, name) for name in self.kind.fields}
        return services.change_contact(contact=row, values=now | values, actor=self.actor)

    @extend_schema(summary="Inativar", request=None)
    @action(detail=True, methods=["post"])
    def inactivate(self, request: Request, pk: str) -> Response:
        """Say that it does not serve any more."""
        return self._set_active(False)

    @extend_schema(summary="Reativar", request=None)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, pk: str) -> Response:
        """Take it back."""
        return self._set_active(True)

    def _set_active(self, active: bool) -> Response:
        row = services.set_contact_active(
            contact=self.get_object(), active=active, actor=self.actor
        )
        return Response(self.shown(row.pk))


class PhoneViewSet(ContactViewSet):
    """Phones."""

    about = "Telefones dos devedores."
    model = Phone
    needs = _changing("phone")
    kind = PHONE
    serializer_class = PhoneSerializer


class AddressViewSet(ContactViewSet):
    """Addresses."""

    about = "Endereços dos devedores."
    model = Address
    needs = _changing("address")
    kind = ADDRESS
    serializer_class = AddressSerializer


class EmailViewSet(ContactViewSet):
    """E-mails."""

    about = "E-mails dos devedores."
    model = EmailAddress
    needs = _changing("emailaddress")
    kind = EMAIL
    serializer_class = EmailSerializer
