"""Agreements as they are, to be read; templates, to be set up."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from cobranca.accounts.access import actor_of
from cobranca.agreements import services
from cobranca.agreements.models import (
    Agreement,
    AgreementInstallment,
    AgreementItem,
    AgreementPayment,
    AgreementTemplate,
)
from cobranca.agreements.services.templates import LOCKED
from cobranca.agreements.template_locks import template_is_locked
from cobranca.common.admin import (
    BrazilianAdmin,
    BrazilianTabularInline,
    HistoryMixin,
    ReadOnlyAdmin,
)


class ReadOnlyInline(BrazilianTabularInline):
    """Parts of an agreement, changed only by its moves."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False


class ItemInline(ReadOnlyInline):
    """Parcelas originais."""

    model = AgreementItem
    fields = (
        "position",
        "contract",
        "installment",
        "days_late",
        "original",
        "correction",
        "penalty",
        "interest",
        "fee",
        "discount",
        "net",
        "covered_on",
        "credited",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return originals along with what names them."""
        return super().get_queryset(request).select_related("contract", "installment")


class ParcelInline(ReadOnlyInline):
    """Parcelas do acordo."""

    model = AgreementInstallment
    fields = ("number", "due_date", "amount", "paid", "paid_on", "status", "erp_number")


class PaymentInline(ReadOnlyInline):
    """Pagamentos, estornados also."""

    model = AgreementPayment
    fields = (
        "parcel",
        "paid_on",
        "amount",
        "means",
        "note",
        "recorded_by",
        "reversed_on",
        "reversed_by",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return payments along with what names them."""
        related = ("parcel", "recorded_by", "reversed_by")
        return super().get_queryset(request).select_related(*related)


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    """Acordos."""

    list_display = ("number", "debtor", "creditor", "status", "plan", "on", "total", "made_by")
    list_filter = ("status", "plan", "is_integrated", "creditor")
    list_select_related = ("debtor", "creditor", "made_by")
    search_fields = ("=number", "debtor__name", "debtor__document", "external_id")
    inlines = (ItemInline, ParcelInline, PaymentInline)


@admin.register(AgreementTemplate)
class AgreementTemplateAdmin(HistoryMixin, SimpleHistoryAdmin, BrazilianAdmin):
    """Templates de acordo; one in use keeps its effect and approval."""

    list_display = ("name", "effect", "approval", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Lock what a service contract relies on."""
        return LOCKED if obj is not None and template_is_locked(obj) else ()

    def get_actions(self, request: HttpRequest) -> Any:
        """Leave deletion to the page of each template, which asks whether it is in use."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse for a template that is in use, or that made agreements."""
        in_use = obj is not None and (template_is_locked(obj) or obj.agreements.exists())
        return not in_use and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_template(template=obj, actor=actor_of(request))
