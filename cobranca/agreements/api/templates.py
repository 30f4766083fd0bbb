"""Templates de acordo."""

from typing import Any

from django_filters import rest_framework as rest

from cobranca.agreements import services
from cobranca.agreements.models import AgreementTemplate
from cobranca.common.api.filters import TrueFalseFilter
from cobranca.common.api.serializers import Row, validated
from cobranca.common.api.views import Creates, Deletes, Reads, Updates, changed


class AgreementTemplateSerializer(Row):
    class Meta:
        model = AgreementTemplate
        fields = ("id", "name", "effect", "approval", "is_active", "created_at", "updated_at")


class AgreementTemplateFilter(rest.FilterSet):
    is_active = TrueFalseFilter()


class AgreementTemplateViewSet(Reads, Creates, Updates, Deletes):
    """Terms by which agreements are made; one in use keeps its effect and approval."""

    about = "Templates de acordo. Em uso, a efetivação e a aprovação não mudam nem se exclui."
    model = AgreementTemplate
    serializer_class = AgreementTemplateSerializer
    filterset_class = AgreementTemplateFilter

    def create_row(self, values: dict[str, Any]) -> AgreementTemplate:
        """Add a template."""
        return self._saved(AgreementTemplate(agency=self.agency, **values))

    def update_row(self, row: AgreementTemplate, values: dict[str, Any]) -> AgreementTemplate:
        """Change a template."""
        return self._saved(changed(row, values))

    def delete_row(self, row: AgreementTemplate) -> None:
        """Delete a template that nobody uses."""
        services.delete_template(template=row, actor=self.actor)

    def _saved(self, template: AgreementTemplate) -> AgreementTemplate:
        return services.save_template(template=validated(template), actor=self.actor)
