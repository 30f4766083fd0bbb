"""Pages of lists that only grow: nobody waits while a million rows are counted."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

MOST_COUNTED = 10_000

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator


class LongListPaginator(_Paginator):
    """Counts up to MOST_COUNTED and pages through as many: beyond, one narrows the filters."""

    def __init__(self, rows: QuerySet[Any], per_page: int) -> None:
        super().__init__(rows, per_page)
        self._rows = rows

    @cached_property
    def _counted(self) -> int:
        return self._rows[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        """Return the rows that can be paged through."""
        return min(self._counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        """Tell whether there are more rows than are counted."""
        return self._counted > MOST_COUNTED
