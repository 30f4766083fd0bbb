"""Money that came in, each real once, whoever told of it; and the agreements behind it.

The ERP tells what it received; the office notes what it received for agreements that are not in
the ERP. When the creditor later registers that same money over there, the ERP tells it again: a
receipt on an installment that money of the office had covered by then is not counted again.
"""

from cobranca.agreements.states import AgreementStatus
from cobranca.dunning.states import Channel
from cobranca.reports.facts.fact import DAY, MONEY, Choice, Column, Fact

DIRECT, AGREED = "direct", "agreement"
ORIGINS = {DIRECT: "Direto ao credor", AGREED: "De acordo"}
# In force once; a proposal, what waits and what was called off is no agreement.
MADE = (AgreementStatus.ACTIVE, AgreementStatus.SETTLED, AgreementStatus.BROKEN)
_MADE = ", ".join(f"'{status.value}'" for status in MADE)
NO_CHANNEL = "none"
# An agreement is owed to the last effective contact of so many days before it.
DAYS_OF_CONTACT = 30
CHANNELS = {**dict(Channel.choices), NO_CHANNEL: "Sem contato antes"}

COVERED_AT_THE_OFFICE = """
    SELECT it.contract_id, i.number, min(it.covered_on) AS covered_on, max(it.owed) AS owed
    FROM agreements_agreementitem it
    JOIN agreements_agreement g ON g.id = it.agreement_id AND NOT g.is_integrated
    JOIN contracts_installment i ON i.id = it.installment_id
    WHERE it.agency_id = %(agency)s AND i.status = 'settled' AND it.covered_on IS NOT NULL
    GROUP BY it.contract_id, i.number
"""

# What an agreement generated in the ERP, from when: a number may be given out again later.
_GENERATED = """
    SELECT it.contract_id, pl.erp_number AS number, g.id AS agreement_id, g."on" AS since,
           lead(g."on", 1, 'infinity') OVER (PARTITION BY it.contract_id, pl.erp_number
                                             ORDER BY g."on", g.id) AS until
    FROM agreements_agreementinstallment pl
    JOIN agreements_agreement g ON g.id = pl.agreement_id AND g.is_integrated
    JOIN LATERAL (SELECT contract_id FROM agreements_agreementitem
                  WHERE agreement_id = g.id ORDER BY position LIMIT 1) it ON true
    WHERE pl.agency_id = %(agency)s AND pl.erp_number IS NOT NULL
"""

_CHANNEL_OF = f"""
    SELECT r.channel FROM dunning_contactrecord r
    JOIN dunning_contactresult x ON x.id = r.result_id AND x.is_effective
    WHERE r.debtor_id = g.debtor_id
      AND r.happened_at < (g.made_on + 1)::timestamp AT TIME ZONE %(zone)s
      AND r.happened_at >= (g.made_on - {DAYS_OF_CONTACT})::timestamp AT TIME ZONE %(zone)s
    ORDER BY r.happened_at DESC, r.id DESC LIMIT 1
"""
_FIRST_CONTRACT = """
    SELECT contract_id FROM agreements_agreementitem
    WHERE agreement_id = g.id ORDER BY position LIMIT 1
"""

RECEIPTS = Fact(
    slug="recebimentos",
    title="Recebimentos",
    what="recebimentos",
    sql=f"""
SELECT f.*, g.number AS agreement, u.id AS collector_id,
       CASE WHEN g.id IS NULL THEN '{DIRECT}' ELSE '{AGREED}' END AS origin,
       {{channel}} AS channel
FROM (
    SELECT p.id * 2 AS key, p.paid_on AS day, c.debtor_id, c.id AS contract_id, c.creditor_id,
           c.branch_id, p.number, p.net AS amount, e.agreement_id
    FROM contracts_payment p JOIN contracts_contract c ON c.id = p.contract_id
    LEFT JOIN ({_GENERATED}) e ON e.contract_id = p.contract_id AND e.number = p.number
                              AND p.paid_on >= e.since AND p.paid_on < e.until
    LEFT JOIN ({COVERED_AT_THE_OFFICE}) office
           ON office.contract_id = p.contract_id AND office.number = p.number
    WHERE p.agency_id = %(agency)s AND p.is_cash
      AND p.paid_on BETWEEN %(start)s AND %(end)s
      AND (office.covered_on IS NULL OR office.covered_on > p.paid_on) {{contract}}
    UNION ALL
    SELECT a.id * 2 + 1, a.paid_on, g.debtor_id, c.id, g.creditor_id, c.branch_id, NULL, a.amount,
           g.id
    FROM agreements_agreementpayment a
    JOIN agreements_agreement g ON g.id = a.agreement_id AND NOT g.is_integrated
    LEFT JOIN LATERAL ({_FIRST_CONTRACT}) first ON true
    LEFT JOIN contracts_contract c ON c.id = first.contract_id
    WHERE a.agency_id = %(agency)s AND a.reversed_on IS NULL
      AND a.paid_on BETWEEN %(start)s AND %(end)s {{contract}}
) f
LEFT JOIN agreements_agreement g ON g.id = f.agreement_id
LEFT JOIN accounts_user u ON u.id = g.made_by_id
{{by_channel}}
WHERE true {{person}}
""",
    columns=(
        Column("day", "Data", DAY),
        Column("origin", "Origem", hide_narrow=True),
        Column("agreement", "Acordo", hide_narrow=True),
        Column("collector", "Cobrador", hide_narrow=True),
        Column("amount", "Recebido (R$)", MONEY),
    ),
    is_of_people=True,
    channel=f"CASE WHEN g.id IS NOT NULL THEN coalesce(by.channel, '{NO_CHANNEL}') END",
    by_channel=f"LEFT JOIN LATERAL ({_CHANNEL_OF}) by ON g.id IS NOT NULL",
    choices={
        "origem": Choice("origin", "Origem", ORIGINS),
        "canal": Choice("channel", "Canal", CHANNELS),
    },
)

AGREEMENTS = Fact(
    slug="acordos-feitos",
    title="Acordos feitos",
    what="acordos",
    sql=f"""
SELECT g.id AS key, g.made_on AS day, g.debtor_id, c.id AS contract_id, g.creditor_id, c.branch_id,
       NULL::integer AS number, g.total AS amount, g.number AS agreement, g.status,
       u.id AS collector_id, {{channel}} AS channel
FROM agreements_agreement g
LEFT JOIN LATERAL ({_FIRST_CONTRACT}) first ON true
LEFT JOIN contracts_contract c ON c.id = first.contract_id
LEFT JOIN accounts_user u ON u.id = g.made_by_id
{{by_channel}}
WHERE g.agency_id = %(agency)s AND g.status IN ({_MADE}) {{period}} {{contract}} {{person}}
""",
    columns=(
        Column("day", "Data", DAY),
        Column("agreement", "Acordo"),
        Column("status", "Situação", hide_narrow=True),
        Column("collector", "Cobrador", hide_narrow=True),
        Column("amount", "Total (R$)", MONEY),
    ),
    period_of="g.made_on BETWEEN %(start)s AND %(end)s",
    is_of_people=True,
    channel=f"CASE WHEN g.id IS NOT NULL THEN coalesce(by.channel, '{NO_CHANNEL}') END",
    by_channel=f"LEFT JOIN LATERAL ({_CHANNEL_OF}) by ON g.id IS NOT NULL",
    choices={
        "situacao": Choice("status", "Situação", dict(AgreementStatus.choices)),
        "canal": Choice("channel", "Canal", CHANNELS),
    },
)
