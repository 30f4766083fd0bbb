"""What an agreement must be to be written into the ERP (AGR-03, playbook 7.3.2). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from cobranca.common.errors import DomainError

MONTHLY = "PM"
SIMPLE = "simples"
NO_INTEREST, PRICE = "Nenhum", "Price"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegratedTerms:
    """An agreement as it would be written: all that a limit has a say in.

    `renegotiated` are those of its contracts that already have a renegotiation. `indexer` ""
    means the contract's own; `months_back` more than 1 is of a retroactive indexer.
    """

    contracts: tuple[str, ...]
    renegotiated: tuple[str, ...] = ()
    on: date
    base_month: date
    months_back: int = 1
    indexer: str = ""
    contract_indexer: str = ""
    condition: str = MONTHLY
    interest: str = SIMPLE
    contractual_interest: str = NO_INTEREST
    monthly_percent: Decimal = Decimal(0)
    down_payment: Decimal = Decimal(0)
    due_dates: tuple[date, ...] = ()


def base_month_of(on: date, months_back: int = 1) -> date:
    """Return the month, by its first day, whose index an agreement of `on` is based on."""
    months = on.year * 12 + on.month - 1 - months_back
    return date(months // 12, months % 12 + 1, 1)


def check_limits(terms: IntegratedTerms) -> None:
    """Raise DomainError naming every limit that `terms` break, before the ERP is asked."""
    broken = list(broken_limits(terms))
    if broken:
        raise DomainError(f"Não pode ser integrado ao ERP: {'; '.join(broken)}.", "mode")


def broken_limits(terms: IntegratedTerms) -> Iterator[str]:
    """Yield each limit broken, in words that say what to do."""
    yield from _contracts(terms)
    yield from _indexer(terms)
    yield from _condition(terms)
    yield from _interest(terms)


def _contracts(terms: IntegratedTerms) -> Iterator[str]:
    if len(set(terms.contracts)) > 1:
        named = ", ".join(dict.fromkeys(terms.contracts))
        yield f"só um contrato por acordo integrado (selecionados: {named})"
    for contract in dict.fromkeys(terms.renegotiated):
        yield f"só um reparcelamento por contrato, e o contrato {contract} já tem um"


def _indexer(terms: IntegratedTerms) -> Iterator[str]:
    if terms.indexer and terms.indexer != terms.contract_indexer:
        own = terms.contract_indexer or "nenhum"
        yield f"o indexador é sempre o do contrato ({own}), e não {terms.indexer}"
    expected = base_month_of(terms.on, terms.months_back)
    if terms.base_month != expected:
        yield (
            f"a data base do indexador é {expected:%m/%Y} (mês anterior, ou os meses retroativos "
            f"do indexador), e não {terms.base_month:%m/%Y}"
        )


def _condition(terms: IntegratedTerms) -> Iterator[str]:
    if terms.condition != MONTHLY:
        yield f"o tipo de condição é sempre PM (parcelas mensais), e não {terms.condition}"
    if terms.down_payment:
        yield "a condição PM (parcelas mensais) não tem entrada: deixe a entrada em 0,00"
    if any(_months(after) - _months(before) != 1 for before, after in pairwise(terms.due_dates)):
        yield "a condição PM (parcelas mensais) pede um vencimento em cada mês"


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _interest(terms: IntegratedTerms) -> Iterator[str]:
    if terms.interest != SIMPLE:
        yield f"os juros são sempre simples, e não {terms.interest}"
    if terms.contractual_interest not in (NO_INTEREST, PRICE):
        yield f"os juros contratuais são Nenhum ou Price, e não {terms.contractual_interest}"
    elif terms.contractual_interest == NO_INTEREST and terms.monthly_percent:
        yield "com taxa de parcelamento os juros contratuais são Price"
