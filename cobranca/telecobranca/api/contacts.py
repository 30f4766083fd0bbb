"""Contacts recorded through the API: the same service as the desk's."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.campaigns.api.calculation_fields import money
from cobranca.common import clock
from cobranca.common.api.filters import LARGEST_KEY, AnyOfFilter, NumberFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Fields, Row
from cobranca.common.api.views import Reads
from cobranca.contracts.models import Contract
from cobranca.contracts.services import NOTE_LIMIT
from cobranca.debtors.models import Debtor, EmailAddress, Phone
from cobranca.dunning.api.records import CallbackSerializer, PromiseSerializer
from cobranca.dunning.models import ContactAttempt, ContactRecord, ContactResult
from cobranca.dunning.services import CallbackWanted, Contacted, PromiseGiven
from cobranca.dunning.services.callbacks import NOTE_LENGTH, colleague
from cobranca.dunning.states import Channel, Direction
from cobranca.telecobranca.services.contacts import work_contact


class ContactRecordSerializer(Row):
    promises = PromiseSerializer(many=True, read_only=True, label="promessas")
    callbacks = CallbackSerializer(many=True, read_only=True, label="retornos")

    class Meta:
        model = ContactRecord
        fields = (
            "id", "debtor", "contract", "attempt", "channel", "direction", "phone", "email",
            "result", "text", "actor", "happened_at", "promises", "callbacks",
        )  # fmt: skip


def _row(model: Any, text: str = "", **options: Any) -> Any:
    return serializers.PrimaryKeyRelatedField(
        queryset=model._default_manager, help_text=text, **options
    )


def _maybe(model: Any, text: str = "") -> Any:
    return _row(model, text, required=False, allow_null=True, default=None)


class PromiseIn(Fields):
    promised_on = serializers.DateField(help_text="Para quando.")
    amount: Any = money(help_text="Quanto.")


class CallbackIn(Fields):
    callback_at = serializers.DateTimeField(help_text="Quando retornar; no futuro.")
    assigned_to = serializers.IntegerField(
        min_value=1, max_value=LARGEST_KEY, required=False, help_text="Sem ele: quem registra."
    )
    callback_note = serializers.CharField(
        max_length=NOTE_LENGTH, required=False, allow_blank=True, default=""
    )


class ContactRecordIn(Fields):
    debtor = _row(Debtor)
    result = _row(ContactResult)
    direction = serializers.ChoiceField(Direction.choices, default=Direction.OUTBOUND)
    channel = serializers.ChoiceField(Channel.choices, default=Channel.CALL)
    attempt = _maybe(
        ContactAttempt, "A permissão pedida antes. Sem ela, um contato ativo a pede agora."
    )
    phone = _maybe(Phone)
    email = _maybe(EmailAddress)
    contract = _maybe(Contract)
    text = serializers.CharField(
        max_length=NOTE_LIMIT, required=False, allow_blank=True, default=""
    )
    promise = PromiseIn(required=False, allow_null=True, default=None)
    callback = CallbackIn(required=False, allow_null=True, default=None)


class ContactRecordFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    result = NumberFilter(field_name="result_id")
    channel = AnyOfFilter(choices=Channel.choices)
    direction = AnyOfFilter(choices=Direction.choices)


class ContactRecordViewSet(Reads):
    """What came of contacts."""

    about = (
        "Acionamentos: cada contato com o seu resultado. Um contato ativo precisa da permissão "
        "da lei de contato; a recusa fica registrada e nada mais é gravado."
    )
    model = ContactRecord
    serializer_class = ContactRecordSerializer
    filterset_class = ContactRecordFilter
    pagination_class = NewestFirst
    # A refusal is kept though the call as a whole fails.
    posts_in_transaction = False

    def rows(self) -> QuerySet[ContactRecord]:
        """Return contacts along with what was promised and agreed."""
        return ContactRecord.objects.prefetch_related("promises", "callbacks")

    @extend_schema(
        summary="Registrar um acionamento",
        request=ContactRecordIn,
        responses={201: ContactRecordSerializer},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record a contact."""
        given = ContactRecordIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = dict(given.validated_data)
        debtor = told.pop("debtor")
        promise, callback = told.pop("promise"), told.pop("callback")
        contacted = Contacted(
            **told,
            promise=PromiseGiven(**promise) if promise else None,
            callback=self._callback(callback) if callback else None,
        )
        record = work_contact(debtor=debtor, told=contacted, actor=self.actor, at=clock.now())
        return Response(self.shown(record.pk), status=201)

    def _callback(self, told: dict[str, Any]) -> CallbackWanted:
        collector = colleague(self.actor, told.get("assigned_to"))
        return CallbackWanted(told["callback_at"], collector, told["callback_note"])
