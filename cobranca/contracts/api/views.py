"""Contracts, installments, and the digests by which two books are compared."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common.api.filters import AnyOfFilter, DateFilter, NumberFilter, TrueFalseFilter
from cobranca.common.api.serializers import Fields, read_query
from cobranca.common.api.views import Listed, Reads
from cobranca.contracts.api.serializers import (
    ContractDetailSerializer,
    ContractSerializer,
    DigestSerializer,
    InstallmentSerializer,
)
from cobranca.contracts.digests import Digest, digests_of
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.states import ContractKind, ContractStatus, InstallmentStatus
from cobranca.creditors.models import Creditor


class ContractFilter(rest.FilterSet):
    creditor = NumberFilter(field_name="creditor_id")
    branch = NumberFilter(field_name="branch_id")
    debtor = NumberFilter(field_name="debtor_id")
    status = AnyOfFilter(choices=ContractStatus.choices)
    kind = AnyOfFilter(choices=ContractKind.choices)
    number = rest.CharFilter()
    external_id = rest.CharFilter()
    is_current = TrueFalseFilter()


class ContractViewSet(Reads):
    """Contracts; one alone also shows its negotiations."""

    about = "Contratos; um só mostra também as suas negociações."
    model = Contract
    serializer_class = ContractSerializer
    detail_serializer_class = ContractDetailSerializer
    filterset_class = ContractFilter

    def rows(self) -> QuerySet[Contract]:
        """Return contracts; one alone along with its negotiations."""
        found = Contract.objects.all()
        return found if self.action == "list" else found.prefetch_related("negotiations")


class InstallmentFilter(rest.FilterSet):
    contract = NumberFilter(field_name="contract_id")
    creditor = NumberFilter(field_name="contract__creditor_id")
    debtor = NumberFilter(field_name="contract__debtor_id")
    status = AnyOfFilter(choices=InstallmentStatus.choices)
    due_date_from = DateFilter(field_name="due_date", lookup_expr="gte")
    due_date_to = DateFilter(field_name="due_date", lookup_expr="lte")
    number = NumberFilter()


class InstallmentViewSet(Reads):
    """Installments."""

    about = "Parcelas, com o saldo que o ERP informou por último."
    model = Installment
    serializer_class = InstallmentSerializer
    filterset_class = InstallmentFilter

    def rows(self) -> QuerySet[Installment]:
        """Return installments along with their contracts."""
        return Installment.objects.select_related("contract")


class DigestQuery(Fields):
    creditor = serializers.PrimaryKeyRelatedField(queryset=Creditor._default_manager)


class DigestViewSet(Listed):
    """Digests of a creditor's book."""

    about = (
        "Resumos da carteira de um credor, por mês de vencimento e situação. Duas "
        "carteiras com as mesmas parcelas têm as mesmas impressões."
    )
    model = Installment
    serializer_class = DigestSerializer

    @extend_schema(parameters=[DigestQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one page, oldest month first."""
        return super().list(request, *args, **kwargs)

    def lines(self) -> Sequence[Digest]:
        """Return the digests of the creditor asked for."""
        creditor = read_query(self.request, DigestQuery)["creditor"]
        return digests_of(agency_id=self.agency.pk, creditor_id=creditor.pk)
