from datetime import date, timedelta
from decimal import Decimal

import pytest

from cobranca.agreements.parameters import DAYS_TO_BREACH
from cobranca.agreements.services import break_agreement, break_if_late
from cobranca.agreements.states import Mode
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event, Recall
from cobranca.contracts.states import InstallmentStatus as Status
from cobranca.creditors.standard_parameters import (
    ALLOW_BREACH_WAITING_APPROVAL,
    RECALL_ORIGINALS_ON_BREACH,
)
from tests import factories
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    fresh,
    last_event,
    make_book,
    owed,
    pay,
    set_parameter,
    statuses,
)

# A Friday.
FIRST_DUE = date(2026, 4, 10)


@pytest.fixture
def agreement(contract, collector):
    return agree(contract, collector, parts=4, first_due=FIRST_DUE)


def breach(agreement, actor, reason="Não pagou"):
    return break_agreement(agreement_id=agreement.pk, actor=actor, on=TODAY, reason=reason)


# --- what comes back ------------------------------------------------------------------------------


def test_without_payments_everything_comes_back(agreement, contract, collector):
    breach(agreement, collector)

    broken = fresh(agreement)
    assert (broken.status, broken.closed_on) == ("broken", TODAY)
    assert statuses(contract) == [Status.OPEN] * 3
    assert owed(contract) == [Decimal(1000)] * 3
    assert {parcel.status for parcel in broken.parcels.all()} == {"cancelled"}
    assert not broken.items.filter(is_live=True).exists()


def test_the_debt_after_it_is_the_debt_less_what_was_paid(agreement, contract, collector):
    pay(agreement, collector, "1500.00")

    breach(agreement, collector)

    assert statuses(contract) == [Status.SETTLED, Status.OPEN, Status.OPEN]
    assert [str(value) for value in owed(contract)[1:]] == ["500.00", "1000.00"]
    assert [str(item.credited) for item in agreement.items.all()] == ["0.00", "500.00", "0.00"]


def test_a_discount_is_lost_on_what_was_not_covered(contract, supervisor):
    agreement = agree(contract, supervisor, discount="50", parts=2)
    pay(agreement, supervisor, "700.00")

    breach(agreement, supervisor)

    assert statuses(contract) == [Status.SETTLED, Status.OPEN, Status.OPEN]
    assert [str(value) for value in owed(contract)[1:]] == ["800.00", "1000.00"]


def test_money_beyond_one_original_goes_on_to_the_next(contract, collector, campaign):
    campaign.cash_brackets.update(fee_percent=Decimal(60))
    agreement = agree(contract, collector, parts=2)
    pay(agreement, collector, "1500.00")

    breach(agreement, collector)

    # 1.600,00 would have covered the first with its fee: its principal is paid, the rest goes on.
    assert statuses(contract) == [Status.SETTLED, Status.OPEN, Status.OPEN]
    assert [str(value) for value in owed(contract)[1:]] == ["500.00", "1000.00"]


def test_what_there_is_no_debt_for_is_told_as_charges(creditor, campaign, collector):
    campaign.cash_brackets.update(fee_percent=Decimal(60))
    other = factories.make_contract(creditor, factories.make_debtor(creditor.agency), number="9")
    make_book(other, ["1000.00"])
    agreement = agree(other, collector, parts=2)
    pay(agreement, collector, "1500.00")

    breach(agreement, collector)

    assert statuses(other) == [Status.SETTLED]
    assert last_event("breach").text.endswith(
        "Pago: R$ 1.500,00. Abatido de: 1 (R$ 1.000,00). Encargos e despesas: R$ 500,00"
    )


def test_what_the_mirror_recalled_stays_where_it_is(agreement, contract, collector):
    contract.installments.filter(number=1).update(status=Status.RECALLED)
    pay(agreement, collector, "400.00")

    breach(agreement, collector)

    assert statuses(contract) == [Status.RECALLED, Status.OPEN, Status.OPEN]
    assert str(owed(contract)[1]) == "600.00"


def test_the_debt_can_be_agreed_on_again(agreement, contract, collector):
    pay(agreement, collector, "1500.00")
    breach(agreement, collector)

    again = agree(contract, collector)

    assert str(again.total) == "1500.00"
    assert again.number == agreement.number + 1


# --- the timeline ---------------------------------------------------------------------------------


def test_by_hand_it_says_who_and_why(agreement, collector):
    breach(agreement, collector, "  Pediu   novo acordo ")

    event = last_event("breach")
    assert event.actor == collector
    assert event.text.endswith("\nQuebra manual: Pediu novo acordo")
    assert fresh(agreement).reason == "Quebra manual: Pediu novo acordo"


def test_several_contracts_are_told_apart(contract, creditor, debtor, collector):
    make_book(factories.make_contract(creditor, debtor, number="4000"), ["500.00"])
    agreement = agree(contract, collector)

    breach(agreement, collector)

    event = last_event("breach")
    assert event.contract is None
    assert "Contrato: 3712 Parcela(s): 1, 2, 3\nContrato: 4000 Parcela(s): 1\n" in event.text


def test_every_centavo_of_the_money_is_told(agreement, collector):
    pay(agreement, collector, "1234.56")

    breach(agreement, collector)

    assert last_event("breach").text.endswith(
        "Pago: R$ 1.234,56. Quitada(s): 1. Abatido de: 2 (R$ 234,56)"
    )


