from datetime import date, timedelta
from decimal import Decimal

import pytest

from cobranca.agreements.models import AgreementPayment, AgreementTemplate
from cobranca.agreements.services import approve_agreement
from cobranca.agreements.states import Effect, Mode
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.contracts.models import Event
from cobranca.contracts.states import ContractStatus
from cobranca.contracts.states import InstallmentStatus as Status
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    fresh,
    last_event,
    pay,
    statuses,
)


@pytest.fixture
def agreement(contract, collector):
    """Three originals of 1.000,00 in four parcels of 750,00."""
    return agree(contract, collector, parts=4, first_due=date(2026, 4, 10))


def paid(agreement):
    return [str(parcel.paid) for parcel in agreement.parcels.order_by("number")]


def test_a_parcel_settles_no_original_before_it_is_covered(agreement, contract, collector):
    pay(agreement, collector, "750.00")

    assert paid(agreement) == ["750.00", "0.00", "0.00", "0.00"]
    assert statuses(contract) == [Status.NEGOTIATED] * 3


def test_parcels_settle_the_originals_in_order(agreement, contract, collector):
    pay(agreement, collector, "750.00")
    pay(agreement, collector, "750.00")

    assert statuses(contract) == [Status.SETTLED, Status.NEGOTIATED, Status.NEGOTIATED]
    assert [item.covered_on for item in agreement.items.all()] == [TODAY, None, None]


def test_the_last_parcel_closes_the_agreement(agreement, contract, collector):
    for _ in range(4):
        pay(agreement, collector, "750.00")

    closed = fresh(agreement)
    assert (closed.status, closed.closed_on) == ("settled", TODAY)
    assert statuses(contract) == [Status.SETTLED] * 3
    assert not closed.items.filter(is_live=True).exists()
    contract.refresh_from_db()
    assert contract.status == ContractStatus.FINISHED


def test_without_an_amount_all_that_remains_is_paid(agreement, collector):
    pay(agreement, collector, "100.00")

    payments = pay(agreement, collector)

    assert [str(payment.amount) for payment in payments] == ["650.00", "750.00", "750.00", "750.00"]
    assert fresh(agreement).status == "settled"


def test_money_goes_to_the_parcels_in_due_order(agreement, collector):
    pay(agreement, collector, "1000.00")

    assert paid(agreement) == ["750.00", "250.00", "0.00", "0.00"]


def test_a_parcel_may_be_chosen_and_paid_in_part(agreement, collector):
    third = agreement.parcels.get(number=3)

    pay(agreement, collector, "300.00", parcel_id=third.pk)

    assert paid(agreement) == ["0.00", "0.00", "300.00", "0.00"]
    third.refresh_from_db()
    assert (third.status, str(third.remaining)) == ("open", "450.00")


def test_a_chosen_parcel_without_amount_is_paid_off(agreement, collector):
    third = agreement.parcels.get(number=3)

    pay(agreement, collector, parcel_id=third.pk, paid_on=TODAY - timedelta(days=2))

    third.refresh_from_db()
    assert (third.status, third.paid_on) == ("paid", TODAY - timedelta(days=2))


def test_the_timeline_tells_the_payment_and_what_it_settled(agreement, contract, collector):
    pay(agreement, collector, "1500.00")

    event = last_event("payment")
    assert (event.title, event.actor, event.contract) == (
        "Pagamento de Acordo", collector, contract,
    )  # fmt: skip
    assert event.text == (
        "Data: 16/03/2026 - Valor: R$ 1.500,00\n"
        f"Acordo {agreement.number} - Parcela(s) do acordo: 1, 2\n"
        "Parcela(s) quitada(s): 1"
    )


def test_financing_and_expenses_are_paid_after_the_originals(contract, collector, campaign):
    campaign.instalment_brackets.update(monthly_rate_percent=Decimal(2))
    agreement = agree(contract, collector, parts=2, expenses=Decimal("30.00"))

    pay(agreement, collector, "3000.00")

    assert agreement.total > 3030
    assert statuses(contract) == [Status.SETTLED] * 3
    assert fresh(agreement).status == "active"
    pay(agreement, collector)
    assert fresh(agreement).status == "settled"


