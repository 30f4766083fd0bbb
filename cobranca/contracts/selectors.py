"""Reading contracts, their installments and the timeline."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from cobranca.calc.money import ZERO
from cobranca.common.prepared import Prepared
from cobranca.contracts.models import Contract, Installment, Negotiation, Payment, Recall
from cobranca.contracts.states import ContractStatus, InstallmentStatus

# What is shown at once besides what is late; the rest of a long contract comes on demand.
HORIZON = timedelta(days=45)
PART_SIZE = 60
OWED = (InstallmentStatus.OPEN, InstallmentStatus.NEGOTIATED)
NOTHING = Value(ZERO)
# What is owed of an installment, seen from its contract.
STILL_OWED = Greatest(F("installments__balance") - F("installments__credit"), NOTHING)

# Status letters (TEL-03) and what they mean.
LETTERS = {
    "A": "Em acordo",
    "B": "Boleto disponível",
    "R": "Recebida em parte",
    "P": "Paga",
    "D": "Devolvida ao credor",
}


class InstallmentRow(NamedTuple):
    """One line of a contract's table, as read."""

    id: int
    contract_id: int
    number: int
    label: str
    due_date: date
    principal: Decimal
    balance: Decimal
    credit: Decimal
    note: str
    status: str
    has_boleto: bool

    @property
    def owed(self) -> Decimal:
        """What is still owed of it, charges apart: the ERP's balance less our credit."""
        return max(self.balance - self.credit, ZERO)

    @property
    def shown_number(self) -> str:
        """The ERP's spelling of the number ("7", "1/2")."""
        return self.label or str(self.number)

    @property
    def is_owed(self) -> bool:
        return self.status in OWED

    @property
    def letters(self) -> str:
        """Status letters, in the order of LETTERS."""
        partly = self.status == InstallmentStatus.OPEN and self.owed < self.principal
        found = {
            "A": self.status == InstallmentStatus.NEGOTIATED,
            "B": self.has_boleto and self.is_owed,
            "R": partly,
            "P": self.status == InstallmentStatus.SETTLED,
            "D": self.status == InstallmentStatus.RECALLED,
        }
        return "".join(letter for letter, holds in found.items() if holds)


@dataclass(frozen=True)
class InstallmentPart:
    """A stretch of a contract's installments; `after` asks for the next, "" at the end."""

    rows: list[InstallmentRow]
    after: str


def contracts_of(debtor_id: int, status: str, on: date) -> list[Any]:
    """Return a debtor's contracts of one status with their totals, the largest debt first.

    `later_*` is what falls due after the horizon and is not shown at once; `read_at` when the
    title was last read by itself.
    """
    return _contracts(debtor=debtor_id, status=status, on=on, horizon=on + HORIZON)


def _contracts_query(debtor: int, status: str, on: date, horizon: date) -> QuerySet[Contract]:
    owed = Q(installments__status__in=OWED)
    later = owed & Q(installments__due_date__gt=horizon)
    newest = Negotiation.objects.filter(contract=OuterRef("pk")).order_by("-number")
    contracts = (
        Contract.objects.filter(debtor=debtor, status=status)
        .select_related("creditor", "branch", "contract_type")
        .annotate(
            open_total=Coalesce(Sum(STILL_OWED, filter=owed), NOTHING),
            open_count=Count("installments", filter=owed),
            late_count=Count("installments", filter=owed & Q(installments__due_date__lt=on)),
            oldest_due=Min("installments__due_date", filter=owed),
            later_total=Coalesce(Sum(STILL_OWED, filter=later), NOTHING),
            later_count=Count("installments", filter=later),
            closed_count=Count("installments", filter=~owed & Q(installments__isnull=False)),
            negotiated_on=Subquery(newest.values("started_on")[:1]),
            read_at=F("reading__read_at"),
        )
    )
    return contracts.order_by("-open_total", "number", "id")


