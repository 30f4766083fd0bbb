"""What pages about one's own account ask."""

from typing import Any

from django import template

from cobranca.accounts.two_factor import is_required_of

register = template.Library()


@register.simple_tag(takes_context=True)
def two_factor_required(context: Any) -> bool:
    """Tell whether whoever is looking must have a second factor."""
    return is_required_of(context["request"].user)
