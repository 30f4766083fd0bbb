"""What happened to a contract's installments before today: who pays, who stops paying."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from integrations.sandbox.dates import add_months
from integrations.sienge.sandbox import catalog
from integrations.sienge.sandbox.calculation import cents, position
from integrations.sienge.sandbox.model import ZERO, Bill, Installment
from integrations.sienge.sandbox.remaking import Agreement, NewLine, remake
from integrations.sienge.sandbox.settlement import Settling, settle
from integrations.sienge.sandbox.world import World

# Condition types a collections office ignores: the bank or an exchange pays them.
_NOT_PAID_BY_DEBTOR = ("FI", "PE")


@dataclass(frozen=True, slots=True)
class Profile:
    """How a debtor behaves: how many of the last due installments stay unpaid."""

    name: str
    weight: int
    unpaid: tuple[int, int] = (0, 0)


PROFILES = (
    Profile("regular", 38),
    Profile("late", 24, (1, 3)),
    Profile("chronic", 14, (4, 11)),
    Profile("abandoned", 5, (12, 40)),
    Profile("partial", 6, (1, 2)),
    Profile("renegotiated", 6, (0, 2)),
    Profile("ceded", 3, (0, 3)),
    Profile("without-terms", 2, (1, 5)),
    Profile("in-court", 2, (8, 20)),
)


def live(world: World, bill: Bill, random: Random, profile: Profile, on: date) -> None:
    """Pay what fell due before the date, except what the profile leaves unpaid."""
    due = sorted(
        (i for i in bill.installments.values() if i.due_on < on and i.is_open),
        key=lambda installment: (installment.due_on, installment.id),
    )
    payable = [i for i in due if i.condition.code not in _NOT_PAID_BY_DEBTOR]
    unpaid = min(random.randint(*profile.unpaid), len(payable))
    paid, late = payable[: len(payable) - unpaid], payable[len(payable) - unpaid :]
    for installment in paid:
        _pay(world, bill, installment, random, on)
    if profile.name == "partial" and late:
        _pay_part(world, bill, late[0], random, on)
    _issue_boletos(bill, random, on)


def _pay(world: World, bill: Bill, installment: Installment, random: Random, on: date) -> None:
    delay = random.choice((-3, -1, 0, 0, 0, 0, 1, 2, 5, 9, 17))
    paid_on = max(bill.issued_on, min(installment.due_on + timedelta(days=delay), on))
    operation = catalog.RECEIVED
    if random.random() < 0.04:
        operation = random.choice((catalog.ADVANCE, catalog.ADVANCE_USED, catalog.IN_GOODS, 32))
    how = Settling(
        gross=installment.balance,
        paid_on=paid_on,
        changed_on=paid_on,
        operation_id=operation,
        discount=cents(installment.original / 100) if random.random() < 0.01 else ZERO,
    )
    settle(world, bill, installment, how)


def _pay_part(world: World, bill: Bill, installment: Installment, random: Random, on: date) -> None:
    share = Decimal(random.choice((25, 40, 50, 75))) / 100
    paid_on = min(installment.due_on + timedelta(days=4), on)
    gross = cents(installment.balance * share)
    settle(world, bill, installment, Settling(gross, paid_on, changed_on=paid_on))


def _issue_boletos(bill: Bill, random: Random, on: date) -> None:
    """Register slips a month ahead, for most bills; settled installments had theirs."""
    if random.random() < 0.2:
        return
    for installment in bill.installments.values():
        issued_on = installment.due_on - timedelta(days=35)
        if issued_on <= on and installment.condition.code not in _NOT_PAID_BY_DEBTOR:
            installment.has_boleto = True
            if installment.is_open:
                installment.changed_on = max(installment.changed_on, issued_on)


def renegotiate(world: World, bill: Bill, random: Random, on: date, *, parts: int) -> None:
    """Replace some installments that were late some months ago by `parts` new ones."""
    open_ones = sorted(
        (i for i in bill.installments.values() if i.is_open and i.condition.code in ("PM", "PA")),
        key=lambda installment: installment.due_on,
    )
    remade_on = max(bill.issued_on, add_months(on, -random.randint(1, 5)))
    replaced = [i for i in open_ones if i.due_on < remade_on][-6:] or open_ones[:2]
    total = sum((position(bill, i, remade_on).balance for i in replaced), start=ZERO)
    line = NewLine(
        code=random.choice(("PM", "PM", "RN")),
        total=total,
        count=parts,
        first_on=remade_on + timedelta(days=20),
        base_on=add_months(remade_on.replace(day=1), -1),
        indexer_id=replaced[0].condition.indexer_id,
    )
    agreed = Agreement(replaced, [line], remade_on, "Acordo de cobrança")
    remake(world, bill, agreed, changed_on=remade_on)
