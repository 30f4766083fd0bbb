"""Rows of the reference's examples, to be changed field by field."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from integrations.core.streaming import Row, decode_row

T = TypeVar("T")
FOLDER = Path(__file__).parent / "fixtures"
_encoder = msgspec.json.Encoder(decimal_format="number")


def load(name: str) -> dict[str, Any]:
    """Return a fixture, of a list its first row, with exact amounts."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(), parse_float=Decimal)
    rows = found.get("results", found.get("data"))
    return rows[0] if rows else found


def load_all(name: str) -> list[dict[str, Any]]:
    """Return the rows of a fixture that is a list."""
    whole = json.loads((FOLDER / f"{name}.json").read_text(), parse_float=Decimal)
    rows: list[dict[str, Any]] = whole["results"]
    return rows


def row(kind: type[T], name: str, /, **changes: Any) -> Row[T]:
    """Return a fixture as a row of `kind` as the client hands it out, with fields changed."""
    return as_row(kind, {**load(name), **changes})


def as_row(kind: type[T], fields: dict[str, Any]) -> Row[T]:
    """Return fields as a row that went through JSON."""
    return decode_row(_encoder.encode(fields), msgspec.json.Decoder(kind))
