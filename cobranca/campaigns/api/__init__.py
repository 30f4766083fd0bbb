"""REST: how debts are priced, and prices."""

from rest_framework.routers import SimpleRouter

from cobranca.campaigns.api.calculations import CalculationViewSet
from cobranca.campaigns.api.views import CampaignViewSet, IndexSeriesViewSet

router = SimpleRouter()
router.register("campaigns", CampaignViewSet, basename="campaigns")
router.register("index-series", IndexSeriesViewSet, basename="index-series")
router.register("calculations", CalculationViewSet, basename="calculations")
api_urls = router.urls
