"""Which parameter a request speaks of, and what a person chose or typed for it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cobranca.accounts.access import agency_of
from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.creditors.kinds import CODE_LIST
from cobranca.creditors.models import Creditor
from cobranca.creditors.parameters import CREDITOR, Parameter, definition


@dataclass(frozen=True)
class ParameterAddress:
    """A parameter of the agency, or of one of its creditors."""

    parameter: Parameter[Any]
    agency: Agency
    creditor: Creditor | None

    @classmethod
    def of(cls, request: HttpRequest) -> "ParameterAddress":
        """Read section, key and creditor from the address; what does not exist is a 404."""
        told = request.GET
        try:
            parameter = definition(told.get("secao", ""), told.get("chave", ""))
        except DomainError as error:
            raise Http404 from error
        creditor: Creditor | None = None
        if parameter.scope == CREDITOR:
            number = told.get("credor", "")
            if not (number.isascii() and number.isdigit()):
                raise Http404
            creditor = get_object_or_404(Creditor.objects.all(), pk=number)
        return cls(parameter, agency_of(request), creditor)

    @property
    def page(self) -> str:
        """Return the page that shows the parameter."""
        query: dict[str, Any] = {"secao": self.parameter.section}
        name = "creditors:parameters"
        if self.creditor is not None:
            name, query["credor"] = "creditors:creditor_parameters", self.creditor.pk
        return f"{reverse(name)}?{urlencode(query)}"


def takes_codes(parameter: Parameter[Any]) -> bool:
    """Tell whether a parameter is a list of codes, ticked one by one."""
    return parameter.kind.name == CODE_LIST.name


def merged_codes(parameter: Parameter[Any], sent: QueryDict) -> str:
    """Return the text to save: what was typed, corrected by the boxes that were offered.

    A code typed that the ERP did not offer stays; one that was offered counts as its box says.
    """
    typed = sent.get("value", "")
    offered = sent.getlist("oferecido")
    if not offered or not takes_codes(parameter):
        return typed
    kept = [code for code in typed.replace(",", ";").split(";") if code.strip() not in offered]
    return ";".join([*filter(str.strip, kept), *sent.getlist("escolha")])
