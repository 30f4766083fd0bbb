"""Creditor types: which integrations there are, and switching one on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Listed
from cobranca.common.errors import DomainError
from cobranca.creditors import selectors, services
from cobranca.creditors.models import CreditorTypeActivation
from cobranca.creditors.types import CreditorType, creditor_type, creditor_types


@dataclass(frozen=True)
class TypeLine:
    """A creditor type as an agency has it."""

    code: str
    label: str
    code_help: str
    is_active: bool


class CreditorTypeSerializer(Fields):
    code = serializers.CharField()
    label = serializers.CharField(read_only=True)
    code_help = serializers.CharField(read_only=True, help_text="Como é o código do credor no ERP.")
    is_active = serializers.BooleanField(read_only=True, help_text="Ativado nesta assessoria.")

    def validate_code(self, code: str) -> str:
        """Refuse a type that no integration declares."""
        try:
            return creditor_type(code).code
        except DomainError as error:
            raise serializers.ValidationError(error.message) from error


class CreditorTypeViewSet(Listed):
    """Which integrations there are, and which the agency switched on."""

    about = "Tipos de credor: as integrações que existem e as que a assessoria ativou."
    model = CreditorTypeActivation
    serializer_class = CreditorTypeSerializer
    needs = {"deactivate": ("creditors.delete_creditortypeactivation",)}

    def lines(self) -> Sequence[TypeLine]:
        """Return all types, active or not."""
        active = {known.code for known in selectors.active_types(self.agency)}
        return [_line(known, known.code in active) for known in creditor_types()]

    @extend_schema(summary="Ativar", responses={201: CreditorTypeSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Switch a type on; doing it again changes nothing."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        code = serializer.validated_data["code"]
        services.activate_creditor_type(code, agency=self.agency, actor=self.actor)
        line = next(line for line in self.lines() if line.code == code)
        return Response(asdict(line), status=201)

    @extend_schema(summary="Desativar")
    @action(detail=False, methods=["post"])
    def deactivate(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Switch a type off; refused while creditors use it."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        code = serializer.validated_data["code"]
        found = CreditorTypeActivation.objects.filter(agency=self.agency, code=code).first()
        if found is not None:
            services.deactivate_creditor_type(activation=found, actor=self.actor)
        return Response(asdict(_line(creditor_type(code), False)))


def _line(known: CreditorType, is_active: bool) -> TypeLine:
    return TypeLine(known.code, known.label, known.code_help, is_active)
