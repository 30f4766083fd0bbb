"""Money that came from debtors, wherever it was told: by the ERP or as payment of an agreement."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from cobranca.calc.promises import Receipt

# The same money must not count twice. What the ERP received for installments that an agreement
# made here generated or holds is the agreement's own money told again: of each agreement the
# larger of the two counts, for either may still be missing.
_RECEIPTS = """
WITH told AS (
    SELECT c.debtor_id, c.id AS contract_id, p.number, p.paid_on, p.net AS amount, held.agreement_id
    FROM contracts_contract c
    JOIN contracts_payment p ON p.contract_id = c.id AND p.is_cash AND p.paid_on >= %(since)s
    LEFT JOIN LATERAL (
        SELECT i.agreement_id FROM contracts_installment t
        JOIN agreements_agreementitem i ON i.installment_id = t.id
        JOIN agreements_agreement a ON a.id = i.agreement_id
        WHERE t.contract_id = c.id AND t.number = p.number
          AND a.status IN ('active', 'settled', 'broken') AND p.paid_on >= a.on
        UNION ALL
        SELECT i.agreement_id FROM agreements_agreementitem i
        JOIN agreements_agreementinstallment g
          ON g.agreement_id = i.agreement_id AND g.erp_number = p.number
        WHERE i.contract_id = c.id
        ORDER BY agreement_id DESC LIMIT 1
    ) held ON true
    WHERE c.agency_id = %(agency)s AND c.debtor_id = ANY(%(debtors)s)
), paid AS (
    SELECT a.debtor_id, a.id AS agreement_id, p.id, p.paid_on, p.amount,
           (SELECT array_agg(DISTINCT i.contract_id) FROM agreements_agreementitem i
            WHERE i.agreement_id = a.id) AS contracts
    FROM agreements_agreement a
    JOIN agreements_agreementpayment p ON p.agreement_id = a.id AND p.reversed_on IS NULL
    WHERE a.agency_id = %(agency)s AND a.debtor_id = ANY(%(debtors)s)
      AND p.paid_on >= %(since)s
), sums AS (
    SELECT agreement_id, sum(erp) > sum(here) AS erp_is_more FROM (
        SELECT agreement_id, amount AS erp, 0 AS here FROM told WHERE agreement_id IS NOT NULL
        UNION ALL SELECT agreement_id, 0, amount FROM paid
    ) both_ways GROUP BY agreement_id
)
SELECT t.debtor_id, 'p' || t.contract_id || '/' || t.number, ARRAY[t.contract_id], t.paid_on,
       t.amount
FROM told t LEFT JOIN sums s ON s.agreement_id = t.agreement_id
WHERE coalesce(s.erp_is_more, true)
UNION ALL
SELECT p.debtor_id, 'a' || p.id, p.contracts, p.paid_on, p.amount
FROM paid p JOIN sums s ON s.agreement_id = p.agreement_id
WHERE NOT s.erp_is_more
"""


def receipts_of(
    agency_id: int, debtor_ids: Collection[int], since: date
) -> dict[int, list[Receipt]]:
    """Return what came from debtors since a day, by debtor; reversals are negative."""
    told: dict[str, Any] = {"agency": agency_id, "debtors": list(debtor_ids), "since": since}
    found: dict[int, list[Receipt]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS, told)
        for debtor, line, contracts, on, amount in cursor.fetchall():
            found[debtor].append(Receipt(line, frozenset(contracts or ()), on, amount))
    return found
