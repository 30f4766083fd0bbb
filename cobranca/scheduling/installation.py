"""What beat has to know before the first task can run; safe to repeat at every start."""

from django.db import transaction
from django_scopes import scope, scopes_disabled

from cobranca.scheduling import bells
from cobranca.scheduling.models import ScheduledTask


def install_system_tasks() -> list[str]:
    """Make beat ring for the product's own tasks; return their names."""
    return bells.hang_system_bells()


@transaction.atomic
def install_schedules() -> list[str]:
    """Make beat ring for the product's own tasks and for every scheduled one."""
    with scopes_disabled():
        tasks = list(ScheduledTask.objects.select_related("agency"))
    for task in tasks:
        with scope(agency=task.agency):
            bells.hang_bell(task)
    return install_system_tasks()
