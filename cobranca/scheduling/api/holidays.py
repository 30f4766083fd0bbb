"""Feriados: the agency's own days off."""

from typing import Any

from django_filters import rest_framework as rest

from cobranca.common.api.filters import DateFilter
from cobranca.common.api.serializers import Row
from cobranca.common.api.views import Creates, Deletes, Reads, Updates, changed
from cobranca.scheduling import services
from cobranca.scheduling.models import Holiday


class HolidaySerializer(Row):
    class Meta:
        model = Holiday
        fields = ("id", "day", "name")


class HolidayFilter(rest.FilterSet):
    start = DateFilter(field_name="day", lookup_expr="gte", label="Do dia.")
    end = DateFilter(field_name="day", lookup_expr="lte", label="Até o dia.")


class HolidayViewSet(Reads, Creates, Updates, Deletes):
    """Days on which the agency does not work."""

    about = "Feriados da própria assessoria, além dos nacionais e dos do estado."
    model = Holiday
    serializer_class = HolidaySerializer
    filterset_class = HolidayFilter

    def create_row(self, values: dict[str, Any]) -> Holiday:
        """Add a day."""
        return services.save_holiday(
            holiday=Holiday(agency=self.agency, **values), actor=self.actor
        )

    def update_row(self, row: Holiday, values: dict[str, Any]) -> Holiday:
        """Change a day."""
        return services.save_holiday(holiday=changed(row, values), actor=self.actor)
