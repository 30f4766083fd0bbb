"""Readers of one field: tolerant of spelling, exact in meaning.

A field that cannot be read is refused by its name; its value may be a CPF and is never told.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from cobranca.calc.money import ZERO, to_cents
from cobranca.common.text import plain
from integrations.core.errors import PermanentError

# What the database holds: numeric(14,2) and integer columns.
_LARGEST_AMOUNT = Decimal(10) ** 12
_LARGEST_WHOLE = 2_147_483_647
_LONGEST_CODE = 40
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_YES = frozenset({"s", "sim", "y", "yes", "true", "1"})
_NO = frozenset({"n", "nao", "no", "false", "0", ""})


def text(value: object, limit: int | None = None) -> str:
    """Return what a person reads: no padding, no line breaks, at most `limit` characters.

    Never fails: nothing is decided by such a field.
    """
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, str) and value.isalnum():
        return value[:limit]  # most codes and names: nothing to clean
    clean = " ".join(str(value).replace("\0", "").split())
    return clean if limit is None else clean[:limit].rstrip()


def code(value: object, name: str) -> str:
    """Return an identifier: 17, "17", "017" and "17  " are one and the same."""
    if isinstance(value, bool | float):
        raise _bad(name)
    if isinstance(value, int) and 0 <= value <= _LARGEST_WHOLE:
        return str(value)
    found = text(value)
    if found.isascii() and found.isdigit():
        found = found.lstrip("0") or "0"
    if not found or len(found) > _LONGEST_CODE:
        raise _bad(name)
    return found


def whole(value: object, name: str) -> int:
    """Return a whole number, zero or more."""
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and re.fullmatch(r"\s*\d{1,12}\s*", value, re.ASCII):
        number = int(value)
    else:
        raise _bad(name)
    if not 0 <= number <= _LARGEST_WHOLE:
        raise _bad(name)
    return number


def amount(value: object, name: str) -> Decimal:
    """Return an exact amount; a float is refused, for its centavos are already lost."""
    if isinstance(value, bool | float) or value is None:
        raise _bad(name)
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation as error:
        raise _bad(name) from error
    if not number.is_finite() or not -_LARGEST_AMOUNT < number < _LARGEST_AMOUNT:
        raise _bad(name)
    return number


def cents(value: object, name: str) -> Decimal:
    """Return an amount of money in centavos: what binary fractions left behind is rounded away."""
    return to_cents(amount(value, name))


def cents_or_zero(value: object, name: str) -> Decimal:
    """Return an amount of money that is zero when it is not told."""
    return cents(value, name) if value else ZERO


def day(value: object, name: str) -> date:
    """Return a day, told as yyyy-MM-dd or as an instant of it."""
    if isinstance(value, str):
        found = _parse_day(value)
        if found is not None:
            return found
    raise _bad(name)


def day_or_none(value: object, name: str) -> date | None:
    """Return a day, or None when it is not told."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return day(value, name)


def flag(value: object, name: str) -> bool:
    """Return a yes or no told as true/false, S/N or 1/0; not told is no."""
    told = _parse_flag(value) if isinstance(value, str | int | None) else None
    if told is None:
        raise _bad(name)
    return told


@lru_cache(maxsize=256)
def _parse_flag(value: str | int | None) -> bool | None:
    answer = plain(text(value))
    if answer in _YES:
        return True
    return False if answer in _NO else None


@lru_cache(maxsize=16_384)
def _parse_day(value: str) -> date | None:
    found = _DAY.fullmatch(value.strip())
    if found is None:
        return None
    year, month, number = map(int, found.groups())
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _bad(name: str) -> PermanentError:
    return PermanentError(f"Campo {name} ausente ou inválido.", f"unreadable field {name}")
