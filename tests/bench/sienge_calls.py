"""How many calls a full and a daily load of the issue's portfolio spend, counted by the ERP."""

from datetime import timedelta
from typing import Any

from django_scopes import scope

from integrations.core.runs.services import import_now
from tests.bench.timing import figure
from tests.flows.office import Office, make_erp, make_office

CONTRACTS, CUSTOMERS, PER_CONTRACT = 800, 1000, 75
ONE_PERCENT = 600


def calls() -> dict[str, Any]:
    """Load a portfolio of 1 company, 1,000 customers, 800 contracts and 60,000 installments."""
    erp = make_erp(
        seed=1,
        contracts=CONTRACTS,
        customers=CUSTOMERS,
        companies=1,
        installments_per_contract=PER_CONTRACT,
        extras_percent=0,
    )
    try:
        office = make_office(erp)
        with scope(agency=office.agency):
            full = _spent(office, full=True)
            erp.advance(1)
            erp.act("random", n=ONE_PERCENT, seed=1)
            office.day += timedelta(days=1)
            daily = _spent(office, full=False)
    finally:
        erp.stop()
    return {
        "sienge.calls_full.rest": figure(full[0], "<= 30", "calls", full[2]),
        "sienge.calls_full.bulk": figure(full[1], "<= 3", "calls", full[2]),
        "sienge.calls_daily.rest": figure(daily[0], "<= 12", "calls", daily[2]),
        "sienge.calls_daily.bulk": figure(daily[1], "<= 2", "calls", daily[2]),
    }


def _spent(office: Office, *, full: bool) -> tuple[int, int, str]:
    office.erp.reset_calls()
    run = import_now(creditor=office.creditor, layout="carga_sienge", full=full, now=office.now())
    if run.status != "done":
        raise RuntimeError(run.message)
    found = office.erp.calls()
    rest, bulk = sum(found["rest"].values()), sum(found["bulk"].values())
    detail = f"{run.read} rows read, {run.included} included, {run.updated} updated: "
    return rest, bulk, detail + ", ".join(f"{n}× {what}" for what, n in found["rest"].items())
