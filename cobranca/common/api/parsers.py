"""Bodies as exact JSON."""

import json
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from cobranca.common.api.exceptions import TooLarge


class ExactJSONParser(BaseParser):
    """JSON of a reasonable size, whose fractions stay decimals."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: dict[str, Any] | None = None,
    ) -> Any:
        """Return what the body says, or tell where it stops being JSON."""
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            return json.loads(body.decode(), parse_float=Decimal, parse_constant=_refuse)
        except json.JSONDecodeError as error:
            place = f"linha {error.lineno}, coluna {error.colno}"
            raise ParseError(f"O corpo não é um JSON válido ({place}).") from error
        except (ValueError, RecursionError) as error:
            raise ParseError("O corpo não é um JSON válido em UTF-8.") from error


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
