"""What an office may change of how indices are read."""

import re
from datetime import date

from cobranca.common.errors import DomainError
from cobranca.creditors.kinds import URL
from cobranca.creditors.parameters import GENERAL, Kind, Parameter, declare
from integrations.sgs import months

SECTION = "Índices"
ADDRESS = "https://api.bcb.gov.br"
# The first month of the real: older debts are not in today's money.
FIRST_OF_THE_REAL = date(1994, 7, 1)


def _parse_address(text: str) -> str:
    """Cut an address back to its base: people copy it with more or less of its path."""
    return re.sub(r"/dados(/serie.*)?$", "", URL.parse(text))


def _parse_month(text: str) -> date:
    found = re.fullmatch(r"(\d{2})/(\d{4})", text.strip(), re.ASCII)
    if found is None or not (1 <= int(found[1]) <= 12 and int(found[2]) >= 1940):
        raise DomainError("Informe mês e ano, como 07/1994.")
    return date(int(found[2]), int(found[1]), 1)


API_ADDRESS: Parameter[str] = declare(
    Parameter(
        section=SECTION,
        key="sgs_url",
        label="Url Api do Banco Central",
        scope=GENERAL,
        kind=Kind("sgs_url", _parse_address, str, str, ADDRESS),
        default=ADDRESS,
        help="Endereço das séries públicas do Banco Central (SGS).",
    )
)
FIRST_MONTH: Parameter[date] = declare(
    Parameter(
        section=SECTION,
        key="sgs_first_month",
        label="Ler índices desde",
        scope=GENERAL,
        kind=Kind("month", _parse_month, months.text, months.text, "Mês e ano, como 07/1994"),
        default=FIRST_OF_THE_REAL,
        help="Meses anteriores a este não são lidos do Banco Central.",
    )
)
