"""What came into the portfolio and what left it, by day and reason."""

from cobranca.contracts.states import RecallReason
from cobranca.reports.facts.fact import DAY, MONEY, Choice, Column, Fact

# What the mirror notes of a recall in a batimento, whose reason is always "Batimento".
RECEIVED_NOTE = "Recebida no ERP"
INCLUDED, REOPENED, SETTLED = "included", "reopened", "settled"
IN, OUT = "in", "out"
WAYS = {IN: "Entradas", OUT: "Saídas"}
MOVES = {
    INCLUDED: "Incluída",
    REOPENED: "Reaberta",
    **{str(value): str(label) for value, label in RecallReason.choices},
    RecallReason.PAYMENT.value: "Paga no ERP",
    SETTLED: "Paga em acordo",
}
PAID = (RecallReason.PAYMENT.value, SETTLED)
_PLACE = "c.debtor_id, c.id AS contract_id, c.creditor_id, c.branch_id"
_RECALLED = "JOIN contracts_contract c ON c.id = r.contract_id LEFT JOIN contracts_installment i"
_ITS = "ON i.contract_id = r.contract_id AND i.number = r.number"

FLOW = Fact(
    slug="entradas-e-saidas",
    title="Entradas e saídas da carteira",
    what="movimentos",
    sql=f"""
SELECT i.id * 4 AS key, (i.created_at AT TIME ZONE %(zone)s)::date AS day, {_PLACE}, i.number,
       i.principal AS amount, '{INCLUDED}' AS move, '{IN}' AS way
FROM contracts_installment i JOIN contracts_contract c ON c.id = i.contract_id
WHERE i.agency_id = %(agency)s AND i.created_at >= %(start_at)s AND i.created_at < %(end_at)s
  {{contract}}
UNION ALL
SELECT r.id * 4 + 1, r.reopened_on, {_PLACE}, r.number, i.principal, '{REOPENED}', '{IN}'
FROM contracts_recall r {_RECALLED} {_ITS}
WHERE r.agency_id = %(agency)s AND r.reopened_on BETWEEN %(start)s AND %(end)s {{contract}}
UNION ALL
SELECT r.id * 4 + 2, r.recalled_on, {_PLACE}, r.number, i.principal,
       CASE WHEN r.note = '{RECEIVED_NOTE}' THEN '{RecallReason.PAYMENT.value}' ELSE r.reason END,
       '{OUT}'
FROM contracts_recall r {_RECALLED} {_ITS}
WHERE r.agency_id = %(agency)s AND r.recalled_on BETWEEN %(start)s AND %(end)s {{contract}}
UNION ALL
SELECT it.id * 4 + 3, it.covered_on, {_PLACE}, i.number, i.principal, '{SETTLED}', '{OUT}'
FROM agreements_agreementitem it
JOIN contracts_installment i ON i.id = it.installment_id AND i.status = 'settled'
JOIN contracts_contract c ON c.id = it.contract_id
WHERE it.agency_id = %(agency)s AND it.covered_on BETWEEN %(start)s AND %(end)s {{contract}}
""",
    columns=(
        Column("day", "Data", DAY),
        Column("way", "Sentido", hide_narrow=True),
        Column("move", "Movimento"),
        Column("amount", "Valor original (R$)", MONEY),
    ),
    choices={
        "sentido": Choice("way", "Sentido", WAYS),
        "motivo": Choice("move", "Motivo", MOVES),
    },
)
