"""Brazilian phone numbers: stored as digits with DDD, shown as (48) 99999-0000."""

import re
from functools import lru_cache

from cobranca.common.errors import DomainError

_FOREIGN = re.compile(r"^\+?(?!55)\d{8,15}$")
DDDS = frozenset(
    {str(n) for n in (*range(11, 20), 21, 22, 24, 27, 28, *range(31, 36), 37, 38)}
    | {str(n) for n in (*range(41, 50), 51, 53, 54, 55, *range(61, 70), 71, 73, 74, 75, 77, 79)}
    | {str(n) for n in (*range(81, 90), *range(91, 100))}
)
# Numbers of companies, valid in the whole country and without DDD.
_NATIONAL = re.compile(r"^(0[358]00\d{6,7}|[34]00\d{5})$")
MOBILE, LANDLINE, OTHER = "mobile", "landline", "other"


@lru_cache(maxsize=65536)
def normalize_phone(raw: str) -> str:
    """Return DDD + number as digits (10 or 11), dropping 55 and the trunk zero; "" if unusable.

    A mobile number still written with eight digits gets its ninth.
    """
    number = "".join(c for c in raw if c.isdigit()).lstrip("0")
    if len(number) in (12, 13) and number.startswith("55"):
        number = number[2:].lstrip("0")
    if len(number) == 10 and number[2] in "6789":
        number = f"{number[:2]}9{number[2:]}"
    return number if _is_plausible(number) else ""


def _is_plausible(number: str) -> bool:
    if number[:2] not in DDDS or len(set(number[2:])) == 1:
        return False
    if len(number) == 11:
        return number[2] == "9"
    return len(number) == 10 and number[2] in "2345"


def parse_phone(text: str, field: str = "phone") -> str:
    """Return the digits of a phone typed by a person ("" stays ""), or refuse it at its field."""
    number = "".join(c for c in text if c.isdigit())
    if not text.strip() or _NATIONAL.match(number):
        return number
    known = normalize_phone(text)
    if not known:
        raise DomainError("Telefone inválido: informe DDD e número, como (48) 3027-8000.", field)
    return known


def phone_kind(number: str) -> str:
    """Tell whether a normalised number is a mobile or a landline."""
    if len(number) == 11:
        return MOBILE
    return LANDLINE if len(number) == 10 else OTHER


def format_phone(number: str) -> str:
    """Return (48) 99999-0000; anything else as it came."""
    if len(number) in (10, 11) and number.isdigit():
        return f"({number[:2]}) {number[2:-4]}-{number[-4:]}"
    return number


def is_foreign(raw: str) -> bool:
    """Tell whether `raw` looks like a number of another country."""
    return bool(_FOREIGN.match(raw.replace(" ", "").replace("-", "")))
