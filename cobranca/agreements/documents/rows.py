"""Tables of installments and of parcels, as text ready to be laid out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobranca.calc.money import ZERO
from cobranca.calc.words import day_text
from cobranca.common.errors import DomainError

# Drawing takes about a second per thousand cells: more than this is no document any more.
MOST_ROWS = 1500
PLAIN, NUMBER = "", "n"
LARGEST_SUM = len("99.999.999,99")
_SWAP = str.maketrans(",.", ".,")


def amount_text(value: Decimal) -> str:
    """1.234,56: as the filter `money`, many times faster, for tables of hundreds of rows."""
    return f"{value:,.2f}".translate(_SWAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedRow:
    """One installment with its figures."""

    contract: str
    label: str
    due: date
    days_late: int
    original: Decimal
    correction: Decimal
    penalty: Decimal
    interest: Decimal
    fee: Decimal
    discount: Decimal
    total: Decimal

    @property
    def charges(self) -> Decimal:
        return self.penalty + self.interest


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. One with `amount` is added up; the others are written by `text`."""

    title: str
    css: str = PLAIN
    text: Callable[[PricedRow], str] | None = None
    amount: Callable[[PricedRow], Decimal] | None = None

    @property
    def align(self) -> str:
        return NUMBER if self.amount or self.css == "c-days" else PLAIN


CONTRACT = Column("Contrato", "c-contract", text=lambda row: row.contract)
LABEL = Column("Parcela", "c-label", text=lambda row: row.label)
DUE = Column("Vencimento", "c-due", text=lambda row: day_text(row.due))
DAYS = Column("Atraso", "c-days", text=lambda row: str(row.days_late))
ORIGINAL = Column("Valor", amount=lambda row: row.original)
CORRECTION = Column("Correção", amount=lambda row: row.correction)
PENALTY = Column("Multa", amount=lambda row: row.penalty)
INTEREST = Column("Juros", amount=lambda row: row.interest)
CHARGES = Column("Encargos", amount=lambda row: row.charges)
FEE = Column("Honorários", amount=lambda row: row.fee)
DISCOUNT = Column("Desconto", amount=lambda row: row.discount)
TOTAL = Column("Total", amount=lambda row: row.total)


@dataclass(frozen=True, slots=True)
class Table:
    """What a template lays out.

    Of each head the title, the column's class and its cells'; of each cell the text and its class.
    """

    heads: list[tuple[str, str, str]]
    lines: list[list[tuple[str, str]]]
    sums: list[str]
    # How many columns at the left have no sum.
    span: int

    @property
    def is_dense(self) -> bool:
        """Tell whether sums are so large that columns have room for them in small type alone."""
        return max(map(len, self.sums), default=0) > LARGEST_SUM


def table_of(rows: Sequence[PricedRow], columns: Sequence[Column]) -> Table:
    """Return rows as a table; columns that are added up come last."""
    check_size(len(rows))
    added = [column.amount for column in columns if column.amount]
    return Table(
        heads=[(column.title, column.css, column.align) for column in columns],
        lines=[[(_cell(row, column), column.align) for column in columns] for row in rows],
        sums=[amount_text(sum((amount(row) for row in rows), ZERO)) for amount in added],
        span=len(columns) - len(added),
    )


def _cell(row: PricedRow, column: Column) -> str:
    if column.amount:
        return amount_text(column.amount(row))
    return column.text(row) if column.text else ""


def check_size(rows: int, most: int = MOST_ROWS) -> None:
    """Refuse what would keep the server busy for minutes."""
    if rows > most:
        raise DomainError(
            f"São {rows} parcelas, e um documento traz até {most}: selecione menos.", "selection"
        )
