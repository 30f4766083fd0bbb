"""Reading the log of readings: who looked at whom, when."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from cobranca.common.clock import office_time
from cobranca.common.documents import clean_document
from cobranca.common.viewer import shown_document
from cobranca.debtors.models import DebtorReading

EXPORT_HEADER = ("Quando", "Quem", "Devedor", "CPF/CNPJ", "Código", "O quê")
# As many lines as a spreadsheet is still a pleasure with; narrow the dates for the rest.
MOST_EXPORTED = 50_000


def readings(wanted: Mapping[str, Any]) -> "QuerySet[DebtorReading]":
    """Return the agency's readings, newest first: by `person` (a user), `debtor` (name, document
    or key), and day (`start`, `end`)."""
    found = DebtorReading.objects.select_related("debtor", "actor")
    if person := wanted.get("person"):
        found = found.filter(actor=person)
    if told := str(wanted.get("debtor") or "").strip():
        found = found.filter(_of_debtor(told))
    if start := wanted.get("start"):
        found = found.filter(at__date__gte=start)
    if end := wanted.get("end"):
        found = found.filter(at__date__lte=end)
    return found.order_by("-at", "-id")


def _of_debtor(told: str) -> Q:
    document = clean_document(told)
    named = Q(debtor__name__icontains=told)
    if document and document.isdigit():
        named |= Q(debtor__document=document)
        if len(document) < 11:
            named |= Q(debtor=int(document))
    return named


def export_rows(found: "QuerySet[DebtorReading]") -> Iterator[tuple[str, ...]]:
    """Yield the lines of the file; documents as whoever exports may see them."""
    for row in found[:MOST_EXPORTED].iterator(chunk_size=2000):
        at = office_time(row.at)
        yield (
            f"{at:%d/%m/%Y %H:%M:%S}",
            str(row.actor or "Sistema"),
            row.debtor.name,
            shown_document(row.debtor.document),
            str(row.debtor_id),
            row.page,
        )
