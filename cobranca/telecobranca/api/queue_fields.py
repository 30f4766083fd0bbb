"""Queues, draws and reasons on the wire."""

from typing import Any

from rest_framework import serializers

from cobranca.common.api.filters import LARGEST_KEY
from cobranca.common.api.serializers import Fields, Row
from cobranca.debtors.models import Debtor
from cobranca.telecobranca.models import WorkQueue
from cobranca.telecobranca.queue_reading import NARROWED_BY
from cobranca.telecobranca.queue_rules import (
    FULL_AT,
    HEAVIEST,
    LARGEST_FULL,
    Criterion,
    Rule,
    rules_of,
    stored,
)


class RuleSerializer(Fields):
    by = serializers.ChoiceField(Criterion.choices, label="critério")
    weight = serializers.IntegerField(
        min_value=-HEAVIEST, max_value=HEAVIEST, help_text="Negativo: deixa para depois."
    )
    full = serializers.IntegerField(
        min_value=1, max_value=LARGEST_FULL, required=False,
        help_text="A medida que ganha o peso inteiro; sem ela, a do critério.",
    )  # fmt: skip


class OrderingField(serializers.ListField):
    """The order of a queue as rules."""

    child = RuleSerializer()

    def to_internal_value(self, data: Any) -> Any:
        """Return the rules as a queue stores them."""
        told = super().to_internal_value(data)
        full = {str(by): measure for by, measure in FULL_AT.items()}
        return stored(
            Rule(row["by"], row["weight"], row.get("full", full[row["by"]])) for row in told
        )

    def to_representation(self, data: Any) -> Any:
        """Show the rules that count."""
        return stored(rules_of(data))


class WorkQueueSerializer(Row):
    ordering = OrderingField(required=False, label="ordenação", max_length=len(Criterion))

    class Meta:
        model = WorkQueue
        fields = (
            "id", "name", "position", "is_active", "min_days_late", "max_days_late", "min_total",
            "max_total", "quiet_days", "promise", "min_score", "max_score", *NARROWED_BY,
            "ordering", "idle_minutes", "created_at", "updated_at",
        )  # fmt: skip
        extra_kwargs: dict[str, Any] = {
            "position": {"required": False, "help_text": "Sem ela: depois das outras."},
            **{name: {"required": False, "allow_empty": True} for name in NARROWED_BY},
        }


class PreviewRowSerializer(Fields):
    debtor = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    open_total: Any = serializers.DecimalField(
        max_digits=16, decimal_places=2, source="summary.open_total"
    )
    days_late = serializers.IntegerField()
    points: Any = serializers.DecimalField(max_digits=9, decimal_places=3)


class PreviewSerializer(Fields):
    count = serializers.IntegerField(help_text="Quantos devedores a fila teria.")
    first = PreviewRowSerializer(many=True, source="rows", label="os primeiros")


class RankedSerializer(Fields):
    changed = serializers.IntegerField(help_text="Devedores que mudaram de lugar.")


class DrawnSerializer(Fields):
    debtor = serializers.IntegerField(source="debtor_id")
    queue = serializers.IntegerField(source="queue_id")
    queue_name = serializers.CharField(source="queue")
    held_until = serializers.DateTimeField()
    is_reminder = serializers.BooleanField(help_text="Retorno reservado para quem pediu.")


class NextSerializer(Fields):
    """What a draw gave; `drawn` is null when nobody may be called now."""

    drawn = DrawnSerializer(allow_null=True)


class DebtorIn(Fields):
    debtor = serializers.PrimaryKeyRelatedField(queryset=Debtor._default_manager)


class DebtorQuery(Fields):
    debtor = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)


class ReleasedSerializer(Fields):
    debtor = serializers.IntegerField()
    is_released = serializers.BooleanField(help_text="Falso: já não estava com quem pediu.")


class RenewedSerializer(Fields):
    debtor = serializers.IntegerField()
    held_until = serializers.DateTimeField(
        allow_null=True, help_text="Vazio: já não está com quem pediu."
    )


class MetSerializer(Fields):
    label = serializers.CharField()
    asked = serializers.CharField()
    has = serializers.CharField()
    is_met = serializers.BooleanField()


class PartSerializer(Fields):
    by = serializers.CharField(source="rule.by")
    label = serializers.CharField()
    weight = serializers.IntegerField(source="rule.weight")
    full = serializers.IntegerField(source="rule.full")
    measure = serializers.IntegerField(allow_null=True)
    points: Any = serializers.DecimalField(max_digits=9, decimal_places=3, source="shown")


class WhySerializer(Fields):
    debtor = serializers.IntegerField(source="debtor_id")
    queue = serializers.IntegerField(source="entry.queue_id", default=None, allow_null=True)
    queue_name = serializers.CharField(source="entry.queue.name", default=None, allow_null=True)
    rank = serializers.IntegerField(source="entry.rank", default=None, allow_null=True)
    place = serializers.CharField(source="entry.place", default=None, allow_null=True)
    available_at = serializers.DateTimeField(
        source="entry.available_at", default=None, allow_null=True
    )
    reserved_for = serializers.IntegerField(
        source="entry.reserved_for_id", default=None, allow_null=True
    )
    held_by = serializers.IntegerField(source="entry.held_by_id", default=None, allow_null=True)
    held_until = serializers.DateTimeField(source="entry.held_until", default=None, allow_null=True)
    filters = MetSerializer(many=True)
    parts = PartSerializer(many=True)
    points: Any = serializers.DecimalField(max_digits=9, decimal_places=3)
    ahead = serializers.IntegerField(help_text="Quantos vêm antes, até 1000.")
    why_out = serializers.CharField(help_text="Por que não está na fila.")


class StandingSerializer(Fields):
    size = serializers.IntegerField(source="size.count", help_text="Quantos esperam, até 1000.")
    is_more = serializers.BooleanField(source="size.is_more")
    held = serializers.IntegerField(source="held.pk", default=None, allow_null=True)
    held_until = serializers.DateTimeField(source="held.held_until", default=None, allow_null=True)
