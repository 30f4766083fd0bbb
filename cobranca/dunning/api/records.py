"""Results, promises and callbacks on the wire."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.filters import (
    LARGEST_KEY,
    AnyOfFilter,
    DateFilter,
    NumberFilter,
    TrueFalseFilter,
)
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Fields, Row
from cobranca.common.api.views import Reads
from cobranca.common.errors import DomainError
from cobranca.dunning import services
from cobranca.dunning.models import Callback, ContactResult, Promise
from cobranca.dunning.services.callbacks import colleague
from cobranca.dunning.services.promises import REASON_LENGTH
from cobranca.dunning.states import CallbackStatus, PromiseStatus


class ContactResultSerializer(Row):
    class Meta:
        model = ContactResult
        fields = (
            "id", "code", "label", "is_effective", "wants_promise", "wants_callback",
            "inactivates_phone", "pause_hours", "promise_days", "position", "is_active",
        )  # fmt: skip


class PromiseSerializer(Row):
    class Meta:
        model = Promise
        fields = (
            "id", "debtor", "contract", "record", "made_on", "promised_on", "amount", "status",
            "received", "reason", "actor", "settled_on", "created_at", "updated_at",
        )  # fmt: skip


class CallbackSerializer(Row):
    class Meta:
        model = Callback
        fields = (
            "id", "debtor", "record", "at", "assigned_to", "status", "note", "actor", "done_at",
            "created_at", "updated_at",
        )  # fmt: skip


class ReasonIn(Fields):
    reason = serializers.CharField(max_length=REASON_LENGTH, help_text="Por quê.")


class RescheduleIn(Fields):
    at = serializers.DateTimeField(help_text="Para quando; no futuro.")
    assigned_to = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_KEY,
        required=False,
        help_text="Com quem passa a ficar. Sem ele: com quem já estava.",
    )


class ContactResultFilter(rest.FilterSet):
    is_active = TrueFalseFilter()


class ContactResultViewSet(Reads):
    """What a contact may end in."""

    about = "Resultados que um acionamento pode ter, na ordem da assessoria."
    model = ContactResult
    serializer_class = ContactResultSerializer
    filterset_class = ContactResultFilter


class PromiseFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    contract = NumberFilter(field_name="contract_id")
    status = AnyOfFilter(choices=PromiseStatus.choices)
    promised_on_from = DateFilter(field_name="promised_on", lookup_expr="gte")
    promised_on_to = DateFilter(field_name="promised_on", lookup_expr="lte")


class PromiseViewSet(Reads):
    """Promises; made with a contact."""

    about = (
        "Promessas de pagamento. Nascem com um acionamento; o que foi recebido até a data as "
        "cumpre, e o que não veio as quebra."
    )
    model = Promise
    serializer_class = PromiseSerializer
    filterset_class = PromiseFilter
    pagination_class = NewestFirst
    needs = {"cancel": ("dunning.change_promise",)}

    @extend_schema(summary="Cancelar", request=ReasonIn, responses={200: PromiseSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call an open promise off."""
        promise = self.get_object()
        given = ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        services.cancel_promise(
            promise_id=promise.pk,
            reason=given.validated_data["reason"],
            actor=self.actor,
            on=clock.today(),
        )
        return Response(self.shown(promise.pk))


class CallbackFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    assigned_to = NumberFilter(field_name="assigned_to_id")
    status = AnyOfFilter(choices=CallbackStatus.choices)


CHANGE = ("dunning.change_callback",)


class CallbackViewSet(Reads):
    """Callbacks; made with a contact."""

    about = "Retornos agendados: quando contatar de novo, e com quem está."
    model = Callback
    serializer_class = CallbackSerializer
    filterset_class = CallbackFilter
    pagination_class = NewestFirst
    needs = dict.fromkeys(("done", "cancel", "reschedule"), CHANGE)

    def rows(self) -> QuerySet[Callback]:
        """Return the callbacks that the caller may see."""
        return Callback.objects.all()

    @extend_schema(summary="Dar por feito", request=None, responses={200: CallbackSerializer})
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Say that it was done."""
        return self._closed(services.finish_callback)

    @extend_schema(summary="Cancelar", request=None, responses={200: CallbackSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call it off."""
        return self._closed(services.cancel_callback)

    @extend_schema(summary="Reagendar", request=RescheduleIn, responses={200: CallbackSerializer})
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Request, pk: str) -> Response:
        """Put it at another time."""
        callback = self.get_object()
        given = RescheduleIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        try:
            services.reschedule_callback(
                callback_id=callback.pk,
                to=told["at"],
                assigned_to=colleague(self.actor, told.get("assigned_to")),
                actor=self.actor,
                at=clock.now(),
            )
        except DomainError as error:
            name = {"callback_at": "at"}.get(error.field, error.field)
            raise DomainError(error.message, name) from error
        return Response(self.shown(callback.pk))

    def _closed(self, close: Any) -> Response:
        callback = self.get_object()
        close(callback_id=callback.pk, actor=self.actor, at=clock.now())
        return Response(self.shown(callback.pk))
