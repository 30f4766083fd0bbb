"""Reading the trail."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.timezone import get_current_timezone

from cobranca.accounts.models import Agency
from cobranca.audit.models import AuditEntry

EXPORT_HEADER = ("Quando", "Quem", "Ação", "Tipo", "Código", "Objeto", "Campo", "De", "Para")


def entries_of(agency: Agency) -> QuerySet[AuditEntry]:
    """Return the agency's trail, newest first."""
    return AuditEntry.objects.filter(agency=agency).select_related("actor")


def history_of(obj: Model, *, agency: Agency) -> QuerySet[AuditEntry]:
    """Return what was done to one object, newest first."""
    return entries_of(agency).filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))


def type_name(object_type: str) -> str:
    """Return the Portuguese name of an entry's kind of object."""
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return object_type


def change_lines(changes: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (field, from, to) of an entry's changes."""
    return [(label, *_from_to(change)) for label, change in changes.items()]


def _from_to(change: Any) -> tuple[str, str]:
    if isinstance(change, list) and len(change) == 2:
        return str(change[0]), str(change[1])
    return "", str(change)


def export_rows(entries: QuerySet[AuditEntry]) -> Iterator[tuple[str, ...]]:
    """Yield one row per changed field (one per entry without any), streamed."""
    for entry in entries.iterator(chunk_size=2000):
        at = entry.at.astimezone(get_current_timezone()).strftime("%d/%m/%Y %H:%M:%S")
        head = (at, str(entry.actor or "Sistema"), entry.action, type_name(entry.object_type))
        for line in change_lines(entry.changes) or [("", "", "")]:
            yield (*head, entry.object_id, entry.object_label, *line)
