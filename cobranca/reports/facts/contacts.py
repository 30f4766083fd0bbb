"""Contacts, and the promises that came of them."""

from cobranca.dunning.states import Channel, Direction
from cobranca.reports.facts.fact import DAY, MOMENT, MONEY, Choice, Column, Fact
from cobranca.reports.facts.money import NO_CHANNEL

KEPT, BROKEN, LATE, OPEN, CANCELLED = "kept", "broken", "late", "open", "cancelled"
STATES = {
    KEPT: "Cumprida",
    BROKEN: "Quebrada",
    LATE: "Vencida, sem desfecho",
    OPEN: "A vencer",
    CANCELLED: "Cancelada",
}
CHANNELS = {**dict(Channel.choices), NO_CHANNEL: "Sem acionamento"}

CONTACTS = Fact(
    slug="acionamentos",
    title="Acionamentos",
    what="acionamentos",
    sql="""
SELECT f.id AS key, (f.happened_at AT TIME ZONE %(zone)s)::date AS day, f.happened_at AS moment,
       f.debtor_id, c.id AS contract_id, c.creditor_id, c.branch_id, NULL::integer AS number,
       NULL::numeric AS amount, f.channel, f.direction, x.label AS result,
       CASE WHEN x.is_effective THEN 'sim' ELSE 'nao' END AS effective, u.id AS collector_id
FROM dunning_contactrecord f
JOIN dunning_contactresult x ON x.id = f.result_id
LEFT JOIN contracts_contract c ON c.id = f.contract_id
LEFT JOIN accounts_user u ON u.id = f.actor_id
WHERE f.agency_id = %(agency)s {period} {contract} {person}
""",
    columns=(
        Column("moment", "Quando", MOMENT),
        Column("channel", "Canal", hide_narrow=True),
        Column("direction", "Sentido", hide_narrow=True),
        Column("result", "Resultado"),
        Column("collector", "Cobrador", hide_narrow=True),
    ),
    period_of="f.happened_at >= %(start_at)s AND f.happened_at < %(end_at)s",
    is_of_people=True,
    choices={
        "canal": Choice("channel", "Canal", dict(Channel.choices)),
        "sentido": Choice("direction", "Sentido", dict(Direction.choices)),
        "efetivo": Choice(
            "effective",
            "Falou com a pessoa certa",
            {"sim": "Falou com a pessoa certa", "nao": "Não falou com a pessoa certa"},
        ),
    },
    may_lack_contract=True,
)

_PROMISES = """
SELECT f.id AS key, f.debtor_id, c.id AS contract_id, c.creditor_id, c.branch_id,
       NULL::integer AS number, f.amount, f.promised_on, u.id AS collector_id,
       CASE WHEN f.status = 'open' AND f.promised_on < %(on)s THEN 'late'
            ELSE f.status END AS status,
       coalesce(r.channel, 'none') AS channel, {day} AS day
FROM dunning_promise f
LEFT JOIN contracts_contract c ON c.id = f.contract_id
LEFT JOIN dunning_contactrecord r ON r.id = f.record_id
LEFT JOIN accounts_user u ON u.id = f.actor_id
WHERE f.agency_id = %(agency)s {{period}} {{contract}} {{person}}
"""
_CHOICES = {
    "situacao": Choice("status", "Situação", STATES),
    "canal": Choice("channel", "Canal", CHANNELS),
}

PROMISES = Fact(
    slug="promessas",
    title="Promessas por data prometida",
    what="promessas",
    sql=_PROMISES.format(day="f.promised_on"),
    columns=(
        Column("day", "Para", DAY),
        Column("status", "Situação"),
        Column("channel", "Canal", hide_narrow=True),
        Column("collector", "Cobrador", hide_narrow=True),
        Column("amount", "Valor (R$)", MONEY),
    ),
    period_of="f.promised_on BETWEEN %(start)s AND %(end)s",
    is_of_people=True,
    choices=_CHOICES,
    may_lack_contract=True,
)

PROMISES_MADE = Fact(
    slug="promessas-feitas",
    title="Promessas feitas",
    what="promessas",
    sql=_PROMISES.format(day="f.made_on"),
    columns=(
        Column("day", "Feita em", DAY),
        Column("promised_on", "Para", DAY, hide_narrow=True),
        Column("status", "Situação"),
        Column("channel", "Canal", hide_narrow=True),
        Column("collector", "Cobrador", hide_narrow=True),
        Column("amount", "Valor (R$)", MONEY),
    ),
    period_of="f.made_on BETWEEN %(start)s AND %(end)s",
    is_of_people=True,
    choices=_CHOICES,
    may_lack_contract=True,
)
