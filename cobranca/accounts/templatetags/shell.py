"""The frame's navigation."""

from django import template
from django.http import HttpRequest

from cobranca.accounts.navigation import Menu, menus_for, places_for

register = template.Library()


@register.simple_tag
def navigation(request: HttpRequest) -> list[Menu]:
    """Return the menus of whoever is looking."""
    return menus_for(request) if request.user.is_authenticated else []


@register.simple_tag
def places(request: HttpRequest) -> str:
    """Write down the pages and actions that the command bar knows by name."""
    return places_for(request) if request.user.is_authenticated else ""
