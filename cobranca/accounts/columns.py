"""Columns that name a user."""

from typing import Any

from django.conf import settings
from django.db import models

from cobranca.accounts.models import User


def user_field(label: str) -> "models.ForeignKey[Any, User | None]":
    """Return a column for who did something; empty when the system did it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )
