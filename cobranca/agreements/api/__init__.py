"""REST: agreements, their life, and what was received for them."""

from rest_framework.routers import SimpleRouter

from cobranca.agreements.api.payments import AgreementPaymentViewSet
from cobranca.agreements.api.views import AgreementViewSet

router = SimpleRouter()
router.register("agreements", AgreementViewSet, basename="agreements")
router.register("agreement-payments", AgreementPaymentViewSet, basename="agreement-payments")
api_urls = router.urls
