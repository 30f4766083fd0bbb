"""What the desk's first page says before anything is typed."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from cobranca.debtors.models import DebtorSummary
from cobranca.debtors.sight import seen


@dataclass(frozen=True)
class Portfolio:
    """The agency's portfolio in four figures."""

    debtors: int
    contracts: int
    installments: int
    total: Decimal


def portfolio() -> Portfolio:
    """Add up who owes what to whoever looks; one pass over the narrow table."""
    owing = seen(DebtorSummary.objects.filter(open_count__gt=0), "debtor")
    sums = owing.aggregate(
        debtors=Count("pk"),
        contracts=Sum("contract_count", default=0),
        installments=Sum("open_count", default=0),
        total=Sum("open_total", default=Decimal(0)),
    )
    return Portfolio(**sums)
