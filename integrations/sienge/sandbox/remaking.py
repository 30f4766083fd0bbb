"""Renegotiations: old installments end without cash, new ones begin on the same bill."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from integrations.sandbox.dates import monthly_dates, split_amount
from integrations.sienge.sandbox import catalog
from integrations.sienge.sandbox.calculation import cents, position
from integrations.sienge.sandbox.model import (
    ZERO,
    Bill,
    Condition,
    Installment,
    Remaking,
)
from integrations.sienge.sandbox.settlement import Settling, settle, take_back
from integrations.sienge.sandbox.world import World


@dataclass(frozen=True, slots=True)
class NewLine:
    """A payment condition asked for: so many installments of a total, monthly from a date."""

    code: str
    total: Decimal
    count: int
    first_on: date
    base_on: date
    indexer_id: int = 0
    bearer_id: int = 1
    interest_type: str = "N"
    interest_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is agreed in a renegotiation."""

    replaced: list[Installment]
    lines: list[NewLine]
    remade_on: date
    description: str | None = None


def remake(world: World, bill: Bill, agreed: Agreement, *, changed_on: date) -> Remaking:
    """Close the installments with Reparcelamento receipts and append the new ones."""
    day = agreed.remade_on
    value = sum((position(bill, i, day).balance for i in agreed.replaced), start=ZERO)
    balances = {installment.id: installment.balance for installment in agreed.replaced}
    for row in agreed.replaced:
        how = Settling(row.balance, day, changed_on, operation_id=catalog.REMADE)
        settle(world, bill, row, how)
    generated = [i for line in agreed.lines for i in _append(bill, line, changed_on)]
    remaking = Remaking(
        bill_id=bill.id,
        remade_on=day,
        replaced=balances,
        replaced_value=value,
        generated_ids=[installment.id for installment in generated],
        generated_value=sum((i.original for i in generated), start=ZERO),
        description=agreed.description,
    )
    bill.remakings.append(remaking)
    _flag_contract(world, bill)
    return remaking


def undo(world: World, bill: Bill, remaking: Remaking, *, changed_on: date) -> None:
    """Open the replaced installments again and take the generated ones away."""
    for number in remaking.generated_ids:
        bill.installments.pop(number, None)
    for number in remaking.replaced:
        installment = bill.installments.get(number)
        for receipt in list(installment.receipts) if installment else []:
            if installment and receipt.operation_id == catalog.REMADE:
                take_back(installment, receipt, changed_on=changed_on)
    bill.remakings.remove(remaking)
    _flag_contract(world, bill)


def _flag_contract(world: World, bill: Bill) -> None:
    contract = world.contracts.get(bill.contract_id or 0)
    if contract:
        contract.is_remade = bool(bill.remakings)


def _append(bill: Bill, line: NewLine, changed_on: date) -> list[Installment]:
    parts = _values(line)
    condition = Condition(
        code=line.code,
        base_on=line.base_on,
        first_on=line.first_on,
        count=line.count,
        total=sum(parts, start=ZERO),
        sequence=max((i.condition.sequence for i in bill.installments.values()), default=0) + 1,
        indexer_id=line.indexer_id,
        bearer_id=line.bearer_id,
        interest_type=line.interest_type,
        interest_percent=line.interest_percent,
    )
    dates = monthly_dates(line.first_on, line.count)
    first_id = next_installment_id(bill)
    added = [
        Installment(number, due_on, value, value, condition, changed_on)
        for number, (due_on, value) in enumerate(zip(dates, parts, strict=True), first_id)
    ]
    bill.installments.update((installment.id, installment) for installment in added)
    return added


def next_installment_id(bill: Bill) -> int:
    """Return the id after the highest the bill has."""
    return max(bill.installments, default=0) + 1


def _values(line: NewLine) -> list[Decimal]:
    """Split the total, residue on the first; PRICE grows the parts by the monthly interest."""
    total = line.total.quantize(Decimal("0.01"), ROUND_DOWN)
    if line.interest_type != "P" or not line.interest_percent:
        return split_amount(total, line.count)
    rate = line.interest_percent / 100
    part = total * rate / (1 - (1 + rate) ** -line.count)
    return [cents(part)] * line.count
