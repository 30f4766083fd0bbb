"""Filters of lists. A filter that nobody knows, or cannot be read, is refused: left out silently
it would pass for a list of everything."""

from typing import Any

from django import forms
from django_filters import rest_framework as rest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from cobranca.common.api.pagination import PAGING

LARGEST_KEY = 2**63 - 1
ALWAYS = {*PAGING, "format"}


@extend_schema_field(OpenApiTypes.INT)
class NumberFilter(rest.NumberFilter):
    """A whole number: a key, or an installment's number."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=LARGEST_KEY, **kwargs)

    def get_max_validator(self) -> None:
        """The field has its own."""


class DateFilter(rest.DateFilter):
    """A day, as 2026-12-31."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


class TrueFalseField(forms.CharField):
    """The words `true` and `false`."""

    def clean(self, value: Any) -> bool | None:
        """Return what the word says."""
        words = {"": None, "true": True, "false": False}
        told = str(value or "").strip().lower()
        if told not in words:
            raise forms.ValidationError("Informe true ou false.")
        return words[told]


class TrueFalseFilter(rest.BooleanFilter):
    """A yes or no."""

    field_class = TrueFalseField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.TextInput, **kwargs)


class AnyOfFilter(rest.MultipleChoiceFilter):
    """One of a few words, or several of them: status=open&status=negotiated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, distinct=False, **kwargs)


class StrictFilterBackend(rest.DjangoFilterBackend):
    """Filters by the view's filter set and refuses every other name in the query string."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """Return the rows asked for."""
        filters = self.get_filterset_class(view, queryset)
        known = filters.base_filters if filters else {}
        refuse_unknown(request, known)
        refuse_empty(request, known)
        return super().filter_queryset(request, queryset, view)


def refuse_unknown(request: Request, known: Any) -> None:
    """Refuse names in the query string other than `known` and those of every list."""
    strange = sorted(set(request.query_params) - set(known) - ALWAYS)
    if strange:
        offered = ", ".join(sorted({*known, *PAGING}))
        message = f"Filtro desconhecido. Existem: {offered}."
        raise ValidationError({name: [message] for name in strange})


def refuse_empty(request: Request, known: Any) -> None:
    """Refuse filters without a value, but for texts: debtor= would pass for everybody's."""
    empty = [
        name
        for name, told in known.items()
        if not isinstance(told, rest.CharFilter) and "" in request.query_params.getlist(name)
    ]
    if empty:
        raise ValidationError(
            {name: ["Informe um valor ou deixe o filtro fora."] for name in empty}
        )
