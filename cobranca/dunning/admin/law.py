"""The law of contact: everybody reads it, only operators change it. The policy is the agency's."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest

from cobranca.accounts.access import actor_of
from cobranca.common.admin import BrazilianAdmin, ReadOnlyAdmin, agency_of
from cobranca.common.errors import DomainError
from cobranca.common.forms import AgencyForm
from cobranca.dunning.models import ContactAttempt, ContactPolicy, ContactRule, LegalHoliday
from cobranca.dunning.services import rules


class CheckedForm(AgencyForm):
    """A form that asks the service whether the row makes sense, and tells it at the field."""

    check: Callable[[Any], None]

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            type(self).check(self.instance)
        except DomainError as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)


class RuleForm(CheckedForm):
    """A norm."""

    check = staticmethod(rules.check_rule)


class HolidayForm(CheckedForm):
    """A holiday by law."""

    check = staticmethod(rules.check_legal_holiday)


class PolicyForm(CheckedForm):
    """What an agency adds."""

    check = staticmethod(rules.check_policy)


class OperatorsAdmin(BrazilianAdmin):
    """A table that all agencies share: no role holds the permission to change it."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Only operators of the installation."""
        return bool(getattr(request.user, "is_superuser", False))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only operators of the installation."""
        return bool(getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only operators of the installation."""
        return bool(getattr(request.user, "is_superuser", False))


@admin.register(ContactRule)
class ContactRuleAdmin(OperatorsAdmin):
    """Regras de contato."""

    form = RuleForm
    list_display = (
        "place",
        "norm",
        "weekdays",
        "saturdays",
        "certainty",
        "valid_from",
        "is_active",
    )
    list_filter = ("is_active", "certainty", "state")
    search_fields = ("norm", "state", "note")
    fieldsets = (
        (None, {"fields": ("state", "norm", "source", "certainty", "is_active")}),
        ("Canais", {"fields": ("covers_call", "covers_sms", "covers_whatsapp", "covers_email")}),
        ("Horários (vazio: fechado; o fim não entra)", {"fields": (
            ("weekday_from", "weekday_to"), ("saturday_from", "saturday_to"),
            ("sunday_from", "sunday_to"), ("holiday_from", "holiday_to"),
        )}),
        ("Vigência e gravação", {"fields": (
            ("valid_from", "valid_to"), ("recording_required", "recording_days"), "note",
        )}),
    )  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A norm ends or is switched off: what was decided by it must stay explained."""
        return False

    @admin.display(description="UF", ordering="state")
    def place(self, rule: ContactRule) -> str:
        """Return the state, Brasil for the default."""
        return rule.state or "Brasil"

    @admin.display(description="dias úteis")
    def weekdays(self, rule: ContactRule) -> str:
        """Return the hours of a working day."""
        return _hours(rule.weekday_from, rule.weekday_to)

    @admin.display(description="sábado")
    def saturdays(self, rule: ContactRule) -> str:
        """Return the hours of a Saturday."""
        return _hours(rule.saturday_from, rule.saturday_to)

    def save_model(self, request: HttpRequest, obj: Any, form: BaseForm, change: bool) -> None:
        """Save through the service."""
        rules.save_rule(rule=obj, actor=actor_of(request))


@admin.register(LegalHoliday)
class LegalHolidayAdmin(OperatorsAdmin):
    """Feriados legais."""

    form = HolidayForm
    list_display = ("day", "name", "scope", "state", "city", "is_optional", "is_active")
    list_filter = ("scope", "state", "is_optional", "is_active")
    search_fields = ("name", "city")
    date_hierarchy = "day"

    def get_actions(self, request: HttpRequest) -> Any:
        """Leave out the removal of many: a few of them would come back."""
        return {}

    def save_model(self, request: HttpRequest, obj: Any, form: BaseForm, change: bool) -> None:
        """Save through the service."""
        rules.save_legal_holiday(holiday=obj, actor=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the service."""
        rules.delete_legal_holiday(holiday=obj, actor=actor_of(request))


@admin.register(ContactPolicy)
class ContactPolicyAdmin(BrazilianAdmin):
    """Política de contato: one row, the agency's."""

    form = PolicyForm
    list_display = ("daily_cap", "weekly_cap", "minutes_between", "earliest", "latest")
    fieldsets = (
        ("Horário legal também para", {"fields": (
            "window_for_sms", "window_for_whatsapp", "window_for_email",
        )}),
        ("Horário da assessoria (só pode ser mais estrito)", {"fields": (("earliest", "latest"),)}),
        ("Limites por pessoa", {"fields": (("daily_cap", "weekly_cap"), "minutes_between")}),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """An agency has one."""
        if not super().has_add_permission(request, *args):
            return False
        return not ContactPolicy.objects.filter(agency=agency_of(request)).exists()

    def save_model(self, request: HttpRequest, obj: Any, form: BaseForm, change: bool) -> None:
        """Save through the service."""
        rules.save_policy(policy=obj, actor=actor_of(request))


@admin.register(ContactAttempt)
class ContactAttemptAdmin(ReadOnlyAdmin):
    """Tentativas de contato, with what each decision rested on."""

    list_display = ("at", "debtor", "channel", "actor", "is_allowed", "rule", "reason")
    list_filter = ("is_allowed", "channel")
    date_hierarchy = "at"
    list_select_related = ("debtor", "actor")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactAttempt]:
        """Read along whom and by whom."""
        return super().get_queryset(request).select_related("debtor", "actor", "phone", "email")


def _hours(start: Any, end: Any) -> str:
    return f"{start:%H:%M}–{end:%H:%M}" if start and end else "fechado"
