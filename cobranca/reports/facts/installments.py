"""Installments: what is owed now, and what fell due."""

from cobranca.contracts.states import InstallmentStatus
from cobranca.reports.facts.fact import DAY, MONEY, WHOLE, Choice, Column, Fact
from cobranca.reports.facts.money import COVERED_AT_THE_OFFICE

# Up to so many days late; the last band has no end.
BANDS = (("0", "A vencer", 0), ("1-30", "1 a 30", 30), ("31-60", "31 a 60", 60),
         ("61-90", "61 a 90", 90), ("91-180", "91 a 180", 180),
         ("181-360", "181 a 360", 360), ("361", "Mais de 360", None))  # fmt: skip
NOT_LATE = BANDS[0][0]
_LATE = "(%(on)s::date - i.due_date)"
BAND = "CASE {} ELSE '{}' END".format(
    " ".join(
        f"WHEN {_LATE} <= {last} THEN '{code}'" for code, _, last in BANDS if last is not None
    ),
    BANDS[-1][0],
)
OWED = "greatest(i.balance - i.credit, 0)"
LABELS = {code: label if code == NOT_LATE else f"{label} dias" for code, label, _ in BANDS}

OPEN = Fact(
    slug="parcelas-em-aberto",
    title="Parcelas em aberto",
    what="parcelas",
    sql=f"""
SELECT i.id AS key, i.due_date AS day, c.debtor_id, c.id AS contract_id, c.creditor_id,
       c.branch_id, i.number, {OWED} AS amount, greatest({_LATE}, 0) AS days_late,
       {BAND} AS band, i.status
FROM contracts_installment i JOIN contracts_contract c ON c.id = i.contract_id
WHERE i.agency_id = %(agency)s AND i.status IN ('open', 'negotiated') {{contract}}
""",
    columns=(
        Column("day", "Vencimento", DAY),
        Column("days_late", "Atraso (dias)", WHOLE),
        Column("status", "Situação", hide_narrow=True),
        Column("amount", "Em aberto (R$)", MONEY),
    ),
    choices={
        "faixa": Choice("band", "Atraso", LABELS),
        "situacao": Choice("status", "Situação", dict(InstallmentStatus.choices)),
    },
    newest_first=False,
    is_of_now=True,
)

# What fell due in the period and is owed or was received; what went back unpaid is neither.
DUE = Fact(
    slug="vencidas-no-periodo",
    title="Vencidas no período: recebidas e em aberto",
    what="parcelas",
    sql=f"""
SELECT i.id AS key, i.due_date AS day, c.debtor_id, c.id AS contract_id, c.creditor_id,
       c.branch_id, i.number, owed.amount + coalesce(got.amount, 0) AS amount,
       coalesce(got.amount, 0) AS received, owed.amount AS owed
FROM contracts_installment i JOIN contracts_contract c ON c.id = i.contract_id
CROSS JOIN LATERAL (SELECT CASE WHEN i.status IN ('open', 'negotiated') THEN {OWED} ELSE 0 END
                           AS amount) owed
LEFT JOIN (
    SELECT told.contract_id, told.number, sum(told.amount) AS amount FROM (
        SELECT p.contract_id, p.number, p.gross AS amount FROM contracts_payment p
        JOIN contracts_installment i
          ON i.contract_id = p.contract_id AND i.number = p.number {{period}}
        LEFT JOIN ({COVERED_AT_THE_OFFICE}) office
               ON office.contract_id = p.contract_id AND office.number = p.number
        WHERE p.agency_id = %(agency)s AND p.is_cash AND p.paid_on <= %(on)s
          AND (office.covered_on IS NULL OR office.covered_on > p.paid_on)
        UNION ALL
        SELECT office.contract_id, office.number, office.owed FROM ({COVERED_AT_THE_OFFICE}) office
    ) told GROUP BY told.contract_id, told.number
) got ON got.contract_id = i.contract_id AND got.number = i.number
WHERE i.agency_id = %(agency)s AND (owed.amount > 0 OR got.amount > 0) {{period}} {{contract}}
""",
    columns=(
        Column("day", "Vencimento", DAY),
        Column("received", "Recebido (R$)", MONEY),
        Column("owed", "Em aberto (R$)", MONEY, hide_narrow=True),
        Column("amount", "Vencido (R$)", MONEY),
    ),
    period_of="i.due_date BETWEEN %(start)s AND least(%(end)s, %(on)s::date)",
)
