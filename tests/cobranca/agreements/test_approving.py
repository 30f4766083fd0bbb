from datetime import timedelta

import pytest

from cobranca.accounts.models import User
from cobranca.agreements.models import AgreementTemplate
from cobranca.agreements.parameters import COLLECTOR_AUTHORITY, PROPOSAL_DAYS
from cobranca.agreements.services import (
    approve_agreement,
    authority_of,
    refuse_agreement,
    submit_agreement,
)
from cobranca.agreements.states import Approval, Mode
from cobranca.common.errors import DomainError
from cobranca.contracts.states import InstallmentStatus as Status
from tests import factories
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    fresh,
    last_event,
    set_parameter,
    statuses,
)


def approve(agreement, actor, on=TODAY):
    return approve_agreement(agreement_id=agreement.pk, actor=actor, on=on)


def submit(agreement, actor, on=TODAY):
    return submit_agreement(agreement_id=agreement.pk, actor=actor, on=on)


# --- authority ------------------------------------------------------------------------------------


def test_each_role_has_its_authority(
    in_scope, collector, supervisor, implementer, auditor, creditor
):
    allowed = [authority_of(who, creditor) for who in (collector, supervisor, implementer)]

    assert allowed == [10, 50, 100]
    assert authority_of(auditor, creditor) == 0
    assert authority_of(None, creditor) == 0


def test_the_creditor_says_how_much(in_scope, collector, creditor):
    set_parameter(COLLECTOR_AUTHORITY, "25", creditor)

    assert authority_of(collector, creditor) == 25


def test_up_to_the_authority_it_is_in_force(contract, collector):
    assert agree(contract, collector, discount="10").status == "active"


def test_a_centavo_above_it_waits(contract, collector):
    agreement = agree(contract, collector, discount="10.001")

    assert (agreement.status, agreement.waits_for) == ("waiting", "approval")
    assert agreement.reason == "Desconto de 10,00% acima da alçada de 10%."
    assert last_event("agreement").title == "Acordo aguardando aprovação"


def test_while_it_waits_it_holds_its_installments(contract, collector):
    agree(contract, collector, discount="30")

    assert statuses(contract) == [Status.NEGOTIATED] * 3
    with pytest.raises(DomainError, match="Selecione ao menos uma"):
        agree(contract, collector)


def test_the_early_payment_discount_asks_nobody(contract, collector, campaign):
    campaign.early_annual_percent = 12
    campaign.save()
    later = factories.make_installment(contract, 9, due_date=TODAY + timedelta(days=900))

    agreement = agree(contract, collector, selection=[later.pk])

    assert agreement.early_discount > 200
    assert agreement.status == "active"


def test_a_payment_does_not_come_with_what_has_to_wait(contract, collector):
    with pytest.raises(DomainError, match="Salve o acordo para aprovação") as refusal:
        agree(contract, collector, Mode.PAYMENT, discount="30")

    assert refusal.value.field == "mode"
    assert statuses(contract) == [Status.OPEN] * 3


def test_a_template_may_always_want_approval(contract, implementer, in_scope):
    template = AgreementTemplate.objects.create(
        agency=in_scope, name="Acordo do bureau", approval=Approval.ALWAYS
    )

    agreement = agree(contract, implementer, template=template)

    assert agreement.reason == "O template Acordo do bureau pede aprovação."
    assert approve(agreement, implementer).status == "active"


# --- approving ------------------------------------------------------------------------------------


def test_approved_it_is_in_force(contract, collector, supervisor):
    agreement = agree(contract, collector, discount="30")

    approve(agreement, supervisor)

    approved = fresh(agreement)
    assert (approved.status, approved.waits_for, approved.reason) == ("active", "", "")
    assert (approved.approved_by, approved.activated_on) == (supervisor, TODAY)
    event = last_event("agreement")
    assert (event.title, event.actor) == ("Acordo aprovado", supervisor)


def test_a_supervisor_approves_up_to_their_own_authority(contract, collector, supervisor):
    agreement = agree(contract, collector, discount="60")

    with pytest.raises(DomainError, match="Sua alçada é de 50% e o desconto é de 60,00%"):
        approve(agreement, supervisor)

    assert fresh(agreement).status == "waiting"


