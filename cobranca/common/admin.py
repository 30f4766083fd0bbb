"""The admin as an office of one agency sees it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from cobranca.common import trail
from cobranca.common.errors import DomainError
from cobranca.common.forms import AgencyForm
from cobranca.common.models import AgencyModel


def agency_of(request: HttpRequest) -> Any:
    """Return the agency of whoever asks; None for an operator of the installation."""
    return getattr(request.user, "agency", None)


class BrazilianFieldsMixin:
    """Numbers as Brazilians type them, and lists that offer only the agency's own rows."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Accept 0,02 and 1.234,56: a number input would refuse both."""
        if isinstance(db_field, models.DecimalField | models.FloatField):
            kwargs |= {
                "localize": True,
                "widget": UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
            }
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any] | None:
        """Offer rows of the agency; tables with a scoped manager are narrowed by it already."""
        found = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        related = db_field.remote_field.model
        if not issubclass(related, AgencyModel) and hasattr(related, "agency_id"):
            rows = related._default_manager.all() if found is None else found
            return rows.filter(agency=agency_of(request))
        return found


class BrazilianAdmin(BrazilianFieldsMixin, ModelAdmin):
    """Base of every admin: one agency's rows, changed only by services.

    The request's scope narrows every query, so a row of another agency is simply not found.
    Subclasses say in `save_model` which service saves.
    """

    form = AgencyForm
    list_per_page = 50
    warn_unsaved_form = False

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave the agency out of forms: it is the user's."""
        return (*(super().get_exclude(request, obj) or ()), "agency")

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Tell the form whose agency it works for."""
        form = super().get_form(request, obj, *args, **kwargs)
        form.agency = agency_of(request)
        return form

    def _may_enter(self, request: HttpRequest) -> bool:
        return not issubclass(self.model, AgencyModel) or agency_of(request) is not None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Hide an agency's tables from people of no agency, whose queries would raise."""
        return self._may_enter(request) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse people of no agency."""
        return self._may_enter(request) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Refuse people of no agency."""
        return self._may_enter(request) and super().has_add_permission(request, *args)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse people of no agency."""
        return self._may_enter(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse people of no agency."""
        return self._may_enter(request) and super().has_delete_permission(request, obj)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404(f"{opts.verbose_name} {object_id}")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show a rule broken between the form and the save as a message, never as a 500."""
        view = super().changeform_view
        return self._told(request, lambda: view(request, object_id, form_url, extra_context))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Show a rule that forbids a removal as a message."""
        view = super().delete_view
        return self._told(request, lambda: view(request, object_id, extra_context))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Show a rule broken by an action on chosen rows as a message."""
        view = super().changelist_view
        return self._told(request, lambda: view(request, extra_context))

    def _told(self, request: HttpRequest, view: Callable[[], Any]) -> Any:
        try:
            return view()
        except DomainError as error:
            if request.method != "POST":
                raise  # sent to the same page again, it would break there again
            self.message_user(request, error.message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Refuse a text that no column can hold."""
        return "\0" not in str(value) and super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Every admin names the service that saves."""
        raise NotImplementedError(f"{type(self).__name__} must save through a service")

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete a row of configuration and leave a trail."""
        agency = getattr(obj, "agency", None)
        trail.record(f"{obj._meta.model_name}.deleted", obj, request.user, agency=agency)
        obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete the chosen rows one by one, so that each leaves its trail: all or none."""
        with transaction.atomic():
            for obj in queryset:
                self.delete_model(request, obj)


class ReadOnlyAdmin(BrazilianAdmin):
    """A table that people only read."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


class BrazilianTabularInline(BrazilianFieldsMixin, TabularInline):
    """Rows of the agency below their owner; saved by the owner's service."""

    exclude = ("agency",)
    extra = 0


class HistoryMixin:
    """Versions of a row, seen and brought back only by its own agency.

    simple-history looks versions up in a table without scope: whether the row is the
    agency's is asked here, before it.
    """

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """Show the versions of a row of the agency."""
        self._must_be_ours(request, object_id)
        return super().history_view(request, object_id, *args, **kw)  # type: ignore[misc]

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, *args: Any, **kw: Any
    ) -> Any:
        """Show one version of a row of the agency, and bring it back."""
        self._must_be_ours(request, object_id)
        return super().history_form_view(  # type: ignore[misc]
            request, object_id, version_id, *args, **kw
        )

    def _must_be_ours(self, request: HttpRequest, object_id: str) -> None:
        if self.get_object(request, object_id) is None:  # type: ignore[attr-defined]
            raise Http404
