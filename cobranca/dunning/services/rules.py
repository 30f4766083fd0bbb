"""Changing the law of contact (operators of the installation) and an office's own policy."""

from datetime import time
from typing import Any

from django.db import transaction

from cobranca.accounts.models import Agency, User
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.errors import DomainError
from cobranca.dunning.contact_law import forget_places
from cobranca.dunning.models import ContactPolicy, ContactRule, HolidayScope, LegalHoliday

DAYS = {
    "weekday": "dias úteis",
    "saturday": "sábado",
    "sunday": "domingo",
    "holiday": "feriado",
}
COVERED = ("covers_call", "covers_sms", "covers_whatsapp", "covers_email")
RULE_FIELDS = (
    "state", "norm", "source", "certainty", *COVERED,
    *(f"{day}_{end}" for day in DAYS for end in ("from", "to")),
    "recording_required", "recording_days", "valid_from", "valid_to", "is_active", "note",
)  # fmt: skip
HOLIDAY_FIELDS = (
    "scope", "state", "city", "ibge_code", "day", "name", "source", "is_optional", "is_active",
)  # fmt: skip
POLICY_FIELDS = (
    "window_for_sms", "window_for_whatsapp", "window_for_email", "earliest", "latest",
    "daily_cap", "weekly_cap", "minutes_between",
)  # fmt: skip


@transaction.atomic
def save_rule(*, rule: ContactRule, actor: User | None) -> ContactRule:
    """Save a norm that makes sense."""
    check_rule(rule)
    return _saved(rule, "contact_rule", RULE_FIELDS, actor, None)


def check_rule(rule: ContactRule) -> None:
    """Raise DomainError at the hours, channels or days of a norm that make no sense."""
    for day, label in DAYS.items():
        start, end = getattr(rule, f"{day}_from"), getattr(rule, f"{day}_to")
        _check_hours(start, end, label, f"{day}_to")
    if not any(getattr(rule, channel) for channel in COVERED):
        raise DomainError("Marque ao menos um canal.", "covers_call")
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise DomainError("O fim da vigência é antes do início.", "valid_to")


@transaction.atomic
def save_legal_holiday(*, holiday: LegalHoliday, actor: User | None) -> LegalHoliday:
    """Save a holiday that names its place."""
    check_legal_holiday(holiday)
    return _saved(holiday, "legal_holiday", HOLIDAY_FIELDS, actor, None)


def check_legal_holiday(holiday: LegalHoliday) -> None:
    """Leave of a holiday's place what its scope needs; DomainError at what is missing."""
    if holiday.scope == HolidayScope.NATIONAL:
        holiday.state = holiday.city = holiday.ibge_code = ""
    elif not holiday.state:
        raise DomainError("Informe a UF.", "state")
    if holiday.scope == HolidayScope.STATE:
        holiday.city = holiday.ibge_code = ""
    holiday.city = " ".join(holiday.city.split())
    if holiday.scope == HolidayScope.MUNICIPAL and not holiday.city:
        raise DomainError("Informe o município.", "city")


@transaction.atomic
def delete_legal_holiday(*, holiday: LegalHoliday, actor: User | None) -> None:
    """Delete a municipal holiday; the others come back each year and are switched off instead."""
    if holiday.scope != HolidayScope.MUNICIPAL:
        raise DomainError("Este feriado volta a cada ano: desmarque “vale como feriado”.")
    log_action("legal_holiday.deleted", holiday, actor, agency=None)
    holiday.delete()
    transaction.on_commit(forget_places)


@transaction.atomic
def save_policy(*, policy: ContactPolicy, actor: User | None) -> ContactPolicy:
    """Save what an office adds to the law, if it makes sense."""
    check_policy(policy)
    return _saved(policy, "contact_policy", POLICY_FIELDS, actor, policy.agency)


def check_policy(policy: ContactPolicy) -> None:
    """Raise DomainError at hours or caps that make no sense."""
    if policy.earliest is not None and policy.latest is not None:
        _check_hours(policy.earliest, policy.latest, "escritório", "latest")
    for cap in ("daily_cap", "weekly_cap"):
        if getattr(policy, cap) < 1:
            raise DomainError("Ao menos 1: para não contatar ninguém há bloqueios.", cap)
    if policy.weekly_cap < policy.daily_cap:
        raise DomainError("O limite de sete dias não pode ser menor que o do dia.", "weekly_cap")


def _check_hours(start: time | None, end: time | None, label: str, field: str) -> None:
    if (start is None) != (end is None):
        raise DomainError(f"Informe as duas horas ({label}), ou nenhuma: fechado.", field)
    if start is not None and end is not None and start >= end:
        raise DomainError(f"O fim deve ser depois do início ({label}).", field)


def _saved(
    row: Any, word: str, fields: tuple[str, ...], actor: User | None, agency: Agency | None
) -> Any:
    before = trail.stored_snapshot(row, fields)
    row.save()
    changes = trail.differences(before, trail.snapshot(row, fields))
    if changes:
        action = f"{word}.saved" if before else f"{word}.created"
        log_action(action, row, actor, agency=agency, changes=changes)
    transaction.on_commit(forget_places)
    return row
