"""What the integrations remember."""

from integrations.core.models.calls import CallUsage, ConnectionState, IntegrationLog
from integrations.core.models.loads import ImportIssue, ImportRun, LoadState
from integrations.core.models.operations import ErpOperation, ErpOperationStep
from integrations.core.models.webhooks import (
    WebhookDelivery,
    WebhookRefusal,
    WebhookSubscription,
)

__all__ = [
    "CallUsage",
    "ConnectionState",
    "ErpOperation",
    "ErpOperationStep",
    "ImportIssue",
    "ImportRun",
    "IntegrationLog",
    "LoadState",
    "WebhookDelivery",
    "WebhookRefusal",
    "WebhookSubscription",
]
