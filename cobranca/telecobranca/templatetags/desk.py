"""Words and icons of the debtor page."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone

from cobranca.common import clock
from cobranca.contracts.models import EventKind
from cobranca.contracts.states import RecallReason

register = template.Library()

ICONS: dict[str, str] = {
    EventKind.IMPORT: "import",
    EventKind.SYNC: "refresh-cw",
    EventKind.RECALL: "undo-2",
    EventKind.REOPEN: "rotate-ccw",
    EventKind.TRANSFER: "arrow-right-left",
    EventKind.TERMINATION: "file-x",
    EventKind.PAYMENT: "circle-dollar-sign",
    EventKind.DIRECT_PAYMENT: "circle-dollar-sign",
    EventKind.AGREEMENT: "handshake",
    EventKind.BREACH: "heart-crack",
    EventKind.CONTACT: "phone-call",
    EventKind.CONTACT_DATA: "id-card",
    EventKind.NOTE: "sticky-note",
    EventKind.NOTICE: "bell",
    EventKind.BUREAU: "shield-alert",
}


WEEKDAYS = (
    "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado",
    "domingo",
)  # fmt: skip


@register.filter
def event_icon(kind: str) -> str:
    """Name of the icon of a kind of event."""
    return ICONS.get(kind, "circle")


@register.filter
def day_name(at: datetime) -> str:
    """Hoje, Ontem, or quarta-feira, 24/11/2021."""
    day = timezone.localtime(at).date()
    passed = clock.today() - day
    if passed == timedelta(0):
        return "Hoje"
    if passed == timedelta(days=1):
        return "Ontem"
    return f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


@register.filter
def hour(at: datetime) -> str:
    """14:05, in the office's time zone."""
    return f"{timezone.localtime(at):%H:%M}"


@register.filter
def recall_reason(reason: str) -> str:
    """Label of a built-in reason; a reason of the agency as it is written."""
    return str(RecallReason(reason).label) if reason in RecallReason.values else reason


@register.filter
def centavos(value: Decimal) -> str:
    """Whole centavos, for scripts that add up."""
    return f"{int(value * 100)}"
