"""REST: creditors, their branches and contract types, and every parameter."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from cobranca.creditors.api.checking import (
    ContractTypeCheckViewSet,
    CreditorCheckViewSet,
    OnboardingViewSet,
)
from cobranca.creditors.api.parameters import ParameterViewSet
from cobranca.creditors.api.types import CreditorTypeViewSet
from cobranca.creditors.api.views import BranchViewSet, ContractTypeViewSet, CreditorViewSet

router = SimpleRouter()
router.register("creditors", CreditorViewSet, basename="creditors")
router.register("branches", BranchViewSet, basename="branches")
router.register("contract-types", ContractTypeViewSet, basename="contract-types")
router.register("creditor-types", CreditorTypeViewSet, basename="creditor-types")
# Actions on rows of above.
router.register("creditors", CreditorCheckViewSet, basename="creditor-checks")
router.register("contract-types", ContractTypeCheckViewSet, basename="contract-type-checks")
router.register("onboarding-steps", OnboardingViewSet, basename="onboarding-steps")
parameters = ParameterViewSet.as_view({"get": "list", "put": "put_value"})
choices = ParameterViewSet.as_view({"get": "choices"})
api_urls = [
    *router.urls,
    path("parameters/", parameters, name="parameters"),
    path("parameters/choices/", choices, name="parameter-choices"),
]
