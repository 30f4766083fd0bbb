"""REST: contracts, what is owed and paid on them, and the timeline."""

from rest_framework.routers import SimpleRouter

from cobranca.contracts.api.erp import DebtorSyncViewSet, PaperViewSet, SecondCopyViewSet
from cobranca.contracts.api.events import EventViewSet
from cobranca.contracts.api.money import BoletoViewSet, PaymentViewSet, RecallViewSet
from cobranca.contracts.api.reasons import RecallReasonViewSet
from cobranca.contracts.api.views import ContractViewSet, DigestViewSet, InstallmentViewSet

router = SimpleRouter()
router.register("contracts", ContractViewSet, basename="contracts")
router.register("installments", InstallmentViewSet, basename="installments")
router.register("payments", PaymentViewSet, basename="payments")
router.register("recalls", RecallViewSet, basename="recalls")
router.register("boletos", BoletoViewSet, basename="boletos")
router.register("events", EventViewSet, basename="events")
router.register("digests", DigestViewSet, basename="digests")
router.register("recall-reasons", RecallReasonViewSet, basename="recall-reasons")
# Actions on rows of above, and on debtors: what the ERP is asked.
router.register("contracts", PaperViewSet, basename="contract-papers")
router.register("installments", SecondCopyViewSet, basename="installment-copies")
router.register("debtors", DebtorSyncViewSet, basename="debtor-syncs")
api_urls = router.urls
