"""The timeline, read and written on."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common.api.filters import AnyOfFilter, NumberFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Fields, Row
from cobranca.common.api.views import Creates, Reads
from cobranca.contracts.models import Contract, Event, EventKind
from cobranca.contracts.services import NOTE_LIMIT, TITLE_LIMIT, add_note_event
from cobranca.debtors.models import Debtor


class EventSerializer(Row):
    actor_name = serializers.CharField(source="actor", read_only=True, allow_null=True)

    class Meta:
        model = Event
        fields = (
            "id", "debtor", "contract", "kind", "title", "text", "actor", "actor_name",
            "happened_at",
        )  # fmt: skip


class NoteSerializer(Fields):
    debtor = serializers.PrimaryKeyRelatedField(queryset=Debtor._default_manager)
    contract = serializers.PrimaryKeyRelatedField(
        queryset=Contract._default_manager, required=False, allow_null=True, default=None
    )
    title = serializers.CharField(
        max_length=TITLE_LIMIT, required=False, allow_blank=True, default=""
    )
    text = serializers.CharField(max_length=NOTE_LIMIT)


class EventFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    contract = NumberFilter(field_name="contract_id")
    kind = AnyOfFilter(choices=EventKind.choices)


class EventViewSet(Reads, Creates):
    """The timeline, newest first."""

    about = "Linha do tempo dos devedores, do mais novo ao mais antigo. Eventos nunca mudam."
    model = Event
    serializer_class = EventSerializer
    filterset_class = EventFilter
    pagination_class = NewestFirst

    def rows(self) -> QuerySet[Event]:
        """Return events along with who did them."""
        return Event.objects.select_related("actor")

    @extend_schema(summary="Anotar", request=NoteSerializer, responses={201: EventSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a note."""
        note = NoteSerializer(data=request.data)
        note.is_valid(raise_exception=True)
        contract = note.validated_data.pop("contract")
        event = add_note_event(
            **note.validated_data, contract_id=contract and contract.pk, actor=self.actor
        )
        return Response(self.shown(event.pk), status=201)
