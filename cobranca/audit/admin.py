"""Auditoria: read and taken out as a file; nobody changes it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cobranca.audit import selectors
from cobranca.audit.models import AuditEntry
from cobranca.common.admin import ReadOnlyAdmin, agency_of
from cobranca.common.downloads import csv_response, xlsx_response


class KindFilter(admin.SimpleListFilter):
    """Narrow the trail to one kind of thing, called by its Portuguese name."""

    title = "tipo"
    parameter_name = "tipo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer what the agency's trail speaks of."""
        return selectors.types_in_use(agency_of(request))

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        """Keep entries of the chosen kind."""
        return queryset.filter(object_type=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who changed what, when, from what to what."""

    list_display = ("when", "who", "what", "kind", "object_label", "summary")
    list_display_links = ("when",)
    list_filter = (KindFilter, "at")
    list_select_related = ("actor",)
    search_fields = ("object_label", "action", "actor__username")
    date_hierarchy = "at"
    fields = ("when", "who", "what", "kind", "object_id", "object_label", "table")
    readonly_fields = ("when", "who", "what", "kind", "table")
    actions = ("export_csv", "export_xlsx")
    show_full_result_count = False

    @admin.display(description="quando", ordering="at")
    def when(self, obj: AuditEntry) -> str:
        """Return the instant, to the second."""
        return selectors.when(obj)

    @admin.display(description="ação", ordering="action")
    def what(self, obj: AuditEntry) -> str:
        """Return what was done."""
        return selectors.action_name(obj.action)

    @admin.display(description="quem", ordering="actor__username")
    def who(self, obj: AuditEntry) -> str:
        """Return the person, or the system itself."""
        return str(obj.actor or "Sistema")

    @admin.display(description="tipo")
    def kind(self, obj: AuditEntry) -> str:
        """Return what kind of thing was changed."""
        return selectors.type_name(obj.object_type)

    @admin.display(description="alterações")
    def summary(self, obj: AuditEntry) -> str:
        """Return the names of what changed."""
        return ", ".join(obj.changes)

    @admin.display(description="alterações")
    def table(self, obj: AuditEntry) -> SafeString:
        """Return field, from and to, a line each."""
        rows = format_html_join(
            "", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", selectors.change_lines(obj.changes)
        )
        return format_html("<table><tr><th></th><th>De</th><th>Para</th></tr>{}</table>", rows)

    @admin.action(description="Exportar CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> HttpResponse:
        """Take the chosen entries out as CSV."""
        return csv_response("auditoria", selectors.EXPORT_HEADER, selectors.export_rows(queryset))

    @admin.action(description="Exportar XLSX", permissions=["view"])
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> HttpResponse:
        """Take the chosen entries out as XLSX."""
        return xlsx_response("auditoria", selectors.EXPORT_HEADER, selectors.export_rows(queryset))
