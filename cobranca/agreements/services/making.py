"""Making an agreement out of a calculation (AGR-01)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from cobranca.accounts.models import User
from cobranca.agreements.models import (
    Agreement,
    AgreementInstallment,
    AgreementItem,
    AgreementTemplate,
)
from cobranca.agreements.services.activation import submit
from cobranca.agreements.services.integrating import check_can_integrate
from cobranca.agreements.services.locking import Whole, whole
from cobranca.agreements.services.numbering import next_number
from cobranca.agreements.services.paying import Receipt, first_parcel, receive
from cobranca.agreements.services.sending import send_to_erp
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.states import AgreementStatus, Effect, Mode, WaitsFor
from cobranca.calc.quote import Line
from cobranca.calc.schedule import Schedule
from cobranca.campaigns.calculation import Calculation
from cobranca.campaigns.items import DebtRow
from cobranca.campaigns.quotes import save_quote
from cobranca.common.errors import DomainError
from cobranca.common.patience import atomic_again
from cobranca.contracts.services import lock_installments
from cobranca.debtors.models import Debtor

DESCRIPTION_LIMIT = 2000


def make_agreement(
    calculation: Calculation,
    *,
    actor: User | None,
    on: date,
    mode: str = Mode.ACTIVE,
    description: str = "",
    template: AgreementTemplate | None = None,
) -> Agreement:
    """Make an agreement of a calculation, as a proposal, in force, paid at once or integrated.

    Above `actor`'s authority it is saved waiting for approval. Raises DomainError, and saves
    nothing, when an installment is no longer free or as it was priced, when the ERP's limits
    forbid it, or when a payment comes with what would have to wait. Outside of any transaction
    when integrated: the ERP is asked after the agreement holds its originals.
    """
    if mode == Mode.INTEGRATED:
        check_can_integrate(calculation)
    agreement = _make(calculation, actor, on, Mode(mode), _details(description, template))
    if agreement.waits_for == WaitsFor.ERP:
        return send_to_erp(agreement_id=agreement.pk, actor=actor, on=on)
    return agreement


def _details(description: str, template: AgreementTemplate | None) -> dict[str, Any]:
    text = description.strip()
    if len(text) > DESCRIPTION_LIMIT:
        message = f"Descrição longa demais: até {DESCRIPTION_LIMIT} letras."
        raise DomainError(message, "description")
    return {"description": text, "template": template}


@atomic_again
def _make(
    calculation: Calculation, actor: User | None, on: date, mode: Mode, details: Mapping[str, Any]
) -> Agreement:
    # Before the number: whoever has to wait here must not keep others from theirs.
    lock_installments([item.key for item in calculation.order.items])
    agreement = _save(
        calculation, actor, made_on=on, is_integrated=mode == Mode.INTEGRATED, **details
    )
    of = whole(agreement)
    if mode == Mode.PROPOSAL or takes_effect_on_payment(agreement):
        news = News("agreement.proposed", of.summary, title="Proposta de Acordo")
        tell(of, news, actor=actor, changes={"situação": ["Vazio", agreement.get_status_display()]})
        return agreement
    submit(of, actor=actor, on=on)
    if mode == Mode.PAYMENT:
        _pay_at_once(of, actor, on)
    return agreement


def takes_effect_on_payment(agreement: Agreement) -> bool:
    """Tell whether its template lets the agreement take effect only when something is paid."""
    template = agreement.template
    return template is not None and template.effect == Effect.ON_FIRST_PAYMENT


def _pay_at_once(of: Whole, actor: User | None, on: date) -> None:
    if of.agreement.status == AgreementStatus.WAITING:
        raise DomainError(
            f"{of.agreement.reason} Salve o acordo para aprovação e baixe o pagamento depois.",
            "mode",
        )
    receive(of, Receipt(paid_on=on, parcel_id=first_parcel(of).pk), actor=actor, on=on)


def _save(calculation: Calculation, actor: User | None, **columns: Any) -> Agreement:
    rows, totals, schedule = calculation.rows, calculation.quote.totals, calculation.schedule
    creditor = rows[0].contract.creditor
    debtor = Debtor.objects.get(pk=calculation.debt.debtor_id)
    agreement = Agreement(
        agency_id=debtor.agency_id,
        number=next_number(debtor.agency_id),
        debtor=debtor,
        creditor=creditor,
        quote=save_quote(calculation, debtor=debtor, actor=actor),
        plan=calculation.asked.plan,
        on=calculation.order.on,
        updated_debt=totals.updated,
        discount=totals.typed_discount,
        early_discount=totals.early_discount,
        expenses=totals.expenses,
        agreed=totals.total,
        financing=schedule.total - totals.total,
        total=schedule.total,
        monthly_rate_percent=schedule.monthly_percent,
        made_by=actor,
        **columns,
    )
    agreement.save()
    lines = zip(rows, calculation.quote.lines, strict=True)
    AgreementItem.objects.bulk_create(_items(agreement, lines))
    AgreementInstallment.objects.bulk_create(_parcels(agreement, schedule))
    return agreement


def _items(agreement: Agreement, lines: Iterable[tuple[DebtRow, Line]]) -> Iterator[AgreementItem]:
    """Yield the originals in the order of the calculation, oldest first: so money pays them."""
    for position, (row, line) in enumerate(lines, start=1):
        yield AgreementItem(
            agency_id=agreement.agency_id,
            agreement=agreement,
            contract=row.contract,
            installment=row.installment,
            position=position,
            owed=row.installment.owed,
            days_late=line.days_late,
            original=line.original,
            correction=line.correction,
            penalty=line.penalty,
            interest=line.interest,
            fee=line.fee,
            discount=line.discount,
            net=line.net,
        )


def _parcels(agreement: Agreement, schedule: Schedule) -> Iterator[AgreementInstallment]:
    """Yield the parcels; a down payment is parcel 0 and falls due on the day of the agreement."""
    if schedule.down_payment:
        yield _parcel(agreement, 0, agreement.on, schedule.down_payment)
    for parcel in schedule.parcels:
        yield _parcel(agreement, parcel.number, parcel.due, parcel.amount)


def _parcel(agreement: Agreement, number: int, due: date, amount: Any) -> AgreementInstallment:
    return AgreementInstallment(
        agency_id=agreement.agency_id,
        agreement=agreement,
        number=number,
        due_date=due,
        amount=amount,
    )
