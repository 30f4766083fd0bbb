"""The call budget as people see it: who may still call, what stops next, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django_scopes import scope

from cobranca.accounts.models import Agency
from integrations.core.budget import (
    PRIORITY_LABELS,
    SHARES,
    PoolLeft,
    Priority,
    budget_left,
    calls_between,
    limited_systems,
    office_time,
)
from integrations.core.calls import BULK, REST
from integrations.core.models import IntegrationLog

PACE = timedelta(hours=1)
# Fewer say nothing of a pace: one load makes a handful of bulk calls and then none for a day.
FEWEST_CALLS = 10
MOST_METHODS = 10
POOL_LABELS = {REST: "REST (consultas avulsas e envios)", BULK: "BULK (leitura em massa)"}
# What people notice when a priority may call no more.
WORK = {
    Priority.PAYMENTS: (
        "Baixas, estornos e avisos (webhooks), e as conferências antes de enviar algo ao ERP."
    ),
    Priority.AGREEMENTS: "Cálculo e acordo integrados, segunda via de boleto, webhooks no ERP.",
    Priority.LOADS: (
        "Carga diária, batimento, sincronização ao abrir o devedor, teste de conexão."
    ),
    Priority.REGISTRATION: (
        "Telefones e endereços enviados ao ERP, extratos por e-mail, listas dos parâmetros."
    ),
}


@dataclass(frozen=True)
class Share:
    """One priority's part of a day. Without a daily limit nothing is known of `cap` and `left`."""

    priority: Priority
    spent: int
    cap: int | None
    left: int | None
    # At the present pace; None when it lasts the day.
    ends_at: datetime | None

    @property
    def label(self) -> str:
        return PRIORITY_LABELS[self.priority]

    @property
    def percent(self) -> int:
        return SHARES[self.priority]

    @property
    def work(self) -> str:
        return WORK[self.priority]

    @property
    def is_refused(self) -> bool:
        """Tell whether this priority may call no more today."""
        return self.left == 0


@dataclass(frozen=True)
class Outlook:
    """One pool of one system, today."""

    now: datetime
    pool: PoolLeft
    last_hour: int
    shares: Sequence[Share]

    @property
    def label(self) -> str:
        return POOL_LABELS.get(self.pool.pool, self.pool.pool.upper())

    @property
    def refused(self) -> list[Share]:
        """The priorities that may call no more today."""
        return [share for share in self.shares if share.is_refused]

    @property
    def ends_at(self) -> datetime | None:
        """When the first priority that still calls will stop, at the present pace."""
        return min((s.ends_at for s in self.shares if s.ends_at is not None), default=None)

    @property
    def state(self) -> str:
        """Tell how bad it is: spent, short, ok; unknown without a daily limit."""
        if self.pool.is_closed or len(self.refused) == len(self.shares):
            return "spent"
        if self.refused or self.ends_at:
            return "short"
        return "unknown" if self.pool.day_limit is None else "ok"

    @property
    def sentence(self) -> str:
        """Say it in words."""
        return {"spent": self._spent, "short": self._short}.get(self.state, self._lasting)()

    def _spent(self) -> str:
        why = "o próprio ERP recusou mais chamadas" if self.pool.is_closed else "a cota foi gasta"
        back = office_time(self.pool.resets_at)
        return f"Acabou por hoje: {why}. Volta em {back:%d/%m/%Y às %H:%M}."

    def _short(self) -> str:
        parts = []
        if self.refused:
            going_on = [share for share in self.shares if not share.is_refused]
            parts.append(f"Parado até amanhã: {_names(self.refused)}.")
            parts.append(f"Continua: {_names(going_on)}.")
        ending = [share for share in self.shares if share.ends_at == self.ends_at]
        if self.ends_at is not None:
            at = f"{office_time(self.ends_at):%H:%M}"
            parts.append(f"No ritmo da última hora, às {at} para: {_names(ending)}.")
        return " ".join(parts)

    def _lasting(self) -> str:
        if self.pool.day_limit is None:
            return "Sem cota diária conhecida: vale só o limite por minuto."
        return "No ritmo da última hora, há chamadas para o dia todo."


