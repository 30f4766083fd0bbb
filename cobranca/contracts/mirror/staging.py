"""Where pages of records wait until the ERP was read to its end.

Each run has its own unlogged tables in the schema `mirror`, each made when its first row comes:
writing them costs little, throwing them away costs nothing, and two runs never meet. A crash of
the database empties unlogged tables; `staged_rows` lets the run notice. Those of titles read one by
one (negative keys) are ordinary tables: they hold few rows and are made often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction

from cobranca.contracts import records as r
from cobranca.contracts.mirror.copytext import (
    DATE,
    DAY,
    FLAG,
    JSON,
    MONEY,
    NUMBER,
    TEXT,
    WHOLE,
    Column,
    copy_text,
)


@dataclass(frozen=True)
class Stage:
    """One staging table: the record it holds and how its columns are stored."""

    name: str
    record: type
    columns: tuple[Column, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the record's fields, which are the columns after `page`."""
        fields: tuple[str, ...] = self.record._fields  # type: ignore[attr-defined]
        return fields


class Opened(NamedTuple):
    """A contract of which a page told an open installment.

    Titles are asked for this before installments are compared; counting it again among all
    installments would cost a pass over the largest table.
    """

    contract: str


STAGES = (
    Stage("branch", r.BranchRecord, (TEXT,) * 3),
    Stage("debtor", r.DebtorRecord, (*(TEXT,) * 5, DATE, JSON)),
    Stage("phone", r.PhoneRecord, (*(TEXT,) * 3, FLAG, FLAG, TEXT)),
    Stage("email", r.EmailRecord, (TEXT, TEXT, FLAG)),
    Stage("address", r.AddressRecord, (*(TEXT,) * 9, FLAG)),
    Stage("person", r.PersonRecord, (TEXT,) * 7),
    Stage("contract", r.ContractRecord, (*(TEXT,) * 9, DATE, FLAG, FLAG)),
    Stage("sale", r.SaleRecord, (*(TEXT,) * 5, FLAG, DATE, DATE)),
    Stage("product", r.ProductRecord, (TEXT, JSON)),
    Stage(
        "installment",
        r.InstallmentRecord,
        (TEXT, WHOLE, DAY, MONEY, MONEY, FLAG, *(TEXT,) * 3),
    ),
    Stage("boleto", r.BoletoRecord, (TEXT, WHOLE, FLAG)),
    Stage(
        "payment",
        r.PaymentRecord,
        (TEXT, WHOLE, DATE, WHOLE, TEXT, FLAG, *(MONEY,) * 4),
    ),
    Stage("doubt", r.DoubtRecord, (TEXT, NUMBER, FLAG)),
)
# What staging itself notes beside the records.
NOTES = (Stage("opened", Opened, (TEXT,)),)
TABLES = (*STAGES, *NOTES)
_BY_RECORD = {stage.record: stage for stage in TABLES}


def _table(run: int, stage: Stage) -> str:
    return f'mirror."{stage.name}_{run:d}"'


def made(run: int) -> dict[Stage, str]:
    """Return the tables a run has: those of the kinds it staged something of."""
    names = {_table(run, stage): stage for stage in TABLES}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL",
            [list(names)],
        )
        return {names[name]: name for (name,) in cursor.fetchall()}


def sources(run: int) -> dict[str, str]:
    """Return what to read each kind of record from, by its short name, for formatting SQL."""
    return sources_of(made(run))


def sources_of(staged: dict[Stage, str]) -> dict[str, str]:
    """Return what to read each kind of record from, given the tables that were made.

    A kind that was not staged is read from a query without rows, which the planner sees
    through. It needs an alias wherever it stands.
    """
    return {stage.name: staged.get(stage) or _nothing(stage) for stage in TABLES}


def _nothing(stage: Stage) -> str:
    columns = ", ".join(
        f"NULL::{column.kind} AS {name}"
        for name, column in zip(stage.fields, stage.columns, strict=True)
    )
    return f"(SELECT NULL::tid AS ctid, NULL::integer AS page, {columns} WHERE false)"