def test_one_with_more_authority_approves_it(contract, collector, implementer):
    agreement = agree(contract, collector, discount="60")

    assert approve(agreement, implementer).status == "active"


def test_a_collector_approves_nothing(contract, collector):
    agreement = agree(contract, collector, discount="30")

    with pytest.raises(DomainError, match="Você não aprova acordos"):
        approve(agreement, collector)
    with pytest.raises(DomainError, match="Você não aprova nem recusa"):
        refuse(agreement, collector)


def refuse(agreement, actor, reason="Desconto alto"):
    return refuse_agreement(agreement_id=agreement.pk, actor=actor, on=TODAY, reason=reason)


def test_refused_it_is_cancelled_and_lets_go(contract, collector, supervisor):
    agreement = agree(contract, collector, discount="30")

    refuse(agreement, supervisor)

    refused = fresh(agreement)
    assert (refused.status, refused.reason) == ("cancelled", "Recusado: Desconto alto")
    assert statuses(contract) == [Status.OPEN] * 3


def test_only_what_waits_is_refused(contract, collector, supervisor):
    agreement = agree(contract, collector)

    with pytest.raises(DomainError, match="Só se recusa .* este está em “Vigente”"):
        refuse(agreement, supervisor)


def test_what_is_in_force_needs_no_approval(contract, collector, supervisor):
    agreement = agree(contract, collector)

    with pytest.raises(DomainError, match="está em “Vigente” e não pode passar a “Vigente”"):
        approve(agreement, supervisor)


def test_a_settled_one_is_not_approved_back_to_life(contract, collector, supervisor):
    agreement = agree(contract, collector, Mode.PAYMENT)

    with pytest.raises(DomainError, match="quitado não espera aprovação"):
        approve(agreement, supervisor)


def test_a_proposal_may_be_approved_at_once(contract, collector, supervisor):
    agreement = agree(contract, collector, Mode.PROPOSAL, discount="30")

    approve(agreement, supervisor)

    assert fresh(agreement).status == "active"
    assert statuses(contract) == [Status.NEGOTIATED] * 3


# --- proposals ------------------------------------------------------------------------------------


def test_a_proposal_takes_effect(contract, collector):
    agreement = agree(contract, collector, Mode.PROPOSAL)

    assert submit(agreement, collector).status == "active"
    assert statuses(contract) == [Status.NEGOTIATED] * 3


def test_a_proposal_above_the_authority_waits(contract, collector):
    agreement = agree(contract, collector, Mode.PROPOSAL, discount="30")

    assert submit(agreement, collector).status == "waiting"


def test_a_proposal_takes_effect_once(contract, collector):
    agreement = agree(contract, collector, Mode.PROPOSAL)
    submit(agreement, collector)

    with pytest.raises(DomainError, match="está em “Vigente” e não pode"):
        submit(agreement, collector)


def test_of_two_proposals_for_one_debt_the_first_taken_wins(contract, collector):
    first, second = (agree(contract, collector, Mode.PROPOSAL) for _ in range(2))
    submit(second, collector)

    with pytest.raises(DomainError, match=f"já está no acordo {second.number}"):
        submit(first, collector)

    assert fresh(first).status == "proposal"


@pytest.mark.parametrize(
    ("days", "age", "good"), [("5", 5, True), ("5", 6, False), ("0", 99, True)]
)
def test_a_proposal_is_good_for_some_days(contract, collector, creditor, days, age, good):
    set_parameter(PROPOSAL_DAYS, days, creditor)
    agreement = agree(contract, collector, Mode.PROPOSAL)
    later = TODAY + timedelta(days=age)

    if good:
        assert submit(agreement, collector, on=later).status == "active"
        return

    with pytest.raises(DomainError, match="A proposta é de 16/03/2026 e vale 5 dias"):
        submit(agreement, collector, on=later)


def test_a_user_without_any_role_grants_no_discount(contract, agency):
    nobody = User.objects.create(username="ninguem", agency=agency)

    assert agree(contract, nobody, discount="1").status == "waiting"
