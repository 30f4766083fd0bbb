"""Webhooks in the ERPs: what exists there, and creating, repairing or removing it (SIE-14)."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Listed
from cobranca.creditors.models import Creditor
from integrations.core import hooks, losses
from integrations.core.models import WebhookSubscription

STATES = [
    ("ok", "Criado"), ("missing", "Falta"), ("different", "Diferente"),
    ("unavailable", "Não existe no ERP"),
]  # fmt: skip
ACTIONS = [
    ("check", "Conferir"), ("install", "Criar o que falta e reparar o que difere"),
    ("rotate", "Trocar o token"), ("remove", "Remover do ERP"),
]  # fmt: skip


class HookSerializer(Fields):
    event = serializers.CharField()
    label = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    message = serializers.CharField()


class LossSerializer(Fields):
    event = serializers.CharField()
    what = serializers.CharField()
    found = serializers.IntegerField()
    missing = serializers.IntegerField()
    percent = serializers.CharField()


class SubscriptionSerializer(Fields):
    system = serializers.CharField()
    url = serializers.CharField()
    https = serializers.BooleanField(help_text="O ERP só entrega em endereço https.")
    complete = serializers.BooleanField(help_text="Todos os webhooks existem e apontam para cá.")
    message = serializers.CharField()
    checked_at = serializers.DateTimeField(allow_null=True)
    installed_at = serializers.DateTimeField(allow_null=True)
    hooks = HookSerializer(many=True)
    losses = LossSerializer(many=True, help_text="O que as cargas acharam e ninguém avisou.")


class HooksInput(Fields):
    creditor = serializers.PrimaryKeyRelatedField(queryset=Creditor._default_manager)
    action = serializers.ChoiceField(ACTIONS, default="install")


class SubscriptionViewSet(Listed):
    """The agency's webhooks in each system."""

    about = "Webhooks da assessoria em cada ERP: o que existe lá, criar, reparar e remover."
    model = WebhookSubscription
    serializer_class = SubscriptionSerializer
    needs = {"create": ("integrations.change_webhooksubscription",)}
    # The ERP is never awaited within a transaction.
    posts_in_transaction = False

    def lines(self) -> Sequence[dict[str, Any]]:
        """Return every system's subscription."""
        rows = WebhookSubscription.objects.filter(agency=self.agency).order_by("system")
        return [_told(row) for row in rows]

    @extend_schema(
        summary="Conferir, criar, reparar ou remover",
        request=HooksInput,
        responses={200: SubscriptionSerializer},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Do one of the actions now and return what there is afterwards."""
        asked = HooksInput(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        row = hooks.act(
            wanted["action"], creditor=wanted["creditor"], actor=self.actor, now=clock.now()
        )
        return Response(self.get_serializer(_told(row)).data)


def _told(row: WebhookSubscription) -> dict[str, Any]:
    report = losses.losses(row.agency, row.system, clock.now())
    return hooks.told_of(row) | {"losses": list(report.losses) if report else []}
