"""Creditors, branches and contract types."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common.api.filters import NumberFilter, TrueFalseFilter
from cobranca.common.api.serializers import validated
from cobranca.common.api.views import Creates, Reads, Updates, changed
from cobranca.creditors import services
from cobranca.creditors.api.serializers import (
    BranchSerializer,
    ContractTypeSerializer,
    CreditorSerializer,
)
from cobranca.creditors.models import Branch, ContractType, Creditor
from cobranca.creditors.normalise import normalise_branch, normalise_creditor


class CreditorFilter(rest.FilterSet):
    document = rest.CharFilter()
    creditor_type = rest.CharFilter()
    external_code = rest.CharFilter()
    is_active = TrueFalseFilter()


class CreditorViewSet(Reads, Creates, Updates):
    """Creditors."""

    about = "Credores. Salvar um credor de um tipo cria as configurações automáticas do tipo."
    model = Creditor
    serializer_class = CreditorSerializer
    filterset_class = CreditorFilter

    def create_row(self, values: dict[str, Any]) -> Creditor:
        """Register a creditor."""
        return self._saved(Creditor(agency=self.agency, **values))

    def update_row(self, row: Creditor, values: dict[str, Any]) -> Creditor:
        """Change a creditor."""
        return self._saved(changed(row, values))

    def _saved(self, creditor: Creditor) -> Creditor:
        normalise_creditor(creditor)
        return services.save_creditor(creditor=validated(creditor), actor=self.actor)


class BranchFilter(rest.FilterSet):
    creditor = NumberFilter(field_name="creditor_id")
    code = rest.CharFilter()
    is_active = TrueFalseFilter()


class BranchViewSet(Reads, Creates, Updates):
    """Branches of creditors."""

    about = "Filiais dos credores. Uma filial com contratos não pode ser excluída, só inativada."
    model = Branch
    serializer_class = BranchSerializer
    filterset_class = BranchFilter

    def rows(self) -> QuerySet[Branch]:
        """Return branches along with their creditors, whose ERP spells their codes."""
        return Branch.objects.select_related("creditor")

    def create_row(self, values: dict[str, Any]) -> Branch:
        """Register a branch."""
        return self._saved(Branch(agency=self.agency, **values))

    def update_row(self, row: Branch, values: dict[str, Any]) -> Branch:
        """Change a branch."""
        return self._saved(changed(row, values))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a branch without contracts."""
        services.delete_branch(branch=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _saved(self, branch: Branch) -> Branch:
        normalise_branch(branch)
        return services.save_branch(branch=validated(branch), actor=self.actor)


class ContractTypeFilter(rest.FilterSet):
    code = rest.CharFilter()
    creditor_type = rest.CharFilter()
    is_validated = TrueFalseFilter()


class ContractTypeViewSet(Reads, Creates, Updates):
    """Contract types, with the attributes of the product sold."""

    about = "Tipos de contrato, com os atributos do produto vendido."
    model = ContractType
    serializer_class = ContractTypeSerializer
    filterset_class = ContractTypeFilter

    def rows(self) -> QuerySet[ContractType]:
        """Return contract types along with their attributes."""
        return ContractType.objects.prefetch_related("attributes")

    def create_row(self, values: dict[str, Any]) -> ContractType:
        """Register a contract type."""
        return self._saved(ContractType(agency=self.agency, **values))

    def update_row(self, row: ContractType, values: dict[str, Any]) -> ContractType:
        """Change a contract type."""
        return self._saved(changed(row, values))

    def _saved(self, contract_type: ContractType) -> ContractType:
        contract_type.code = contract_type.code.upper()
        return services.save_contract_type(contract_type=validated(contract_type), actor=self.actor)
