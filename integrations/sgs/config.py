"""What the reader needs to know, read once from the parameters, and what is fixed."""

from dataclasses import dataclass
from datetime import date

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.creditors.selectors import values_of
from integrations.core.budget import Limits, PoolLimit
from integrations.core.calls import REST
from integrations.core.errors import ConfigError
from integrations.sgs import parameters as p

SYSTEM = "sgs"
LOG_KIND = "BancoCentralApi"
PROVIDER = "Banco Central"
# No limit is documented; a day's reading of every index takes a dozen calls.
LIMITS: Limits = {REST: PoolLimit(60)}
# Series whose meaning is known: monthly variations in per cent.
VARIATIONS = {188: "INPC", 189: "IGP-M", 192: "INCC-DI", 433: "IPCA", 7456: "INCC-M"}


@dataclass(frozen=True)
class SgsConfig:
    """Where the series are, and since when they matter."""

    api_url: str
    first_month: date


def load_config(agency: Agency) -> SgsConfig:
    """Read the parameters of an agency; ConfigError names one that no longer makes sense."""
    values = values_of(p.SECTION, agency=agency)
    try:
        return SgsConfig(values[p.API_ADDRESS], values[p.FIRST_MONTH])
    except DomainError as error:
        raise ConfigError(error.message, "stored parameter does not parse") from error


def limits_of_agency(agency: Agency) -> Limits:
    """Return the pace of calls, the same for every agency."""
    return LIMITS
