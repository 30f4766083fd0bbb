"""Step 6: receipts, events and summaries — what a collector will see of this load."""

from cobranca.contracts.mirror.sql import Statements
from cobranca.contracts.summary import refresh_search, refresh_totals

# 1.234,56 whatever the server's locale.
_REAIS = "translate(to_char({value}, 'FM999,999,999,990.00'), ',.', '.,')"

PAYMENTS = """
CREATE TEMP TABLE m_paid ON COMMIT DROP AS
WITH fresh AS (
    INSERT INTO contracts_payment (agency_id, contract_id, number, paid_on, sequence, kind,
                                   is_cash, gross, net, charges, discount)
    SELECT DISTINCT ON (l.contract_id, p.number, p.paid_on, p.sequence, left(p.kind, 40))
           %(agency)s, l.contract_id, p.number, p.paid_on, p.sequence, left(p.kind, 40),
           p.is_cash, p.gross, p.net, p.charges, p.discount
    FROM {payment} p JOIN m_live l ON l.external_id = p.contract
    JOIN contracts_installment i ON i.contract_id = l.contract_id AND i.number = p.number
    LEFT JOIN contracts_payment own
           ON own.contract_id = l.contract_id AND own.number = p.number
          AND own.paid_on = p.paid_on AND own.sequence = p.sequence AND own.kind = left(p.kind, 40)
    WHERE own.id IS NULL
    RETURNING contract_id, number, paid_on, kind, is_cash, net
)
SELECT * FROM fresh
"""

# A receipt that leaves something to collect; total ones are told by their recall.
PAYMENT_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'direct_payment', 'Pagamento Direto',
       format(E'Data: %%s Valor: R$ %%s\\nContrato: %%s\\nParcela: %%s Valor Original: R$ %%s '
              'Valor Pago: R$ %%s Saldo Parcial: R$ %%s\\n%%s no ERP',
              to_char(p.paid_on, 'DD/MM/YYYY'), {_REAIS.format(value="p.net")}, c.number, p.number,
              {_REAIS.format(value="i.principal")}, {_REAIS.format(value="p.net")},
              {_REAIS.format(value="i.balance")}, p.kind)
FROM m_paid p JOIN contracts_contract c ON c.id = p.contract_id
JOIN contracts_installment i ON i.contract_id = p.contract_id AND i.number = p.number
JOIN m_live l ON l.contract_id = p.contract_id
WHERE p.is_cash AND NOT l.is_new AND i.status IN ('open', 'negotiated')
"""

_NUMBERS = "string_agg(d.number::text, ', ' ORDER BY d.number)"

INCLUDED_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'import', 'Importação',
       format(E'%%s\\nInclusão de contrato %%s: %%s parcela(s), R$ %%s em aberto', %(source)s::text,
              c.number, count(*), {_REAIS.format(value="sum(d.balance)")})
FROM m_delta d JOIN m_live l ON l.contract_id = d.contract_id AND l.is_new
JOIN contracts_contract c ON c.id = d.contract_id
WHERE d.move = 'new' GROUP BY c.id
"""

UPDATED_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'import', 'Importação',
       format(E'%%s\\nAtualização Contrato %%s: %%s parcela(s) %%s', %(source)s::text, c.number,
              count(*), {_NUMBERS})
FROM m_delta d JOIN contracts_contract c ON c.id = d.contract_id
LEFT JOIN m_live l ON l.contract_id = d.contract_id
WHERE d.move IN ('new', 'change') AND l.is_new IS NOT TRUE GROUP BY c.id
"""

REOPENED_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'reopen', 'Reabertura',
       format(E'%%s\\nContrato: %%s Parcela(s): %%s\\nVoltou a constar em aberto no ERP',
              %(source)s::text, c.number, {_NUMBERS})
FROM m_delta d JOIN contracts_contract c ON c.id = d.contract_id
WHERE d.move = 'reopen' GROUP BY c.id
"""

RECALL_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'recall', 'Devolução',
       format(E'%%s\\nData: %%s\\nContrato: %%s Parcela(s): %%s\\n%%s', label.text,
              to_char(%(on)s::date, 'DD/MM/YYYY'), c.number, {_NUMBERS}, r.note)
FROM m_delta d
JOIN contracts_contract c ON c.id = d.contract_id
JOIN LATERAL (SELECT reason, note FROM contracts_recall
              WHERE contract_id = d.contract_id AND number = d.number
              ORDER BY id DESC LIMIT 1) r ON true
JOIN (VALUES ('reconciliation', 'Batimento'), ('payment', 'Recebimento'),
             ('renegotiation', 'Renegociação'), ('creditor_request', 'Solicitação do credor'),
             ('termination', 'Distrato')) AS label (code, text) ON label.code = r.reason
WHERE d.move IN ('close', 'gone')
GROUP BY c.id, label.text, r.note
"""

AFFECTED = """
CREATE TEMP TABLE m_affected ON COMMIT DROP AS
SELECT debtor_id, bool_or(is_found_anew) AS is_found_anew FROM (
    SELECT debtor_id, true FROM m_touched
    UNION ALL SELECT debtor_id, true FROM m_debtor WHERE is_new
    UNION ALL SELECT c.debtor_id, false FROM (SELECT DISTINCT contract_id FROM m_delta) d
              JOIN contracts_contract c ON c.id = d.contract_id
    UNION ALL SELECT c.debtor_id, true FROM m_live l JOIN contracts_contract c
                                            ON c.id = l.contract_id WHERE l.is_new
) AS told (debtor_id, is_found_anew) WHERE debtor_id IS NOT NULL GROUP BY debtor_id
"""


def apply(sql: Statements) -> dict[str, int]:
    """Record receipts and events, then refresh the summaries of everybody touched."""
    payments = sql.run(PAYMENTS)
    events = sum(
        sql.run(statement)
        for statement in (
            INCLUDED_EVENTS,
            UPDATED_EVENTS,
            PAYMENT_EVENTS,
            REOPENED_EVENTS,
            RECALL_EVENTS,
        )
    )
    sql.run(AFFECTED)
    sql.run("ANALYZE m_affected")
    refresh_totals("SELECT debtor_id FROM m_affected")
    refresh_search("SELECT debtor_id FROM m_affected WHERE is_found_anew")
    return {"payments_included": payments, "events": events}
