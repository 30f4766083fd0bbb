"""Installments given back to the creditor by what happens here, and not by a load."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cobranca.calc.words import day_text
from cobranca.contracts.models import EventKind, Installment, Recall
from cobranca.contracts.services.events import record_event
from cobranca.contracts.services.installments import move_installments
from cobranca.contracts.states import InstallmentStatus, RecallReason


@dataclass(frozen=True, slots=True)
class Why:
    """Why installments are recalled, and what the timeline adds to it."""

    reason: RecallReason
    note: str


def recall_installments(rows: Sequence[Installment], why: Why, *, on: date) -> None:
    """Recall locked installments that are owed; the timeline is told by `tell_recall`."""
    move_installments(rows, InstallmentStatus.RECALLED, on=on)
    Recall.objects.bulk_create(
        Recall(
            agency_id=row.agency_id,
            contract_id=row.contract_id,
            number=row.number,
            reason=why.reason,
            recalled_on=on,
            note=why.note[:200],
        )
        for row in rows
    )


def tell_recall(rows: Sequence[Installment], why: Why, *, on: date) -> None:
    """Write on the timeline which installments of one contract went back, and why."""
    if not rows:
        return
    contract = rows[0].contract
    numbers = ", ".join(str(row.number) for row in rows)
    record_event(
        EventKind.RECALL,
        debtor=contract.debtor,
        contract=contract,
        text=(
            f"{why.reason.label}\nData: {day_text(on)}\n"
            f"Contrato: {contract} Parcela(s): {numbers}\n{why.note}"
        ),
    )
