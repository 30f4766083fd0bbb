"""Lists by page."""

from rest_framework import pagination


class StablePagination(pagination.CursorPagination):
    """Pages by key, steady while rows come and go."""

    ordering = "pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500
