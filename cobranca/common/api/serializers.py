"""What resources look like on the wire."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model
from rest_framework import serializers
from rest_framework.request import Request

from cobranca.common.api.filters import refuse_unknown

AnyRow = TypeVar("AnyRow", bound=Model)


class StrictMixin:
    """Refuses fields that nobody knows: dropped silently, a typing error would pass for done."""

    def to_internal_value(self, data: Any) -> Any:
        """Read the input."""
        if isinstance(data, Mapping):
            strange = {str(name) for name in data} - set(self.fields)  # type: ignore[attr-defined]
            if strange:
                message = ["Campo desconhecido."]
                raise serializers.ValidationError(dict.fromkeys(sorted(strange), message))
        return super().to_internal_value(data)  # type: ignore[misc]


class Fields(StrictMixin, serializers.Serializer):
    """Fields that are no table's."""


class Row(StrictMixin, serializers.ModelSerializer):
    """A row of a table. Whether it may stand beside the others is asked by `validated`, once its
    fields have their stored spelling."""

    def get_unique_together_validators(self) -> list[Any]:
        """Ask later: "0012" and "12" may be the same code."""
        return []


def validated(row: AnyRow) -> AnyRow:
    """Return the row if no other one of the agency is in its place."""
    row.validate_constraints()
    return row


def read_query(request: Request, serializer_class: type[Fields]) -> dict[str, Any]:
    """Return the query string of a list that is no table, or refuse it."""
    fields = serializer_class().fields
    refuse_unknown(request, fields)
    given = {name: request.query_params[name] for name in fields if name in request.query_params}
    serializer = serializer_class(data=given)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
