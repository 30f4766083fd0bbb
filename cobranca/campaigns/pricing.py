"""A debtor's debt on a day, priced: read in few queries, ordered, handed to the calculation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from cobranca.calc.calendar import delay, effective_due_date
from cobranca.calc.discounts import DiscountRequest
from cobranca.calc.errors import CalcError
from cobranca.calc.money import ZERO
from cobranca.calc.order import FIRST_DAY, Order
from cobranca.campaigns.items import CASH, DebtRow, ErpRow, Plan, Pricer, instalment_rule
from cobranca.campaigns.models import ErpBalance
from cobranca.campaigns.rules import CampaignRules, InstalmentRule, choose, rules_of
from cobranca.campaigns.switches import Switches, switches_of
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.selectors import OWED


@dataclass(frozen=True, slots=True)
class Debt:
    """Everything a debtor owes, ready to be priced on `on`."""

    debtor_id: int
    on: date
    rows: Sequence[DebtRow]

    def row(self, installment_id: int) -> DebtRow:
        """Return one row; DomainError when the debtor owes no such installment."""
        for row in self.rows:
            if row.installment.pk == installment_id:
                return row
        raise DomainError("Uma das parcelas não está em aberto para este devedor.", "selection")

    def selected(self, ids: Collection[int]) -> list[DebtRow]:
        """Return the rows of a selection, in the order of the table.

        Raises DomainError for an empty selection, an installment that is not this debtor's, one
        that is in an agreement, or creditors mixed.
        """
        if self.on < FIRST_DAY:
            raise DomainError(f"Não há cálculo antes de {FIRST_DAY:%d/%m/%Y}: confira.", "on")
        if not ids:
            raise DomainError("Selecione ao menos uma parcela.", "selection")
        wanted = set(ids)
        if wanted - {row.installment.pk for row in self.rows}:
            raise DomainError("Uma das parcelas não está em aberto para este devedor.", "selection")
        rows = [row for row in self.rows if row.installment.pk in wanted]
        _check_selection(rows, self.on)
        return rows

    def order(
        self,
        ids: Collection[int],
        *,
        plan: Plan = CASH,
        discounts: DiscountRequest | None = None,
        expenses: Decimal = ZERO,
    ) -> Order:
        """Return what the calculation needs to price a selection.

        Raises DomainError at the field at fault (selection, on, campaign, index, parts).
        """
        rows = self.selected(ids)
        pricer = Pricer(plan, self.on)
        try:
            items = tuple(pricer.item(row) for row in rows)
        except CalcError as error:
            raise DomainError(error.message, error.field) from error
        return Order(
            items=items, on=self.on, discounts=discounts or DiscountRequest(), expenses=expenses
        )

    def financing_rule(self, ids: Collection[int], parts: int) -> InstalmentRule:
        """Return the bracket that says the rate and the down payment of an agreement in parcels:
        that of the installment that is most days late."""
        oldest = max(self.selected(ids), key=lambda row: row.delay)
        return instalment_rule(oldest, parts)


def _check_selection(rows: Sequence[DebtRow], on: date) -> None:
    if any(not row.is_selectable for row in rows):
        raise DomainError("Uma das parcelas já está em um acordo: tire-a da seleção.", "selection")
    if len({row.contract.creditor_id for row in rows}) > 1:
        raise DomainError("Calcule as parcelas de um credor por vez.", "selection")
    for row in rows:
        issued = row.contract.issued_on
        if issued and on < issued:
            raise DomainError(
                f"A data do cálculo é anterior ao contrato {row.contract} ({issued:%d/%m/%Y}).",
                "on",
            )


def debt_of(debtor_id: int, on: date, *, contract_ids: Collection[int] | None = None) -> Debt:
    """Return a debtor's owed installments with all that prices them, in four queries.

    The ERP is not asked: what it answered for this day before is used where there is such an
    answer (see `erp_balances`).
    """
    installments = _owed(debtor_id, contract_ids)
    creditors = {row.contract.creditor_id: row.contract.creditor for row in installments}
    rules = rules_of(creditors, on)
    switches = switches_of(creditors.values())
    balances = balances_on(on, {row.contract_id for row in installments})
    chosen = _campaigns({row.contract_id: row.contract for row in installments}, rules)
    return Debt(
        debtor_id,
        on,
        tuple(
            _row(
                each,
                on,
                chosen[each.contract_id],
                switches[each.contract.creditor_id],
                balances.get((each.contract_id, each.number)),
            )
            for each in installments
        ),
    )


def _owed(debtor_id: int, contract_ids: Collection[int] | None) -> list[Installment]:
    wanted = Q(contract__debtor=debtor_id, status__in=OWED)
    if contract_ids is not None:
        wanted &= Q(contract__in=contract_ids)
    return list(
        Installment.objects.filter(wanted)
        .select_related("contract__creditor")
        .order_by("due_date", "contract", "number")
    )


def _campaigns(
    contracts: Mapping[int, Contract], rules: Iterable[CampaignRules]
) -> dict[int, CampaignRules | None]:
    return {
        pk: choose(rules, each.creditor_id, each.contract_type_id, each.branch_id)
        for pk, each in contracts.items()
    }


def balances_on(
    on: date, contract_ids: Collection[int] | None = None
) -> dict[tuple[int, int], ErpRow]:
    """Return what ERPs told of a day, of some contracts or all, by contract and number."""
    balances = ErpBalance.objects.filter(on=on)
    if contract_ids is not None:
        balances = balances.filter(contract__in=contract_ids)
    found = {}
    for balance in balances:
        for told in balance.rows:
            found[balance.contract_id, told["number"]] = _erp_row(balance, told)
    return found


def _erp_row(balance: ErpBalance, told: Mapping[str, Any]) -> ErpRow:
    return ErpRow(
        original=Decimal(told["original"]),
        correction=Decimal(told["correction"]),
        charges=Decimal(told["charges"]),
        early_discount=Decimal(told["early_discount"]),
        has_late_terms=balance.has_late_terms,
        fetched_at=balance.fetched_at,
    )


def _row(
    installment: Installment,
    on: date,
    campaign: CampaignRules | None,
    switches: Switches,
    erp: ErpRow | None,
) -> DebtRow:
    contract = installment.contract
    holidays = campaign.holidays if campaign else frozenset()
    state = contract.creditor.state
    late = delay(installment.due_date, on, state, holidays)
    rule = (
        campaign.cash_rule(late, contract.contract_type_id, contract.branch_id)
        if campaign
        else None
    )
    effective = effective_due_date(installment.due_date, state, holidays)
    return DebtRow(installment, effective, late, campaign, rule, switches, erp)
