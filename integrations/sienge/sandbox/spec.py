"""The names of the official documentation, for tenants that would answer by the book."""

from collections.abc import Iterator
from typing import Any

from integrations.sandbox import jsonio
from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.routes import Route

_EVERYWHERE = {"descrition": "description", "adress": "address"}
# Other endpoints document generatedBoleto as it is on the wire.
_BY_TEMPLATE = {
    "/accounts-receivable/receivable-bills/{receivableBillId}/installments": {
        "generatedBoleto": "generatedTicket"
    },
}


def as_documented(route: Route, reply: Reply) -> Reply:
    """Rename the fields of a reply and take the padding off its codes."""
    names = _EVERYWHERE | _BY_TEMPLATE.get(route.template, {})
    if reply.items is not None:
        reply.items = documented_items(reply.items)
    elif reply.payload is not None:
        reply.payload = _renamed(reply.payload, names)
    return reply


def documented_items(items: Iterator[bytes]) -> Iterator[bytes]:
    """Rename the fields of the items of a stream."""
    return (jsonio.dump(_renamed(jsonio.load(item), _EVERYWHERE)) for item in items)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    if isinstance(value, dict):
        return {
            names.get(key, key): each.strip() if key == "documentId" else _renamed(each, names)
            for key, each in value.items()
        }
    return value
