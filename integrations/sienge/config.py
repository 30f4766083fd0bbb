"""What the connector needs to know, read once from the parameters."""

from dataclasses import dataclass, field

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from cobranca.creditors.selectors import SectionValues, value_of, values_of
from integrations.core.budget import Limits, PoolLimit
from integrations.core.calls import BULK, REST
from integrations.core.errors import ConfigError
from integrations.sienge import parameters as p

SYSTEM = "sienge"
LOG_KIND = "SiengeApi"
# Sienge refuses above 200 and 20 a minute for the whole tenant; a margin for its other users.
REST_PER_MINUTE, BULK_PER_MINUTE = 195, 18


@dataclass(frozen=True)
class Filters:
    """What of a company's receivables is not imported (SIE-10)."""

    company: str
    companies: frozenset[str] = frozenset()
    payment_conditions: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SiengeConfig:
    """A tenant's access and an agency's choices. The password never shows."""

    user: str
    password: str = field(repr=False)
    api_url: str
    package: str
    filters: Filters
    imports_branches: bool

    @property
    def bulk_url(self) -> str:
        """Return the base of the bulk data, which lives beside the REST one."""
        return self.api_url.removesuffix("/api/v1") + "/api/bulk-data/v1"

    @property
    def limits(self) -> Limits:
        """Return the calls the tenant may make, per minute and by package per day."""
        return limits_of_package(self.package)


def load_config(agency: Agency, creditor: Creditor | None = None) -> SiengeConfig:
    """Read the parameters of an agency and, for imports, of one of its creditors.

    ConfigError names what is unset or no longer makes sense.
    """
    values = values_of(p.SECTION, agency=agency, creditor=creditor)
    try:
        return _config(values, creditor)
    except DomainError as error:
        raise ConfigError(error.message, "stored parameter does not parse") from error


def _config(values: SectionValues, creditor: Creditor | None) -> SiengeConfig:
    needed = (p.USER, p.PASSWORD, p.API_ADDRESS)
    missing = [parameter.label for parameter in needed if not values[parameter]]
    if missing:
        raise ConfigError(
            f"Falta configurar em Parâmetros › {p.SECTION}: {', '.join(missing)}.",
            "connection parameters unset",
        )
    companies, conditions = values[p.IGNORED_COMPANIES], values[p.IGNORED_PAYMENT_CONDITIONS]
    documents = values[p.IGNORED_DOCUMENTS]
    return SiengeConfig(
        user=values[p.USER],
        password=values[p.PASSWORD],
        api_url=values[p.API_ADDRESS],
        package=values[p.PACKAGE],
        filters=Filters(
            company=_number(creditor.external_code) if creditor else "",
            companies=frozenset(map(_number, companies)),
            payment_conditions=frozenset(conditions),
            documents=frozenset(documents),
        ),
        imports_branches=creditor is None or values[p.IMPORT_ENTERPRISES],
    )


def limits_of_agency(agency: Agency) -> Limits:
    """Return the limits of an agency's tenant, for the screen; nothing else need be set."""
    package = values_of(p.SECTION, agency=agency)[p.PACKAGE]
    return limits_of_package(package)


def wants_one_task_per_creditor(agency: Agency) -> bool:
    """Tell whether each creditor is loaded by a scheduled task of its own."""
    return value_of(p.ONE_TASK_PER_CREDITOR, agency=agency)


def limits_of_package(package: str) -> Limits:
    """Return both pools of a package; an unknown one has no daily limit of ours."""
    rest_a_day, bulk_a_day = p.PACKAGES.get(package, (None, None))
    return {
        REST: PoolLimit(REST_PER_MINUTE, rest_a_day),
        BULK: PoolLimit(BULK_PER_MINUTE, bulk_a_day),
    }


def _number(code: str) -> str:
    # "017" on a screen is company 17.
    return code.strip().lstrip("0") or "0"
