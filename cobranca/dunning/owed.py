"""What a debtor may promise at most: what is owed on the day, charges included."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum

from cobranca.agreements.models import AgreementInstallment, AgreementItem
from cobranca.agreements.states import LIVE, ParcelStatus
from cobranca.calc.errors import CalcError
from cobranca.calc.money import ZERO
from cobranca.calc.quote import quote
from cobranca.campaigns.pricing import Debt, debt_of
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract


def owed_on(debtor_id: int, on: date, contract: Contract | None = None) -> Decimal:
    """Return what a debtor owes on a day: what is late with its charges, the rest as it is.

    What is in an agreement counts as the agreement says, when that is more. A campaign that
    cannot price leaves the bare balances.
    """
    contracts = None if contract is None else [contract.pk]
    debt = debt_of(debtor_id, on, contract_ids=contracts)
    free = [row for row in debt.rows if row.is_selectable]
    late = _late(debt)
    bare = sum((row.installment.owed for row in free if row.delay <= 0), ZERO)
    held = sum((row.installment.owed for row in debt.rows if not row.is_selectable), ZERO)
    return late + bare + max(held, _remains(debtor_id, contract) if held else ZERO)


def _late(debt: Debt) -> Decimal:
    by_creditor: dict[int, list[int]] = defaultdict(list)
    balances: dict[int, Decimal] = defaultdict(Decimal)
    for row in debt.rows:
        if row.is_selectable and row.delay > 0:
            by_creditor[row.contract.creditor_id].append(row.installment.pk)
            balances[row.contract.creditor_id] += row.installment.owed
    return sum((_priced(debt, ids, balances[key]) for key, ids in by_creditor.items()), ZERO)


def _priced(debt: Debt, ids: list[int], balance: Decimal) -> Decimal:
    try:
        return max(quote(debt.order(ids)).totals.total, balance)
    except (DomainError, CalcError):
        return balance


def _remains(debtor_id: int, contract: Contract | None) -> Decimal:
    """Return what is still to be paid of the agreements in force."""
    parcels = AgreementInstallment.objects.filter(
        agreement__debtor=debtor_id, agreement__status__in=LIVE, status=ParcelStatus.OPEN
    )
    if contract is not None:
        items = AgreementItem.objects.filter(contract=contract, is_live=True)
        parcels = parcels.filter(agreement__in=items.values("agreement"))
    return parcels.aggregate(left=Sum(F("amount") - F("paid")))["left"] or ZERO
