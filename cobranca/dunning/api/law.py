"""The law of contact on the wire: rules, holidays, the question, and attempts."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
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
from cobranca.common.api.serializers import Fields, Row, read_query
from cobranca.common.api.views import Creates, Reads, Resource
from cobranca.common.errors import NotFoundError
from cobranca.common.places import STATE_CHOICES
from cobranca.debtors.models import Debtor, Phone
from cobranca.dunning.contact_law import may_contact
from cobranca.dunning.models import ContactAttempt, ContactRule, HolidayScope, LegalHoliday
from cobranca.dunning.services import attempt_contact
from cobranca.dunning.states import Channel


class ContactRuleSerializer(Row):
    class Meta:
        model = ContactRule
        fields = (
            "id", "state", "norm", "source", "certainty", "covers_call", "covers_sms",
            "covers_whatsapp", "covers_email", "weekday_from", "weekday_to", "saturday_from",
            "saturday_to", "sunday_from", "sunday_to", "holiday_from", "holiday_to",
            "recording_required", "recording_days", "valid_from", "valid_to", "is_active", "note",
            "created_at", "updated_at",
        )  # fmt: skip


class LegalHolidaySerializer(Row):
    class Meta:
        model = LegalHoliday
        fields = (
            "id", "scope", "state", "city", "ibge_code", "day", "name", "source", "is_optional",
            "is_active",
        )  # fmt: skip


class ContactAttemptSerializer(Row):
    class Meta:
        model = ContactAttempt
        fields = (
            "id", "debtor", "channel", "phone", "email", "actor", "at", "is_allowed", "rule",
            "reason", "facts", "created_at",
        )  # fmt: skip
        read_only_fields = ("actor", "at", "is_allowed", "rule", "reason", "facts", "created_at")


class QuestionIn(Fields):
    debtor = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    channel = serializers.ChoiceField(Channel.choices, default=Channel.CALL)
    phone = serializers.IntegerField(
        min_value=1, max_value=LARGEST_KEY, required=False, help_text="Vazio: o principal."
    )
    at = serializers.DateTimeField(required=False, help_text="Vazio: agora.")


class DecisionSerializer(Fields):
    is_allowed = serializers.BooleanField()
    rule = serializers.CharField(help_text="Código da regra que decidiu: window:SP, cap:day…")
    reason = serializers.CharField(help_text="A decisão em palavras, com a norma.")
    next_at = serializers.DateTimeField(
        allow_null=True, help_text="Primeiro instante permitido depois de uma recusa."
    )
    until = serializers.DateTimeField(allow_null=True, help_text="Até quando vale a permissão.")
    facts = serializers.DictField(help_text="O que foi considerado.")


class ContactRuleFilter(rest.FilterSet):
    state = AnyOfFilter(choices=STATE_CHOICES)
    is_active = TrueFalseFilter()


class ContactRuleViewSet(Reads):
    """When states allow contact."""

    about = (
        "Regras de contato por estado (sem UF: a regra nacional). São as mesmas para todas as "
        "assessorias; o fim de cada horário não entra."
    )
    model = ContactRule
    serializer_class = ContactRuleSerializer
    filterset_class = ContactRuleFilter


class LegalHolidayFilter(rest.FilterSet):
    scope = AnyOfFilter(choices=HolidayScope.choices)
    state = AnyOfFilter(choices=STATE_CHOICES)
    since = DateFilter(field_name="day", lookup_expr="gte")
    until = DateFilter(field_name="day", lookup_expr="lte")


class LegalHolidayViewSet(Reads):
    """Days that count as holidays."""

    about = "Feriados legais: nacionais, estaduais e municipais, com os pontos facultativos."
    model = LegalHoliday
    serializer_class = LegalHolidaySerializer
    filterset_class = LegalHolidayFilter


class ContactAttemptFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    channel = AnyOfFilter(choices=Channel.choices)
    is_allowed = TrueFalseFilter()
    since = DateFilter(field_name="at", lookup_expr="date__gte")
    until = DateFilter(field_name="at", lookup_expr="date__lte")


class ContactAttemptViewSet(Reads, Creates):
    """Contacts asked for, permitted or not."""

    about = (
        "Tentativas de contato. POST pede uma: a resposta é 201 também quando a lei não permite; "
        "olhe `is_allowed`, `rule` e `reason`. Uma permissão vale para um acionamento."
    )
    model = ContactAttempt
    serializer_class = ContactAttemptSerializer
    filterset_class = ContactAttemptFilter
    pagination_class = NewestFirst
    needs = {"create": ("dunning.add_contactrecord",)}

    def rows(self) -> QuerySet[ContactAttempt]:
        """Return attempts."""
        return ContactAttempt.objects.all()

    def create_row(self, values: dict[str, Any]) -> ContactAttempt:
        """Ask for a contact now."""
        return attempt_contact(actor=self.actor, at=clock.now(), **values)


class MayContactViewSet(Resource):
    """May this debtor be contacted."""

    about = "Pergunta à lei do contato, sem registrar uma tentativa."
    model = ContactRule
    serializer_class = DecisionSerializer
    filter_backends = ()
    needs = {"ask": ("dunning.view_contactrule", "debtors.view_debtor")}

    @extend_schema(summary="Posso contatar?", parameters=[QuestionIn], responses=DecisionSerializer)
    def ask(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer yes or no, by which rule, until or from when."""
        told = read_query(request, QuestionIn)
        debtor = Debtor.objects.select_related("agency").filter(pk=told["debtor"]).first()
        if debtor is None:
            raise NotFoundError("Devedor desconhecido.", "debtor")
        phone = self._phone(debtor, told.get("phone"))
        at = told.get("at") or clock.now()
        decision = may_contact(debtor, told["channel"], at, phone=phone)
        return Response(DecisionSerializer(decision).data)

    def _phone(self, debtor: Debtor, pk: int | None) -> Phone | None:
        if pk is None:
            return None
        phone = Phone.objects.filter(debtor=debtor, pk=pk).first()
        if phone is None:
            raise NotFoundError("Este telefone não é deste devedor.", "phone")
        return phone
