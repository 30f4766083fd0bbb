"""A calculation as documents need it, whether just made or kept as a quote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cobranca.calc.codec import order_from_json
from cobranca.calc.order import Order
from cobranca.calc.quote import Quote as Prices
from cobranca.calc.quote import quote
from cobranca.campaigns.calculation import Calculation
from cobranca.campaigns.models import Quote
from cobranca.common.errors import NotFoundError
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor


@dataclass(frozen=True)
class Priced:
    """Whose debt to whom, what was ordered and what came out."""

    debtor: Debtor
    creditor: Creditor
    contracts: Sequence[Contract]
    order: Order
    prices: Prices

    @property
    def on(self) -> date:
        """The day the debt is priced for."""
        return self.order.on


def of_calculation(calculation: Calculation) -> Priced:
    """Return a calculation that was just made."""
    debtor = Debtor.objects.get(pk=calculation.debt.debtor_id)
    return _priced(debtor, calculation.order, calculation.quote)


def of_quote(row: Quote) -> Priced:
    """Return a kept calculation, computed again from its inputs."""
    order = order_from_json(row.inputs)
    return _priced(row.debtor, order, quote(order))


def _priced(debtor: Debtor, order: Order, prices: Prices) -> Priced:
    contracts = contracts_of_order(order)
    if not contracts:
        raise NotFoundError("As parcelas deste cálculo não existem mais.")
    return Priced(debtor, contracts[0].creditor, contracts, order, prices)


def contracts_of_order(order: Order) -> list[Contract]:
    """Return the contracts of the installments of an order, with their creditor."""
    keys = [item.key for item in order.items]
    found = Contract.objects.filter(installments__in=keys).select_related("creditor__agency")
    return list(found.distinct().order_by("number", "pk"))
