"""Any decoded payload as JSON text that PostgreSQL takes."""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def as_json(value: Any) -> str:
    """Encode dicts, structs, Decimals (as numbers, exact) and dates."""
    return _encoder.encode(value).decode().replace("\\u0000", "")
