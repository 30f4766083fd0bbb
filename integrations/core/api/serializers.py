"""Imports, connections and calls on the wire."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cobranca.common import clock
from cobranca.common.api.serializers import Fields, Row
from cobranca.creditors.models import Creditor
from integrations.core.models import ConnectionState, ImportIssue, ImportRun, IntegrationLog
from integrations.core.privacy import shown
from integrations.core.selectors import progress_of


class ProgressSerializer(Fields):
    percent = serializers.IntegerField()
    pages = serializers.IntegerField()
    contracts = serializers.IntegerField()
    installments = serializers.IntegerField()
    seconds_left = serializers.IntegerField(allow_null=True)
    is_alive = serializers.BooleanField()


class Detail(serializers.ReadOnlyField):
    """One of the run's details, as the run wrote it; empty until it does."""

    def __init__(self, name: str, empty: Any, **kwargs: Any) -> None:
        self._name, self._empty = name, empty
        super().__init__(source="details", **kwargs)

    def to_representation(self, value: dict[str, Any]) -> Any:
        """Return the detail."""
        return value.get(self._name, self._empty)


COUNTS = extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
SENTENCES = extend_schema_field(serializers.ListField(child=serializers.CharField()))


@COUNTS
class Counts(Detail):
    """Numbers by name."""


@SENTENCES
class Sentences(Detail):
    """What a person should know."""


class ImportRunSerializer(Row):
    issues = serializers.IntegerField(source="issue_count", label="críticas")
    ignored_by_rule = Counts("ignored", {}, label="ignoradas, pela regra que as deixou de fora")
    notices = Sentences("notices", [], label="avisos")
    requested_by_name = serializers.CharField(
        source="requested_by", read_only=True, allow_null=True
    )
    progress = serializers.SerializerMethodField(label="andamento")

    class Meta:
        model = ImportRun
        fields: tuple[str, ...] = (
            "id", "creditor", "layout", "full", "dry_run", "status", "progress", "pages",
            "pages_expected", "read", "included", "updated", "recalled", "ignored",
            "ignored_by_rule", "issues", "notices", "message", "requested_by", "requested_by_name",
            "created_at", "started_at", "finished_at", "window_from", "window_to",
        )  # fmt: skip

    def get_progress(self, run: ImportRun) -> ProgressSerializer:
        """Return how far the run is."""
        return asdict(progress_of(run, clock.now()))  # type: ignore[return-value]


class ChangeSerializer(Fields):
    kind = serializers.CharField()
    contract = serializers.CharField()
    installment = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


@extend_schema_field(ChangeSerializer(many=True))
class Changes(Detail):
    """What a simulation or a held batimento would change."""


class ImportRunDetailSerializer(ImportRunSerializer):
    preview = Changes("preview", [], label="o que mudaria")

    class Meta(ImportRunSerializer.Meta):
        fields = (*ImportRunSerializer.Meta.fields, "preview")


class ImportInput(Fields):
    creditor = serializers.PrimaryKeyRelatedField(queryset=Creditor._default_manager)
    layout = serializers.CharField(
        required=False, max_length=40, help_text="Sem ele, o primeiro layout do tipo de credor."
    )
    full = serializers.BooleanField(
        default=False, help_text="Batimento: lê tudo e devolve o que não consta mais."
    )
    dry_run = serializers.BooleanField(default=False, help_text="Mostra sem alterar.")

    def validate_creditor(self, creditor: Creditor) -> Creditor:
        """Refuse a creditor that is switched off, as the screen does."""
        if not creditor.is_active:
            raise serializers.ValidationError("Credor inativo.")
        return creditor


class ImportIssueSerializer(Row):
    class Meta:
        model = ImportIssue
        fields = ("id", "code", "message", "contract", "installment", "page", "created_at")


RESOURCE_STATES = [
    ("ok", "Liberado"), ("not_granted", "Não liberado"), ("down", "Sem resposta"),
]  # fmt: skip


class ResourceSerializer(Fields):
    name = serializers.CharField()
    permission = serializers.CharField()
    state = serializers.ChoiceField(RESOURCE_STATES)
    message = serializers.CharField()


class ConnectionSerializer(Row):
    report = ResourceSerializer(many=True, label="recursos")

    class Meta:
        model = ConnectionState
        fields = (
            "id", "system", "is_enabled", "is_healthy", "checked_at", "message", "report",
        )  # fmt: skip


class CheckInput(Fields):
    creditor = serializers.PrimaryKeyRelatedField(queryset=Creditor._default_manager)


class IntegrationLogSerializer(Row):
    class Meta:
        model = IntegrationLog
        fields: tuple[str, ...] = (
            "id", "at", "kind", "method", "verb", "url", "status", "duration_ms", "error",
            "contract", "creditor", "run",
        )  # fmt: skip

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Show a call as the caller may see it: without the right, without personal data."""
        told: dict[str, Any] = super().to_representation(instance)
        user = self.context["request"].user
        personal = {name: told[name] for name in ("url", "request", "response") if name in told}
        return told | {name: shown(text, user) for name, text in personal.items()}


class IntegrationLogDetailSerializer(IntegrationLogSerializer):
    class Meta(IntegrationLogSerializer.Meta):
        fields = (*IntegrationLogSerializer.Meta.fields, "request", "response")
