"""Taking installments out of collection for an agreement, and giving them back."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from cobranca.agreements.models import AgreementItem
from cobranca.agreements.selectors import renegotiated
from cobranca.agreements.services.locking import Whole
from cobranca.agreements.services.moving import set_live
from cobranca.agreements.wording import name_of
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract
from cobranca.contracts.services import move_installments
from cobranca.contracts.states import InstallmentStatus


def hold(of: Whole, *, on: date) -> None:
    """Take an agreement's originals out of collection.

    Raises DomainError naming what is in the way: originals in another agreement (and which), no
    longer open, or of which something else is owed than when they were priced.
    """
    check_free(of)
    _check_alone_in_erp(of)
    _check_open(of)
    _check_owed(of)
    move_installments(list(of.installments.values()), InstallmentStatus.NEGOTIATED, on=on)
    take(of)


def take(of: Whole) -> None:
    """Mark all originals as held by this agreement."""
    try:
        with transaction.atomic():
            set_live(of.agreement, live=True)
    except IntegrityError as error:
        # Cannot happen while everyone locks the installments first; the index is the last word.
        raise DomainError("Há parcelas que já estão em outro acordo: calcule de novo.") from error
    for item in of.items:
        item.is_live = True


def release(of: Whole, *, on: date) -> None:
    """Give back to collection what the agreement still holds; nothing of it was paid."""
    back = [of.original(item) for item in of.items if of.is_held(item)]
    move_installments(back, InstallmentStatus.OPEN, on=on)
    set_live(of.agreement, live=False)


def check_free(of: Whole) -> None:
    """Refuse originals that another agreement holds, naming both."""
    taken = (
        AgreementItem.objects.filter(installment__in=list(of.installments), is_live=True)
        .exclude(agreement=of.agreement)
        .select_related("agreement", "contract", "installment")
        .order_by("agreement", "position")
    )
    found = [f"a {name_of(item)} já está no acordo {item.agreement.number}" for item in taken]
    if found:
        raise DomainError(
            f"{_sentence(found)}. Tire da seleção ou encerre o outro acordo antes.", "selection"
        )


def lock_contracts(of: Whole) -> None:
    """Lock an agreement's contracts against another one to be integrated; after installments."""
    ids = {item.contract_id for item in of.items}
    list(Contract.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _check_alone_in_erp(of: Whole) -> None:
    """Refuse a second renegotiation of a contract (AGR-03), two at once included."""
    if not of.agreement.is_integrated:
        return
    lock_contracts(of)
    contracts = {item.contract_id: item.contract for item in of.items}
    found = renegotiated(contracts.values(), but=of.agreement.pk)
    if found:
        raise DomainError(
            f"Só um reparcelamento por contrato: já há um do contrato {', '.join(found)}.", "mode"
        )


def _check_open(of: Whole) -> None:
    found = [
        f"a {name_of(item)} já não está em aberto: está "
        f"{InstallmentStatus(of.original(item).status).label.lower()}"
        for item in of.items
        if of.original(item).status != InstallmentStatus.OPEN
    ]
    if found:
        raise DomainError(f"{_sentence(found)}. Calcule de novo.", "selection")


def _check_owed(of: Whole) -> None:
    found = [
        f"o saldo da {name_of(item)} mudou desde o cálculo"
        for item in of.items
        if of.original(item).owed != item.owed
    ]
    if found:
        raise DomainError(f"{_sentence(found)}. Calcule de novo.", "selection")


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(parts)
    return text[0].upper() + text[1:]
