"""JSON with exact decimals in both directions; no float anywhere near money.

The C encoder of the standard library cannot write a Decimal as a number, and a pure Python
encoder is too slow for a bulk stream. A Decimal therefore goes out as a marked string and
one substitution takes the quotes away. The mark is NUL, which no accepted request contains.
"""

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_MARK = "\0"
_MARKED = re.compile(r'"\\u0000([^"]*)"')


def number_text(value: Decimal) -> str:
    """Return the number as the ERPs' Java writes a double: 7000.0, 95.58, 0.0125."""
    text = str(value)
    if "E" in text:
        text = format(value, "f")
    if "." not in text:
        return f"{text}.0"
    text = text.rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def _encode_other(value: object) -> str:
    if isinstance(value, Decimal):
        return _MARK + number_text(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}.{value.microsecond // 1000:03d}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not JSON: {type(value).__name__}")


_encoder = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_encode_other, check_circular=False
)


def dump_text(document: object) -> str:
    """Return the document as compact JSON text."""
    return _MARKED.sub(r"\1", _encoder.encode(document))


def dump(document: object) -> bytes:
    """Return the document as compact UTF-8 JSON."""
    return dump_text(document).encode()


def load(text: bytes | str) -> Any:
    """Parse JSON keeping fractions as Decimal; ValueError when it is not JSON.

    NUL characters are refused because the encoder uses them as its mark.
    """
    if (b"\\u0000" if isinstance(text, bytes) else "\\u0000") in text:  # type: ignore[operator]
        raise ValueError("NUL characters are not accepted")
    return json.loads(text, parse_float=Decimal)
