"""Campanhas de cálculo with their two tables of brackets, checked while people type."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Count, QuerySet
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_GET, require_POST
from unfold.decorators import action

from cobranca.accounts.access import actor_of
from cobranca.campaigns import services
from cobranca.campaigns.admin.pages import PagesAdmin
from cobranca.campaigns.brackets import FILTERS
from cobranca.campaigns.fields import percent_form_field
from cobranca.campaigns.forms import (
    BracketForm,
    BracketFormSet,
    CampaignForm,
    CashBracketForm,
    CopyForm,
    InstalmentBracketForm,
    creditor_told,
    problems_by_field,
)
from cobranca.campaigns.models import Campaign, CashBracket, InstalmentBracket
from cobranca.campaigns.selectors import filter_choices
from cobranca.common import clock
from cobranca.common.admin import BrazilianTabularInline, agency_of
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor


class BracketInline(BrazilianTabularInline):
    """A table of brackets, drawn as one."""

    template = "admin/campaigns/bracket_table.html"
    formset = BracketFormSet
    form: type[BracketForm]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Draw narrow fields, without the theme's own classes."""
        if isinstance(db_field, models.DecimalField):
            return percent_form_field(db_field, widget=forms.TextInput())
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.IntegerField):
            field.widget = forms.TextInput(attrs={"autocomplete": "off"})
        if isinstance(db_field, models.BooleanField):
            field.widget = forms.CheckboxInput()
        return field

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Tell the rows whose agency they are of."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.agency = agency_of(request)
        return formset


class CashInline(BracketInline):
    """Faixas à vista."""

    model = CashBracket
    form = CashBracketForm
    fields = services.CASH.fields


class InstalmentInline(BracketInline):
    """Faixas do parcelado."""

    model = InstalmentBracket
    form = InstalmentBracketForm
    fields = services.INSTALMENTS.fields


