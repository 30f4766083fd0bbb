"""“Sienge Pagamentos”: the installments that were paid lately, of contracts known here (SIE-19)."""

from collections.abc import Iterator
from datetime import date, timedelta

from cobranca.contracts.records import (
    ContractRecord,
    DoubtRecord,
    InstallmentRecord,
    PaymentRecord,
    Record,
)
from integrations.core.connector import Page
from integrations.core.streaming import Row
from integrations.sienge import rows as r
from integrations.sienge.mapper import IncomeMapper, Sheet
from integrations.sienge.streams.load import Load

# Receipts are selected by the day of payment, and a bank's return file may be read days later.
OVERLAP = timedelta(days=7)
# How far back the first one looks: what is older came with the batimento.
FIRST_LOOK = timedelta(days=30)
UNKNOWN = "Parcelas de títulos que não estão em cobrança aqui"


def read_payments(load: Load, today: date) -> Iterator[Page]:
    """Yield the pages of one bulk answer, which can only be read from its start."""
    start = (load.since or today - FIRST_LOOK) - OVERLAP
    mapper = IncomeMapper(load.filters)

    def add(sheet: Sheet, row: Row[r.Income]) -> None:
        mapper.add(sheet, row)

    rows = load.client.paid_income(load.company, start, today)
    for leaf in load.streamed("payments", rows, add):
        _keep_known(load, leaf.sheet)
        sheet = leaf.sheet
        yield Page(
            stream=leaf.stream,
            records=sheet.records,
            cursor={"step": "payments"},
            restarts=leaf.restarts,
            rows=sheet.rows,
            issues=sheet.issues,
            ignored=dict(sheet.ignored),
            notices=sheet.notices,
        )


def _keep_known(load: Load, sheet: Sheet) -> None:
    """Leave out the titles that no load brought: what to do with them is a load's to decide."""
    codes = {code for record in sheet.records if (code := _title_of(record))}
    knows = load.scope.known_contracts
    known = codes if knows is None or not codes else knows(sorted(codes))
    kept = [record for record in sheet.records if _title_of(record) in {"", *known}]
    dropped = sum(isinstance(record, InstallmentRecord) for record in sheet.records)
    dropped -= sum(isinstance(record, InstallmentRecord) for record in kept)
    if dropped:
        sheet.ignored[UNKNOWN] += dropped
    sheet.records = [_partial(record) for record in kept]


def _partial(record: Record) -> Record:
    """Return a title without the promise that its receipts are all there: only some days' are."""
    return record._replace(has_receipts=False) if isinstance(record, ContractRecord) else record


def _title_of(record: Record) -> str:
    if isinstance(record, ContractRecord):
        return record.external_id
    if isinstance(record, InstallmentRecord | PaymentRecord | DoubtRecord):
        return record.contract
    return ""
