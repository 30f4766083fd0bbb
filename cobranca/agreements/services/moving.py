"""The one writer of an agreement's status, and of its parcels'."""

from collections.abc import Iterable
from typing import Any

from cobranca.agreements.models import REASON_LIMIT, Agreement, AgreementInstallment
from cobranca.agreements.states import (
    AgreementStatus,
    ParcelStatus,
    check_move,
    check_parcel_move,
)
from cobranca.common.errors import DomainError

Changes = dict[str, list[str]]


def move(agreement: Agreement, target: AgreementStatus, **columns: Any) -> Changes:
    """Move a locked agreement, with whatever else changes; return what the trail is told."""
    check_move(agreement.status, target)
    before = agreement.get_status_display()
    values = {"waits_for": "", **columns, "status": target}
    values["reason"] = str(values.get("reason", ""))[:REASON_LIMIT]
    for name, value in values.items():
        setattr(agreement, name, value)
    agreement.save(update_fields=[*values])
    changes = {"situação": [before, str(target.label)]}
    return changes | ({"motivo": ["Vazio", agreement.reason]} if agreement.reason else {})


def move_parcel(parcel: AgreementInstallment, target: ParcelStatus, **columns: Any) -> None:
    """Move a parcel of a locked agreement, with whatever else changes."""
    check_parcel_move(parcel.status, target)
    values = {**columns, "status": target}
    for name, value in values.items():
        setattr(parcel, name, value)
    parcel.save(update_fields=[*values])


def call_off_parcels(parcels: Iterable[AgreementInstallment]) -> None:
    """Cancel the parcels that will not be paid any more; what was paid of them stays."""
    for parcel in parcels:
        if parcel.status == ParcelStatus.OPEN:
            move_parcel(parcel, ParcelStatus.CANCELLED)


def set_live(agreement: Agreement, *, live: bool) -> None:
    """Say whether the agreement holds its originals (one live agreement each, by unique index)."""
    agreement.items.filter(is_live=not live).update(is_live=live)


def why(reason: str) -> str:
    """Return a reason told by a person; nobody stops an agreement without saying why."""
    told = " ".join(reason.split())
    if not told:
        raise DomainError("Informe o motivo.", "reason")
    if len(told) > REASON_LIMIT:
        raise DomainError(f"Motivo longo demais: até {REASON_LIMIT} letras.", "reason")
    return told
