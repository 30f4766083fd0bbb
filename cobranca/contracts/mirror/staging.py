"""Where pages of records wait until the ERP was read to its end.

Each run has its own unlogged tables in the schema `mirror`: writing them costs little, throwing
them away costs nothing, and two runs never meet. A crash of the database empties unlogged
tables; `staged_rows` lets the run notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from cobranca.contracts import records as r

_TEXT = "text NOT NULL"
_FLAG = "boolean NOT NULL"
_MONEY = "numeric(14,2) NOT NULL"


@dataclass(frozen=True)
class Stage:
    """One staging table: the record it holds and the types of its columns."""

    name: str
    record: type
    types: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the record's fields, which are the columns after `page`."""
        fields: tuple[str, ...] = self.record._fields  # type: ignore[attr-defined]
        return fields


STAGES = (
    Stage("branch", r.BranchRecord, (_TEXT,) * 3),
    Stage("debtor", r.DebtorRecord, (*(_TEXT,) * 5, "date", "jsonb NOT NULL")),
    Stage("phone", r.PhoneRecord, (*(_TEXT,) * 3, _FLAG, _FLAG, _TEXT)),
    Stage("email", r.EmailRecord, (_TEXT, _TEXT, _FLAG)),
    Stage("address", r.AddressRecord, (*(_TEXT,) * 9, _FLAG)),
    Stage("person", r.PersonRecord, (_TEXT,) * 7),
    Stage("contract", r.ContractRecord, (*(_TEXT,) * 9, "date", _FLAG)),
    Stage("sale", r.SaleRecord, (*(_TEXT,) * 5, _FLAG, "date", "date")),
    Stage("product", r.ProductRecord, (_TEXT, "jsonb NOT NULL")),
    Stage(
        "installment",
        r.InstallmentRecord,
        (_TEXT, "integer NOT NULL", "date NOT NULL", _MONEY, _MONEY, _FLAG, *(_TEXT,) * 3),
    ),
    Stage("boleto", r.BoletoRecord, (_TEXT, "integer NOT NULL", _FLAG)),
    Stage(
        "payment",
        r.PaymentRecord,
        (
            *(_TEXT, "integer NOT NULL", "date NOT NULL", "integer NOT NULL", _TEXT, _FLAG),
            *(_MONEY,) * 4,
        ),
    ),
    Stage("doubt", r.DoubtRecord, (_TEXT, "integer")),
)
_BY_RECORD = {stage.record: stage for stage in STAGES}


def table(run: int, name: str) -> str:
    """Return the qualified name of one staging table of a run."""
    return f'mirror."{name}_{run:d}"'


def tables(run: int) -> dict[str, str]:
    """Return every staging table of a run by its short name, for formatting SQL."""
    return {stage.name: table(run, stage.name) for stage in STAGES}


def prepare(run: int) -> None:
    """Make the staging tables of a run; those that exist are kept with their rows."""
    with connection.cursor() as cursor:
        cursor.execute(";".join(_definition(run, stage) for stage in STAGES))


def _definition(run: int, stage: Stage) -> str:
    columns = ", ".join(
        f"{name} {kind}" for name, kind in zip(stage.columns, stage.types, strict=True)
    )
    return (
        f"CREATE UNLOGGED TABLE IF NOT EXISTS {table(run, stage.name)}"
        f" (page integer NOT NULL, {columns})"
    )


def discard(run: int) -> None:
    """Drop the staging tables of a run; nothing happens when there are none."""
    names = ", ".join(tables(run).values())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {names}")


def analyze(run: int) -> None:
    """Tell the planner how many rows were staged and how their keys spread.

    Rough statistics of the keys are enough to choose hash joins; all of them take far longer.
    """
    parts = ", ".join(
        f"{table(run, stage.name)} ({', '.join(stage.columns[:2])})" for stage in STAGES
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 10")
        cursor.execute(f"ANALYZE {parts}")


def forget_pages(run: int, pages: Sequence[int]) -> None:
    """Drop what was staged by some pages, because their stream is read again from its start."""
    if not pages:
        return
    with connection.cursor() as cursor:
        for name in tables(run).values():
            cursor.execute(f"DELETE FROM {name} WHERE page = ANY(%s)", [list(pages)])


def stage(run: int, page: int, records: Sequence[Any]) -> int:
    """Write the records of one page; returns how many there were."""
    grouped = _by_kind(records)
    with transaction.atomic(), connection.cursor() as cursor:
        # A page lost with the database is read again: nobody needs to wait for the disk.
        cursor.execute("SET LOCAL synchronous_commit = off")
        for kind, rows in grouped.items():
            _copy(table(run, _BY_RECORD[kind].name), page, rows)
    return len(records)


def _by_kind(records: Sequence[Any]) -> dict[type, Sequence[Any]]:
    kinds = set(map(type, records))
    if len(kinds) == 1:
        return {kinds.pop(): records}
    return {kind: [record for record in records if type(record) is kind] for kind in kinds}


def staged_rows(run: int) -> int | None:
    """Count the rows staged for a run; None when its tables are gone."""
    selects = " + ".join(f"(SELECT count(*) FROM {name})" for name in tables(run).values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table(run, STAGES[0].name)])
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute(f"SELECT {selects}")
        return int(cursor.fetchone()[0])


# Small enough that the server reads one piece while the next is being formatted.
PIECE = 500


def _copy(name: str, page: int, rows: Sequence[Any]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for start in range(0, len(rows), PIECE):
            piece = rows[start : start + PIECE]
            text = _as_copy_text(page, piece)
            if text is not None:
                copy.write(text)
                continue
            for row in piece:
                copy.write_row((page, *(_without_nul(value) for value in row)))


def _as_copy_text(page: int, rows: Sequence[Any]) -> str | None:
    """Format rows as COPY text in one go; None when some value would need escaping.

    Twice as fast as the driver's row by row, which serves the rare rows with a tab, a line
    break, a backslash or a NULL in them.
    """
    width = len(rows[0])
    line = f"{page}" + "\t%s" * width + "\n"
    text = "".join(map(line.__mod__, rows))
    is_plain = (
        text.count("\t") == width * len(rows)
        and text.count("\n") == len(rows)
        and "\\" not in text
        and "\r" not in text
        and "\0" not in text
        and "None" not in text
    )
    return text if is_plain else None


def _without_nul(value: Any) -> Any:
    # PostgreSQL cannot store it and no name has one.
    return value.replace("\0", "") if isinstance(value, str) else value
