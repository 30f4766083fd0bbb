"""“Quebra automática de acordos” on the schedule (AGR-05)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from functools import partial
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.agreements import selectors, services
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from cobranca.creditors.selectors import creditors_of
from cobranca.scheduling.registry import (
    CHOICE,
    ReadyModel,
    RunContext,
    TaskField,
    TaskType,
    register,
)
from cobranca.scheduling.states import Frequency

CODE = "break_agreements"
ALL = "todos"


def run(context: RunContext) -> Mapping[str, Any]:
    """Close what the ERP closed, break what is late, call off old proposals.

    One transaction per agreement: a run whose worker dies is taken up where it was, for what is
    done is no longer found. What refuses, an agreement or a creditor's settings, does not stop
    the others.
    """
    sweep = Sweep(context)
    for creditor in _creditors(context):
        sweep.over(creditor)
    counts, refused = sweep.counts, sweep.refused
    return {**counts, "refused": refused, "message": _message(counts, refused)}


class Sweep:
    """One pass over the agreements of creditors, and what came of it."""

    def __init__(self, context: RunContext) -> None:
        self._is_ours = context.is_ours
        self._on = clock.office_date(context.due_at)
        self.counts = {"closed": 0, "broken": 0, "expired": 0}
        self.refused: list[str] = []

    def over(self, creditor: Creditor) -> None:
        """Sweep a creditor's agreements. What was received in the ERP must not be broken."""
        on = self._on
        self._each("closed", partial(selectors.to_follow, creditor), services.follow_erp)
        self._each("broken", partial(selectors.to_break, creditor, on), services.break_if_late)
        self._each("expired", partial(selectors.to_expire, creditor, on), services.expire_proposal)

    def _each(self, name: str, find: Callable[[], list[int]], act: Callable[..., bool]) -> None:
        with self._noting():
            for agreement_id in find():
                if not self._is_ours():
                    return  # somebody else took the run over and goes on
                with self._noting(f"Acordo {agreement_id}: "):
                    self.counts[name] += act(agreement_id=agreement_id, on=self._on)

    @contextmanager
    def _noting(self, what: str = "") -> Iterator[None]:
        try:
            yield
        except DomainError as error:
            self.refused.append(f"{what}{error.message}")


def _creditors(context: RunContext) -> list[Creditor]:
    chosen = str(context.parameters.get("creditor", ALL))
    found = selectors.creditors_with_agreements(context.agency)
    return [one for one in found if chosen in (ALL, str(one.pk))]


def _message(counts: Mapping[str, int], refused: list[str]) -> str:
    text = (
        f"{counts['broken']} acordos quebrados, {counts['closed']} encerrados pelo ERP, "
        f"{counts['expired']} propostas vencidas."
    )
    return f"{text} Recusas: {len(refused)} ({refused[0]})"[:480] if refused else text


def _creditor_choices(agency: Agency) -> list[tuple[str, str]]:
    found = creditors_of(agency)
    return [(ALL, "Todos os credores"), *((str(one.pk), str(one)) for one in found)]


def install() -> None:
    """Make the task known."""
    register(
        TaskType(
            code=CODE,
            label="Quebra automática de acordos",
            run=run,
            subject=lambda _: CODE,
            fields=(
                TaskField("creditor", "Credor", CHOICE, choices=_creditor_choices, default=ALL),
            ),
            models=(
                ReadyModel(
                    code=CODE,
                    description="Quebra diária dos acordos em atraso",
                    frequency=Frequency.DAILY,
                    at_time=time(6),
                    parameters={"creditor": ALL},
                ),
            ),
        )
    )
