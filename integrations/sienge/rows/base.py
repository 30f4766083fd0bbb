"""What all rows share: how wide a field is."""

from decimal import Decimal
from typing import Any

import msgspec

Code = int | str | None
# Nothing is decided by it, so nothing it may be refuses the row.
Text = Any
Flag = bool | str | int | None
Money = Decimal | None


class SiengeRow(msgspec.Struct, rename="camel"):
    """Base of all rows: camelCase there, snake_case here."""


class Named(SiengeRow):
    """Something with a code and a name: company, payment condition, document type, indexer."""

    id: Code = None
    name: Text = None
    description: Text = None
    trade_name: Text = None


class Metadata(SiengeRow):
    count: int | str | None = None
    limit: int | str | None = None


class Envelope(SiengeRow):
    """The wrapping of lists; a single resource may come in it or bare."""

    result_set_metadata: Metadata | None = None
    results: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
