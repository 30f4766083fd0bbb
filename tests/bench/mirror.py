"""The mirror against what PostgreSQL itself can do with the same rows."""

import os
import statistics
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection, transaction
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.contracts import mirror
from cobranca.contracts.models import Installment
from cobranca.contracts.records import (
    ContractRecord,
    DebtorRecord,
    InstallmentRecord,
    PhoneRecord,
    Record,
)
from cobranca.creditors.models import Creditor
from tests.bench import portfolio
from tests.bench.timing import figure, seconds

Rows = list[list[Record]]
runs = count(1)
books = count(1)

# Parents first; the bare COPY of these rows is the yardstick of a first load.
TABLES = (
    "creditors_branch",
    "creditors_contracttype",
    "debtors_debtor",
    "debtors_debtorreference",
    "debtors_phone",
    "contracts_contract",
    "contracts_negotiation",
    "contracts_installment",
    "contracts_event",
    "debtors_debtorsummary",
)


class Book:
    """One creditor whose portfolio is loaded again and again."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.agency = Agency.objects.create(name=f"Bench {os.getpid()} {next(books)}")
        with scope(agency=self.agency):
            self.creditor = Creditor.objects.create(
                agency=self.agency,
                document="11222333000181",
                legal_name="Credor",
                creditor_type="SIENGE",
                external_code="1",
            )

    def empty(self) -> None:
        """Throw the book away, as before a first load."""
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        _settle()

    def load(self, pages: Iterable[list[Record]]) -> float:
        """Stage and apply pages as one batimento; returns the seconds of both."""
        run = next(runs)
        return seconds(lambda: self._load(run, pages))

    def _load(self, run: int, pages: Iterable[list[Record]]) -> None:
        mirror.prepare(run)
        for number, page in enumerate(pages, start=1):
            mirror.stage(run, number, page)
        mirror.apply(
            mirror.MirrorJob(
                run=run,
                agency=self.agency.pk,
                creditor=self.creditor.pk,
                system="SIENGE",
                source="Bench",
                on=date(2026, 11, 21),
                full=True,
                recall_limit_percent=Decimal(100),
            )
        )
        mirror.discard(run)


def _settle() -> None:
    # Each measurement starts with the last one's dirty pages written.
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def first_load(size: int, rounds: int) -> dict[str, Any]:
    """Compare a first load with a bare COPY of the rows it leaves, turn about."""
    book, pages = Book(size), list(portfolio.pages(size))
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(rounds + 1):
        book.empty()
        ours.append(book.load(pages))
        rows = {table: _dump(table) for table in TABLES}
        book.empty()
        bare.append(seconds(lambda rows=rows: _copy_all(rows)))
    mine, theirs = statistics.median(ours[1:]), statistics.median(bare[1:])
    detail = f"{size} installments: ours {mine:.2f} s, bare COPY {theirs:.2f} s"
    figures = {
        "mirror.first_load_vs_copy": figure(mine / theirs, "<= 2.5", "x", detail),
        "mirror.speedup_vs_row_orm": _versus_orm(book, mine / size),
    }
    book.empty()
    return figures


def _dump(table: str) -> bytes:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as out,
    ):
        return b"".join(bytes(block) for block in out)


def _copy_all(rows: dict[str, bytes]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, data in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(data)


SAMPLE = 1000


def _versus_orm(book: Book, ours_per_row: float) -> dict[str, Any]:
    """Compare with `update_or_create` of a sample of the same rows, new as in the first load."""
    with scope(agency=book.agency):
        rows = list(Installment.objects.order_by("id").values()[:SAMPLE])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM contracts_installment WHERE id <= %s", [rows[-1]["id"]])
    with scope(agency=book.agency):
        theirs = seconds(lambda: _row_by_row(rows)) / SAMPLE
    detail = (
        f"sample of {SAMPLE}: update_or_create {1 / theirs:.0f} rows/s, "
        f"first load {1 / ours_per_row:.0f} rows/s"
    )
    return figure(theirs / ours_per_row, ">= 50", "x", detail)


def _row_by_row(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        values = {name: value for name, value in row.items() if name != "id"}
        key = {name: values.pop(name) for name in ("contract_id", "number")}
        Installment.objects.update_or_create(**key, defaults=values)


def repeat(size: int, rounds: int) -> dict[str, Any]:
    """Compare a second load with 1 % changed with COPY to temporary tables + MERGE per table."""
    book = Book(size)
    book.empty()
    book.load(portfolio.pages(size))
    _prepare_yardstick(book)
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(2 * (rounds + 1)):
        pages = list(portfolio.pages(size, changed=turn % 100))
        _settle()
        if turn % 2:
            theirs.append(seconds(lambda pages=pages: _copy_and_merge(pages)))
        else:
            ours.append(book.load(pages))
    mine, merge = statistics.median(ours[1:]), statistics.median(theirs[1:])
    detail = f"{size} installments, 1 % changed: ours {mine:.2f} s, COPY + MERGE {merge:.2f} s"
    book.empty()
    return {"mirror.repeat_1pct_vs_merge": figure(mine / merge, "<= 1.5", "x", detail)}


# The yardstick starts from the same records in memory. It is handed which debtor and contract
# each registration is of, and finds the contract of an installment by its code, as it must.
MERGES = {
    "debtors_debtor": (
        "(id bigint, name text, document text)",
        "MERGE INTO debtors_debtor t USING y_debtors_debtor s ON t.id = s.id"
        " WHEN MATCHED AND (t.name, t.document) IS DISTINCT FROM (s.name, s.document) THEN"
        " UPDATE SET name = s.name, document = s.document",
    ),
    "debtors_phone": (
        "(debtor_id bigint, number text, kind text, is_main boolean)",
        "MERGE INTO debtors_phone t USING y_debtors_phone s"
        " ON t.debtor_id = s.debtor_id AND t.number = s.number"
        " WHEN MATCHED AND (t.kind, t.is_main) IS DISTINCT FROM (s.kind, s.is_main) THEN"
        " UPDATE SET kind = s.kind, is_main = s.is_main",
    ),
    "contracts_contract": (
        "(id bigint, document_number text, unit text, issued_on date)",
        "MERGE INTO contracts_contract t USING y_contracts_contract s ON t.id = s.id"
        " WHEN MATCHED AND (t.document_number, t.unit, t.issued_on)"
        " IS DISTINCT FROM (s.document_number, s.unit, s.issued_on) THEN"
        " UPDATE SET document_number = s.document_number, unit = s.unit, issued_on = s.issued_on",
    ),
    "contracts_installment": (
        "(contract text, number int, label text, due_date date, principal numeric(14,2),"
        " balance numeric(14,2), note text)",
        "MERGE INTO contracts_installment t"
        " USING (SELECT c.id AS contract_id, y.* FROM y_contracts_installment y"
        "        JOIN contracts_contract c ON c.external_id = y.contract) s"
        " ON t.contract_id = s.contract_id AND t.number = s.number"
        " WHEN MATCHED AND (t.label, t.due_date, t.principal, t.balance, t.note)"
        " IS DISTINCT FROM (s.label, s.due_date, s.principal, s.balance, s.note) THEN"
        " UPDATE SET label = s.label, due_date = s.due_date, principal = s.principal,"
        " balance = s.balance, note = s.note, updated_at = now()",
    ),
}
_ids: dict[str, dict[str, int]] = {}


def _prepare_yardstick(book: Book) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT external_id, id FROM contracts_contract")
        _ids["contract"] = dict(cursor.fetchall())
        cursor.execute("SELECT external_id, debtor_id FROM debtors_debtorreference")
        _ids["debtor"] = dict(cursor.fetchall())
        cursor.execute("ANALYZE")


def _copy_and_merge(pages: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, _) in MERGES.items():
            cursor.execute(f"CREATE TEMP TABLE y_{table} {columns} ON COMMIT DROP")
        for kind, table, columns_of in YARDSTICK_ROWS:
            with cursor.copy(f"COPY y_{table} FROM STDIN") as copy:
                for page in pages:
                    for record in page:
                        if type(record) is kind:
                            copy.write_row(columns_of(record))
        for _, merge in MERGES.values():
            cursor.execute(merge)


YARDSTICK_ROWS: list[tuple[type, str, Any]] = [
    (DebtorRecord, "debtors_debtor", lambda r: (_ids["debtor"][r[0]], r.name, r.document)),
    (PhoneRecord, "debtors_phone", lambda r: (_ids["debtor"][r[0]], r.number, r.kind, r.is_main)),
    (
        ContractRecord,
        "contracts_contract",
        lambda r: (_ids["contract"][r[0]], r.document_number, r.unit, r.issued_on),
    ),
    (
        InstallmentRecord,
        "contracts_installment",
        lambda r: (r[0], r[1], r.label, r[2], r[3], r[4], r.note),
    ),
]
