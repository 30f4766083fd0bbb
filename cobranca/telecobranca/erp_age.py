"""How old what a debtor's page shows is, in words: the last load, or the reading on opening."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cobranca.common.clock import office_time
from cobranca.contracts.models import DebtorSync
from cobranca.contracts.states import SyncStatus
from cobranca.creditors.types import label_of

JUST_NOW = timedelta(minutes=2)
# How often the page asks how the reading stands, by how long it has lasted; then it stops asking.
PACE = ((timedelta(seconds=10), 1), (timedelta(minutes=1), 3), (timedelta(minutes=11), 10))


@dataclass(frozen=True)
class ErpAge:
    """The line of the strip. With no `text` only the age of the data (`at`) is told."""

    label: str
    at: datetime | None
    text: str = ""
    why: str = ""
    is_running: bool = False
    is_trouble: bool = False
    seconds: int = 0  # until the page asks again; 0: it does not


def erp_age(
    sync: DebtorSync | None, contracts: Iterable[Any], data_at: datetime | None, now: datetime
) -> ErpAge:
    """Return how old the contracts shown are, and what is being done about it.

    `data_at` is when the oldest of them was last read in its ERP.
    """
    erp = _erp_of(contracts)
    label = f"Dados do {erp}"
    if sync is None:
        return ErpAge(label, data_at)
    if sync.status in (SyncStatus.QUEUED, SyncStatus.RUNNING):
        seconds = _pace(now - sync.requested_at)
        return ErpAge(label, data_at, f"Conferindo no {erp}…", is_running=True, seconds=seconds)
    if sync.status == SyncStatus.FAILED:
        text = _trouble(sync, erp, data_at, now)
        return ErpAge(label, data_at, text, sync.message, is_trouble=True)
    if sync.synced_at is None or (data_at is not None and data_at > sync.synced_at):
        return ErpAge(label, data_at)  # a load was later
    return ErpAge(label, data_at, f"Conferido no {erp} {_when(sync.synced_at, now)}")


def ended(sync: DebtorSync | None) -> str:
    """Return the end of a reading as the page names it; "" while there is none."""
    return sync.finished_at.isoformat() if sync and sync.finished_at else ""


def _erp_of(contracts: Iterable[Any]) -> str:
    """Return how people call the ERP; of several, or of none, only that it is one."""
    names = {label_of(contract.creditor.creditor_type) for contract in contracts} - {""}
    return names.pop() if len(names) == 1 else "ERP"


def _trouble(sync: DebtorSync, erp: str, data_at: datetime | None, now: datetime) -> str:
    data = f"dados de {_clock(data_at, now)}" if data_at else "nada foi lido até agora"
    if sync.failing_since is None:
        return f"Consulta recusada: {data}"
    return f"Sem resposta do {erp} desde {_clock(sync.failing_since, now)}: {data}"


def _when(at: datetime, now: datetime) -> str:
    if now - at < JUST_NOW:
        return "agora há pouco"
    told = _clock(at, now)
    return f"às {told}" if ":" in told and "/" not in told else f"em {told}"


def _clock(at: datetime, now: datetime) -> str:
    """Return 14:42, or 21/11 14:42 on another day."""
    there, here = office_time(at), office_time(now)
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%d/%m %H:%M}"


def _pace(passed: timedelta) -> int:
    return next((seconds for limit, seconds in PACE if passed < limit), 0)
