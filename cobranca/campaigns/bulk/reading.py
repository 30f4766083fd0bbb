"""Open installments and their contracts, out of the database by COPY into columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from django.db import connection
from numpy.typing import NDArray

# Days are counted from here, as PostgreSQL does.
EPOCH = np.datetime64("2000-01-01")
_HEADER, _TRAILER = 19, 2

Whole = NDArray[np.int64]

# In centavos: balance less what the office received, as Installment.owed.
_INSTALLMENTS = """
COPY (SELECT i.id, i.contract_id, (i.due_date - DATE '2000-01-01')::bigint, i.number::bigint,
             (greatest(i.balance - i.credit, 0) * 100)::bigint
      FROM contracts_installment i
      WHERE i.agency_id = {agency} AND i.status = 'open'{of_creditors})
TO STDOUT (FORMAT binary)
"""
_OF_CREDITORS = """
 AND i.contract_id IN (SELECT id FROM contracts_contract WHERE creditor_id = ANY('{{{ids}}}'))"""
_CONTRACTS = """
COPY (SELECT id, debtor_id, creditor_id, contract_type_id, coalesce(branch_id, 0)
      FROM contracts_contract WHERE agency_id = {agency} AND creditor_id = ANY('{{{ids}}}')
      ORDER BY id)
TO STDOUT (FORMAT binary)
"""


@dataclass(frozen=True, slots=True)
class Contracts:
    """Contracts by ascending id; branch 0 is none."""

    id: Whole
    debtor: Whole
    creditor: Whole
    contract_type: Whole
    branch: Whole


@dataclass(frozen=True, slots=True)
class Installments:
    """Open installments; `due` in days since EPOCH, `owed` in centavos, `contract` an index into
    the contracts."""

    id: Whole
    contract: Whole
    due: Whole
    number: Whole
    owed: Whole

    def where(self, kept: NDArray[np.bool_]) -> "Installments":
        """Return the rows that `kept` marks."""
        return Installments(
            self.id[kept],
            self.contract[kept],
            self.due[kept],
            self.number[kept],
            self.owed[kept],
        )


def read(
    agency_id: int, creditor_ids: Sequence[int], *, all_of_agency: bool
) -> tuple[Contracts, Installments]:
    """Read the contracts of creditors and their open installments.

    `all_of_agency` says that they are all there are, which spares the database a join.
    """
    ids = ",".join(str(int(pk)) for pk in creditor_ids)
    narrow = "" if all_of_agency else _OF_CREDITORS.format(ids=ids)
    contracts = Contracts(*_copied(_CONTRACTS.format(agency=int(agency_id), ids=ids), 5))
    id, contract, due, number, owed = _copied(
        _INSTALLMENTS.format(agency=int(agency_id), of_creditors=narrow), 5
    )
    place = np.searchsorted(contracts.id, contract)
    return contracts, Installments(id, place, due, number, owed)


def _copied(statement: str, columns: int) -> list[Whole]:
    """Return the columns of a COPY of bigints that are never null."""
    told = BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in copy:  # one a row: joining a million views at the end costs more than all else
            told.write(row)
    layout = np.dtype(
        [("fields", ">i2")]
        + [part for n in range(columns) for part in ((f"size{n}", ">i4"), (f"v{n}", ">i8"))]
    )
    count = _count(told.tell(), layout.itemsize)
    rows = np.frombuffer(told.getbuffer(), layout, offset=_HEADER, count=count)
    return [rows[f"v{n}"].astype(np.int64) for n in range(columns)]


def _count(told: int, size: int) -> int:
    count, rest = divmod(told - _HEADER - _TRAILER, size)
    if rest:
        raise ValueError("a column of the copy is null or of another type")
    return count