@dataclass(frozen=True)
class Spender:
    """What one method asked for today."""

    method: str
    calls: int
    errors: int


@dataclass(frozen=True)
class SystemOutlook:
    """One system as the page shows it."""

    system: str
    label: str
    pools: Sequence[Outlook]
    spenders: Sequence[Spender]


def outlook_of(agency: Agency, system: str, now: datetime) -> list[Outlook]:
    """Return the state of each pool of a system, with what comes next at the present pace."""
    hour = calls_between(agency, system, now - PACE, now)
    pools = budget_left(agency, system, lambda: now)
    return [_outlook(pool, hour.get(pool.pool, 0), now) for pool in pools]


def system_outlook(agency: Agency, system: str, now: datetime) -> SystemOutlook:
    """Return a system's pools, and who called it most today."""
    known = limited_systems()[system]
    spenders = _spenders(agency, known.log_kind, now)
    return SystemOutlook(system, known.label, outlook_of(agency, system, now), spenders)


def warnings_for(agency: Agency, now: datetime) -> list[tuple[str, Outlook]]:
    """Return the pools that are spent or will be before the day ends, with their system's name."""
    return [
        (known.label, pool)
        for system, known in sorted(limited_systems().items())
        for pool in outlook_of(agency, system, now)
        if pool.state in ("spent", "short")
    ]


def told(outlook: SystemOutlook) -> dict[str, Any]:
    """Return a system's outlook in plain values, for machines."""
    return {
        "system": outlook.system,
        "label": outlook.label,
        "pools": [_pool_told(pool) for pool in outlook.pools],
        "spenders": [vars(spender) for spender in outlook.spenders],
    }


def _pool_told(outlook: Outlook) -> dict[str, Any]:
    pool = outlook.pool
    return {
        "pool": pool.pool,
        "state": outlook.state,
        "message": outlook.sentence,
        "minute_used": pool.minute_used,
        "minute_limit": pool.minute_limit,
        "day_used": pool.day_used,
        "day_limit": pool.day_limit,
        "day_left": pool.day_left,
        "closed_by_provider": pool.is_closed,
        "last_hour": outlook.last_hour,
        "ends_at": outlook.ends_at,
        "resets_at": pool.resets_at,
        "shares": [_share_told(share) for share in outlook.shares],
    }


def _share_told(share: Share) -> dict[str, Any]:
    return {
        "priority": share.priority.name.lower(),
        "label": share.label,
        "percent": share.percent,
        "spent": share.spent,
        "cap": share.cap,
        "left": share.left,
        "refused": share.is_refused,
        "ends_at": share.ends_at,
    }


def _outlook(pool: PoolLeft, last_hour: int, now: datetime) -> Outlook:
    shares = [_share(priority, pool, last_hour, now) for priority in Priority]
    return Outlook(now, pool, last_hour, shares)


def _share(priority: Priority, pool: PoolLeft, last_hour: int, now: datetime) -> Share:
    spent = pool.by_priority.get(PRIORITY_LABELS[priority], 0)
    if pool.day_limit is None:
        return Share(priority, spent, None, 0 if pool.is_closed else None, None)
    cap = pool.day_limit * SHARES[priority] // 100
    left = 0 if pool.is_closed else max(cap - pool.day_used, 0)
    ends_at = now + PACE * left / last_hour if left and last_hour >= FEWEST_CALLS else None
    if ends_at is not None and ends_at >= pool.resets_at:
        ends_at = None
    return Share(priority, spent, cap, left, ends_at)


def _spenders(agency: Agency, kind: str, now: datetime) -> list[Spender]:
    today = office_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with scope(agency=agency):
        rows = (
            IntegrationLog.objects.filter(at__gte=today, kind=kind)
            .order_by()
            .values_list("method")
            .annotate(calls=Count("pk"), errors=Count("pk", filter=~Q(error="")))
            .order_by("-calls", "method")[:MOST_METHODS]
        )
        return [Spender(*row) for row in rows]


def _names(shares: Sequence[Share]) -> str:
    return ", ".join(share.label for share in shares)
