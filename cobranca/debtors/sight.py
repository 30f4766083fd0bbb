"""Which debtors whoever looks may open: all of the agency's, but for people of other offices.

Who works whom is known in telecobranca, above most rooms that show debtors: it installs the
answer at start-up. Tasks and commands, at which nobody looks, see everybody.
"""

from typing import Any, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from cobranca.common.viewer import looking
from cobranca.debtors.models import Debtor

AnyRow = TypeVar("AnyRow", bound=Model)


class Sight(Protocol):
    """Narrows rows to what somebody may open; the very same rows for whoever may open all."""

    def __call__(self, rows: QuerySet[Any], actor: Any, debtor: str) -> QuerySet[Any]:
        """Return the rows whose debtor, at the path `debtor`, `actor` may open."""


def _everybody(rows: QuerySet[Any], actor: Any, debtor: str) -> QuerySet[Any]:
    return rows


_sights: list[Sight] = [_everybody]


def install(sight: Sight) -> None:
    """Make `sight` the one that narrows."""
    _sights[:] = [sight]


def seen(rows: QuerySet[AnyRow], debtor: str = "pk") -> QuerySet[AnyRow]:
    """Narrow rows to those of debtors that whoever looks may open; costs no query."""
    actor = looking()
    return rows if actor is None else _sights[0](rows, actor, debtor)


def opens_to(actor: Any, debtor_id: int) -> bool:
    """Tell whether somebody may open a debtor; asks the database for outsiders alone."""
    every = Debtor.objects.filter(pk=debtor_id)
    narrowed = _sights[0](every, actor, "pk")
    return narrowed is every or narrowed.exists()


def check_seen(debtor_id: int) -> None:
    """404 for a debtor whom whoever looks may not open; asks the database for outsiders alone."""
    every = Debtor.objects.filter(pk=debtor_id)
    narrowed = seen(every)
    if narrowed is not every and not narrowed.exists():
        raise Http404
