"""Agreements whose installments moved by the ERP's word, and not by payments here.

An agreement that is not integrated only watches the term of the ERP's own boletos (playbook 7.3.1):
the debtor pays those, the load tells it, and the mirror recalls the installments. Then there is
nothing left to agree on. What an integrated one generated lives in the ERP: `renegotiated`.
"""

from datetime import date

from django.db import transaction
from django.db.models import Q

from cobranca.agreements.models import AgreementItem
from cobranca.agreements.services.breaching import breach
from cobranca.agreements.services.cancelling import cancel
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.moving import call_off_parcels, move, set_live
from cobranca.agreements.services.renegotiated import (
    TERMINATED,
    follow_renegotiated,
    was_terminated,
)
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.states import LIVE, AgreementStatus
from cobranca.contracts.models import Payment, Recall
from cobranca.contracts.states import RecallReason


@transaction.atomic
def follow_erp(*, agreement_id: int, on: date) -> bool:
    """Do to an agreement what the ERP did to its installments; tell whether that closed it.

    Asked again, it does nothing. Not integrated, with nothing left to collect: settled when all
    was received there, else broken, or cancelled while it waited; a contract cancelled in the
    ERP (Distrato) breaks it. An integrated one is followed parcel by parcel.
    """
    of = lock_whole(agreement_id)
    agreement = of.agreement
    if agreement.is_integrated:
        return follow_renegotiated(of, on)
    if agreement.status not in LIVE:
        return False
    left = [item for item in of.items if item.covered_on is None]
    if not left or any(of.is_held(item) for item in left):
        return False
    if any(was_terminated(of.original(item)) for item in left):
        breach(of, TERMINATED, actor=None, on=on)
    elif agreement.status == AgreementStatus.WAITING:
        cancel(of, "As parcelas originais não estão mais em cobrança.", actor=None, on=on)
    elif all(_was_received(of, item) for item in left):
        _settle(of, left, on)
    else:
        reason = "Quebra automática: as parcelas originais não estão mais em cobrança"
        breach(of, reason, actor=None, on=on)
    return True


def _was_received(of: Whole, item: AgreementItem) -> bool:
    """Tell whether the ERP received an original since the agreement was made.

    A batimento calls every recall "Batimento": the receipts say what it was.
    """
    of_it = Q(contract=item.contract_id, number=of.original(item).number)
    recalled = Recall.objects.filter(of_it, reason=RecallReason.PAYMENT, reopened_on=None)
    received = Payment.objects.filter(of_it, is_cash=True, paid_on__gte=of.agreement.on)
    return recalled.exists() or received.exists()


def _settle(of: Whole, left: list[AgreementItem], on: date) -> None:
    changes = move(of.agreement, AgreementStatus.SETTLED, closed_on=on)
    call_off_parcels(of.parcels)
    AgreementItem.objects.filter(pk__in=[item.pk for item in left]).update(covered_on=on)
    set_live(of.agreement, live=False)
    text = f"{of.summary}\nParcelas originais recebidas no ERP"
    tell(of, News("agreement.settled", text, title="Acordo quitado"), actor=None, changes=changes)