_contracts = Prepared(_contracts_query, debtor=int, status=str, on=date, horizon=date)


def current_installments(debtor_id: int, on: date) -> dict[int, list[InstallmentRow]]:
    """Return, by contract in force, what is owed and due up to the horizon, oldest first."""
    found: dict[int, list[InstallmentRow]] = defaultdict(list)
    for row in map(InstallmentRow._make, _current(debtor=debtor_id, horizon=on + HORIZON)):
        found[row.contract_id].append(row)
    return found


def _current_query(debtor: int, horizon: date) -> QuerySet[Installment, tuple[Any, ...]]:
    owed = Installment.objects.filter(
        contract__debtor=debtor,
        contract__status=ContractStatus.ACTIVE,
        status__in=OWED,
        due_date__lte=horizon,
    )
    return owed.order_by("contract", "due_date", "number").values_list(*InstallmentRow._fields)


_current = Prepared(_current_query, debtor=int, horizon=date)


def later_installments(contract: Contract, on: date, after: str = "") -> InstallmentPart:
    """Return what falls due after the horizon, soonest first."""
    rows = contract.installments.filter(status__in=OWED, due_date__gt=on + HORIZON)
    if (place := _place(after)) is not None:
        due, number = place
        rows = rows.filter(Q(due_date__gt=due) | Q(due_date=due, number__gt=number))
    return _part(rows.order_by("due_date", "number"))


def closed_installments(contract: Contract, after: str = "") -> InstallmentPart:
    """Return what was paid or went back to the creditor, latest due first."""
    rows = contract.installments.exclude(status__in=OWED)
    if (place := _place(after)) is not None:
        due, number = place
        rows = rows.filter(Q(due_date__lt=due) | Q(due_date=due, number__lt=number))
    return _part(rows.order_by("-due_date", "-number"))


def _rows(installments: QuerySet[Installment]) -> Iterable[InstallmentRow]:
    return map(InstallmentRow._make, installments.values_list(*InstallmentRow._fields))


def _part(installments: QuerySet[Installment]) -> InstallmentPart:
    rows = list(_rows(installments[: PART_SIZE + 1]))
    shown = rows[:PART_SIZE]
    more = len(rows) > PART_SIZE
    return InstallmentPart(shown, f"{shown[-1].due_date}_{shown[-1].number}" if more else "")


def _place(after: str) -> tuple[date, int] | None:
    """Read the place a part ended at; nonsense from outside starts at the beginning."""
    day, _, number = after.partition("_")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None


@dataclass(frozen=True)
class InstallmentHistory:
    """What happened to one installment: money that came, times it went back."""

    payments: list[Payment]
    recalls: list[Recall]


def history_of_installment(contract: Contract, number: int) -> InstallmentHistory:
    """Return receipts and recalls of one installment, newest first."""
    return InstallmentHistory(
        payments=list(contract.payments.filter(number=number)),
        recalls=list(contract.recalls.filter(number=number)),
    )


def finished_contracts() -> QuerySet[Contract]:
    """Return contracts that are over."""
    return Contract.objects.filter(status=ContractStatus.FINISHED)


@dataclass(frozen=True)
class Product:
    """What was sold under a contract: its attributes by the labels of the contract type."""

    contract: Contract
    facts: list[tuple[str, str]]


def products_of(debtor_id: int) -> list[Product]:
    """Return what was sold to a debtor, contracts in force first."""
    contracts = (
        Contract.objects.filter(debtor=debtor_id)
        .select_related("branch", "contract_type")
        .prefetch_related("contract_type__attributes")
        .order_by("status", "number")
    )
    return [Product(contract, _facts(contract)) for contract in contracts]


def _facts(contract: Contract) -> list[tuple[str, str]]:
    labels = {each.key: each.label for each in contract.contract_type.attributes.all()}
    return [(labels.get(key, key), text) for key, text in contract.attributes.items() if text]
