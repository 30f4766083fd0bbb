"""REST: debtors, how to reach them, and the privacy of their data."""

from rest_framework.routers import SimpleRouter

from cobranca.debtors.api.blocks import BlockViewSet
from cobranca.debtors.api.contacts import AddressViewSet, EmailViewSet, PhoneViewSet
from cobranca.debtors.api.privacy import (
    DistinctPairViewSet,
    DuplicateViewSet,
    MergeViewSet,
    PrivacyRequestViewSet,
    ReadingViewSet,
)
from cobranca.debtors.api.views import DebtorViewSet

router = SimpleRouter()
router.register("debtors", DebtorViewSet, basename="debtors")
router.register("phones", PhoneViewSet, basename="phones")
router.register("addresses", AddressViewSet, basename="addresses")
router.register("emails", EmailViewSet, basename="emails")
router.register("contact-blocks", BlockViewSet, basename="contact-blocks")
router.register("merges", MergeViewSet, basename="merges")
router.register("debtor-duplicates", DuplicateViewSet, basename="debtor-duplicates")
router.register("debtor-distinctions", DistinctPairViewSet, basename="debtor-distinctions")
router.register("debtor-readings", ReadingViewSet, basename="debtor-readings")
router.register("privacy-requests", PrivacyRequestViewSet, basename="privacy-requests")
api_urls = router.urls
