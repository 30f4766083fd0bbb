"""Some titles read whole: in one bulk call where that is to be had, else one by one by REST."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from cobranca.contracts.records import ContractRecord, PaymentRecord, Record
from integrations.core.connector import Page
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    CredentialsError,
    NotGrantedError,
    TooManyAtOnceError,
)
from integrations.core.streaming import Row
from integrations.sienge import rows as r
from integrations.sienge.client import SiengeClient
from integrations.sienge.config import Filters
from integrations.sienge.mapper import (
    IncomeMapper,
    Sheet,
    TitleAnswers,
    Told,
    add_boletos_of,
    add_sale,
    add_title,
    doubt_title,
    gone_title,
    holder_of,
    title_of_income,
    title_of_sale,
)
from integrations.sienge.paging import list_all
from integrations.sienge.streams.load import SHEET_RECORDS, SHEET_ROWS

# What a title costs by REST is four calls and more: what was read so must not be lost with others
# once the day's calls end.
MOST_BY_REST = 25
# Packages sell one bulk call for fifty others: so many titles by REST are worth as much.
FEW_TITLES = 12
# An address may not grow without end.
TITLES_A_CALL = 500
NOT_TOLD = "O Sienge não devolveu as parcelas deste título: ele ficou como estava."


class TitleReader:
    """Reads titles of one company; remembers what it was told of their sales contracts."""

    def __init__(self, client: SiengeClient, filters: Filters) -> None:
        self._client = client
        self._filters = filters
        self._sales: dict[str, Row[r.SalesContract]] = {}
        # Why the bulk data cannot be had, once it was asked for.
        self._no_bulk: BudgetError | ConfigError | None = None

    def title_of_sale(self, sale: str) -> str:
        """Return the title of a sales contract; "" when there is none or it has none yet."""
        row = self._client.sales_contract(sale)
        title = title_of_sale(row)
        if row is not None and title:
            self._sales[title] = row
        return title

    def read(
        self, titles: Sequence[str], *, receipts: bool, boletos: Collection[str] = ()
    ) -> Iterator[Page]:
        """Yield pages of all that is known of `titles`, of `boletos` among them theirs too."""
        wanted = list(dict.fromkeys(titles))
        read = 0
        if receipts or len(wanted) > FEW_TITLES:
            for start in range(0, len(wanted), TITLES_A_CALL):
                some = wanted[start : start + TITLES_A_CALL]
                if self._no_bulk is None:
                    yield from self._by_bulk(some, boletos, receipts=receipts)
                if self._no_bulk is not None:
                    break
                read += len(some)
        yield from self._by_rest(wanted[read:])

    def _by_bulk(
        self, titles: Sequence[str], boletos: Collection[str], *, receipts: bool
    ) -> Iterator[Page]:
        """Yield what one bulk answer tells, and what had to be asked besides.

        Where the bulk data is not to be had nothing is yielded, and `_no_bulk` says why.
        """
        answer = self._client.income_of_titles(titles)
        try:
            first = next(answer, None)
        except CredentialsError:
            raise
        except (BudgetError, ConfigError) as error:
            self._no_bulk = error
            return
        reading = _BulkReading(titles, self._filters)
        rows = answer if first is None else _chained(first, answer)
        for sheet in reading.sheets(rows):
            yield _page(sheet, receipts=receipts)
        sheet = Sheet()
        for title in reading.untold():
            self._ask_whether_gone(sheet, title)
        for title, told in reading.told.items():
            self._add_sale(sheet, title, told)
            if title in boletos:
                self._add_boletos(sheet, title)
        yield _page(sheet, receipts=receipts)

    def _add_boletos(self, sheet: Sheet, title: str) -> None:
        """Add what the bulk data does not tell; a boleto not told now comes with the daily load."""
        try:
            add_boletos_of(sheet, title, self._client.title_installments(title))
        except (BudgetError, NotGrantedError) as error:
            sheet.notices.append(f"{error.message.rstrip('.')}: boletos não atualizados.")

    def _ask_whether_gone(self, sheet: Sheet, title: str) -> None:
        if self._client.title(title) is None:
            sheet.records.append(gone_title(title))
        else:
            doubt_title(sheet, title, NOT_TOLD)

    def _by_rest(self, titles: Sequence[str]) -> Iterator[Page]:
        if len(titles) > MOST_BY_REST:
            why = self._no_bulk.message.rstrip(".") if self._no_bulk else "Sem os dados em lote"
            message = f"{why}: no máximo {MOST_BY_REST} títulos por vez."
            raise TooManyAtOnceError(message, f"{len(titles)} titles by REST")
        for title in titles:
            sheet = Sheet()
            self._read_one(sheet, title)
            yield _page(sheet)

    def _read_one(self, sheet: Sheet, title: str) -> None:
        found = self._client.title(title)
        if found is None:
            sheet.records.append(gone_title(title))
            return
        customer = holder_of(found)
        if not customer:
            doubt_title(sheet, title, found.problem or "Campo customerId ausente ou inválido.")
            return
        answers = self._answers(found, title, customer)
        told = add_title(sheet, title, answers, self._filters)
        if told is not None:
            self._add_sale(sheet, title, told)

    def _answers(self, found: Row[r.Title], title: str, customer: str) -> TitleAnswers:
        """Ask what else there is of a title of `customer`."""
        return TitleAnswers(
            found,
            self._client.title_installments(title),
            self._client.statement(customer, title),
            self._client.remade(title),
        )

    def _add_sale(self, sheet: Sheet, title: str, told: Told) -> None:
        """Add the sales contract, where it was read already or may have been cancelled."""
        row = self._sales.get(title)
        if row is None and told.may_be_cancelled:
            row = self._find_sale(title, told.customer)
        if row is not None:
            add_sale(sheet, row)

    def _find_sale(self, title: str, customer: str) -> Row[r.SalesContract] | None:
        """Return the sales contract of a title among its customer's: none is found by title."""
        company = self._filters.company
        rows = list_all(
            lambda offset: self._client.sales_contracts(company, offset, customer=customer),
            lambda row: row.id,
        )
        return next((row for row in rows if title_of_sale(row) == title), None)