def prepare(run: int) -> None:
    """Let a run begin with nothing staged."""
    discard(run)


def _make(run: int, stage: Stage) -> None:
    columns = ", ".join(
        f"{name} {column.definition}"
        for name, column in zip(stage.fields, stage.columns, strict=True)
    )
    # To make an unlogged table waits for the disk: more than the few rows of some titles are worth.
    unlogged = "" if run < 0 else "UNLOGGED"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE {unlogged} TABLE IF NOT EXISTS {_table(run, stage)}"
            f" (page integer NOT NULL, {columns})"
        )


def discard(run: int) -> None:
    """Drop the staging tables of a run; nothing happens when there are none."""
    names = ", ".join(made(run).values())
    if names:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {names}")


def partial_runs() -> list[int]:
    """Return the keys of partial readings (negative ones) that have something staged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT substring(tablename FROM '_(-[0-9]+)$')::integer FROM pg_tables"
            " WHERE schemaname = 'mirror' AND tablename ~ '_-[0-9]+$' ORDER BY 1"
        )
        return [run for (run,) in cursor.fetchall()]


def analyze(run: int) -> None:
    """Tell the planner how many rows were staged and how their keys spread.

    Rough statistics of the keys are enough to choose hash joins; all of them take far longer.
    """
    parts = ", ".join(
        f"{name} ({', '.join(stage.fields[:2])})" for stage, name in made(run).items()
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 4")
        if parts:
            cursor.execute(f"ANALYZE {parts}")


def forget_pages(run: int, pages: Sequence[int]) -> None:
    """Drop what was staged by some pages, because their stream is read again from its start."""
    if not pages:
        return
    with connection.cursor() as cursor:
        for name in made(run).values():
            cursor.execute(f"DELETE FROM {name} WHERE page = ANY(%s)", [list(pages)])


def stage(run: int, page: int, records: Sequence[Any]) -> int:
    """Write the records of one page; returns how many there were."""
    told = _by_kind(records)
    if r.InstallmentRecord in told:
        told[Opened] = _opened(told[r.InstallmentRecord])
    grouped = {_BY_RECORD[kind]: rows for kind, rows in told.items() if rows}
    with transaction.atomic():
        for missing in _begin(run, list(grouped)):
            _make(run, missing)
        for kind, rows in grouped.items():
            _copy(_table(run, kind), kind, page, rows)
    return len(records)


def _by_kind(records: Sequence[Any]) -> dict[type, Sequence[Any]]:
    kinds = set(map(type, records))
    if len(kinds) == 1:
        return {kinds.pop(): records}
    return {kind: [record for record in records if type(record) is kind] for kind in kinds}


def _opened(installments: Sequence[r.InstallmentRecord]) -> list[Opened]:
    return [Opened(contract) for contract in {row.contract for row in installments if row.is_open}]


# A page lost with the database is read again: nobody needs to wait for the disk.
BEGIN = """
SELECT set_config('synchronous_commit', 'off', true),
       ARRAY(SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL)
"""


def _begin(run: int, kinds: Sequence[Stage]) -> list[Stage]:
    """Start to write a page; returns the kinds whose tables are still to be made.

    Asked for each page, in the one query that each needs anyway: a page taken back takes the
    tables it made with it.
    """
    names = {_table(run, kind): kind for kind in kinds}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [list(names)])
        return [names[name] for name in cursor.fetchone()[1]]


def staged_rows(run: int) -> int:
    """Count the rows staged for a run, which are none when its tables are gone."""
    names = [name for stage, name in made(run).items() if stage in STAGES]
    selects = " + ".join(f"(SELECT count(*) FROM {name})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {selects or '0'}")
        return int(cursor.fetchone()[0])


# Small enough that the server reads one piece while the next is being formatted.
PIECE = 500


def _copy(name: str, kind: Stage, page: int, rows: Sequence[Any]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for start in range(0, len(rows), PIECE):
            copy.write(copy_text(page, kind.columns, rows[start : start + PIECE]))
