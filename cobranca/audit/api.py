"""REST: the trail, to be read."""

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from rest_framework import serializers
from rest_framework.routers import SimpleRouter

from cobranca.audit import selectors
from cobranca.audit.models import AuditEntry
from cobranca.common.api.filters import DateFilter, NumberFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Row
from cobranca.common.api.views import Reads


class AuditEntrySerializer(Row):
    actor_name = serializers.SerializerMethodField(label="quem")
    action_name = serializers.SerializerMethodField(label="ação por extenso")
    changes = serializers.DictField(help_text='Campo: [de, para]; um segredo é só "alterado".')

    class Meta:
        model = AuditEntry
        fields = (
            "id", "at", "actor", "actor_name", "action", "action_name", "object_type",
            "object_id", "object_label", "changes",
        )  # fmt: skip

    def get_actor_name(self, row: AuditEntry) -> str:
        """Return the person, or the system itself."""
        return str(row.actor or "Sistema")

    def get_action_name(self, row: AuditEntry) -> str:
        """Return what was done, as people say it."""
        return selectors.action_name(row.action)


class AuditEntryFilter(rest.FilterSet):
    start = DateFilter(field_name="at", lookup_expr="date__gte", label="Do dia.")
    end = DateFilter(field_name="at", lookup_expr="date__lte", label="Até o dia.")
    actor = NumberFilter(field_name="actor_id")
    action = rest.CharFilter()
    object_type = rest.CharFilter()
    object_id = rest.CharFilter()


class AuditEntryViewSet(Reads):
    """Who changed what, newest first."""

    about = "Auditoria: quem mudou o quê, quando, de quanto para quanto. Só leitura."
    model = AuditEntry
    serializer_class = AuditEntrySerializer
    filterset_class = AuditEntryFilter
    pagination_class = NewestFirst

    def rows(self) -> QuerySet[AuditEntry]:
        """Return the trail with who did it."""
        return AuditEntry.objects.select_related("actor")


router = SimpleRouter()
router.register("audit-entries", AuditEntryViewSet, basename="audit-entries")
api_urls = router.urls