# --- settings of playbook 6.3 ---------------------------------------------------------------------


def test_with_payments_the_originals_may_go_back_to_the_creditor(
    agreement, contract, collector, creditor
):
    set_parameter(RECALL_ORIGINALS_ON_BREACH, "S", creditor)
    pay(agreement, collector, "1500.00")

    breach(agreement, collector)

    assert statuses(contract) == [Status.SETTLED, Status.RECALLED, Status.RECALLED]
    recalls = Recall.objects.order_by("number")
    assert [(each.number, each.reason, each.recalled_on) for each in recalls] == [
        (2, "creditor_request", TODAY), (3, "creditor_request", TODAY),
    ]  # fmt: skip
    assert "Parcela(s): 2, 3" in last_event("recall").text
    assert str(owed(contract)[1]) == "500.00"


def test_without_payments_they_stay_whatever_the_setting(agreement, contract, collector, creditor):
    set_parameter(RECALL_ORIGINALS_ON_BREACH, "S", creditor)

    breach(agreement, collector)

    assert statuses(contract) == [Status.OPEN] * 3
    assert not Event.objects.filter(kind="recall").exists()


def test_one_that_waits_for_approval_may_be_broken(contract, collector):
    waiting = agree(contract, collector, discount="30")

    breach(waiting, collector)

    assert fresh(waiting).status == "broken"
    assert statuses(contract) == [Status.OPEN] * 3


def test_unless_the_creditor_does_not_let_it(contract, collector, creditor):
    set_parameter(ALLOW_BREACH_WAITING_APPROVAL, "N", creditor)
    waiting = agree(contract, collector, discount="30")

    with pytest.raises(DomainError, match="não permite quebrar acordos que aguardam aprovação"):
        breach(waiting, collector)

    assert fresh(waiting).status == "waiting"


# --- refusals -------------------------------------------------------------------------------------


def test_an_integrated_one_is_broken_in_the_erp(agreement, collector):
    type(agreement).objects.update(is_integrated=True)

    with pytest.raises(DomainError, match="exclua o reparcelamento no ERP"):
        breach(agreement, collector)


def test_what_is_no_agreement_in_force_cannot_break(contract, collector):
    proposal = agree(contract, collector, Mode.PROPOSAL)

    with pytest.raises(DomainError, match="está em “Proposta” e não pode passar a “Quebrado”"):
        breach(proposal, collector)


def test_it_breaks_once(agreement, collector):
    breach(agreement, collector)

    with pytest.raises(DomainError, match="está em “Quebrado” e não pode"):
        breach(agreement, collector)


def test_nobody_breaks_it_without_saying_why(agreement, collector):
    with pytest.raises(DomainError, match="Informe o motivo"):
        breach(agreement, collector, "")


# --- by itself ------------------------------------------------------------------------------------


def late(agreement, days, due=FIRST_DUE):
    return break_if_late(agreement_id=agreement.pk, on=due + timedelta(days=days))


def test_it_breaks_on_the_tenth_day_and_not_before(agreement):
    assert not late(agreement, 9)
    assert late(agreement, 10)

    assert fresh(agreement).status == "broken"
    assert last_event("breach").text.endswith(
        "Quebra automática: parcela 1 do acordo vencida em 10/04/2026, 10 dias de atraso"
    )


def test_asked_again_it_does_nothing(agreement):
    late(agreement, 10)

    assert not late(agreement, 11)
    assert Event.objects.filter(kind="breach").count() == 1


def test_days_run_from_the_business_day(contract, collector):
    saturday = date(2026, 4, 11)
    agreement = agree(contract, collector, parts=4, first_due=saturday)

    assert not late(agreement, 11, due=saturday)
    assert late(agreement, 12, due=saturday)


def test_a_parcel_paid_in_part_is_late_too(agreement, collector):
    pay(agreement, collector, "749.99")

    assert late(agreement, 10)


def test_what_is_paid_is_not_late(agreement, collector):
    pay(agreement, collector, "750.00")

    assert not late(agreement, 10)
    assert late(agreement, 10, due=date(2026, 5, 11))


@pytest.mark.parametrize(("days", "after", "broken"), [("0", 3000, False), ("3", 3, True)])
def test_the_creditor_says_how_late(agreement, creditor, days, after, broken):
    set_parameter(DAYS_TO_BREACH, days, creditor)

    assert late(agreement, after) is broken


def test_integrated_ones_are_left_to_the_erp(agreement):
    type(agreement).objects.update(is_integrated=True)

    assert not late(agreement, 100)


def test_one_that_waits_breaks_only_if_the_creditor_lets_it(contract, collector, creditor):
    waiting = agree(contract, collector, discount="30", parts=2, first_due=FIRST_DUE)
    set_parameter(ALLOW_BREACH_WAITING_APPROVAL, "N", creditor)
    assert not late(waiting, 20)

    set_parameter(ALLOW_BREACH_WAITING_APPROVAL, "S", creditor)

    assert late(waiting, 20)


def test_a_settled_one_never_breaks(agreement, collector):
    pay(agreement, collector)

    assert not late(agreement, 100)
