"""What tables share."""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager


class TimestampedModel(models.Model):
    """A row that knows when it was made and last changed (set by the database)."""

    created_at = models.DateTimeField("criado em", db_default=Now(), editable=False)
    updated_at = models.DateTimeField("alterado em", db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Move `updated_at` with every change made through the ORM."""
        if not self._state.adding:
            self.updated_at = Now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}
        super().save(*args, **kwargs)


class AgencyModel(models.Model):
    """A row that belongs to one agency; a query without an agency in scope raises."""

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, verbose_name="assessoria", related_name="+"
    )

    objects = ScopedManager(agency="agency")

    class Meta:
        abstract = True


class AppendOnlyModel(models.Model):
    """A row written once: neither people nor code may change or delete it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError(f"{type(self).__name__} is append-only")
