"""The rows of an answer as they come; MAPPING.md says what is known of each field."""

from typing import Any

import msgspec


class Value(msgspec.Struct):
    """One month of a series. Both fields are text; what they really are is looked at later."""

    data: Any = None
    valor: Any = None


class Refusal(msgspec.Struct):
    """What comes in place of a list: `erro` from the service, `error` from its newer rules."""

    erro: Any = None
    error: Any = None
