"""Sienge's API as it is: one method an endpoint, their names, rows untouched."""

from integrations.sienge.client.base import FIRST_DAY, LAST_DAY, Resource
from integrations.sienge.client.boletos import Boletos
from integrations.sienge.client.customers import Customers
from integrations.sienge.client.decoding import page_of
from integrations.sienge.client.hooks import Hooks
from integrations.sienge.client.portfolio import Portfolio
from integrations.sienge.client.titles import Titles

__all__ = ["FIRST_DAY", "LAST_DAY", "Resource", "SiengeClient", "page_of"]


class SiengeClient(Portfolio, Titles, Boletos, Hooks, Customers):
    """The endpoints of one tenant.

    A write raises RefusedError with Sienge's words, or UnknownOutcomeError when it may have been
    done; whatever else it raises, nothing was done.
    """
