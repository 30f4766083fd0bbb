"""REST: imports, connections and the log of calls."""

from rest_framework.routers import SimpleRouter

from integrations.core.api.connections import ConnectionViewSet
from integrations.core.api.imports import ImportViewSet
from integrations.core.api.logs import IntegrationLogViewSet

router = SimpleRouter()
router.register("imports", ImportViewSet, basename="imports")
router.register("connections", ConnectionViewSet, basename="connections")
router.register("integration-logs", IntegrationLogViewSet, basename="integration-logs")
api_urls = router.urls
