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
from integrations.sienge.creditor_type import CODE as CREDITOR_TYPE

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
    # What stands beside a telephone that was given up, besides what people write there.
    inactive_note: str = ""


@dataclass(frozen=True)
class SiengeConfig:
    """A tenant's access and an agency's choices. The password never shows."""

    user: str
    password: str = field(repr=False)
    api_url: str
    package: str
    filters: Filters
    imports_branches: bool
    # What of the office's contact data is told to Sienge (SIE-24).
    pushes_contacts: bool = False
    pushes_hygiene: bool = False
    # Names of events that Sienge does not document, where somebody was told them (3.3).
    spc_events: tuple[str, ...] = ()

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
            inactive_note=values[p.INACTIVE_NOTE],
        ),
        imports_branches=creditor is None or values[p.IMPORT_ENTERPRISES],
        spc_events=values[p.SPC_EVENTS],
        pushes_contacts=values[p.SYNC_CONTACT_DATA],
        pushes_hygiene=values[p.SYNC_HYGIENE_DATA],
    )


def limits_of_agency(agency: Agency) -> Limits:
    """Return the limits of an agency's tenant, for the screen; nothing else need be set."""
    package = values_of(p.SECTION, agency=agency)[p.PACKAGE]
    return limits_of_package(package)


def is_connected(agency: Agency) -> bool:
    """Tell whether an agency set up what it takes to ask its Sienge anything."""
    values = values_of(p.SECTION, agency=agency)
    return all(values[parameter] for parameter in (p.USER, p.PASSWORD, p.API_ADDRESS))


def syncs_on_open(agency: Agency) -> bool:
    """Tell whether debtors are read anew when they are opened; never without a connection."""
    values = values_of(p.SECTION, agency=agency)
    connected = all(values[each] for each in (p.USER, p.PASSWORD, p.API_ADDRESS))
    return connected and values[p.SYNC_ON_OPEN]


def wants_contact_data(agency: Agency) -> bool:
    """Tell whether the agency wants its contact data told to Sienge."""
    return value_of(p.SYNC_CONTACT_DATA, agency=agency)


def wants_one_task_per_creditor(agency: Agency) -> bool:
    """Tell whether each creditor is loaded by a scheduled task of its own."""
    return value_of(p.ONE_TASK_PER_CREDITOR, agency=agency)


def webhook_days(agency: Agency) -> int:
    """Return how many days announcements of unknown titles are kept: the most any creditor asks.

    Whose they would have been cannot be told of them.
    """
    ours = Creditor.objects.filter(agency=agency, creditor_type=CREDITOR_TYPE, is_active=True)
    asked = [value_of(p.WEBHOOK_RETENTION_DAYS, agency=agency, creditor=one) for one in ours]
    return max(asked, default=p.WEBHOOK_RETENTION_DAYS.default)


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
