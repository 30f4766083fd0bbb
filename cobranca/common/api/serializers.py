"""What resources look like on the wire."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from cobranca.common.api.filters import refuse_unknown

AnyRow = TypeVar("AnyRow", bound=Model)
JSON = JSONEncoder()


UNKNOWN = "Campo desconhecido."
READ_ONLY = "Este campo não se altera por aqui."


# Fields that read more than they describe; those with a reading of their own are not here.
KINDS: dict[type, type] = {
    serializers.CharField: str,
    serializers.EmailField: str,
    serializers.RegexField: str,
    serializers.SlugField: str,
    serializers.URLField: str,
    serializers.BooleanField: bool,
    serializers.IntegerField: int,
    serializers.PrimaryKeyRelatedField: int,
}
WANTED = {str: "Informe um texto.", bool: "Informe true ou false.", int: "Informe um número."}


def _kind_of(field: Any) -> type | None:
    return KINDS.get(type(field))


def _is(value: Any, kind: type) -> bool:
    """Tell whether a JSON value is of a kind; true and false are no numbers."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


class StrictMixin:
    """Refuses fields that nobody knows, and changes to those that are only read: dropped
    silently, they would pass for done. What was read may be sent back as it was."""

    fields: Mapping[str, Any]
    context: Mapping[str, Any]
    instance: Any

    def to_internal_value(self, data: Any) -> Any:
        """Read the input."""
        if isinstance(data, Mapping):
            refused = {str(name): [UNKNOWN] for name in data if str(name) not in self.fields}
            refused |= {name: [READ_ONLY] for name in self._forced(data)}
            refused |= self._mistyped(data)
            if refused:
                raise serializers.ValidationError(dict(sorted(refused.items())))
        return super().to_internal_value(data)  # type: ignore[misc]

    def _mistyped(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return what is said of values of another JSON type than described: REST framework
        would read 1 as a yes and as the text "1". A query string has only texts."""
        if self.context.get("is_query"):
            return {}
        return {
            name: [WANTED[told]]
            for name, value in data.items()
            if value is not None
            and (told := _kind_of(self.fields.get(name)))
            and not _is(value, told)
        }

    def _forced(self, data: Mapping[str, Any]) -> list[str]:
        """Return the names of read-only fields given another value than they have."""
        given = [name for name in data if name in self.fields and self.fields[name].read_only]
        if not given or not isinstance(self.instance, Model):
            return given
        shown = JSON.encode(self.to_representation(self.instance))  # type: ignore[attr-defined]
        known = json.loads(shown)
        return [name for name in given if data[name] != known.get(name)]


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
    serializer = serializer_class(data=given, context={"is_query": True})
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
