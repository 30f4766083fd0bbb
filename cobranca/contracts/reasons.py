"""Reasons for recalls that an agency adds to the built-in ones."""

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.errors import DomainError
from cobranca.contracts.models import AgencyRecallReason
from cobranca.contracts.states import RecallReason

FIELDS = ("code", "label")


@transaction.atomic
def save_recall_reason(*, reason: AgencyRecallReason, actor: User) -> AgencyRecallReason:
    """Save a reason; the built-in ones cannot be given another meaning."""
    if reason.code in RecallReason.values:
        raise DomainError("Este código é de um motivo do sistema: escolha outro.", "code")
    before = trail.stored_snapshot(reason, FIELDS)
    reason.label = reason.label.strip()
    reason.save()
    changes = trail.differences(before, trail.snapshot(reason, FIELDS))
    if changes:
        action = "recall_reason.saved" if before else "recall_reason.created"
        log_action(action, reason, actor, agency=reason.agency, changes=changes)
    return reason
