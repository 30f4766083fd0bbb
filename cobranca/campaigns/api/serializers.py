"""Campaigns with their brackets, and indices with their months, on the wire."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from cobranca.campaigns import brackets, services
from cobranca.campaigns.index_files import PLACES
from cobranca.campaigns.models import (
    Campaign,
    CashBracket,
    IndexSeries,
    IndexValue,
    InstalmentBracket,
)
from cobranca.common.api.serializers import Fields, Row

STAMPS = ("created_at", "updated_at")


class PercentField(serializers.DecimalField):
    """A percentage as text: "10.00", "0.033333"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"max_digits": 9, "decimal_places": brackets.PERCENT_PLACES, **kwargs}
        super().__init__(**kwargs)

    def to_representation(self, value: Decimal) -> str:
        """Show two decimals, and more only where they say something."""
        whole, _, places = str(super().to_representation(value)).partition(".")
        return f"{whole}.{places.rstrip('0'):0<2}"


class PercentRow(Row):
    """A row whose decimals are percentages."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Show percentages without needless zeros."""
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if field_class is serializers.DecimalField:
            field_class = PercentField
        return field_class, kwargs


class BracketSerializer(PercentRow):
    """A bracket inside its campaign; `id` says which stored one is changed."""

    id = serializers.IntegerField(required=False, min_value=1)


class CashBracketSerializer(BracketSerializer):
    class Meta:
        model = CashBracket
        fields = ("id", *services.CASH.fields)


class InstalmentBracketSerializer(BracketSerializer):
    class Meta:
        model = InstalmentBracket
        fields = ("id", *services.INSTALMENTS.fields)


class CampaignSerializer(PercentRow):
    cash_brackets = CashBracketSerializer(many=True, required=False, label="faixas à vista")
    instalment_brackets = InstalmentBracketSerializer(
        many=True, required=False, label="faixas do parcelado"
    )

    class Meta:
        model = Campaign
        fields = (
            "id", *services.CAMPAIGN_FIELDS, "is_used", "cash_brackets", "instalment_brackets",
            *STAMPS,
        )  # fmt: skip
        read_only_fields = ("is_used",)


class IndexSeriesSerializer(Row):
    months = serializers.IntegerField(read_only=True, label="meses gravados")
    last_month = serializers.SerializerMethodField(label="último mês (AAAA-MM)")

    class Meta:
        model = IndexSeries
        fields = (
            "id", "name", "kind", "sgs_code", "months_back", "months", "last_month", *STAMPS,
        )  # fmt: skip

    def get_last_month(self, series: Any) -> str | None:
        """Return the newest month stored."""
        return f"{series.last_month:%Y-%m}" if series.last_month else None


class MonthField(serializers.DateField):
    """A month: "2026-03"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m", input_formats=["%Y-%m"], **kwargs)


class IndexValueSerializer(Row):
    month = MonthField(label="mês (AAAA-MM)")
    value = serializers.DecimalField(max_digits=18, decimal_places=PLACES, label="valor")

    class Meta:
        model = IndexValue
        fields = ("month", "value", "source")
        read_only_fields = ("source",)


class IndexValuesInput(Fields):
    values = IndexValueSerializer(many=True, allow_empty=False)


class SavedSerializer(Fields):
    included = serializers.IntegerField(label="incluídos")
    changed = serializers.IntegerField(label="alterados")
    equal = serializers.IntegerField(label="já estavam iguais")
