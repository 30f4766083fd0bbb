"""The base of every resource."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from cobranca.common import trail
from cobranca.common.api.idempotency import IdempotentPosts
from cobranca.common.api.pagination import SequencePagination
from cobranca.common.api.scope import AgencyScopeMixin

MADE = (status.HTTP_201_CREATED, status.HTTP_202_ACCEPTED)


class Resource(IdempotentPosts, AgencyScopeMixin, GenericViewSet):
    """Rows of one table that belong to the caller's agency.

    Subclasses say which rows (`rows`), and which permissions an action needs where they are not
    the verb's own on `model`. Another agency's row is not found.
    """

    # What it is, in Portuguese, for the description of the API.
    about: ClassVar[str]
    model: type[Model]
    needs: ClassVar[dict[str, tuple[str, ...]]] = {}
    detail_serializer_class: Any = None
    lookup_value_regex = "[0-9]{1,18}"
    metadata_class = None

    @property
    def agency(self) -> Any:
        """The caller's agency."""
        return self.request.user.agency

    @property
    def actor(self) -> Any:
        """Who calls."""
        return self.request.user

    def rows(self) -> QuerySet[Any]:
        """Return the agency's rows with all that is shown of them."""
        return self.model._default_manager.all()

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows; the description of the API is made without any agency."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.rows()

    def get_object(self) -> Any:
        """Return the row of the address, whatever the query string says."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_serializer_class(self) -> Any:
        """Return how rows are shown: one alone may say more than in a list."""
        if self.detail_serializer_class and self.action != "list":
            return self.detail_serializer_class
        return super().get_serializer_class()

    def shown(self, pk: Any) -> Any:
        """Return a row as it now stands in the database."""
        return self.get_serializer(self.get_queryset().get(pk=pk)).data

    def page_of(self, rows: QuerySet[Any]) -> Response:
        """Answer one page of rows."""
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Say where to find what was made, and that personal data is not to be kept on the way."""
        response.headers["Cache-Control"] = "no-store"
        if self.action == "create" and response.status_code in MADE and "id" in response.data:
            with suppress(NoReverseMatch):
                place = reverse(f"{self.basename}-detail", args=[response.data["id"]])
                response.headers["Location"] = place
        return super().finalize_response(request, response, *args, **kw)


class Listed(Resource):
    """GET of a list that is no table: made in memory, paged by index."""

    pagination_class = SequencePagination
    filter_backends: Sequence[Any] = ()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one page."""
        page = self.paginate_queryset(self.lines())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def lines(self) -> Sequence[Any]:
        """Each resource says what is in its list."""
        raise NotImplementedError


class Lists(Resource):
    """GET of the collection."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one page."""
        return self.page_of(self.get_queryset())


class Reads(Lists):
    """GET of the collection and of one row."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one row."""
        return Response(self.get_serializer(self.get_object()).data)


class Creates(Resource):
    """POST to the collection."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a row."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = self.create_row(dict(serializer.validated_data))
        return Response(self.shown(row.pk), status=status.HTTP_201_CREATED)

    def create_row(self, values: dict[str, Any]) -> Model:
        """Each resource names the service that creates."""
        raise NotImplementedError


class Updates(Resource):
    """PUT and PATCH of one row."""

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change a row; PATCH changes only the fields it brings."""
        row = self.get_object()
        is_partial = request.method == "PATCH"
        serializer = self.get_serializer(row, data=request.data, partial=is_partial)
        serializer.is_valid(raise_exception=True)
        saved = self.update_row(row, dict(serializer.validated_data))
        return Response(self.shown(saved.pk))

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change some fields of a row."""
        return self.update(request, *args, **kwargs)

    def update_row(self, row: Any, values: dict[str, Any]) -> Model:
        """Each resource names the service that saves."""
        raise NotImplementedError


class Deletes(Resource):
    """DELETE of one row of configuration."""

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a row and leave a trail."""
        self.delete_row(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @transaction.atomic
    def delete_row(self, row: Any) -> None:
        """Delete; what is in use is refused by the database. Others name their service."""
        action = f"{row._meta.model_name}.deleted"
        trail.record(action, row, self.actor, agency=self.agency)
        row.delete()


def changed(row: Any, values: dict[str, Any]) -> Any:
    """Return `row`, not saved yet, with new values."""
    for name, value in values.items():
        setattr(row, name, value)
    return row
