"""Changes to index series and their monthly values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import ProtectedError

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.campaigns.index_files import check_value, parse_csv, shown_month, shown_value
from cobranca.campaigns.models import IndexSeries, IndexValue
from cobranca.campaigns.selectors import stored_values
from cobranca.common import trail
from cobranca.common.errors import DomainError

SERIES_FIELDS = ("name", "kind", "sgs_code", "months_back")
MOST_MONTHS_BACK = 12
TYPED, FROM_FILE, FROM_API = "Digitado", "Arquivo", "API"
# A trail of a whole history would not be read: the first ones stand for the rest.
_SHOWN_CHANGES = 24


class Saved(NamedTuple):
    """What became of the values given."""

    included: int
    changed: int
    equal: int


class FileRefusedError(DomainError):
    """A file has bad lines; each is named in `lines`, and nothing of it was saved."""

    def __init__(self, lines: list[str]) -> None:
        count = f"{len(lines)} linhas com erro" if len(lines) > 1 else "uma linha com erro"
        super().__init__(f"Nada foi gravado, o arquivo tem {count}: {lines[0]}", "file")
        self.lines = lines


@transaction.atomic
def save_index_series(*, series: IndexSeries, actor: User | None) -> IndexSeries:
    """Save an index; its kind, by which values are read, changes only while there are none."""
    series.name = series.name.strip()
    IndexSeries.objects.select_for_update().filter(pk=series.pk).first()
    check_index_series(series.pk, {name: getattr(series, name) for name in SERIES_FIELDS})
    before = trail.stored_snapshot(series, SERIES_FIELDS)
    series._history_user = actor  # type: ignore[attr-defined]
    series.save()
    changes = trail.differences(before, trail.snapshot(series, SERIES_FIELDS))
    if changes:
        action = "index_series.saved" if before else "index_series.created"
        log_action(action, series, actor, agency=series.agency, changes=changes)
    return series


def check_index_series(pk: int | None, told: Mapping[str, Any]) -> None:
    """Refuse an index that makes no sense, at the field."""
    if not told["name"].strip():
        raise DomainError("Informe o nome do índice.", "name")
    if told["months_back"] > MOST_MONTHS_BACK:
        raise DomainError("A data base retroage até 12 meses.", "months_back")
    has_values = IndexSeries.objects.filter(values__isnull=False).exclude(kind=told["kind"])
    if pk is not None and has_values.filter(pk=pk).exists():
        raise DomainError("Já há valores gravados deste tipo: crie outro índice.", "kind")


@transaction.atomic
def delete_index_series(*, series: IndexSeries, actor: User | None) -> None:
    """Delete an index and its values; refused while a campaign uses it."""
    log_action("index_series.deleted", series, actor, agency=series.agency)
    series._history_user = actor  # type: ignore[attr-defined]
    try:
        series.delete()
    except ProtectedError as error:
        raise DomainError("Há campanhas com este índice: troque o índice delas antes.") from error


@transaction.atomic
def save_index_values(
    series: IndexSeries,
    values: Mapping[date, Decimal],
    source: str,
    *,
    actor: User | None = None,
) -> Saved:
    """Store monthly values (each month by its first day); saving the same again writes nothing.

    Two that save at once follow one another. A value that makes no sense is refused by its month.
    """
    for month, value in values.items():
        problem = check_value(series.kind, month, value)
        if problem:
            raise DomainError(f"{shown_month(month)}: {problem}", "values")
    IndexSeries.objects.select_for_update().get(pk=series.pk)
    stored = stored_values(series, values)
    saved = compared(stored, values)
    different = [month for month in sorted(values) if stored.get(month) != values[month]]
    IndexValue.objects.bulk_create(
        [_row(series, month, values[month], source) for month in different],
        update_conflicts=True,
        unique_fields=["series", "month"],
        update_fields=["value", "source"],
    )
    if different:
        changes = _changes(different, stored, values, source)
        log_action("index_values.saved", series, actor, agency=series.agency, changes=changes)
    return saved


def _row(series: IndexSeries, month: date, value: Decimal, source: str) -> IndexValue:
    return IndexValue(
        agency=series.agency, series=series, month=month, value=value, source=source[:40]
    )


def compared(stored: Mapping[date, Decimal], values: Mapping[date, Decimal]) -> Saved:
    """Return what saving `values` over what is `stored` does."""
    included = sum(month not in stored for month in values)
    equal = sum(stored.get(month) == value for month, value in values.items())
    return Saved(included, len(values) - included - equal, equal)


def _changes(
    months: list[date],
    stored: Mapping[date, Decimal],
    values: Mapping[date, Decimal],
    source: str,
) -> dict[str, object]:
    changes: dict[str, object] = {
        shown_month(month): [_shown(stored.get(month)), _shown(values[month])]
        for month in months[:_SHOWN_CHANGES]
    }
    if len(months) > _SHOWN_CHANGES:
        changes["outros meses"] = str(len(months) - _SHOWN_CHANGES)
    return changes | {"origem": source}


def _shown(value: Decimal | None) -> str:
    return trail.EMPTY if value is None else shown_value(value)


def import_index_csv(
    series: IndexSeries, data: bytes, *, actor: User | None, source: str = FROM_FILE
) -> Saved:
    """Store the values of a file "mês;valor"; with a bad line in it nothing is stored."""
    return save_index_values(series, read_index_csv(series, data), source, actor=actor)


def read_index_csv(series: IndexSeries, data: bytes) -> dict[date, Decimal]:
    """Return the values of a file, or refuse it naming every bad line."""
    values, lines = parse_csv(data, series.kind)
    if lines:
        raise FileRefusedError(lines)
    if not values:
        raise FileRefusedError(["o arquivo não tem nenhum valor."])
    return values


@transaction.atomic
def delete_index_value(*, value: IndexValue, actor: User | None) -> None:
    """Take one month out of an index."""
    changes = {shown_month(value.month): [shown_value(value.value), trail.EMPTY]}
    log_action("index_value.deleted", value.series, actor, agency=value.agency, changes=changes)
    value.delete()
