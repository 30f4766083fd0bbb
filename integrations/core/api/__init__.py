"""REST: imports, connections and the log of calls."""

from rest_framework.routers import SimpleRouter

from integrations.core.api.budgets import CallBudgetViewSet
from integrations.core.api.connections import ConnectionViewSet
from integrations.core.api.hooks import SubscriptionViewSet
from integrations.core.api.imports import ImportViewSet
from integrations.core.api.logs import IntegrationLogViewSet
from integrations.core.api.operations import ErpOperationViewSet
from integrations.core.api.refusals import WebhookRefusalViewSet
from integrations.core.api.webhooks import WebhookDeliveryViewSet

router = SimpleRouter()
router.register("imports", ImportViewSet, basename="imports")
router.register("connections", ConnectionViewSet, basename="connections")
router.register("call-budgets", CallBudgetViewSet, basename="call-budgets")
router.register("erp-operations", ErpOperationViewSet, basename="erp-operations")
router.register("integration-logs", IntegrationLogViewSet, basename="integration-logs")
router.register("webhook-deliveries", WebhookDeliveryViewSet, basename="webhook-deliveries")
router.register("webhooks", SubscriptionViewSet, basename="webhooks")
router.register("webhook-refusals", WebhookRefusalViewSet, basename="webhook-refusals")
api_urls = router.urls
