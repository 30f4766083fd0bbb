"""The central bank's time series as they are: one endpoint, rows untouched."""

import msgspec

from integrations.core.calls import Call
from integrations.core.errors import PermanentError, RetryableError
from integrations.core.http import HttpClient
from integrations.core.streaming import Row, decode_row
from integrations.sgs.config import PROVIDER, SgsConfig
from integrations.sgs.months import Span
from integrations.sgs.rows import Refusal, Value

METHOD = "ConsultarSerie"
_DAY = "%d/%m/%Y"
_raw_rows = msgspec.json.Decoder(list[msgspec.Raw])
_value = msgspec.json.Decoder(Value)
_refusal = msgspec.json.Decoder(Refusal)


class SgsClient:
    """Reads series, which are public: nobody signs in."""

    def __init__(self, config: SgsConfig, http: HttpClient) -> None:
        self._base = config.api_url
        self._http = http

    def values(self, code: int, span: Span) -> list[Row[Value]]:
        """GET /dados/serie/bcdata.sgs.{code}/dados of whole months; none is an empty list.

        An unknown series and a service under load are the same page with status 200, which
        counts as a failure to try again (seen 2026-09).
        """
        params = {
            "formato": "json",
            "dataInicial": span.first.strftime(_DAY),
            "dataFinal": span.last_day.strftime(_DAY),
        }
        url = f"{self._base}/dados/serie/bcdata.sgs.{code}/dados"
        # 404 with a JSON body: there is nothing in the period.
        return self._http.get(Call(METHOD, url, f"série {code}", params), rows_of) or []


def rows_of(body: bytes) -> list[Row[Value]]:
    """Decode an answer row by row: a bad row spoils only itself."""
    opening = body.lstrip()[:1]
    if opening == b"<":
        raise RetryableError(
            f"O {PROVIDER} respondeu uma página em vez de valores: está sobrecarregado, ou a "
            "série não existe.",
            f"markup in {len(body)} bytes",
        )
    if opening == b"{":
        return _none_or_refused(_refusal.decode(body))
    return [decode_row(bytes(raw), _value) for raw in _raw_rows.decode(body)]


def _none_or_refused(refusal: Refusal) -> list[Row[Value]]:
    """Tell "no values", which also came with status 200, from everything else."""
    told = refusal.erro if isinstance(refusal.erro, dict) else {}
    if told.get("statusCode") == 404:
        return []
    reason = refusal.error or told.get("detail") or "sem explicação"
    raise PermanentError(f"O {PROVIDER} recusou a consulta: {str(reason)[:120]}")
