"""Writes as people see them."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet

from cobranca.contracts.erp_steps import WriteStep
from integrations.core.models import ErpOperation, ErpOperationStep
from integrations.core.states import OperationStep as Step

# Nothing more is to be done about these.
ENDED = (Step.DONE, Step.REFUSED, Step.UNDONE)


def operations() -> "QuerySet[ErpOperation]":
    """Return writes, newest first, with whom they are about."""
    return ErpOperation.objects.select_related("creditor", "contract__debtor").order_by("-pk")


def operation_detail() -> "QuerySet[ErpOperation]":
    """Return writes with their steps, oldest first."""
    told = ErpOperationStep.objects.order_by("pk")
    return operations().prefetch_related(Prefetch("steps", queryset=told))


def steps_of(key: str) -> Sequence[WriteStep]:
    """Return the steps of a write for the page of what it writes."""
    told = list(
        ErpOperationStep.objects.filter(operation__key=key)
        .select_related("operation")
        .order_by("pk")
    )
    return [
        WriteStep(each.get_step_display(), each.message, each.at, state_of(each, each is told[-1]))
        for each in told
    ]


def state_of(step: ErpOperationStep, is_last: bool) -> str:
    """Tell a step that was left behind from the one that is under way, and from a refusal."""
    if step.step == Step.REFUSED:
        return "failed"
    return "now" if is_last and step.step not in ENDED else "done"


def unended() -> "QuerySet[ErpOperation]":
    """Return the writes that somebody is at, or that were left behind, oldest first."""
    return (
        ErpOperation.objects.exclude(step__in=ENDED)
        .select_related("creditor__agency")
        .order_by("pk")
    )
