"""REST: contracts, what is owed and paid on them, and the timeline."""

from rest_framework.routers import SimpleRouter

from cobranca.contracts.api.events import EventViewSet
from cobranca.contracts.api.money import BoletoViewSet, PaymentViewSet, RecallViewSet
from cobranca.contracts.api.views import ContractViewSet, DigestViewSet, InstallmentViewSet

router = SimpleRouter()
router.register("contracts", ContractViewSet, basename="contracts")
router.register("installments", InstallmentViewSet, basename="installments")
router.register("payments", PaymentViewSet, basename="payments")
router.register("recalls", RecallViewSet, basename="recalls")
router.register("boletos", BoletoViewSet, basename="boletos")
router.register("events", EventViewSet, basename="events")
router.register("digests", DigestViewSet, basename="digests")
api_urls = router.urls
