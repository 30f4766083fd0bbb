"""A desk in a process of its own that dies (SIGKILL) at a chosen point of writing an agreement."""

import os
import signal
from collections.abc import Callable
from typing import Any

# Where it dies; "post" and "delete" hang inside the request and are killed from outside.
POINTS = ("held", "prepared", "sending", "accepted", "confirmed", "writing")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(act: Callable[..., Any], when: Callable[..., bool]) -> Callable[..., Any]:
    """Return `act`, dying once it is done when `when` says so of its arguments."""

    def acted(*args: Any, **kwargs: Any) -> Any:
        made = act(*args, **kwargs)
        if when(*args, **kwargs):
            die()
        return made

    return acted


def set_up(point: str) -> None:
    """Arrange the death. Each is right after a commit, but `writing`: right before one."""
    from cobranca.agreements.services import integrating, sending
    from integrations.core.operations import running, steps

    if point == "held":
        integrating._prepare = after(integrating._prepare, lambda *_: True)
    elif point == "prepared":
        running.steps.prepare = after(steps.prepare, lambda *_: True)
    elif point == "writing":
        sending._tell = after(sending._tell, lambda *_: True)
    else:
        steps.move = after(steps.move, lambda _operation, target, *_args, **_kw: target == point)


def write(agency_id: int, agreement_id: int, point: str) -> None:
    """Write an agreement into the ERP, or undo it if it is cancelled, and die on the way."""
    from django_scopes import scope

    from cobranca.accounts.models import Agency
    from cobranca.agreements.models import Agreement
    from cobranca.agreements.services import integrate_agreement, undo_in_erp

    with scope(agency=Agency.objects.get(pk=agency_id)):
        agreement = Agreement.objects.select_related("made_by").get(pk=agreement_id)
        if agreement.status == "cancelled":
            set_up(point)
            undo_in_erp(agreement_id)
        else:
            set_up(point)
            integrate_agreement(agreement_id=agreement_id, actor=agreement.made_by, on=agreement.on)