@admin.register(Campaign)
class CampaignAdmin(PagesAdmin):
    """Configurações › Empresa › Configuração de cálculo (playbook 6.6)."""

    form = CampaignForm
    inlines = (CashInline, InstalmentInline)
    change_form_template = "admin/campaigns/campaign_form.html"
    compressed_fields = False
    list_display = ("name", "creditor", "validity", "priority", "tables", "is_portal", "is_active")
    list_filter = ("is_active", "is_portal", "creditor")
    list_select_related = ("creditor",)
    search_fields = ("name", "creditor__legal_name", "creditor__trade_name")
    actions_detail = ("copy",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "creditor", "is_active", "is_portal"),
                    ("valid_from", "valid_to", "priority"),
                    ("index", "early_annual_percent"),
                )
            },
        ),
    )

    class Media:
        css = {"all": ("css/campaigns.css",)}
        js = (Script("js/campaigns.js", defer=True),)

    @admin.display(description="vigência", ordering="valid_from")
    def validity(self, obj: Campaign) -> str:
        """Return from when to when."""
        last = f" a {obj.valid_to:%d/%m/%Y}" if obj.valid_to else " em diante"
        return f"{obj.valid_from:%d/%m/%Y}{last}"

    @admin.display(description="faixas")
    def tables(self, obj: Any) -> str:
        """Return how many brackets each table has."""
        return f"{obj.cash_count} à vista, {obj.instalment_count} parcelado"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """Count the brackets along."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                cash_count=Count("cash_brackets", distinct=True),
                instalment_count=Count("instalment_brackets", distinct=True),
            )
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A campaign stays with its creditor."""
        return ("creditor",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin today, with the only creditor there is."""
        initial: dict[str, Any] = {"valid_from": clock.today()}
        creditors = Creditor.objects.filter(agency=agency_of(request), is_active=True)[:2]
        if len(creditors) == 1:
            initial["creditor"] = creditors[0].pk
        return initial | super().get_changeform_initial_data(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Read percentages as people write them; creditors and indices are made on their pages."""
        if isinstance(db_field, models.DecimalField):
            return percent_form_field(db_field)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Offer in the rows' filters what the creditor has."""
        told = obj.creditor_id if obj else None
        initial = self.get_changeform_initial_data(request).get("creditor")
        creditor = creditor_told(
            told or request.POST.get("creditor") or initial, agency_of(request)
        )
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        return {**kwargs, "form_kwargs": {"choices": filter_choices(creditor)}}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say where the page's script asks."""
        context["check_url"] = reverse("admin:campaigns_campaign_check")
        context["filters_url"] = reverse("admin:campaigns_campaign_filters")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_campaign(
            campaign=obj,
            actor=actor_of(request),
            seen_at=form.cleaned_data["seen_at"],
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save a table through the service, whole."""
        formset.save(commit=False)
        campaign, actor = form.instance, actor_of(request)
        rows = [row.instance for row in formset.standing()]
        if formset.model is CashBracket:
            services.save_brackets(campaign=campaign, actor=actor, cash=rows)
        else:
            services.save_brackets(campaign=campaign, actor=actor, instalments=rows)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the service, which keeps used ones."""
        services.delete_campaign(campaign=obj, actor=actor_of(request))

    # --- while typing -----------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Add what the form's script asks."""
        return [
            self.page("check/", require_POST(self.check_view), "check"),
            self.page("filters/", require_GET(self.filters_view), "filters"),
            *super().get_urls(),
        ]

    def check_view(self, request: HttpRequest) -> JsonResponse:
        """Answer what is wrong in a form that is not saved yet, by the rules of saving."""
        key = request.POST.get("campaign", "")
        obj = self._campaign_of(key, request) if key else None
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        form_class = self.get_form(request, obj, change=obj is not None, fields=fields)
        form = form_class(request.POST, instance=obj)
        formsets, _ = self._create_formsets(request, form.instance, change=obj is not None)
        return JsonResponse(problems_by_field(form, formsets))

    def _campaign_of(self, key: str, request: HttpRequest) -> Campaign:
        obj: Campaign | None = self.get_object(request, key)
        if obj is None:
            raise Http404
        return obj

    def filters_view(self, request: HttpRequest) -> JsonResponse:
        """Answer what the filters offer for a creditor."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        creditor = creditor_told(request.GET.get("creditor"), agency_of(request))
        choices = filter_choices(creditor)
        return JsonResponse({name: choices.of(name) for name in FILTERS})

    # --- copies -----------------------------------------------------------------------------------

    @action(description="Copiar", url_path="copiar", permissions=["copy"])
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Copy a campaign for one or more creditors, under a name and validity of its own."""
        campaign = self._campaign_of(object_id, request)
        form = CopyForm(campaign, request.POST or None, initial=_copy_initial(campaign))
        if form.is_valid() and (copies := self._copied(request, campaign, form)):
            names = ", ".join(str(copy.creditor) for copy in copies)
            self.message_user(request, f"Campanha copiada para {names}.", messages.SUCCESS)
            if len(copies) == 1:
                return redirect("admin:campaigns_campaign_change", copies[0].pk)
            return redirect("admin:campaigns_campaign_changelist")
        context = self.page_context(request, f"Copiar {campaign}", form=form, original=campaign)
        return render(request, "admin/campaigns/copy.html", context)

    def has_copy_permission(self, request: HttpRequest, *args: Any) -> bool:
        """A copy is one more campaign."""
        return self.has_add_permission(request)

    def _copied(self, request: HttpRequest, campaign: Campaign, form: CopyForm) -> list[Campaign]:
        told = form.cleaned_data
        try:
            with transaction.atomic():
                return [
                    services.copy_campaign(
                        campaign=campaign,
                        creditor=creditor,
                        name=told["name"],
                        validity=(told["valid_from"], told["valid_to"]),
                        is_active=told["is_active"],
                        actor=actor_of(request),
                    )
                    for creditor in told["creditors"]
                ]
        except DomainError as error:
            field = "creditors" if error.field == "creditor" else error.field
            form.add_error(field if field in form.fields else None, error.message)
            return []


def _copy_initial(campaign: Campaign) -> dict[str, Any]:
    return {
        "name": f"{campaign.name[:70]} (cópia)",
        "valid_from": clock.today(),
        "valid_to": campaign.valid_to,
        "creditors": [campaign.creditor_id],
    }
