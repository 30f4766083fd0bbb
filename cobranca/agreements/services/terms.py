"""Parcels as the ERP has them: an integrated agreement follows the ERP, to the cent and the day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from cobranca.agreements.models import AgreementInstallment
from cobranca.agreements.services.locking import Whole
from cobranca.agreements.services.moving import Changes
from cobranca.agreements.wording import values_text
from cobranca.calc.money import ZERO
from cobranca.calc.words import reais
from cobranca.contracts.erp import RenegotiationParcel


def follow_terms(of: Whole, told: Sequence[RenegotiationParcel]) -> Changes:
    """Give an unpaid agreement the parcels that the ERP generated; return what changed of money.

    The ERP rounds for itself: the agreement's total and its financing become what the ERP's
    parcels add up to. Nothing told, nothing followed.
    """
    if not told:
        return {}
    before, total = _values(of), of.agreement.total
    kept = [_follow(of, parcel, each) for parcel, each in zip_longest(list(of.parcels), told)]
    of.parcels[:] = [parcel for parcel in kept if parcel is not None]
    update_total(of)
    if before == _values(of):
        return {}
    return {
        "parcelas": [before, _values(of)],
        "total a pagar": [reais(total), reais(of.agreement.total)],
    }


def update_total(of: Whole) -> None:
    """Make the agreement's total what its parcels add up to; financing takes the difference."""
    agreement = of.agreement
    agreement.total = sum((parcel.amount for parcel in of.parcels), ZERO)
    agreement.financing = agreement.total - agreement.agreed
    agreement.save(update_fields=["total", "financing"])


def _values(of: Whole) -> str:
    return values_text(parcel.amount for parcel in of.parcels)


def _follow(
    of: Whole, parcel: AgreementInstallment | None, told: RenegotiationParcel | None
) -> AgreementInstallment | None:
    if told is None:
        if parcel is not None:
            parcel.delete()
        return None
    if parcel is None:
        last = max((each.number for each in of.parcels), default=0)
        parcel = AgreementInstallment(
            agency_id=of.agreement.agency_id, agreement=of.agreement, number=last + 1
        )
        of.parcels.append(parcel)
    set_terms(parcel, told.due_date, told.amount, told.number)
    return parcel


def set_terms(parcel: AgreementInstallment, due: date, amount: Decimal, number: int) -> None:
    """Write what the ERP says of one parcel: its date, its amount, its number over there."""
    parcel.due_date, parcel.amount, parcel.erp_number = due, amount, number
    parcel.save()
