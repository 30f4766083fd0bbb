"""REST: agreements, their life, and what was received for them."""

from rest_framework.routers import SimpleRouter

from cobranca.agreements.api.documents import AgreementMailViewSet, CalculationMailViewSet
from cobranca.agreements.api.papers import (
    AgreementPaperViewSet,
    CalculationPaperViewSet,
    ReceiptViewSet,
)
from cobranca.agreements.api.payments import AgreementPaymentViewSet
from cobranca.agreements.api.templates import AgreementTemplateViewSet
from cobranca.agreements.api.views import AgreementViewSet

router = SimpleRouter()
router.register("agreements", AgreementViewSet, basename="agreements")
router.register("agreement-payments", AgreementPaymentViewSet, basename="agreement-payments")
router.register("agreements", AgreementMailViewSet, basename="agreement-mail")
router.register("calculation-mails", CalculationMailViewSet, basename="calculation-mails")
router.register("agreements", AgreementPaperViewSet, basename="agreement-papers")
router.register("agreement-payments", ReceiptViewSet, basename="agreement-receipts")
router.register("calculation-documents", CalculationPaperViewSet, basename="calculation-documents")
router.register("agreement-templates", AgreementTemplateViewSet, basename="agreement-templates")
api_urls = router.urls
