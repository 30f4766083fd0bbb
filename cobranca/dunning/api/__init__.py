"""REST: the law of contact, attempts, results of contacts, promises, callbacks."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from cobranca.dunning.api.law import (
    ContactAttemptViewSet,
    ContactRuleViewSet,
    LegalHolidayViewSet,
    MayContactViewSet,
)
from cobranca.dunning.api.records import CallbackViewSet, ContactResultViewSet, PromiseViewSet

router = SimpleRouter()
router.register("contact-results", ContactResultViewSet, basename="contact-results")
router.register("promises", PromiseViewSet, basename="promises")
router.register("callbacks", CallbackViewSet, basename="callbacks")
router.register("contact-rules", ContactRuleViewSet, basename="contact-rules")
router.register("legal-holidays", LegalHolidayViewSet, basename="legal-holidays")
router.register("contact-attempts", ContactAttemptViewSet, basename="contact-attempts")
api_urls = [
    *router.urls,
    path("may-contact/", MayContactViewSet.as_view({"get": "ask"}), name="may-contact"),
]