def test_a_discount_settles_for_less(contract, supervisor):
    agreement = agree(contract, supervisor, discount="50")

    pay(agreement, supervisor, "1000.00")

    assert statuses(contract) == [Status.SETTLED, Status.SETTLED, Status.NEGOTIATED]


def test_what_the_mirror_recalled_is_not_moved_by_a_payment(agreement, contract, collector):
    contract.installments.filter(number=1).update(status=Status.RECALLED)

    pay(agreement, collector, "2000.00")

    assert statuses(contract) == [Status.RECALLED, Status.SETTLED, Status.NEGOTIATED]


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["3000.01", "0.00", "-1.00", "10.005"])
def test_an_amount_that_cannot_be_is_refused(agreement, collector, amount):
    with pytest.raises(DomainError, match=r"entre R\$ 0,01 e R\$ 3.000,00") as refusal:
        pay(agreement, collector, amount)

    assert refusal.value.field == "amount"
    assert not AgreementPayment.objects.exists()


def test_more_than_remains_of_the_chosen_parcel_is_refused(agreement, collector):
    with pytest.raises(DomainError, match=r"R\$ 750,00, o que falta"):
        pay(agreement, collector, "750.01", parcel_id=agreement.parcels.get(number=2).pk)


def test_a_parcel_is_paid_once(agreement, collector):
    first = agreement.parcels.get(number=1)
    pay(agreement, collector, parcel_id=first.pk)

    with pytest.raises(DomainError, match="já está paga"):
        pay(agreement, collector, "1.00", parcel_id=first.pk)


def test_a_parcel_of_another_agreement_is_refused(agreement, collector):
    with pytest.raises(NotFoundError, match="não é deste acordo"):
        pay(agreement, collector, "1.00", parcel_id=agreement.parcels.get(number=4).pk + 1)


def test_a_payment_is_not_of_a_day_to_come(agreement, collector):
    with pytest.raises(DomainError, match="não pode ser futura"):
        pay(agreement, collector, "1.00", paid_on=TODAY + timedelta(days=1))


@pytest.mark.parametrize(("field", "length"), [("means", 41), ("note", 201)])
def test_words_about_a_payment_have_limits(agreement, collector, field, length):
    with pytest.raises(DomainError) as refusal:
        pay(agreement, collector, "1.00", **{field: "x" * length})

    assert refusal.value.field == field


def test_a_proposal_receives_nothing(contract, collector):
    proposal = agree(contract, collector, Mode.PROPOSAL)

    with pytest.raises(
        DomainError, match="Só um acordo vigente recebe pagamentos: este está em “Prop"
    ):
        pay(proposal, collector, "1.00")

    assert not Event.objects.filter(kind="payment").exists()


# --- templates ------------------------------------------------------------------------------------


@pytest.fixture
def template(in_scope):
    return AgreementTemplate.objects.create(
        agency=in_scope, name="Ao pagar", effect=Effect.ON_FIRST_PAYMENT
    )


def test_a_template_may_put_off_the_effect_to_the_first_payment(contract, collector, template):
    agreement = agree(contract, collector, template=template)
    assert statuses(contract) == [Status.OPEN] * 3

    pay(agreement, collector, "100.00")

    assert fresh(agreement).status == "active"
    assert statuses(contract) == [Status.NEGOTIATED] * 3


def test_what_would_wait_for_approval_is_not_paid(contract, collector, supervisor, template):
    agreement = agree(contract, collector, template=template, discount="30")

    with pytest.raises(DomainError, match="Aguardando aprovação"):
        pay(agreement, collector, "100.00")

    assert fresh(agreement).status == "proposal"
    approve_agreement(agreement_id=agreement.pk, actor=supervisor, on=TODAY)
    pay(agreement, collector, "100.00")
    assert fresh(agreement).status == "active"
