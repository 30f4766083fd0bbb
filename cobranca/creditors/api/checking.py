"""What people confirm, and how far the implantação is."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Listed, Resource
from cobranca.creditors import services
from cobranca.creditors.api.serializers import ContractTypeSerializer
from cobranca.creditors.models import ContractType, Creditor
from cobranca.creditors.onboarding import StepState, checklist


class ConfirmIn(Fields):
    section = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Vazia: todas."
    )


class ConfirmedSerializer(Fields):
    confirmed = serializers.IntegerField(help_text="Quantas configurações foram confirmadas.")


class CreditorCheckViewSet(Resource):
    """Automatic settings of a creditor, confirmed by a person."""

    about = "Configurações automáticas de um credor que esperam confirmação."
    model = Creditor
    serializer_class = ConfirmedSerializer
    needs = {"confirm_settings": ("creditors.change_parametervalue",)}

    @extend_schema(
        summary="Confirmar as configurações automáticas",
        request=ConfirmIn,
        responses=ConfirmedSerializer,
    )
    @action(detail=True, methods=["post"], url_path="confirm-settings")
    def confirm_settings(self, request: Request, pk: str) -> Response:
        """Say that somebody looked at them."""
        creditor = self.get_object()
        given = ConfirmIn(data=request.data)
        given.is_valid(raise_exception=True)
        number = services.confirm_validation(
            creditor=creditor, actor=self.actor, section=given.validated_data["section"]
        )
        return Response({"confirmed": number})


class ContractTypeCheckViewSet(Resource):
    """Contract types that an import made, confirmed by a person."""

    about = "Tipos de contrato que esperam confirmação."
    model = ContractType
    serializer_class = ContractTypeSerializer
    needs = {"confirm": ("creditors.change_contracttype",)}

    def rows(self) -> Any:
        """Return contract types along with their attributes."""
        return ContractType.objects.prefetch_related("attributes")

    @extend_schema(summary="Confirmar", request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say that somebody looked at it."""
        services.confirm_contract_type(contract_type=self.get_object(), actor=self.actor)
        return Response(self.shown(pk))


class OnboardingStepSerializer(Fields):
    code = serializers.CharField(source="step.code")
    title = serializers.CharField(source="step.title")
    help = serializers.CharField(source="step.help")
    is_optional = serializers.BooleanField(source="step.is_optional")
    state = serializers.ChoiceField(StepState.choices, source="finding.state")
    detail = serializers.CharField(source="finding.detail")
    page = serializers.CharField(source="url", help_text="A tela em que se resolve.")


class OnboardingViewSet(Listed):
    """The steps of the implantação, as they stand now."""

    about = "Implantação: os passos, o que já está feito e o que falta."
    model = Creditor
    serializer_class = OnboardingStepSerializer
    needs = {"list": ("creditors.change_creditor",)}

    def lines(self) -> Sequence[Any]:
        """Return every step."""
        return checklist(self.agency)
