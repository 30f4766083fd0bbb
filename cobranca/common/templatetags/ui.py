"""Parts of the look that templates cannot say alone: icons, fields, badges, ages, addresses."""

import json
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context, Node
from django.template.base import Parser, Token
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cobranca.common import clock
from cobranca.common.notices import notices_for
from cobranca.common.templatetags.br import ago, moment
from cobranca.common.templatetags.steady import Once, is_steady, path_to

register = template.Library()

# A float would lose its trailing zeros: numbers travel through json as marked text.
_MARKED_NUMBER = re.compile(r'"\\u0000([^"\\]*)\\u0000"')

# Django's widget → Bootstrap's class; other inputs are "form-control".
_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "form-select"),
)


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("vendor/lucide/icons.svg")


@lru_cache(maxsize=512)
def icon(name: str, title: str = "", size: str = "") -> SafeString:
    """Draw an icon of static/vendor/lucide; with a title when no text stands beside it."""
    size_class = f" icon-{size}" if size else ""
    if title:
        return format_html(
            '<svg class="icon{}" role="img"><title>{}</title><use href="{}#{}"></use></svg>',
            *(size_class, title, _sprite(), name),
        )
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        *(size_class, _sprite(), name),
    )


_drawn = template.Library()
_drawn.simple_tag(icon)


@register.tag("icon")
def icon_tag(parser: Parser, token: Token) -> Node:
    """Draw an icon; one whose name is written in the template is drawn once."""
    node = _drawn.tags["icon"](parser, token)
    given = [*node.args, *node.kwargs.values()]
    return Once(node) if node.target_var is None and all(map(is_steady, given)) else node


@register.inclusion_tag("components/notices.html", takes_context=True)
def notices(context: Context) -> dict[str, Any]:
    """Say what whoever is here should know before they start."""
    return {"notices": notices_for(context["request"])}


@register.simple_tag
def nav_url(name: str, *args: Any) -> str:
    """Return the address of a named page; "" when this installation has no such page."""
    try:
        return path_to(name, *args)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", optional: bool = True) -> dict[str, Any]:
    """Draw one form field: label, help, error at the field, control."""
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "control": _control(bound),
        "is_checkbox": isinstance(widget, forms.CheckboxInput),
        "is_group": isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple),
        "show_optional": optional and not bound.field.required,
    }


def _control(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    own = next((css for kind, css in _CLASSES if isinstance(widget, kind)), "form-control")
    classes = f"{widget.attrs.get('class', '')} {own}".strip()
    notes = [f"{bound.auto_id}_help"] if bound.help_text else []
    notes += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs: dict[str, Any] = {"class": classes} if classes else {}
    if widget.attrs.get("placeholder") == bound.label:
        attrs["placeholder"] = ""  # the label stands right above
    if notes:
        attrs["aria-describedby"] = " ".join(notes)
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def freshness(at: datetime | None, hours: int = 26) -> SafeString:
    """Say how old something is: amber once older than `hours`, or when there is nothing."""
    stale = at is None or clock.now() - at > timedelta(hours=hours)
    return format_html(
        '<span class="fresh{}" title="{}"><i class="dot {}"></i>{}</span>',
        *(" stale" if stale else "", moment(at), "warn" if stale else "ok", ago(at)),
    )


@register.filter
def duration(seconds: float | timedelta | None) -> str:
    """8 s, 2 min 05 s, 1 h 10 min; an en dash for None."""
    if seconds is None:
        return "–"
    total = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    hours, rest = divmod(total, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {left:02} s" if minutes else f"{left} s"


@register.filter
def get_item(mapping: dict[Any, Any], key: Any) -> Any:
    """Return mapping[key]; None when it is not there."""
    return mapping.get(key)


@register.filter
def day(value: date | None) -> str:
    """31/12/2026, several times faster than `date:"d/m/Y"`: tables are full of them."""
    return "" if value is None else f"{value:%d/%m/%Y}"


@register.filter
def elapsed(end: datetime, start: datetime) -> str:
    """How long something took."""
    return duration(end - start)


@register.filter
def pretty(text: str) -> str:
    """Indent JSON to be read, numbers as they came; what is not JSON stays as it is."""
    try:
        decoded = json.loads(text, parse_float=lambda number: f"\0{number}\0")
    except ValueError:
        return text
    return _MARKED_NUMBER.sub(r"\1", json.dumps(decoded, ensure_ascii=False, indent=2))


@register.filter
def breakable(name: str) -> SafeString:
    """Let a long name_in_pieces continue on the next line after any of its pieces."""
    return format_html_join(mark_safe("_<wbr>"), "{}", ((piece,) for piece in name.split("_")))
