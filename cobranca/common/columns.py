"""Columns that many tables have, each declared alike."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


def money_field(label: str) -> "models.DecimalField[Any, Decimal]":
    """Return a column for an amount in reais, to the cent, zero unless told."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, default=Decimal("0.00"))


def percent_field(label: str, *, at_most: int = 100) -> "models.DecimalField[Any, Decimal]":
    """Return a column for a percentage as people type it (2,00 is two per cent)."""
    zero = Decimal(0)
    return models.DecimalField(
        label,
        max_digits=9,
        decimal_places=6,
        default=zero,
        validators=[MinValueValidator(zero), MaxValueValidator(Decimal(at_most))],
    )
