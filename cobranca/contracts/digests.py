"""Equality of two books shown cheaply, and a difference located without reading everything."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection


class Digest(NamedTuple):
    """One creditor's installments due in one month and in one status."""

    month: date
    status: str
    installments: int
    principal: Decimal
    balance: Decimal
    fingerprint: str


# Sorted keys and values, so that two books with the same rows have the same hash.
DIGESTS = """
SELECT date_trunc('month', i.due_date)::date, i.status, count(*), sum(i.principal), sum(i.balance),
       md5(string_agg(concat_ws('|', c.external_id, i.number, i.due_date, i.principal, i.balance,
                                i.note), E'\\n'
                      ORDER BY c.external_id COLLATE "C", i.number))
FROM contracts_installment i JOIN contracts_contract c ON c.id = i.contract_id
WHERE c.creditor_id = %s AND c.agency_id = %s AND c.is_current
GROUP BY 1, 2 ORDER BY 1, 2
"""


def digests_of(*, agency_id: int, creditor_id: int) -> list[Digest]:
    """Return the digests of a creditor's current book, by month of due date and status."""
    with connection.cursor() as cursor:
        cursor.execute(DIGESTS, [creditor_id, agency_id])
        return [Digest(*row) for row in cursor.fetchall()]
