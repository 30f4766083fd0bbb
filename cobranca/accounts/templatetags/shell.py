"""The frame's navigation."""

from django import template
from django.http import HttpRequest

from cobranca.accounts.navigation import Menu, menus_for

register = template.Library()


@register.simple_tag
def navigation(request: HttpRequest) -> list[Menu]:
    """Return the menus of whoever is looking."""
    return menus_for(request) if request.user.is_authenticated else []
