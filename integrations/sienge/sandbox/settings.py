"""Switches, limits and grants of the tenant, all changeable while it is served."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from integrations.sandbox.simulator import Refused


@dataclass(slots=True)
class Switches:
    """Where tenants and the documentation differ, which one to imitate."""

    # Documented names (generatedTicket, description, address) instead of those on the wire.
    spec_mode: bool = False
    # modifiedAfter/Before and createdAfter/Before without their own day.
    exclusive_bounds: bool = False
    # 404 with an error body instead of an empty list.
    empty_searches_404: bool = False
    # {"data":[]} instead of 404 is the default of the bulk API; this turns it round.
    empty_bulk_404: bool = False
    # One-element results around single objects.
    wrap_single: bool = False
    # Codes 0-3 instead of words in the situation of contracts.
    situation_codes: bool = False
    # /receivable-bills without customerId lists everything instead of answering 400.
    bills_without_customer: bool = False
    # 200 and no results, instead of 404, when a known customer owes nothing.
    settled_balance_empty: bool = False
    # Readings of /remade-installments that do not find a renegotiation just made.
    remade_lag: int = 0
    # The tenant's parameter 291: annual readjustments must be confirmed when renegotiating.
    parameter_291: bool = False
    # Polls of an asynchronous query before it is finished.
    async_polls: int = 2


# Requests per day, REST and bulk, by package; the excess is refused or only billed.
PACKAGES = {
    "Free": (100, 10),
    "Start": (1_000, 20),
    "Special": (2_500, 50),
    "Essencial": (5_000, 100),
    "Enterprise": (10_000, 200),
    "Business": (30_000, 600),
    "Ultimate": (75_000, 28_800),
    "Infinity": (200_000, 30_000),
}

# What the playbook leaves unticked for the API user.
PLAYBOOK_DENIED = (("accounts-receivable/change-due-date", "PATCH"),)


def change_switches(switches: Switches, wanted: Mapping[str, Any]) -> None:
    """Set the named switches; Refused when a name or type is wrong."""
    known = {field.name: type(getattr(switches, field.name)) for field in fields(switches)}
    for name, value in wanted.items():
        if name not in known:
            raise Refused(f"unknown switch {name}; one of {', '.join(known)}")
        if type(value) is not known[name]:
            raise Refused(f"switch {name} takes a {known[name].__name__}")
        setattr(switches, name, value)


def describe_switches(switches: Switches) -> dict[str, Any]:
    """Return every switch with its position."""
    return asdict(switches)