class _BulkReading:
    """One bulk answer about some titles: sheet by sheet, and what it did not tell."""

    def __init__(self, titles: Sequence[str], filters: Filters) -> None:
        self._wanted = set(titles)
        self._mapper = IncomeMapper(filters)
        self._seen: set[str] = set()
        self.told: dict[str, Told] = {}

    def sheets(self, rows: Iterable[Row[r.Income]]) -> Iterator[Sheet]:
        """Yield sheets of a size that memory and database like."""
        sheet = Sheet()
        for row in rows:
            self._add(sheet, row)
            if sheet.rows >= SHEET_ROWS or len(sheet.records) >= SHEET_RECORDS:
                yield sheet
                sheet = Sheet()
        yield sheet

    def untold(self) -> list[str]:
        """Return the titles of which no row came."""
        return sorted(self._wanted - self._seen)

    def _add(self, sheet: Sheet, row: Row[r.Income]) -> None:
        title = title_of_income(row)
        if not title:
            # Whose it is cannot be read: it may be of any of them.
            for wanted in sorted(self._wanted):
                doubt_title(sheet, wanted, NOT_TOLD)
            self._seen |= self._wanted
            return
        if title not in self._wanted:
            return  # a title told in part would pass for the whole of it
        self._seen.add(title)
        before = len(sheet.records)
        self._mapper.add(sheet, row)
        self.told.setdefault(title, Told()).note(sheet.records[before:])


def _chained(first: Row[r.Income], rest: Iterator[Row[r.Income]]) -> Iterator[Row[r.Income]]:
    yield first
    yield from rest


def _page(sheet: Sheet, *, receipts: bool = False) -> Page:
    return Page(
        stream="titles",
        records=sheet.records if receipts else _without_receipts(sheet.records),
        cursor={},
        rows=sheet.rows,
        issues=sheet.issues,
        ignored=dict(sheet.ignored),
        notices=sheet.notices,
    )


def _without_receipts(records: Iterable[Record]) -> list[Record]:
    """Return what was asked for, where the bulk data told more."""
    asked = (record for record in records if not isinstance(record, PaymentRecord))
    return [
        record._replace(has_receipts=False) if isinstance(record, ContractRecord) else record
        for record in asked
    ]
