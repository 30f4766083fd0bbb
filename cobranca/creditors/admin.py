"""Configurações: creditors, branches, contract types and the integrations switched on."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from import_export.admin import ImportExportModelAdmin
from simple_history.admin import SimpleHistoryAdmin
from unfold.contrib.import_export.forms import ImportForm, SelectableFieldsExportForm

from cobranca.accounts.access import actor_of
from cobranca.common.admin import (
    BrazilianAdmin,
    BrazilianTabularInline,
    HistoryMixin,
    agency_of,
)
from cobranca.creditors import services
from cobranca.creditors.forms import (
    ActivationForm,
    BranchForm,
    ContractTypeForm,
    CreditorForm,
)
from cobranca.creditors.models import (
    Branch,
    ContractType,
    ContractTypeAttribute,
    Creditor,
    CreditorTypeActivation,
)
from cobranca.creditors.resources import BranchResource, ContractTypeResource
from cobranca.creditors.types import creditor_type, label_of

GONE = "Este arquivo já entrou ou a prévia expirou: confira a lista ou envie-o outra vez."


class TableMixin(ImportExportModelAdmin):
    """A table that goes out as a file and comes in from one, after a preview."""

    import_form_class = ImportForm
    export_form_class = SelectableFieldsExportForm

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Tell the resource whose rows it brings in and who does."""
        return {"agency": agency_of(request), "actor": request.user}

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Tell the resource whose rows it takes out."""
        return {"agency": agency_of(request), "actor": request.user}

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Show the form of an export; a query that makes no sense leads back to the list."""
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            return redirect("..")

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Bring in the table of a preview, once: what it kept goes with it or after a day."""
        kept = self.get_tmp_storage_class()(name=request.POST.get("import_file_name", ""))
        if request.method == "POST" and kept.read() is None:
            self.message_user(request, GONE, messages.WARNING)
            return redirect("..")
        return super().process_import(request, **kwargs)

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Bringing a table in adds and changes rows."""
        return self.has_add_permission(request) and self.has_change_permission(request)


@admin.register(CreditorTypeActivation)
class CreditorTypeActivationAdmin(BrazilianAdmin):
    """Configurações › Integrações › Tipo de Credor."""

    form = ActivationForm
    list_display = ("name", "created_at")

    @admin.display(description="tipo de credor")
    def name(self, obj: CreditorTypeActivation) -> str:
        """Return how people call it."""
        return label_of(obj.code)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A type is on or off; there is nothing to change."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Switch the type on."""
        activation = services.activate_creditor_type(
            obj.code,
            agency=agency_of(request),
            actor=actor_of(request),
        )
        obj.pk = activation.pk

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Switch the type off."""
        services.deactivate_creditor_type(activation=obj, actor=actor_of(request))


@admin.register(Creditor)
class CreditorAdmin(HistoryMixin, SimpleHistoryAdmin, BrazilianAdmin):
    """Configurações › Empresas › Cadastro de Credor."""

    form = CreditorForm
    list_display = ("legal_name", "trade_name", "type_name", "external_code", "is_active", "links")
    list_filter = ("is_active", "creditor_type")
    search_fields = ("legal_name", "trade_name", "document", "external_code")
    readonly_fields = ("links",)
    fieldsets = (
        (None, {"fields": (("document", "is_active"), "legal_name", "trade_name", "links")}),
        ("Integração", {"fields": ("creditor_type", ("external_code", "acronym"))}),
        (
            "Endereço",
            {
                "fields": (
                    ("postal_code", "state", "city"),
                    ("street", "street_number"),
                    ("complement", "district"),
                )
            },
        ),
        ("Contato", {"fields": (("phone", "email"), "logo")}),
    )

    @admin.display(description="tipo de credor")
    def type_name(self, obj: Creditor) -> str:
        """Return how people call the creditor's type."""
        return label_of(obj.creditor_type) if obj.creditor_type else "Sem integração"

    @admin.display(description="ligações")
    def links(self, obj: Creditor) -> str:
        """Return links to the creditor's branches and parameters."""
        if obj._state.adding:
            return "Filiais e parâmetros aparecem depois de salvar."
        branches = reverse("admin:creditors_branch_changelist")
        parameters = reverse("creditors:creditor_parameters")
        return format_html(
            '<a href="{}?creditor__id__exact={}">Filiais</a> · '
            '<a href="{}?credor={}">Parâmetros</a>',
            *(branches, str(obj.pk), parameters, str(obj.pk)),
        )

    def save_model(self, request: HttpRequest, obj: Creditor, form: Any, change: bool) -> None:
        """Save through the service, which creates the automatic settings."""
        services.save_creditor(creditor=obj, actor=actor_of(request))
        if not change and obj.creditor_type:
            kind = creditor_type(obj.creditor_type)
            self.message_user(
                request,
                f"Configurações automáticas do tipo {kind.label} criadas: valide-as em Parâmetros.",
                messages.WARNING,
            )


@admin.register(Branch)
class BranchAdmin(HistoryMixin, SimpleHistoryAdmin, BrazilianAdmin, TableMixin):
    """Configurações › Credor › Cadastro de Filial."""

    form = BranchForm
    resource_classes = (BranchResource,)
    list_display = ("code", "name", "creditor", "acronym", "source", "is_active")
    list_filter = ("creditor", "is_active", "source")
    list_select_related = ("creditor",)
    search_fields = ("code", "name", "document")
    readonly_fields = ("source",)
    fields = ("creditor", ("code", "acronym"), "name", "document", "is_active", "source")

    def save_model(self, request: HttpRequest, obj: Branch, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_branch(branch=obj, actor=actor_of(request))


class AttributeInline(BrazilianTabularInline):
    """Attributes of the product sold; key ones identify it."""

    model = ContractTypeAttribute
    fields = ("key", "label", "is_key", "position")


@admin.register(ContractType)
class ContractTypeAdmin(BrazilianAdmin, TableMixin):
    """Tipos de contrato with their attributes; automatic ones wait for somebody to confirm."""

    form = ContractTypeForm
    resource_classes = (ContractTypeResource,)
    inlines = (AttributeInline,)
    list_display = ("code", "name", "type_name", "is_validated")
    list_filter = ("is_validated",)
    search_fields = ("code", "name")
    actions = ("confirm",)
    fields = (("code", "name"), "creditor_type", "is_validated")

    @admin.display(description="tipo de credor")
    def type_name(self, obj: ContractType) -> str:
        """Return how people call the creditor type."""
        return label_of(obj.creditor_type) if obj.creditor_type else "Todos"

    @admin.action(description="Confirmar que foram validados", permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[ContractType]) -> None:
        """Confirm the chosen contract types."""
        for contract_type in queryset:
            services.confirm_contract_type(contract_type=contract_type, actor=actor_of(request))
        self.message_user(request, "Tipos de contrato confirmados.", messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: ContractType, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_contract_type(contract_type=obj, actor=actor_of(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the attributes through the service."""
        changed = formset.save(commit=False)
        services.save_attributes(
            contract_type=form.instance,
            changed=changed,
            removed=formset.deleted_objects,
            actor=actor_of(request),
        )
