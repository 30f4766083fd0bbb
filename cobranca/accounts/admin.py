"""People of the agency, and agencies."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.forms import AdminPasswordChangeForm

from cobranca.accounts import services
from cobranca.accounts.access import actor_of
from cobranca.accounts.forms import AgencyDataForm, NewUserForm, UserForm
from cobranca.accounts.models import Agency, User
from cobranca.common import trail
from cobranca.common.admin import BrazilianAdmin, agency_of
from cobranca.common.errors import DomainError

# Roles are groups kept equal to roles.py; nobody edits them by hand.
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, BrazilianAdmin):
    """People of one's own agency. Operators of the installation see everyone's."""

    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "role", "team", "email", "is_active", "last_login")
    list_filter = ("is_active",)
    list_select_related = ("team",)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    # People come to a team on the page Equipes, where what they work is given back.
    readonly_fields = ("team", "last_login", "date_joined")
    filter_horizontal = ()
    actions = ("reset_two_factor", "close_sessions")

    @admin.action(description="Redefinir verificação em duas etapas", permissions=["change"])
    def reset_two_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Take the second factor of people away: they lost the phone."""
        self._to_each(request, queryset, services.reset_two_factor, "verificação redefinida")

    @admin.action(description="Encerrar sessões", permissions=["change"])
    def close_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End the sessions of people."""
        self._to_each(request, queryset, services.close_sessions, "sessões encerradas")

    def _to_each(
        self, request: HttpRequest, people: QuerySet[User], act: Callable[..., Any], told: str
    ) -> None:
        for user in people:
            try:
                act(user=user, actor=actor_of(request))
            except DomainError as error:
                self.message_user(request, f"{user}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, f"{user}: {told}.", messages.SUCCESS)

    @admin.display(description="nome")
    def full_name(self, obj: User) -> str:
        """Return the person's name."""
        return obj.get_full_name()

    @admin.display(description="papel")
    def role(self, obj: User) -> str:
        """Return the person's role."""
        return ", ".join(group.name for group in obj.groups.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Show people of the agency; an operator's account is nobody else's to change."""
        found = super().get_queryset(request).prefetch_related("groups")
        if request.user.is_superuser:
            return found
        return found.filter(agency=agency_of(request), is_superuser=False)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """Let operators choose the agency."""
        return () if request.user.is_superuser else ("agency",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields; rights are never among them."""
        person = ["username", ("first_name", "last_name"), "email", "role"]
        if request.user.is_superuser:
            person.append("agency")
        if obj is None:
            return [(None, {"fields": [*person, "password1", "password2"]})]
        seen = ["is_active", "password", "last_login", "date_joined"]
        return [(None, {"fields": [*person, "team"]}), ("Acesso", {"fields": seen})]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """People without an agency see users only as operators."""
        return self._has_users(request) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People without an agency see users only as operators."""
        return self._has_users(request) and super().has_view_permission(request, obj)

    def _has_users(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or agency_of(request) is not None

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save through the service, with the role."""
        services.save_user(user=obj, role=form.cleaned_data["role"], actor=actor_of(request))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Give a new password, and leave a trail of it."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            user = self.get_object(request, id)
            if user is not None:
                changed = {"senha": trail.SECRET_CHANGED}
                trail.record(
                    "user.password_changed", user, request.user, agency=user.agency, changes=changed
                )
        return response


@admin.register(Agency)
class AgencyAdmin(BrazilianAdmin):
    """Agencies, for operators of the installation."""

    form = AgencyDataForm
    list_display = ("name", "document", "state", "is_active")
    search_fields = ("name", "document")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Only operators."""
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only operators."""
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Only operators."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only operators."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An agency is switched off, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_agency(agency=obj, actor=actor_of(request))
