"""Lists by page: {next, previous, results}, steady while rows come and go."""

from collections.abc import Sequence
from typing import Any

from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request

# Names of the query string that every list understands.
PAGING = ("cursor", "page_size")
LONGEST_KEY = 18


class StablePagination(pagination.CursorPagination):
    """Pages by key, oldest row first. Keys are unique, so that no page ends among equals."""

    ordering = "pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500
    page_size_query_description = "Quantos por página, até 500."
    cursor_query_description = "Vem pronto em `next` e `previous`."

    def get_page_size(self, request: Request) -> int:
        """Return how many rows are asked for; more than the limit gets the limit."""
        told = request.query_params.get(self.page_size_query_param)
        if told is None:
            return self.page_size
        if not _is_number(told) or int(told) == 0:
            raise ValidationError({"page_size": ["Informe um número inteiro de 1 a 500."]})
        return min(int(told), self.max_page_size)

    def decode_cursor(self, request: Request) -> Any:
        """Read the cursor; one that this API did not write is wrong input."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise _bad_cursor() from error
        if cursor and cursor.position is not None and not _is_number(cursor.position):
            raise _bad_cursor()
        return cursor


class NewestFirst(StablePagination):
    """Pages by key, newest row first: for what only grows."""

    ordering = "-pk"


class SequencePagination(StablePagination):
    """Pages of a list that is no table; the cursor's position is an index."""

    def paginate_queryset(
        self, queryset: Sequence[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """Return the rows of the page asked for."""
        self.request, self.base_url = request, request.build_absolute_uri()
        self.page_size = self.get_page_size(request)
        cursor = self.decode_cursor(request)
        self.start, self.total = int(cursor.position or 0) if cursor else 0, len(queryset)
        return list(queryset[self.start : self.start + self.page_size])

    def get_next_link(self) -> str | None:
        """Return the address of what follows."""
        after = self.start + self.page_size
        return self._link(after) if after < self.total else None

    def get_previous_link(self) -> str | None:
        """Return the address of what comes before."""
        return self._link(max(0, self.start - self.page_size)) if self.start else None

    def _link(self, start: int) -> str:
        cursor = pagination.Cursor(offset=0, reverse=False, position=str(start))
        return str(self.encode_cursor(cursor))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


def _bad_cursor() -> ValidationError:
    return ValidationError({"cursor": ["Cursor inválido: use o endereço que veio na lista."]})
