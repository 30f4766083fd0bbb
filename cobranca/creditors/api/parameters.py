"""Parameters: what is declared, what it is set to, and setting it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common.api.serializers import Fields, read_query
from cobranca.common.api.views import Listed
from cobranca.common.errors import DomainError
from cobranca.creditors import choices, selectors, services
from cobranca.creditors.models import Creditor, ParameterValue
from cobranca.creditors.parameter_table import Place, PlaceLine, lines_at, places_of
from cobranca.creditors.parameters import CREDITOR, GENERAL, Parameter, definition

SCOPES = [(GENERAL, "Da assessoria"), (CREDITOR, "De um credor")]


class TypedText(serializers.CharField):
    """Text as a person would type it; JSON's own true, false, numbers and lists are understood."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text that means `data`."""
        if isinstance(data, bool):
            return "S" if data else "N"
        if isinstance(data, list) and all(isinstance(each, str) for each in data):
            data = ";".join(data)
        if isinstance(data, Decimal):
            data = str(data)
        return str(super().to_internal_value(data))


class DefinitionSerializer(Fields):
    kind = serializers.CharField(source="kind.name", label="tipo")
    hint = serializers.CharField(source="kind.hint", label="formato esperado")
    help = serializers.CharField(label="ajuda")
    secret = serializers.BooleanField(label="segredo, nunca mostrado")
    creditor_type = serializers.CharField(label="tipo de credor a que pertence")


class ParameterSerializer(Fields):
    scope = serializers.ChoiceField(SCOPES, source="place.parameter.scope")
    creditor = serializers.IntegerField(source="place.creditor_id", allow_null=True)
    section = serializers.CharField(source="place.parameter.section")
    key = serializers.CharField(source="place.parameter.key")
    label = serializers.CharField(source="place.parameter.label")
    definition = DefinitionSerializer(source="place.parameter")
    value = serializers.CharField(allow_null=True, help_text="Nulo sem valor e nos segredos.")
    is_set = serializers.BooleanField()
    default = serializers.CharField(allow_null=True, help_text="Vale enquanto não há valor.")
    shown = serializers.CharField(help_text="O valor por extenso.")
    needs_validation = serializers.BooleanField(
        help_text="Configuração automática que ninguém confirmou."
    )


class ParameterQuery(Fields):
    scope = serializers.ChoiceField(SCOPES, required=False)
    creditor = serializers.PrimaryKeyRelatedField(
        queryset=Creditor._default_manager, required=False
    )
    section = serializers.CharField(required=False)
    key = serializers.CharField(required=False)


class ParameterInput(Fields):
    scope = serializers.ChoiceField(SCOPES)
    creditor = serializers.PrimaryKeyRelatedField(
        queryset=Creditor._default_manager, required=False, allow_null=True, default=None
    )
    section = serializers.CharField()
    key = serializers.CharField()
    value = TypedText(
        allow_null=True, allow_blank=True, help_text="Como se digita na tela; nulo limpa."
    )


class ChoiceQuery(Fields):
    section = serializers.CharField()
    key = serializers.CharField()


class ChoiceSerializer(Fields):
    code = serializers.CharField()
    label = serializers.CharField()


class ParameterViewSet(Listed):
    """Parameters of the agency and of its creditors."""

    about = "Parâmetros da assessoria e dos credores: definição, valor e padrão."
    model = ParameterValue
    serializer_class = ParameterSerializer
    needs = {"choices": ("creditors.change_parametervalue",)}

    @extend_schema(
        summary="Opções que o ERP oferece",
        parameters=[ChoiceQuery],
        responses=ChoiceSerializer(many=True),
    )
    def choices(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one page of the ERP's list for a parameter, asked of the ERP now."""
        asked = read_query(request, ChoiceQuery)
        parameter = definition(asked["section"], asked["key"])
        if not choices.has_choices(parameter):
            raise DomainError("Este parâmetro se digita: não há lista.", "key")
        offered = choices.choices_for(parameter, agency=self.agency)
        page = self.paginate_queryset([{"code": code, "label": label} for code, label in offered])
        return self.get_paginated_response(ChoiceSerializer(page, many=True).data)

    @extend_schema(parameters=[ParameterQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one page: the general parameters, then those of each creditor."""
        page: Any = self.paginate_queryset(self.lines())
        shown = self.get_serializer(lines_at(self.agency, page), many=True)
        return self.get_paginated_response(shown.data)

    def lines(self) -> Sequence[Place]:
        """Return the places asked for; values are read for the page alone."""
        asked = read_query(self.request, ParameterQuery)
        names: dict[str, str] = {name: asked[name] for name in ("section", "key") if name in asked}
        found = places_of(self.agency, scope=asked.get("scope", ""), creditor=asked.get("creditor"))
        return [place for place in found if _is_named(place.parameter, names)]

    @extend_schema(
        summary="Dar ou limpar o valor", request=ParameterInput, responses=ParameterSerializer
    )
    def put_value(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set a parameter, or unset it with null."""
        given = ParameterInput(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        parameter = _parameter(**{name: told[name] for name in ("section", "key", "scope")})
        creditor = _owner(parameter, told["creditor"])
        services.set_parameter(
            parameter, told["value"], agency=self.agency, creditor=creditor, actor=self.actor
        )
        place = Place(parameter, creditor.pk if creditor else None)
        line: PlaceLine = lines_at(self.agency, [place])[0]
        return Response(self.get_serializer(line).data)


def _is_named(parameter: Parameter[Any], names: dict[str, str]) -> bool:
    return all(getattr(parameter, name) == told for name, told in names.items())


def _parameter(*, section: str, key: str, scope: str) -> Parameter[Any]:
    parameter = definition(section, key)
    if parameter.scope != scope:
        where = dict(SCOPES)[parameter.scope].lower()
        raise DomainError(f"Este parâmetro é {where}.", "scope")
    return parameter


def _owner(parameter: Parameter[Any], creditor: Creditor | None) -> Creditor | None:
    """Return whose parameter it is, or refuse a creditor that has no such parameter."""
    if parameter.scope == GENERAL:
        if creditor is not None:
            raise DomainError("Este parâmetro é da assessoria: não informe credor.", "creditor")
        return None
    if creditor is None:
        raise DomainError("Informe o credor deste parâmetro.", "creditor")
    if parameter not in selectors.offered_parameters(CREDITOR, creditor):
        raise DomainError("Este parâmetro não é do tipo deste credor.", "key")
    return creditor
