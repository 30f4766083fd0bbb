"""Índices de correção: their months, typed one by one, from a file or from the central bank."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from cobranca.accounts.access import actor_of
from cobranca.campaigns import indices, services
from cobranca.campaigns.admin.pages import PagesAdmin
from cobranca.campaigns.index_files import shown_month, shown_value, text_of
from cobranca.campaigns.index_forms import FileForm, IndexSeriesForm, IndexValueForm
from cobranca.campaigns.models import IndexSeries, IndexValue
from cobranca.campaigns.selectors import latest_values, series_with_extent, stored_values
from cobranca.common import clock
from cobranca.common.admin import BrazilianAdmin, agency_of
from cobranca.common.errors import DomainError
from cobranca.common.forms import AgencyForm


@admin.register(IndexSeries)
class IndexSeriesAdmin(PagesAdmin):
    """Índices."""

    form: type[AgencyForm] = IndexSeriesForm
    change_form_outer_after_template = "admin/campaigns/series_values.html"
    compressed_fields = False
    list_display = ("name", "kind", "months", "last_month", "sgs_code", "months_back")
    list_filter = ("kind",)
    search_fields = ("name",)
    fields = (("name", "kind"), ("sgs_code", "months_back"))

    class Media:
        css = {"all": ("css/campaigns.css",)}

    @admin.display(description="meses", ordering="months")
    def months(self, obj: Any) -> int:
        """Return how many months are stored."""
        return int(obj.months)

    @admin.display(description="último mês", ordering="last_month")
    def last_month(self, obj: Any) -> str:
        """Return the newest month stored."""
        return shown_month(obj.last_month) if obj.last_month else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[IndexSeries]:
        """Return the agency's indices with how far they go."""
        return series_with_extent(agency_of(request)).order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> Any:
        """Order by name."""
        return ("name",)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the newest months and the ways to bring more in."""
        series = kwargs.get("obj") or (args[3] if len(args) > 3 else None)
        if series is not None:
            context |= {
                "series": series,
                "latest": [
                    (shown_month(row.month), shown_value(row.value), row.source)
                    for row in latest_values(series)
                ],
                "file_form": FileForm(),
                "has_reader": indices.has_reader(series),
                "may_change": self.has_change_permission(request, series),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: IndexSeries, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_index_series(series=obj, actor=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the service, which keeps those in use."""
        services.delete_index_series(series=obj, actor=actor_of(request))

    def get_urls(self) -> list[URLPattern]:
        """Add the ways to bring values in."""
        return [
            self.page("<int:object_id>/arquivo/", require_POST(self.file_view), "file"),
            self.page("<int:object_id>/banco-central/", require_POST(self.read_view), "read"),
            *super().get_urls(),
        ]

    def _series_to_change(self, request: HttpRequest, object_id: int) -> IndexSeries:
        series: IndexSeries | None = self.get_object(request, str(object_id))
        if series is None:
            raise Http404
        if not self.has_change_permission(request, series):
            raise PermissionDenied
        return series

    def file_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show what a file would change, or each of its bad lines; store it when confirmed."""
        series = self._series_to_change(request, object_id)
        form = FileForm(request.POST, request.FILES)
        shown: dict[str, Any] = {"form": form, "series": series, "lines": []}
        if form.is_valid():
            data = form.cleaned_data["data"]
            try:
                if form.cleaned_data["confirmed"]:
                    return self._import(request, series, data)
                shown |= _preview(series, services.read_index_csv(series, data))
                shown["text"] = text_of(data)
            except services.FileRefusedError as error:
                shown["lines"] = error.lines
        context = self.page_context(request, f"{series}: valores de um arquivo", **shown)
        return render(request, "admin/campaigns/series_file.html", context)

    def _import(self, request: HttpRequest, series: IndexSeries, data: bytes) -> HttpResponse:
        saved = services.import_index_csv(series, data, actor=actor_of(request))
        text = f"Incluídos: {saved.included}; alterados: {saved.changed}; iguais: {saved.equal}."
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:campaigns_indexseries_change", series.pk)

    def read_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask for the newest values of the central bank."""
        series = self._series_to_change(request, object_id)
        try:
            told = indices.read(series, on=clock.today(), actor=actor_of(request))
            self.message_user(request, told, messages.SUCCESS)
        except DomainError as error:
            self.message_user(request, error.message, messages.ERROR)
        return redirect("admin:campaigns_indexseries_change", series.pk)


def _preview(series: IndexSeries, values: Mapping[date, Decimal]) -> dict[str, Any]:
    """Return what storing a file's values would do, with the months that would change."""
    stored = stored_values(series, values)
    changed = [
        (shown_month(month), shown_value(stored[month]), shown_value(value))
        for month, value in sorted(values.items())
        if month in stored and stored[month] != value
    ]
    return {
        "saved": services.compared(stored, values),
        "changed": changed,
        "first": shown_month(min(values)),
        "last": shown_month(max(values)),
    }


@admin.register(IndexValue)
class IndexValueAdmin(BrazilianAdmin):
    """The months of the indices, all of them."""

    form: type[AgencyForm] = IndexValueForm
    list_display = ("series", "month_shown", "value_shown", "source")
    list_display_links = ("month_shown",)
    list_filter = ("series",)
    list_select_related = ("series",)
    date_hierarchy = "month"
    fields = (("series", "month", "value"),)

    @admin.display(description="mês", ordering="month")
    def month_shown(self, obj: IndexValue) -> str:
        """Return the month as people write it."""
        return shown_month(obj.month)

    @admin.display(description="valor", ordering="value")
    def value_shown(self, obj: IndexValue) -> str:
        """Return the value without needless zeros."""
        return shown_value(obj.value)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A value stays in its month."""
        return ("series", "month_shown") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the month as it is written."""
        return (("series", "month_shown" if obj else "month", "value"),)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave month and value as the form declares them."""
        if db_field.name in ("month", "value"):
            return forms.CharField()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: IndexValue, form: Any, change: bool) -> None:
        """Save through the service of whole series; a month that is there gets the new value."""
        values = {obj.month: obj.value}
        services.save_index_values(obj.series, values, services.TYPED, actor=actor_of(request))
        obj.pk = IndexValue.objects.get(series=obj.series, month=obj.month).pk

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the service."""
        services.delete_index_value(value=obj, actor=actor_of(request))
