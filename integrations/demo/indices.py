"""An index for the demonstration: invented months, the same at every start, up to this one."""

from datetime import date
from decimal import Decimal
from random import Random

from cobranca.accounts.models import Agency, User
from cobranca.campaigns import services
from cobranca.campaigns.models import IndexSeries
from cobranca.campaigns.states import IndexKind

NAME = "IGP-M (demonstração)"
SOURCE = "Demonstração"
FIRST_YEAR = 2015
SEED = 189
# A month's variation, in hundredths of a per cent: between -0,40% and 1,40%.
LOWEST, HIGHEST = -40, 140


def ensure_index(agency: Agency, actor: User, *, on: date) -> IndexSeries:
    """Give an agency its index, and the months that it does not have yet."""
    found = IndexSeries.objects.filter(name=NAME).first()
    series = found or services.save_index_series(
        series=IndexSeries(agency=agency, name=NAME, kind=IndexKind.VARIATION), actor=actor
    )
    services.save_index_values(series, _variations(on), SOURCE, actor=actor)
    return series


def _variations(on: date) -> dict[date, Decimal]:
    chance = Random(SEED)  # noqa: S311  seeded on purpose
    years = range(FIRST_YEAR, on.year + 1)
    months = [date(year, month, 1) for year in years for month in range(1, 13)]
    told = {month: Decimal(chance.randint(LOWEST, HIGHEST)) / 100 for month in months}
    return {month: value for month, value in told.items() if month <= on}
