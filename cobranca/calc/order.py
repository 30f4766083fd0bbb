"""What is to be priced: the selected installments, the day, the discounts and the expenses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cobranca.calc.charges import Charges, ChargeTerms
from cobranca.calc.discounts import NO_CEILINGS, NO_DISCOUNTS, Ceilings, DiscountRequest
from cobranca.calc.errors import CalcError
from cobranca.calc.money import HUNDRED, ZERO, in_cents
from cobranca.calc.words import day_text

# The first day of the real: an earlier day of calculation is a slip of the keyboard.
FIRST_DAY = date(1994, 7, 1)


@dataclass(frozen=True, slots=True)
class Item:
    """One selected installment and what is charged on it.

    `original` is what is still owed of it. `charges` come from the ERP and win over `terms`, the
    campaign's. `origin` says in Portuguese where figures come from, for the statement; its keys
    are `original`, `effective_due`, `correction`, `charges`, `fee`, `discounts`, `early_discount`;
    and `index`, the months and factor of a correction worked out here (`Indexer.explain`).
    """

    key: int
    contract: str
    label: str
    due: date
    effective_due: date
    original: Decimal
    correction: Decimal = ZERO
    charges: Charges | None = None
    terms: ChargeTerms | None = None
    fee_percent: Decimal = ZERO
    ceilings: Ceilings = NO_CEILINGS
    early_discount: Decimal = ZERO
    origin: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How messages and the statement call it."""
        return f"Contrato {self.contract}, parcela {self.label}"


@dataclass(frozen=True, slots=True)
class Order:
    """Everything a quote depends on: same order, same quote, always."""

    items: tuple[Item, ...]
    on: date
    discounts: DiscountRequest = NO_DISCOUNTS
    expenses: Decimal = ZERO


def check_order(order: Order) -> None:
    """Raise CalcError, naming the input, unless `order` can be priced."""
    if order.on < FIRST_DAY:
        raise CalcError(f"Informe uma data de cálculo a partir de {day_text(FIRST_DAY)}.", "on")
    if not order.items:
        raise CalcError("Selecione ao menos uma parcela.", "selection")
    _check_amount(order.expenses, "As despesas", "expenses")
    seen: set[int] = set()
    for item in order.items:
        if item.key in seen:
            raise CalcError(f"{item.name}: selecionada duas vezes.", "selection")
        seen.add(item.key)
        _check_item(item)
    # Rows of one bracket share its objects: each is looked at once.
    for item in {id(item.terms): item for item in order.items}.values():
        _check_terms(item)
    for item in {id(item.ceilings): item for item in order.items}.values():
        _check_ceilings(item)


def _check_item(item: Item) -> None:
    if item.effective_due < item.due:
        raise CalcError(
            f"{item.name}: o vencimento efetivo não pode ser anterior ao vencimento.",
            "effective_due",
        )
    if not _is_amount(item.original):
        _check_amount(item.original, f"{item.name}: o valor original", "original")
    if not _is_amount(item.correction):
        _check_amount(item.correction, f"{item.name}: a correção monetária", "correction")
    if not _is_amount(item.early_discount):
        _check_amount(item.early_discount, f"{item.name}: o deságio", "early_discount")
    if not _is_percent(item.fee_percent):
        raise CalcError(f"{item.name}: percentual de honorários inválido.", "fee_percent")
    charges = item.charges
    if charges is not None and not (_is_amount(charges.penalty) and _is_amount(charges.interest)):
        _check_amount(charges.penalty, f"{item.name}: a multa", "charges")
        _check_amount(charges.interest, f"{item.name}: os juros", "charges")


def _check_terms(item: Item) -> None:
    terms = item.terms
    if terms is None:
        return
    if not (_is_percent(terms.penalty_percent) and _is_percent(terms.monthly_interest_percent)):
        raise CalcError(f"{item.name}: percentual de multa ou de juros inválido.", "terms")


def _check_ceilings(item: Item) -> None:
    most = item.ceilings
    for percent in (most.principal, most.penalty, most.interest, most.fee):
        if not _is_percent(percent) or percent > HUNDRED:
            raise CalcError(
                f"{item.name}: os descontos máximos vão de 0 a 100 por cento.", "ceilings"
            )


def _check_amount(amount: Decimal, what: str, name: str) -> None:
    if not in_cents(amount):
        raise CalcError(f"{what}: informe em reais e centavos.", name)
    if amount < 0:
        raise CalcError(f"{what}: não pode ser menor que zero.", name)


def _is_amount(amount: Decimal) -> bool:
    return in_cents(amount) and amount >= 0


def _is_percent(percent: Decimal) -> bool:
    return percent.is_finite() and percent >= 0
