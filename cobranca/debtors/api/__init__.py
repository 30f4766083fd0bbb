"""REST: debtors, and how to reach them."""

from rest_framework.routers import SimpleRouter

from cobranca.debtors.api.contacts import AddressViewSet, EmailViewSet, PhoneViewSet
from cobranca.debtors.api.views import DebtorViewSet

router = SimpleRouter()
router.register("debtors", DebtorViewSet, basename="debtors")
router.register("phones", PhoneViewSet, basename="phones")
router.register("addresses", AddressViewSet, basename="addresses")
router.register("emails", EmailViewSet, basename="emails")
api_urls = router.urls
