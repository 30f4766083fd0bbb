"""Privacy and merging over the API: everything the screens do."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters import rest_framework as rest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.filters import DateFilter, NumberFilter, TrueFalseFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Fields, Row
from cobranca.common.api.views import Listed, Reads, Resource
from cobranca.common.viewer import Viewer, viewing
from cobranca.debtors import duplicates
from cobranca.debtors.anonymising import anonymise_debtor
from cobranca.debtors.distinguishing import take_back, tell_apart
from cobranca.debtors.exporting import export_debtor
from cobranca.debtors.merging import merge_debtors, undo_merge
from cobranca.debtors.models import DebtorMerge, DebtorReading, DistinctPair, PrivacyRequest
from cobranca.debtors.reading import write_down_revealing

MAKES_REQUESTS = ("debtors.view_debtor", "debtors.add_privacyrequest")
MERGES = ("debtors.view_debtor", "debtors.add_debtormerge")
REVEALS = ("debtors.view_debtor", "debtors.reveal_personal")
REASON: dict[str, Any] = {"max_length": 200, "help_text": "Quem pediu, quando e por qual canal."}


class RequestIn(Fields):
    reason = serializers.CharField(**REASON)


class AnonymiseIn(RequestIn):
    typed = serializers.CharField(
        max_length=20, help_text="A palavra ANONIMIZAR: não há como desfazer."
    )


class MergeIn(Fields):
    gone = serializers.IntegerField(min_value=1, help_text="O devedor que deixa de existir.")
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class MergeSerializer(Row):
    class Meta:
        model = DebtorMerge
        fields = (
            "id", "kept", "gone", "reason", "merged_by", "merged_at", "undone_by", "undone_at",
        )  # fmt: skip


class ReadingSerializer(Row):
    class Meta:
        model = DebtorReading
        fields = ("id", "debtor", "actor", "page", "at")


class PrivacyRequestSerializer(Row):
    class Meta:
        model = PrivacyRequest
        fields = ("id", "debtor", "kind", "reason", "actor", "at")


class SuggestionSerializer(Fields):
    first = serializers.IntegerField(source="first.pk")
    second = serializers.IntegerField(source="second.pk")
    score = serializers.IntegerField(help_text="De 0 a 100.")
    signs = serializers.ListField(child=serializers.CharField())


class SubjectActions(Resource):
    """What may be done with one debtor's data."""

    file_actions = ("export",)

    @extend_schema(
        summary="Exportar os dados do titular",
        request=RequestIn,
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["post"])
    def export(self, request: Request, pk: str) -> HttpResponse:
        """Everything held about a debtor, as a ZIP; the request is written down."""
        debtor = self.get_object()
        told = _read(RequestIn, request)
        name, packed = export_debtor(debtor_id=debtor.pk, actor=self.actor, at=clock.now(), **told)
        response = HttpResponse(packed, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @extend_schema(
        summary="Anonimizar", request=AnonymiseIn, responses={200: PrivacyRequestSerializer}
    )
    @action(detail=True, methods=["post"])
    def anonymise(self, request: Request, pk: str) -> Response:
        """Take a debtor's personal data away for good."""
        debtor = self.get_object()
        told = _read(AnonymiseIn, request)
        done = anonymise_debtor(
            debtor_id=debtor.pk,
            actor=self.actor,
            at=clock.now(),
            on=clock.today(),
            **told,
        )
        return Response(PrivacyRequestSerializer(PrivacyRequest.objects.get(pk=done.pk)).data)

    @extend_schema(summary="Unificar", request=MergeIn, responses={201: MergeSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Make this debtor and another one: everything of `gone` is this one's from now on."""
        kept = self.get_object()
        told = _read(MergeIn, request)
        done = merge_debtors(
            kept_id=kept.pk,
            gone_id=told["gone"],
            reason=told["reason"],
            actor=self.actor,
        )
        shown = MergeSerializer(DebtorMerge.objects.get(pk=done.pk)).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Revelar os dados mascarados", request=RequestIn)
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, pk: str) -> Response:
        """One debtor with nothing masked, in this answer alone; who, whose and why are kept."""
        debtor = self.get_object()
        told = _read(RequestIn, request)
        write_down_revealing(debtor, self.actor, told["reason"], clock.now())
        with viewing(Viewer(request.user)) as viewer:
            viewer.has_revealed = True
            return Response(dict(self.get_serializer(debtor).data))


def _read(fields: type[Fields], request: Request) -> dict[str, Any]:
    told = fields(data=request.data)
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


class MergeFilter(rest.FilterSet):
    kept = NumberFilter(field_name="kept_id")
    gone = NumberFilter(field_name="gone_id")
    is_undone = TrueFalseFilter(field_name="undone_at", lookup_expr="isnull", exclude=True)


class MergeViewSet(Reads):
    """What was merged."""

    about = "Unificações de devedores."
    model = DebtorMerge
    serializer_class = MergeSerializer
    filterset_class = MergeFilter
    pagination_class = NewestFirst
    needs = {"undo": ("debtors.change_debtormerge",)}

    def rows(self) -> QuerySet[Any]:
        """Return merges without the list of what moved."""
        return DebtorMerge.objects.defer("moved")

    @extend_schema(summary="Desfazer", request=None, responses={200: MergeSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Make two debtors of one again, each with what was theirs."""
        done = undo_merge(merge_id=self.get_object().pk, actor=self.actor)
        return Response(self.shown(done.pk))


class ReadingFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    actor = NumberFilter(field_name="actor_id")
    at_from = DateFilter(field_name="at", lookup_expr="date__gte")
    at_to = DateFilter(field_name="at", lookup_expr="date__lte")


class ReadingViewSet(Reads):
    """Who read whom."""

    about = "Leituras de dados pessoais: quem, de quem, quando."
    model = DebtorReading
    serializer_class = ReadingSerializer
    filterset_class = ReadingFilter
    pagination_class = NewestFirst


class PrivacyRequestFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    kind = rest.ChoiceFilter(choices=PrivacyRequest.Kind.choices)


class PrivacyRequestViewSet(Reads):
    """What was done on persons' requests."""

    about = "Pedidos de titulares: exportações e anonimizações."
    model = PrivacyRequest
    serializer_class = PrivacyRequestSerializer
    filterset_class = PrivacyRequestFilter
    pagination_class = NewestFirst


class DistinctPairIn(Fields):
    first = serializers.IntegerField(min_value=1, help_text="Um dos devedores.")
    second = serializers.IntegerField(min_value=1, help_text="O outro, que é outra pessoa.")


class DistinctPairSerializer(Row):
    class Meta:
        model = DistinctPair
        fields = ("id", "first", "second", "said_by", "said_at", "undone_by", "undone_at")


class DistinctPairFilter(rest.FilterSet):
    first = NumberFilter(field_name="first_id")
    second = NumberFilter(field_name="second_id")
    is_undone = TrueFalseFilter(field_name="undone_at", lookup_expr="isnull", exclude=True)


class DistinctPairViewSet(Reads):
    """Who is not who."""

    about = "Pares que não são a mesma pessoa: não são mais sugeridos para unificação."
    model = DistinctPair
    serializer_class = DistinctPairSerializer
    filterset_class = DistinctPairFilter
    pagination_class = NewestFirst
    needs = {
        "list": ("debtors.view_debtormerge",),
        "retrieve": ("debtors.view_debtormerge",),
        "create": MERGES,
        "undo": ("debtors.change_debtormerge",),
    }

    @extend_schema(
        summary="Dizer que não são a mesma pessoa",
        request=DistinctPairIn,
        responses={201: DistinctPairSerializer},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Note that two debtors are two people; said again, it stays as it was said first."""
        told = _read(DistinctPairIn, request)
        pair = tell_apart(one_id=told["first"], other_id=told["second"], actor=self.actor)
        return Response(self.shown(pair.pk), status=status.HTTP_201_CREATED)

    @extend_schema(summary="Desfazer", request=None, responses={200: DistinctPairSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Let the two be suggested again."""
        done = take_back(pair_id=self.get_object().pk, actor=self.actor)
        return Response(self.shown(done.pk))


class DuplicateViewSet(Listed):
    """Debtors who may be one person."""

    about = "Pares de devedores que podem ser a mesma pessoa."
    model = DebtorMerge
    serializer_class = SuggestionSerializer

    def lines(self) -> list[duplicates.Suggestion]:
        """Return the pairs, the likeliest first."""
        return duplicates.suggestions(self.agency.pk)
