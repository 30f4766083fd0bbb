"""Fields of the bodies that writes come with; wrong ones are refused by name."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.errors import ApiError, invalid_field


def sent_object(call: Call) -> dict[str, Any]:
    """Return the body; 400 when it is no object."""
    sent = call.body()
    if not isinstance(sent, dict):
        raise ApiError(400)
    return sent


def day_of(sent: dict[str, Any], field: str) -> date:
    """Return a day; 400 when it is none."""
    try:
        return date.fromisoformat(str(sent.get(field)))
    except ValueError as error:
        raise invalid_field(field, "data inválida") from error


def whole_number(sent: dict[str, Any], field: str) -> int:
    """Return a whole number; 400 when it is none."""
    value = sent.get(field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid_field(field, "número inteiro obrigatório")
    return value


def amount_of(sent: dict[str, Any], field: str, where: str = "") -> Decimal:
    """Return an amount, zero when absent; 400 when it is none."""
    try:
        value = Decimal(str(sent.get(field) or 0))
    except InvalidOperation as error:
        raise invalid_field(where + field, "valor inválido") from error
    if not value.is_finite():
        raise invalid_field(where + field, "valor inválido")
    return value


def code_of(sent: dict[str, Any], field: str, default: str, allowed: str) -> str:
    """Return a one-letter code; 400 when it is not one of those documented."""
    value = str(sent.get(field) or default)
    if len(value) != 1 or value not in allowed:
        raise invalid_field(field, "valor inválido")
    return value
