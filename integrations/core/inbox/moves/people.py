"""What a person decides about an announcement."""

from datetime import datetime

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.bell import ring_on_commit
from cobranca.common.errors import DomainError
from integrations.core.inbox.bell import PROCESS
from integrations.core.models import WebhookDelivery
from integrations.core.states import AT_WORK, DeliveryStatus, check_delivery_move


@transaction.atomic
def retry(*, delivery_id: int, actor: User, now: datetime) -> WebhookDelivery:
    """Have an announcement processed now, with all its attempts."""
    row = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if row.status == DeliveryStatus.WAITING:
        if row.outcome == AT_WORK and row.due_at > now:
            raise DomainError("Este aviso está sendo processado agora.")
    else:
        check_delivery_move(row.status, DeliveryStatus.WAITING)
    row.status, row.due_at, row.attempts = DeliveryStatus.WAITING, now, 0
    row.outcome, row.error = "", ""
    row.save(update_fields=["status", "due_at", "attempts", "outcome", "error"])
    log_action("webhook_delivery.retried", row, actor, agency=row.agency)
    ring_on_commit(PROCESS, row.agency_id)
    return row


@transaction.atomic
def discard(*, delivery_id: int, actor: User, now: datetime) -> WebhookDelivery:
    """Give up an announcement; the row stays until the log is cleared."""
    row = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    check_delivery_move(row.status, DeliveryStatus.DISCARDED)
    row.status, row.processed_at = DeliveryStatus.DISCARDED, now
    row.save(update_fields=["status", "processed_at"])
    log_action("webhook_delivery.discarded", row, actor, agency=row.agency)
    return row
