"""Writing agreements into the creditor's ERP (AGR-03): limits first, then the gateway.

The agreement holds its originals before the ERP is asked and is in force only once it answered. A
call that broke off leaves it waiting for the ERP: it is sent again with the same key, which the
ERP writes once.
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
from cobranca.agreements.services.activation import check_validity, submit
from cobranca.agreements.services.holding import lock_contracts
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.sending import DOWN_PAYMENT, is_sent, send_to_erp
from cobranca.agreements.states import AgreementStatus, WaitsFor
from cobranca.calc.money import ZERO
from cobranca.calc.schedule import Schedule
from cobranca.campaigns.calculation import Calculation
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import ErpRefusalError, gateway_for
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Creditor


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
    if is_sent(agreement):
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
