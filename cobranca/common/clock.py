"""The one clock. Only views, tasks, commands and admin read it; below them the day is `on`."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present instant, aware."""
    return timezone.now()


def today() -> date:
    """Return the present day in the office's time zone."""
    return timezone.localdate()


def office_time(at: datetime) -> datetime:
    """Return an instant as the office's clock on the wall shows it."""
    return timezone.localtime(at)


def office_date(at: datetime) -> date:
    """Return the day of an instant in the office's time zone."""
    return timezone.localdate(at)
