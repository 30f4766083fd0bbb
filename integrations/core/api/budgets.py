"""Call budgets: what is left of what each ERP allows, and who spends it."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from cobranca.common import clock
from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Listed
from integrations.core import outlook
from integrations.core.budget import limited_systems
from integrations.core.models import ConnectionState

STATES = [
    ("ok", "Dura o dia todo"), ("short", "Algo parou ou vai parar hoje"),
    ("spent", "Acabou por hoje"), ("unknown", "Sem cota diária conhecida"),
]  # fmt: skip
PRIORITIES = [
    ("payments", "Pagamentos e conferências"), ("agreements", "Acordos"), ("loads", "Cargas"),
    ("registration", "Dados cadastrais"),
]  # fmt: skip


class ShareSerializer(Fields):
    priority = serializers.ChoiceField(PRIORITIES)
    label = serializers.CharField()
    percent = serializers.IntegerField(help_text="Até que parte da cota pode levar o total.")
    spent = serializers.IntegerField()
    cap = serializers.IntegerField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)
    refused = serializers.BooleanField(help_text="Não pode mais chamar hoje.")
    ends_at = serializers.DateTimeField(
        allow_null=True, help_text="Quando para, no ritmo da última hora; nulo: dura o dia."
    )


class PoolSerializer(Fields):
    pool = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    message = serializers.CharField()
    minute_used = serializers.IntegerField()
    minute_limit = serializers.IntegerField()
    day_used = serializers.IntegerField()
    day_limit = serializers.IntegerField(allow_null=True)
    day_left = serializers.IntegerField(allow_null=True)
    closed_by_provider = serializers.BooleanField()
    last_hour = serializers.IntegerField()
    ends_at = serializers.DateTimeField(allow_null=True)
    resets_at = serializers.DateTimeField()
    shares = ShareSerializer(many=True)


class SpenderSerializer(Fields):
    method = serializers.CharField()
    calls = serializers.IntegerField()
    errors = serializers.IntegerField()


class CallBudgetSerializer(Fields):
    system = serializers.CharField()
    label = serializers.CharField()
    pools = PoolSerializer(many=True)
    spenders = SpenderSerializer(many=True, help_text="Quem mais chamou hoje.")


class CallBudgetViewSet(Listed):
    """What is left of each system's calls."""

    about = "Cota de chamadas de cada ERP: o que resta hoje, quem gasta, o que para e quando."
    model = ConnectionState
    serializer_class = CallBudgetSerializer

    def lines(self) -> Sequence[dict[str, Any]]:
        """Return every system whose calls are counted."""
        now = clock.now()
        return [
            outlook.told(outlook.system_outlook(self.agency, system, now))
            for system in sorted(limited_systems())
        ]
