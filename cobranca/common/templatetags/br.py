"""How values look on screen: money, documents, phones, ages."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils.formats import number_format

from cobranca.common import clock
from cobranca.common.documents import format_document
from cobranca.common.masking import mask_document
from cobranca.common.phones import format_phone
from cobranca.common.places import format_postal_code

register = template.Library()


@register.filter
def money(value: Decimal | None) -> str:
    """1.234,56; nothing for None."""
    return "" if value is None else number_format(value, 2, use_l10n=True, force_grouping=True)


@register.filter
def reais(value: Decimal | None) -> str:
    """R$ 1.234,56, for sentences."""
    return "" if value is None else f"R$ {money(value)}"


@register.filter
def whole(value: int | None) -> str:
    """1.234; an en dash for None."""
    return "–" if value is None else number_format(value, 0, use_l10n=True, force_grouping=True)


@register.filter
def document(value: str) -> str:
    """CPF or CNPJ with punctuation."""
    return format_document(value or "")


@register.filter
def masked(value: str) -> str:
    """CPF or CNPJ with its middle hidden."""
    return mask_document(value or "")


@register.filter
def phone(value: str) -> str:
    """(48) 99999-0000."""
    return format_phone(value or "")


@register.filter
def cep(value: str) -> str:
    """88010-000."""
    return format_postal_code(value or "")


@register.filter
def days_late(due: date | None) -> int | str:
    """Days since a due date; nothing while it is not late."""
    if due is None:
        return ""
    late = (clock.today() - due).days
    return late if late > 0 else ""


@register.filter
def ago(at: datetime | None) -> str:
    """há 2 h, há 3 dias; "nunca" for None."""
    if at is None:
        return "nunca"
    passed = clock.now() - at
    if passed < timedelta(minutes=1):
        return "agora"
    if passed < timedelta(hours=1):
        return f"há {int(passed.total_seconds() // 60)} min"
    if passed < timedelta(days=1):
        return f"há {int(passed.total_seconds() // 3600)} h"
    return f"há {passed.days} dia{'s' if passed.days > 1 else ''}"


@register.filter
def moment(at: datetime | None) -> str:
    """31/12/2026 14:05, in the office's time zone."""
    return "" if at is None else clock.office_time(at).strftime("%d/%m/%Y %H:%M")


@register.filter
def yes_no(value: bool) -> str:
    """Sim or Não."""
    return "Sim" if value else "Não"
