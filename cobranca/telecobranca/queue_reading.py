"""The queues of an agency as the ranking reads them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef

from cobranca.telecobranca.models import ContractAssignment, WorkQueue
from cobranca.telecobranca.queue_sql import Spec

NARROWED_BY = ("creditors", "branches", "campaigns", "teams")


def specs_of(agency_id: int) -> list[Spec]:
    """Return the active queues with what they are narrowed to, in their order; one query."""
    keys = {f"{name}_keys": _keys(name) for name in NARROWED_BY}
    found = WorkQueue.objects.filter(agency=agency_id, is_active=True).annotate(**keys)
    return [spec_of(queue) for queue in found.order_by("position", "pk")]


def _keys(name: str) -> ArraySubquery:
    through = getattr(WorkQueue, name).through
    relation: Any = WorkQueue._meta.get_field(name)
    column = through._meta.get_field(relation.m2m_reverse_field_name()).name
    rows = through._base_manager.filter(workqueue=OuterRef("pk")).order_by(column)
    return ArraySubquery(rows.values(key=F(f"{column}_id")))


def spec_of(queue: WorkQueue, chosen: dict[str, Sequence[Model]] | None = None) -> Spec:
    """Return a queue read by `specs_of`, or one not saved yet with what was `chosen` for it."""
    if chosen is None:
        keys = {name: getattr(queue, f"{name}_keys") for name in NARROWED_BY}
    else:
        keys = {name: [row.pk for row in chosen.get(name, ())] for name in NARROWED_BY}
    return Spec(queue=queue, **{name: tuple(found) for name, found in keys.items()})


def has_teams(agency_id: int) -> bool:
    """Tell whether contracts are distributed among teams at all."""
    return ContractAssignment.objects.filter(agency=agency_id).exists()
