"""Announcements that were turned away."""

from django_filters import rest_framework as rest

from cobranca.common.api.filters import NumberFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Row
from cobranca.common.api.views import Reads
from integrations.core.models import WebhookRefusal


class WebhookRefusalSerializer(Row):
    class Meta:
        model = WebhookRefusal
        fields = ("id", "system", "at", "status", "reason", "size", "count")


class WebhookRefusalFilter(rest.FilterSet):
    system = rest.CharFilter()
    status = NumberFilter()


class WebhookRefusalViewSet(Reads):
    """Refusals, newest first, those alike in one minute as one."""

    about = "Avisos recusados na porta, por minuto e motivo; nada do conteúdo é guardado."
    model = WebhookRefusal
    serializer_class = WebhookRefusalSerializer
    filterset_class = WebhookRefusalFilter
    pagination_class = NewestFirst
