"""Campaigns and brackets for tests, built by plain functions and saved by the services."""

from datetime import date
from decimal import Decimal
from typing import Any

from cobranca.campaigns import services
from cobranca.campaigns.models import Campaign, CashBracket, IndexSeries, InstalmentBracket
from cobranca.creditors.models import Creditor
from tests.factories import next_number


def make_campaign(creditor: Creditor, **fields: Any) -> Campaign:
    given = {"name": f"Campanha {next_number()}", "valid_from": date(2026, 1, 1)}
    campaign = Campaign(agency=creditor.agency, creditor=creditor, **{**given, **fields})
    return services.save_campaign(campaign=campaign, actor=None)


def cash(first: int = -9999, last: int = 9999, **fields: Any) -> CashBracket:
    given = {"penalty_percent": Decimal(2), "monthly_interest_percent": Decimal(1)}
    return CashBracket(delay_from=first, delay_to=last, **{**given, **fields})


def parcels(
    first: int = -9999, last: int = 9999, parts: tuple[int, int] = (2, 180), **fields: Any
) -> InstalmentBracket:
    return InstalmentBracket(
        delay_from=first, delay_to=last, parts_from=parts[0], parts_to=parts[1], **fields
    )


def make_series(agency: Any, **fields: Any) -> IndexSeries:
    series = IndexSeries(agency=agency, **{"name": f"Índice {next_number()}", **fields})
    return services.save_index_series(series=series, actor=None)
