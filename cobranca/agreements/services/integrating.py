"""Writing agreements into the creditor's ERP (AGR-03): limits first, then the gateway.

The agreement holds its originals before the ERP is asked and is in force only once it answered. A
call that broke off leaves it waiting for the ERP: `integrate_agreement` asks again with the same
key, which the ERP writes once.
"""

from datetime import date

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.agreements.limits import (
    NO_INTEREST,
    PRICE,
    IntegratedTerms,
    base_month_of,
    check_limits,
)
from cobranca.agreements.models import Agreement
from cobranca.agreements.selectors import renegotiated
from cobranca.agreements.services.activation import activate, check_validity, submit
from cobranca.agreements.services.cancelling import cancel
from cobranca.agreements.services.holding import lock_contracts
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.states import AgreementStatus, WaitsFor
from cobranca.calc.money import ZERO
from cobranca.calc.schedule import Schedule
from cobranca.campaigns.calculation import Calculation
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import (
    ErpRefusalError,
    Renegotiation,
    RenegotiationParcel,
    RenegotiationReceipt,
    gateway_for,
)
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Creditor

DOWN_PAYMENT = 0


def check_can_integrate(calculation: Calculation) -> None:
    """Refuse what the creditor's ERP cannot be asked, before anything is saved."""
    contracts = {row.contract.pk: row.contract for row in calculation.rows}
    _check_gateway(calculation.rows[0].contract.creditor)
    check_limits(_terms_of(list(contracts.values()), calculation.order.on, calculation.schedule))


def _check_gateway(creditor: Creditor) -> None:
    if not gateway_for(creditor).can_integrate:
        raise ErpRefusalError(
            f"O credor {creditor} não tem ERP que receba acordos. "
            "Salve o acordo sem integrar ou fale com o implementador.",
            "mode",
        )


def _terms_of(contracts: list[Contract], on: date, schedule: Schedule) -> IntegratedTerms:
    return IntegratedTerms(
        contracts=tuple(contract.number for contract in contracts),
        renegotiated=renegotiated(contracts),
        on=on,
        base_month=base_month_of(on),
        contractual_interest=PRICE if schedule.monthly_percent else NO_INTEREST,
        monthly_percent=schedule.monthly_percent,
        down_payment=schedule.down_payment,
        due_dates=tuple(parcel.due for parcel in schedule.parcels),
    )


def integrate_agreement(*, agreement_id: int, actor: User | None, on: date) -> Agreement:
    """Write a saved agreement into the ERP: a proposal, one in force of which nothing was paid, or
    one that still waits for the ERP's answer. Not within a transaction: it waits for the network.
    """
    agreement = _prepare(agreement_id, actor, on)
    if agreement.waits_for == WaitsFor.APPROVAL:
        return agreement
    return send_to_erp(agreement_id=agreement_id, actor=actor, on=on)


@transaction.atomic
def _prepare(agreement_id: int, actor: User | None, on: date) -> Agreement:
    of = lock_whole(agreement_id)
    agreement = of.agreement
    if agreement.waits_for == WaitsFor.ERP:
        return agreement
    _check_integrable(of)
    _check_gateway(agreement.creditor)
    lock_contracts(of)
    check_limits(_terms_saved(of))
    agreement.is_integrated = True
    agreement.save(update_fields=["is_integrated"])
    if agreement.status == AgreementStatus.PROPOSAL:
        check_validity(agreement, on)
        submit(of, actor=actor, on=on)
    return agreement


def _check_integrable(of: Whole) -> None:
    agreement = of.agreement
    if agreement.status not in (AgreementStatus.PROPOSAL, AgreementStatus.ACTIVE):
        state = agreement.get_status_display()
        raise DomainError(
            f"Só uma proposta ou um acordo vigente se integra: este está em “{state}”."
        )
    if agreement.external_id:
        raise DomainError(f"Este acordo já está no ERP: {agreement.external_id}.")
    if of.paid:
        raise DomainError("Um acordo que já recebeu pagamentos não pode mais ser integrado.")


def _terms_saved(of: Whole) -> IntegratedTerms:
    contracts = {item.contract_id: item.contract for item in of.items}
    parcels = {parcel.number: parcel for parcel in of.parcels}
    down = parcels.pop(DOWN_PAYMENT, None)
    rate = of.agreement.monthly_rate_percent
    return IntegratedTerms(
        contracts=tuple(contract.number for contract in contracts.values()),
        renegotiated=renegotiated(contracts.values(), but=of.agreement.pk),
        on=of.agreement.on,
        base_month=base_month_of(of.agreement.on),
        contractual_interest=PRICE if rate else NO_INTEREST,
        monthly_percent=rate,
        down_payment=down.amount if down else ZERO,
        due_dates=tuple(parcel.due_date for parcel in parcels.values()),
    )


def send_to_erp(*, agreement_id: int, actor: User | None, on: date) -> Agreement:
    """Ask the ERP to write an agreement that holds its originals; in force once it did.

    What the ERP refuses is called off, with its words as the reason, and raised.
    """
    order = _order(agreement_id)
    try:
        receipt = gateway_for(order.contract.creditor).integrate(order)
    except ErpRefusalError as error:
        _refused(agreement_id, error.message, actor, on)
        raise
    return _written(agreement_id, receipt, actor, on)


@transaction.atomic
def _order(agreement_id: int) -> Renegotiation:
    of = lock_whole(agreement_id)
    agreement, contract = of.agreement, of.original(of.items[0]).contract
    parcels = [parcel for parcel in of.parcels if parcel.number != DOWN_PAYMENT]
    return Renegotiation(
        key=f"agreement-{agreement.pk}",
        contract=contract,
        installments=[of.original(item).number for item in of.items],
        on=agreement.on,
        base_month=base_month_of(agreement.on),
        monthly_rate_percent=agreement.monthly_rate_percent,
        down_payment=agreement.total - sum((parcel.amount for parcel in parcels), ZERO),
        parcels=[
            RenegotiationParcel(parcel.number, parcel.due_date, parcel.amount) for parcel in parcels
        ],
        discount=agreement.discount + agreement.early_discount,
    )


@transaction.atomic
def _written(
    agreement_id: int, receipt: RenegotiationReceipt, actor: User | None, on: date
) -> Agreement:
    of = lock_whole(agreement_id)
    agreement = of.agreement
    if agreement.external_id:
        return agreement  # asked twice at once: the ERP wrote it once, and so do we
    agreement.external_id = receipt.external_id
    agreement.save(update_fields=["external_id"])
    if agreement.status == AgreementStatus.WAITING:
        activate(of, actor=actor, on=on)
    text = f"{of.summary}\nReparcelamento no ERP: {receipt.external_id}"
    news = News("agreement.integrated", text, title="Acordo integrado ao ERP")
    changes = {"renegociação no ERP": ["Vazio", receipt.external_id]}
    tell(of, news, actor=actor, changes=changes)
    return agreement


@transaction.atomic
def _refused(agreement_id: int, reason: str, actor: User | None, on: date) -> None:
    """Call off what was only waiting for the ERP; what is in force stays, not integrated."""
    of = lock_whole(agreement_id)
    agreement = of.agreement
    if agreement.waits_for == WaitsFor.ERP:
        cancel(of, f"Recusado pelo ERP: {reason}", actor=actor, on=on)
    elif not agreement.external_id:
        agreement.is_integrated = False
        agreement.save(update_fields=["is_integrated"])
