"""Motivos de devolução that the agency adds to the built-in ones."""

from typing import Any

from cobranca.common.api.serializers import Row, validated
from cobranca.common.api.views import Creates, Deletes, Reads, Updates, changed
from cobranca.contracts.models import AgencyRecallReason
from cobranca.contracts.reasons import save_recall_reason


class RecallReasonSerializer(Row):
    class Meta:
        model = AgencyRecallReason
        fields = ("id", "code", "label")


class RecallReasonViewSet(Reads, Creates, Updates, Deletes):
    """Reasons of the agency's own."""

    about = "Motivos de devolução que a assessoria acrescentou aos do sistema."
    model = AgencyRecallReason
    serializer_class = RecallReasonSerializer

    def create_row(self, values: dict[str, Any]) -> AgencyRecallReason:
        """Add a reason."""
        return self._saved(AgencyRecallReason(agency=self.agency, **values))

    def update_row(self, row: AgencyRecallReason, values: dict[str, Any]) -> AgencyRecallReason:
        """Change a reason."""
        return self._saved(changed(row, values))

    def _saved(self, reason: AgencyRecallReason) -> AgencyRecallReason:
        return save_recall_reason(reason=validated(reason), actor=self.actor)
