"""Money received for an installment at the office, outside of any agreement."""

from datetime import date
from decimal import Decimal

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.calc.words import reais
from cobranca.common.errors import DomainError
from cobranca.common.patience import atomic_again
from cobranca.contracts.models import EventKind, Installment
from cobranca.contracts.services.events import record_event
from cobranca.contracts.services.installments import (
    add_credit,
    lock_installments,
    move_installments,
)
from cobranca.contracts.states import InstallmentStatus


@atomic_again
def settle_installment(
    *, installment_id: int, amount: Decimal, paid_on: date, actor: User | None
) -> Installment:
    """Record that an open installment was paid at the office: in full, it is settled; in part,
    the rest stays open.

    Raises DomainError when it is no longer open or when more is paid than is owed.
    """
    (row,) = lock_installments([installment_id])
    if row.status != InstallmentStatus.OPEN:
        state = InstallmentStatus(row.status).label.lower()
        raise DomainError(f"Esta parcela já não está em aberto: está {state}.", "installment")
    owed = row.owed
    if not 0 < amount <= owed:
        raise DomainError(f"Informe um valor entre R$ 0,01 e {reais(owed)}.", "amount")
    if amount == owed:
        move_installments([row], InstallmentStatus.SETTLED, on=paid_on)
    else:
        add_credit({row.pk: amount})
    _tell(row, amount, paid_on, actor)
    return row


def _tell(row: Installment, amount: Decimal, paid_on: date, actor: User | None) -> None:
    contract, rest = row.contract, row.owed - amount
    record_event(
        EventKind.DIRECT_PAYMENT,
        debtor=contract.debtor,
        contract=contract,
        text=(
            f"Data: {paid_on:%d/%m/%Y} Valor: {reais(amount)}\nContrato: {contract}\n"
            f"Parcela: {row.number} Valor Original: {reais(row.principal)} "
            f"Valor Pago: {reais(amount)} Saldo Parcial: {reais(rest)}"
        ),
        actor=actor,
    )
    changes = {"pago": ["R$ 0,00", reais(amount)]}
    log_action("installment.paid", row, actor, agency=row.agency, changes=changes)
