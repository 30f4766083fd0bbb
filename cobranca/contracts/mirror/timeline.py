"""Step 6: events and summaries — what a collector will see of this application."""

from cobranca.contracts.mirror.sql import Statements
from cobranca.contracts.summary import refresh_search, refresh_totals

# 1.234,56 whatever the server's locale.
_REAIS = "translate(to_char({value}, 'FM999,999,999,990.00'), ',.', '.,')"


def _reais(value: str) -> str:
    return _REAIS.format(value=value)


# What happens to installments that an agreement generated in the ERP, the agreement tells.
_OURS_TO_TELL = """
    NOT EXISTS (SELECT 1 FROM contracts_negotiation n
                WHERE n.contract_id = {of}.contract_id AND n.number = {of}.negotiation
                  AND n.is_agreement)
"""
_TELLS_INSTALLMENT = _OURS_TO_TELL.replace("{of}", "i")
_TELLS_MOVE = _OURS_TO_TELL.replace("{of}", "d")

# A receipt that leaves something to collect, whatever its type; total ones are told by their
# recall. Of several at once each shows what was left after it.
PAYMENT_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'direct_payment', 'Pagamento Direto',
       format(E'Data: %%s Valor: R$ %%s\\nContrato: %%s\\nParcela: %%s Valor Original: R$ %%s '
              'Valor Pago: R$ %%s Saldo Parcial: R$ %%s\\n%%s no %%s',
              to_char(p.paid_on, 'DD/MM/YYYY'), {_reais("p.net")}, c.number, p.number,
              {_reais("i.principal")}, {_reais("p.net")},
              {_reais("i.balance + p.later")}, p.kind, %(erp)s::text)
