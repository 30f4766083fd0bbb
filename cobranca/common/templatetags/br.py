"""How values look on screen: money, documents, phones, ages."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils.formats import number_format

from cobranca.common import clock, viewer
from cobranca.common.documents import format_document
from cobranca.common.masking import mask_document
from cobranca.common.places import format_postal_code

register = template.Library()


@register.filter
def money(value: Decimal | None) -> str:
    """1.234,56; nothing for None. What is smaller than a centavo is left off, not rounded."""
    if type(value) is not Decimal or not value.is_finite():
        return "" if value is None else number_format(value, 2, use_l10n=True, force_grouping=True)
    # A tenth of Django's time: a page has hundreds of amounts.
    sign, digits = ("-", f"{-value:f}") if value < 0 else ("", f"{value:f}")
    reais, _, rest = digits.partition(".")
    shown = f"{int(reais):,}".replace(",", ".") + "," + f"{rest}00"[:2]
    return shown if shown == "0,00" else sign + shown


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
    """CPF or CNPJ with punctuation, masked for whoever may not see it."""
    shown = viewer.shown_document(value or "")
    return shown if shown != value else format_document(shown)


@register.filter
def raw_document(value: str) -> str:
    """CPF or CNPJ in digits, to be copied; masked for whoever may not see it."""
    return viewer.shown_document(value or "")


@register.filter
def masked(value: str) -> str:
    """CPF or CNPJ with its middle hidden."""
    return mask_document(value or "")


@register.filter
def phone(value: str) -> str:
    """(48) 99999-0000; (48) *****-0000 for whoever may not see it."""
    return viewer.shown_phone(value or "")


@register.filter
def raw_phone(value: str) -> str:
    """A phone in digits, to be copied; masked for whoever may not see it."""
    return viewer.shown_number(value or "")


@register.filter
def email(value: str) -> str:
    """An e-mail, masked for whoever may not see it."""
    return viewer.shown_email(value or "")


@register.filter
def personal(value: str) -> str:
    """Free text; documents, phones and e-mails in it are masked for whoever may not see them."""
    return viewer.shown_text(value or "")


@register.filter
def cep(value: str) -> str:
    """88010-000."""
    return format_postal_code(value or "")


@register.filter
def days_late(due: date | None) -> int | str:
    """Days since a due date; nothing while it is not late, or for a debtor without a summary."""
    if not isinstance(due, date):
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
