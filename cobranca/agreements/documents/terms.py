"""Termo de acordo: who owes what to whom, what was agreed, and what if it is not paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cobranca.agreements.documents import rows
from cobranca.agreements.documents.paper import Document, Heading, put_on_paper
from cobranca.agreements.documents.people import (
    address_of_creditor,
    address_of_debtor,
    place_of,
)
from cobranca.agreements.models import Agreement, AgreementInstallment, AgreementItem
from cobranca.agreements.parameters import DAYS_TO_BREACH, PROPOSAL_DAYS, SECTION
from cobranca.agreements.states import AgreementStatus, WaitsFor
from cobranca.calc.rates import annual_equivalent
from cobranca.calc.words import day_text, percentage
from cobranca.common.extenso import money_in_words
from cobranca.creditors.selectors import SectionValues, values_of

Status = AgreementStatus
COLUMNS = (
    rows.LABEL,
    rows.DUE,
    rows.ORIGINAL,
    rows.CORRECTION,
    rows.CHARGES,
    rows.FEE,
    rows.DISCOUNT,
    rows.TOTAL,
)
# Above so many parcels, three stand side by side.
MOST_IN_A_COLUMN, SIDE_BY_SIDE = 6, 3


@dataclass(frozen=True)
class Stamp:
    """What a reader must know before the rest; `across` is written over every page."""

    word: str
    text: str
    across: str = ""


def term(agreement: Agreement, *, on: date) -> Document:
    """Return the term of an agreement, or its proposal, issued on `on`.

    Of one that is not in force it says so on every page.
    """
    items = list(agreement.items.select_related("contract", "installment").order_by("position"))
    parcels = list(agreement.parcels.order_by("number"))
    settings = values_of(SECTION, agency=agreement.agency, creditor=agreement.creditor)
    is_proposal = agreement.status == Status.PROPOSAL
    heading = Heading(
        "Proposta de acordo" if is_proposal else "Termo de acordo",
        str(agreement.number),
        f"Valores de {day_text(agreement.on)}",
    )
    name = f"{'proposta' if is_proposal else 'termo'}-acordo-{agreement.number}"
    context = {
        "agreement": agreement,
        "debtor": agreement.debtor,
        "is_proposal": is_proposal,
        "stamp": _stamp(agreement, settings),
        "breach_days": 0 if agreement.is_integrated else settings[DAYS_TO_BREACH],
        **_parties(agreement),
        **_debt(items),
        **_payment(agreement, parcels),
    }
    return put_on_paper("term", heading, agreement.creditor, name=name, on=on, context=context)


def _parties(agreement: Agreement) -> dict[str, Any]:
    return {
        "creditor_address": address_of_creditor(agreement.creditor),
        "debtor_address": address_of_debtor(agreement.debtor),
        "place": place_of(agreement.creditor),
    }


def _debt(items: Sequence[AgreementItem]) -> dict[str, Any]:
    contracts = list({item.contract_id: item.contract for item in items}.values())
    columns = (rows.CONTRACT, *COLUMNS) if len(contracts) > 1 else COLUMNS
    return {"contracts": contracts, "originals": rows.table_of(list(map(_row, items)), columns)}


def _row(item: AgreementItem) -> rows.PricedRow:
    return rows.PricedRow(
        contract=item.contract.number,
        label=str(item.installment),
        due=item.installment.due_date,
        days_late=item.days_late,
        original=item.original,
        correction=item.correction,
        penalty=item.penalty,
        interest=item.interest,
        fee=item.fee,
        discount=item.discount,
        total=item.net,
    )


def _payment(agreement: Agreement, parcels: Sequence[AgreementInstallment]) -> dict[str, Any]:
    down = next((parcel for parcel in parcels if parcel.number == 0), None)
    regular = [parcel for parcel in parcels if parcel.number]
    wide = len(parcels) > MOST_IN_A_COLUMN
    return {
        "down_payment": down,
        "regular": regular,
        "words": money_in_words(agreement.total),
        "parcel_groups": range(SIDE_BY_SIDE if wide else 1),
        "parcel_lines": _lines(parcels, SIDE_BY_SIDE if wide else 1),
        "financed": _financed(agreement, down),
        "rate": percentage(agreement.monthly_rate_percent),
        "annual_rate": percentage(annual_equivalent(agreement.monthly_rate_percent)),
        "parcels_total": sum((parcel.amount for parcel in regular), Decimal("0.00")),
    }


def _lines(
    parcels: Sequence[AgreementInstallment], width: int
) -> list[Sequence[AgreementInstallment]]:
    return [parcels[start : start + width] for start in range(0, len(parcels), width)]


def _financed(agreement: Agreement, down: AgreementInstallment | None) -> Decimal | None:
    """Return what the parcels repay; None when paying in parcels costs nothing."""
    if not agreement.monthly_rate_percent:
        return None
    return agreement.agreed - (down.amount if down else 0)


def _stamp(agreement: Agreement, settings: SectionValues) -> Stamp | None:
    closed = f" em {day_text(agreement.closed_on)}" if agreement.closed_on else ""
    match agreement.status:
        case Status.PROPOSAL:
            return Stamp("Proposta", _validity(agreement, settings[PROPOSAL_DAYS]))
        case Status.WAITING:
            what = "do ERP" if agreement.waits_for == WaitsFor.ERP else "de um supervisor"
            text = f"Espera a resposta {what}: este termo não tem validade."
            return Stamp(agreement.get_status_display(), text, "SEM VALIDADE")
        case Status.SETTLED:
            return Stamp("Quitado", f"Este acordo foi quitado{closed}.")
        case Status.BROKEN:
            return Stamp(
                "Quebrado", f"Este acordo foi quebrado{closed} e não vale mais.", "QUEBRADO"
            )
        case Status.CANCELLED:
            text = f"Este acordo foi cancelado{closed} e não vale mais."
            return Stamp("Cancelado", text, "CANCELADO")
        case _:
            return None


def _validity(agreement: Agreement, days: int) -> str:
    until = ""
    if days:
        until = f"Vale até {day_text(agreement.made_on + timedelta(days=days))}. "
    return f"{until}Até ser aceita, as parcelas abaixo continuam em cobrança."