FROM (
    SELECT *, coalesce(sum(gross) OVER (
               PARTITION BY contract_id, number ORDER BY paid_on, sequence, kind
               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 0) AS later
    FROM m_paid
) p
JOIN contracts_contract c ON c.id = p.contract_id
JOIN contracts_installment i ON i.contract_id = p.contract_id AND i.number = p.number
JOIN m_live l ON l.contract_id = p.contract_id
WHERE p.net > 0 AND NOT l.is_new AND i.status IN ('open', 'negotiated') AND {_TELLS_INSTALLMENT}
ORDER BY c.id, p.number, p.paid_on, p.sequence
"""

# An ERP takes a receipt back by a negative one, or by telling it no more.
REVERSAL_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'direct_payment', 'Estorno de Recebimento',
       format(E'Data: %%s Valor: R$ %%s\\nContrato: %%s\\nParcela: %%s Valor Original: R$ %%s '
              'Saldo: R$ %%s\\n%%s no %%s',
              to_char(p.day, 'DD/MM/YYYY'), {_reais("p.amount")}, c.number, p.number,
              {_reais("i.principal")}, {_reais("i.balance")}, p.told, %(erp)s::text)
FROM (
    SELECT contract_id, number, paid_on AS day, -net AS amount, kind AS told
    FROM m_paid WHERE net < 0
    UNION ALL
    SELECT contract_id, number, %(on)s::date, net,
           format('%%s de %%s não consta mais', kind, to_char(paid_on, 'DD/MM/YYYY'))
    FROM m_reversed WHERE is_cash AND net > 0
) p
JOIN contracts_contract c ON c.id = p.contract_id
JOIN contracts_installment i ON i.contract_id = p.contract_id AND i.number = p.number
JOIN m_live l ON l.contract_id = p.contract_id
WHERE NOT l.is_new AND {_TELLS_INSTALLMENT}
ORDER BY c.id, p.number, p.day
"""

_NUMBERS = "string_agg(d.number::text, ', ' ORDER BY d.number)"

INCLUDED_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'import', 'Importação',
       format(E'%%s\\nInclusão de contrato %%s: %%s parcela(s), R$ %%s em aberto', %(source)s::text,
              c.number, count(*), {_reais("sum(d.balance)")})
FROM m_delta d JOIN contracts_contract c ON c.id = d.contract_id
WHERE d.move = 'new' AND d.is_first GROUP BY c.id
"""

UPDATED_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'import', 'Importação',
       format(E'%%s\\nAtualização Contrato %%s: %%s parcela(s) %%s', %(source)s::text, c.number,
              count(*), {_NUMBERS})
FROM m_delta d JOIN contracts_contract c ON c.id = d.contract_id
WHERE d.move IN ('new', 'change') AND NOT d.is_first GROUP BY c.id
"""

_SYNCED = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'sync', 'Sincronização de Parcela(s)',
       format('Contrato %%s Parcela(s): %%s', c.number, {_NUMBERS})
FROM m_delta d JOIN contracts_contract c ON c.id = d.contract_id
WHERE {{which}} GROUP BY c.id
"""
# A balance that fell by a receipt is told by the receipt.
SYNCED_CHANGES = _SYNCED.replace(
    "{which}",
    """
    d.move = 'change' AND (d.due_date <> d.old_due_date OR NOT EXISTS (
        SELECT 1 FROM m_paid p WHERE p.contract_id = d.contract_id AND p.number = d.number
        UNION ALL
        SELECT 1 FROM m_reversed p WHERE p.contract_id = d.contract_id AND p.number = d.number))
    """,
)
SYNCED_NEW = _SYNCED.replace("{which}", "d.move = 'new'")

REOPENED_EVENTS = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'reopen', 'Reabertura',
       format(E'%%s\\nContrato: %%s Parcela(s): %%s\\nVoltou a constar em aberto no ERP',
              %(source)s::text, c.number, {_NUMBERS})
FROM m_delta d JOIN contracts_contract c ON c.id = d.contract_id
WHERE d.move = 'reopen' AND {_TELLS_MOVE} GROUP BY c.id
"""

_RECALLED = f"""
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, c.debtor_id, c.id, 'recall', 'Devolução',
       format(E'%%s\\nData: %%s\\nContrato: %%s Parcela(s): %%s\\n%%s', label.text,
              to_char(%(on)s::date, 'DD/MM/YYYY'), c.number, {_NUMBERS}, r.note)
FROM {{moved}} d
JOIN contracts_contract c ON c.id = d.contract_id
JOIN LATERAL (SELECT reason, note FROM contracts_recall
              WHERE contract_id = d.contract_id AND number = d.number
              ORDER BY id DESC LIMIT 1) r ON true
JOIN (VALUES ('reconciliation', 'Batimento'), ('payment', 'Recebimento'),
             ('renegotiation', 'Renegociação'), ('creditor_request', 'Solicitação do credor'),
             ('termination', 'Distrato')) AS label (code, text) ON label.code = r.reason
WHERE {{which}}
GROUP BY c.id, label.text, r.note
"""


def _recalled(which: str) -> str:
    moved = f"d.move IN ('close', 'gone') AND {which} AND {_TELLS_MOVE}"
    return _RECALLED.replace("{moved}", "m_delta").replace("{which}", moved)


RECALL_EVENTS = _recalled("r.reason <> 'renegotiation'")
REMADE_EVENTS = _recalled("r.reason = 'renegotiation'")

# Told again, now that a receipt says why.
CORRECTED_EVENTS = _RECALLED.replace(
    "{moved}",
    "(SELECT x.contract_id, x.number, i.negotiation FROM m_corrected x"
    " JOIN contracts_installment i ON i.contract_id = x.contract_id AND i.number = x.number)",
).replace("{which}", _TELLS_MOVE)

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


def apply(sql: Statements, moves: dict[str, int]) -> dict[str, int]:
    """Write the events, then refresh the summaries of everybody touched."""
    events = sum(map(sql.run, _events(sql, moves)))
    affected = sql.run(AFFECTED)
    if affected:
        sql.run("ANALYZE m_affected")
        refresh_totals("SELECT debtor_id FROM m_affected")
        refresh_search("SELECT debtor_id FROM m_affected WHERE is_found_anew")
    return {"events": events}


def _events(sql: Statements, moves: dict[str, int]) -> list[str]:
    """Return what writes the events, in the order in which they are to be read (SIE-13)."""
    is_closing = "close" in moves or "gone" in moves
    is_titles = sql.job.titles
    wanted = (
        (INCLUDED_EVENTS, "new" in moves and not is_titles),
        (UPDATED_EVENTS, not is_titles and ("new" in moves or "change" in moves)),
        (PAYMENT_EVENTS, True),
        (REVERSAL_EVENTS, True),
        (REOPENED_EVENTS, "reopen" in moves),
        (CORRECTED_EVENTS, True),
        (RECALL_EVENTS, is_closing),
        (SYNCED_CHANGES, is_titles and "change" in moves),
        (REMADE_EVENTS, is_closing),
        (SYNCED_NEW, is_titles and "new" in moves),
    )
    return [statement for statement, is_wanted in wanted if is_wanted]
