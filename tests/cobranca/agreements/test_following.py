from datetime import date
from decimal import Decimal

import pytest

from cobranca.agreements.services import follow_erp, reverse_payment
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Payment, Recall
from cobranca.contracts.states import InstallmentStatus as Status
from tests.cobranca.agreements.making import TODAY, agree, fresh, last_event, pay, statuses


@pytest.fixture
def agreement(contract, collector):
    return agree(contract, collector, parts=2, first_due=date(2026, 4, 10))


def recall(contract, reason, *numbers):
    """Do what the mirror does when the ERP no longer has something to collect."""
    contract.installments.filter(number__in=numbers).update(status=Status.RECALLED)
    for number in numbers:
        Recall.objects.create(agency=contract.agency, contract=contract, number=number,
                              reason=reason, recalled_on=TODAY)  # fmt: skip


def follow(agreement):
    return follow_erp(agreement_id=agreement.pk, on=TODAY)


def test_while_something_is_held_nothing_happens(agreement, contract):
    recall(contract, "payment", 1, 2)

    assert not follow(agreement)
    assert fresh(agreement).status == "active"


def test_all_received_in_the_erp_it_is_settled(agreement, contract):
    recall(contract, "payment", 1, 2, 3)

    assert follow(agreement)

    closed = fresh(agreement)
    assert (closed.status, closed.closed_on) == ("settled", TODAY)
    assert {parcel.status for parcel in closed.parcels.all()} == {"cancelled"}
    assert last_event("agreement").text.endswith("Parcelas originais recebidas no ERP")
    assert not follow(agreement)


def test_a_batimento_calls_it_batimento_but_there_is_a_receipt(agreement, contract):
    recall(contract, "reconciliation", 1, 2, 3)
    for number in (1, 2, 3):
        Payment.objects.create(
            agency=contract.agency, contract=contract, number=number, paid_on=TODAY,
            kind="Recebimento", gross=Decimal(1000), net=Decimal(1000),
        )  # fmt: skip

    assert follow(agreement)
    assert fresh(agreement).status == "settled"


def test_paid_here_and_received_there_it_is_settled_too(agreement, contract, collector):
    pay(agreement, collector, "1000.00")
    recall(contract, "payment", 2, 3)

    assert follow(agreement)
    assert statuses(contract) == [Status.SETTLED, Status.RECALLED, Status.RECALLED]


def test_gone_for_another_reason_it_is_broken(agreement, contract):
    recall(contract, "termination", 1, 2, 3)

    assert follow(agreement)

    assert fresh(agreement).status == "broken"
    assert statuses(contract) == [Status.RECALLED] * 3


def test_one_that_waited_is_cancelled(contract, collector):
    waiting = agree(contract, collector, discount="30")
    recall(contract, "payment", 1, 2, 3)

    assert follow(waiting)
    assert fresh(waiting).status == "cancelled"


def test_an_integrated_one_lives_in_the_erp(agreement, contract):
    recall(contract, "renegotiation", 1, 2, 3)
    type(agreement).objects.update(is_integrated=True)

    assert not follow(agreement)


def test_what_the_erp_closed_is_not_opened_by_a_reversal(agreement, contract, collector):
    (payment,) = pay(agreement, collector, "1000.00")
    recall(contract, "payment", 2, 3)
    follow(agreement)

    with pytest.raises(DomainError, match="encerrado pelo ERP"):
        reverse_payment(payment_id=payment.pk, actor=collector, on=TODAY, reason="x")
