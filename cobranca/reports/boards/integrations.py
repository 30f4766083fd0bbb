"""Saúde das integrações: how old each portfolio is, what failed, what waits, what is left."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.reports.board import (
    BAD,
    GOOD,
    MAIN,
    PERCENT,
    TEXT,
    WAITING,
    Board,
    Chart,
    Figure,
    Line,
    Series,
    percent,
    plural,
)
from cobranca.reports.connections import CallsLeft, Health, LoadHealth, health_of
from cobranca.reports.facts.fact import MOMENT
from cobranca.reports.filters import Filters, midnight

HOUR = timedelta(hours=1)
DAY_HOURS = 24
TENTH = Decimal("0.1")
HOURS = "hours"
_LOADS = (
    Series("age", "Idade (h)", HOURS, GOOD),
    Series("loaded_at", "Última carga", MOMENT),
    Series("full_at", "Último batimento", MOMENT),
    Series("failures", "Falhas no período"),
    Series("last_failure", "Última falha", TEXT),
)
_CALLS = (
    Series("used_percent", "Da cota do dia", PERCENT, MAIN),
    Series("used", "Gastas hoje"),
    Series("limit", "Cota do dia"),
    Series("left", "Restam"),
    Series("sentence", "Situação", TEXT),
)


def integrations(agency: Agency, filters: Filters, at: datetime) -> Board:
    """Return the health of an agency's integrations at an instant."""
    end = midnight(filters.end + timedelta(days=1))
    health = health_of(agency, midnight(filters.start), end, at)
    loads = [load for load in health.loads if filters.creditor in (None, load.creditor_id)]
    stale = sum(load.is_stale for load in loads)
    failed = percent(health.requests_failed, health.requests)
    told: tuple[tuple[str, str, int, str], ...] = (
        ("creditors", "Credores integrados", len(loads), ""),
        ("stale", "Cargas atrasadas", stale, WAITING),
        ("failures", "Cargas que falharam", sum(load.failures for load in loads), ""),
        ("webhooks_waiting", "Avisos na fila", health.webhooks_waiting, ""),
        ("webhooks_parked", "Avisos parados", health.webhooks_parked, BAD),
        ("requests", "Chamadas no período", health.requests, ""),
        ("writes_stuck", "Gravações sem resposta", health.writes_stuck, BAD),
    )
    pages = health.pages
    figures = [
        Figure(key, label, value, url=pages.get(key, ""), tone=tone if value else "")
        for key, label, value, tone in told
    ]
    page = pages.get("requests_failed", "")
    figures.append(Figure("requests_failed", "Chamadas com erro", failed, PERCENT, page))
    charts = (_loads(loads, at), _calls(health.calls))
    return Board(_says(health, loads, at), figures, charts, at)


def _says(health: Health, loads: Sequence[LoadHealth], at: datetime) -> str:
    if not loads:
        return "Nenhum credor com integração ativa."
    late = [load.creditor for load in loads if load.is_stale]
    told = (
        f"Carga atrasada de {', '.join(late[:3])}{' e outros' if len(late) > 3 else ''}."
        if late
        else f"{plural(len(loads), 'carteira carregada', 'carteiras carregadas')} em dia."
    )
    if health.webhooks_parked:
        told += f" {plural(health.webhooks_parked, 'aviso parado', 'avisos parados')} com erro."
    if health.oldest_webhook_at is not None:
        told += f" O aviso mais antigo espera há {waited(at - health.oldest_webhook_at)}."
    return told


def waited(gone: timedelta) -> str:
    """Say how long something waits: 24 min, 3 h 05 min, 2 dias."""
    hours, minutes = divmod(gone // timedelta(minutes=1), 60)
    if hours >= DAY_HOURS:
        return plural(hours // DAY_HOURS, "dia", "dias")
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _hours(since: datetime, at: datetime) -> Decimal:
    return (Decimal((at - since) // timedelta(seconds=1)) / 3600).quantize(TENTH)


def _loads(loads: Sequence[LoadHealth], at: datetime) -> Chart:
    lines = [
        Line(
            str(load.creditor_id),
            load.creditor,
            {
                "age": None if load.loaded_at is None else _hours(load.loaded_at, at),
                "loaded_at": load.loaded_at,
                "full_at": load.full_at,
                "failures": load.failures,
                "last_failure": load.last_failure,
            },
            {"loaded_at": load.url, "failures": load.url},
            WAITING if load.is_stale else "",
        )
        for load in loads
    ]
    never = sum(load.loaded_at is None for load in loads)
    loaded = [(load.loaded_at, load.creditor) for load in loads if load.loaded_at is not None]
    says = "Nenhuma carteira foi carregada ainda."
    if loaded:
        oldest, creditor = min(loaded)
        moment = f"{clock.office_time(oldest):%d/%m às %H:%M}"
        says = f"A carteira há mais tempo sem carga é a de {creditor}: {moment}."
    if loaded and never:
        says += f" {plural(never, 'nunca foi carregada', 'nunca foram carregadas')}."
    return Chart("loads", "Idade da última carga por credor", says, "Credor", _LOADS, lines)


def _calls(calls: Sequence[CallsLeft]) -> Chart:
    lines = [
        Line(
            str(number),
            each.label,
            {
                "used_percent": None if each.limit is None else percent(each.used, each.limit),
                "used": each.used,
                "limit": each.limit,
                "left": None if each.limit is None else max(each.limit - each.used, 0),
                "sentence": each.sentence,
            },
            colour=WAITING if each.is_short else "",
        )
        for number, each in enumerate(calls)
    ]
    says = "Nenhum sistema tem cota de chamadas."
    if lines:
        short = [each.label for each in calls if each.is_short]
        says = f"Falta cota em: {', '.join(short)}." if short else "Há chamadas para o dia todo."
    return Chart("calls", "Chamadas gastas hoje", says, "Sistema", _CALLS, lines)
