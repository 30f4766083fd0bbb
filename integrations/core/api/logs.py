"""Log Integração (Gerais): every call to another system."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest

from cobranca.common.api.filters import DateFilter, TrueFalseFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.views import Reads
from integrations.core import selectors
from integrations.core.api.serializers import (
    IntegrationLogDetailSerializer,
    IntegrationLogSerializer,
)
from integrations.core.models import IntegrationLog


class IntegrationLogFilter(rest.FilterSet):
    """The filters of the screen (SIE-27), applied by the same selector."""

    start = DateFilter(label="Do dia.")
    end = DateFilter(label="Até o dia.")
    kind = rest.CharFilter()
    method = rest.CharFilter()
    only_errors = TrueFalseFilter(label="Somente com erros.")
    terms = rest.CharFilter(label="Número do contrato, ou partes da URL ou do erro.")

    def filter_queryset(self, queryset: QuerySet[IntegrationLog]) -> QuerySet[IntegrationLog]:
        """Narrow to the calls asked for."""
        return selectors.logs(self.form.cleaned_data)


class IntegrationLogViewSet(Reads):
    """Calls, newest first; one alone shows both sides of it."""

    about = "Chamadas aos ERPs, da mais nova à mais antiga; uma só mostra os dois lados dela."
    model = IntegrationLog
    serializer_class = IntegrationLogSerializer
    detail_serializer_class = IntegrationLogDetailSerializer
    filterset_class = IntegrationLogFilter
    pagination_class = NewestFirst

    def rows(self) -> QuerySet[Any]:
        """Return calls."""
        return IntegrationLog.objects.all()
