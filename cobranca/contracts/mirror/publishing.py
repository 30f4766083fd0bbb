"""What agreements must know: the ERP moved something of a contract they are about."""

from uuid import uuid4

from cobranca.accounts.models import Agency
from cobranca.contracts.mirror.sql import Statements
from cobranca.outbox.services import publish

TOPIC = "contract.erp_changed"
# Contracts in one delivery: each is looked at in turn.
MANY = 500

# Contracts of which an installment in agreement moved or was paid; with installments that an
# agreement generated in the ERP; and with new ones of a renegotiation, which one may be waiting
# for.
CHANGED = """
WITH moved AS (
    SELECT contract_id, number,
           old_status = 'negotiated' OR (move = 'new' AND negotiation > 1) AS is_known
    FROM m_delta WHERE NOT is_first
    UNION ALL SELECT contract_id, number, false FROM m_corrected
    UNION ALL SELECT p.contract_id, p.number, i.status = 'negotiated' FROM (
        SELECT contract_id, number FROM m_paid UNION ALL SELECT contract_id, number FROM m_reversed
    ) p
    JOIN m_live l ON l.contract_id = p.contract_id AND NOT l.is_new
    JOIN contracts_installment i ON i.contract_id = p.contract_id AND i.number = p.number
    UNION ALL SELECT old_id, NULL, true FROM m_transfer
)
SELECT contract_id FROM (
    SELECT contract_id, bool_or(is_known) AS is_known FROM moved GROUP BY contract_id
) t
WHERE is_known OR EXISTS (SELECT 1 FROM contracts_negotiation n
                          WHERE n.contract_id = t.contract_id AND n.is_agreement)
ORDER BY contract_id
"""


def tell(sql: Statements) -> None:
    """Publish the contracts that agreements may have to follow."""
    contracts = [contract for (contract,) in sql.rows(CHANGED)]
    if not contracts:
        return
    agency = Agency.objects.get(pk=sql.job.agency)
    application = uuid4().hex
    for start in range(0, len(contracts), MANY):
        payload = {"contracts": contracts[start : start + MANY]}
        publish(TOPIC, agency=agency, payload=payload, key=f"{application}:{start}")
