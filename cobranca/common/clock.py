"""The one clock. Only views, tasks, commands and admin read it; below them the day is `on`."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present instant, aware."""
    return timezone.now()


def today() -> date:
    """Return the present day in the office's time zone."""
    return timezone.localdate()
