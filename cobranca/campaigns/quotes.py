"""Quotes kept with everything they depend on, and the check that they can be recomputed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cobranca.accounts.models import User
from cobranca.calc.codec import (
    ENGINE,
    fingerprint,
    order_from_json,
    order_to_json,
    quote_to_json,
)
from cobranca.calc.errors import CalcError
from cobranca.calc.quote import quote
from cobranca.calc.statement import to_json
from cobranca.campaigns.calculation import Calculation
from cobranca.campaigns.models import Quote
from cobranca.campaigns.services import mark_used
from cobranca.debtors.models import Debtor

REPLAY_SET = 200


def save_quote(calculation: Calculation, *, debtor: Debtor, actor: User | None) -> Quote:
    """Keep a calculation: inputs, result, statement and their fingerprint."""
    inputs, result = order_to_json(calculation.order), quote_to_json(calculation.quote)
    mark_used([row.campaign.id for row in calculation.rows if row.campaign])
    return Quote.objects.create(
        agency_id=debtor.agency_id,
        debtor=debtor,
        on=calculation.order.on,
        plan=calculation.asked.plan,
        total=calculation.quote.totals.total,
        engine=ENGINE,
        inputs=inputs,
        result=result,
        statement=to_json(calculation.statement),
        fingerprint=fingerprint({"inputs": inputs, "result": result}),
        created_by=actor,
    )


def difference_of(row: Quote) -> str:
    """Recompute a kept quote; return what differs, "" when every centavo is the same."""
    if fingerprint({"inputs": row.inputs, "result": row.result}) != row.fingerprint:
        return "O registro foi alterado depois de guardado."
    if row.engine != ENGINE:
        return ""  # computed by older rules: they are not here to be asked again
    try:
        result = quote_to_json(quote(order_from_json(row.inputs)))
    except CalcError as error:
        return f"Já não pode ser calculado: {error.message}"
    if result != row.result:
        names = sorted(key for key in row.result if row.result[key] != result.get(key))
        return f"O recálculo difere em: {', '.join(names)}."[:300]
    return ""


@dataclass(frozen=True, slots=True)
class Replay:
    """Outcome of a check: how many quotes were recomputed, and which differed."""

    checked: int
    different: tuple[int, ...]


def replay_since(since: datetime, *, now: datetime) -> Replay:
    """Recompute every quote kept since a moment; each says when it was checked and what differed.

    Running it twice does no harm; a killed run goes on with what it had not reached.
    """
    checked, different = 0, []
    for row in _unchecked(since, now):
        row.difference, row.replayed_at = difference_of(row), now
        row.save(update_fields=["difference", "replayed_at"])
        checked += 1
        if row.difference:
            different.append(row.pk)
    return Replay(checked, tuple(different))


def _unchecked(since: datetime, now: datetime) -> Iterator[Quote]:
    after = 0
    while True:
        waiting = Quote.objects.filter(
            Q(replayed_at__isnull=True) | Q(replayed_at__lt=now),
            created_at__gte=since,
            pk__gt=after,
        )
        rows = list(waiting.order_by("pk")[:REPLAY_SET])
        yield from rows
        if len(rows) < REPLAY_SET:
            return
        after = rows[-1].pk
