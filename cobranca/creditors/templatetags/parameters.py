"""Addresses of one parameter."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from cobranca.creditors.models import Creditor
from cobranca.creditors.parameters import CREDITOR, Parameter

register = template.Library()


@register.simple_tag
def parameter_url(name: str, parameter: Parameter[Any], creditor: Creditor | None = None) -> str:
    """Return the page `name` of a parameter: of the agency, or of `creditor`."""
    query: dict[str, Any] = {"secao": parameter.section, "chave": parameter.key}
    if creditor and parameter.scope == CREDITOR:
        query["credor"] = creditor.pk
    return f"{reverse(name)}?{urlencode(query)}"
