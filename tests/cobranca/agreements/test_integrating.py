"""AGR-03: agreements written into the ERP, through a gateway that stands for it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest

from cobranca.agreements.models import Agreement
from cobranca.agreements.services import (
    approve_agreement,
    cancel_agreement,
    integrate_agreement,
    make_agreement,
)
from cobranca.agreements.states import Mode
from cobranca.common.errors import DomainError
from cobranca.contracts import erp
from cobranca.contracts.erp import ErpRefusalError, RenegotiationReceipt
from cobranca.contracts.models import Event
from cobranca.contracts.states import InstallmentStatus as Status
from tests import factories
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    fresh,
    make_book,
    pay,
    price,
    statuses,
)

FIRST_DUE = date(2026, 4, 10)


@dataclass
class Ledger:
    """An ERP that writes what it is told, once per key, unless it has something against it."""

    can_quote: bool = False
    can_integrate: bool = True
    problem: Exception | None = None
    orders: list = field(default_factory=list)

    def integrate(self, order):
        if order.key not in {each.key for each in self.orders}:
            self.orders.append(order)
        if self.problem is not None:
            raise self.problem
        return RenegotiationReceipt("RP-77")


@pytest.fixture
def ledger(monkeypatch):
    ledger = Ledger()
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: ledger])
    return ledger


def integrate(agreement, actor):
    return integrate_agreement(agreement_id=agreement.pk, actor=actor, on=TODAY)


def integrated(contract, actor, **asked):
    return agree(contract, actor, Mode.INTEGRATED, parts=3, first_due=FIRST_DUE, **asked)


def test_it_is_written_and_then_in_force(contract, collector, ledger):
    agreement = integrated(contract, collector)

    assert (agreement.status, agreement.external_id) == ("active", "RP-77")
    assert agreement.is_integrated
    assert statuses(contract) == [Status.NEGOTIATED] * 3
    events = Event.objects.filter(kind="agreement").order_by("pk")
    assert [event.title for event in events] == [
        "Acordo enviado ao ERP", "Acordo", "Acordo integrado ao ERP",
    ]  # fmt: skip
    assert events[2].text.endswith("Reparcelamento no ERP: RP-77")


def test_the_erp_is_told_all_of_it(contract, supervisor, ledger, campaign):
    campaign.instalment_brackets.update(monthly_rate_percent=Decimal(2))

    agreement = integrated(contract, supervisor, discount="20")

    (order,) = ledger.orders
    assert order.key == f"agreement-{agreement.pk}"
    assert (order.contract, list(order.installments)) == (contract, [1, 2, 3])
    assert (order.on, order.base_month) == (TODAY, date(2026, 2, 1))
    assert (order.monthly_rate_percent, order.discount) == (Decimal(2), Decimal("600.00"))
    assert order.down_payment == 0
    assert [(each.number, each.due_date) for each in order.parcels] == [
        (1, FIRST_DUE), (2, date(2026, 5, 10)), (3, date(2026, 6, 10)),
    ]  # fmt: skip
    assert sum(each.amount for each in order.parcels) == agreement.total


def test_above_the_authority_the_erp_hears_of_it_once_approved(
    contract, collector, supervisor, ledger
):
    agreement = integrated(contract, collector, discount="30")
    assert (agreement.waits_for, ledger.orders) == ("approval", [])

    approve_agreement(agreement_id=agreement.pk, actor=supervisor, on=TODAY)

    assert fresh(agreement).status == "active"
    assert len(ledger.orders) == 1
    assert Event.objects.filter(title="Acordo aprovado", actor=supervisor).count() == 1


# --- refusals -------------------------------------------------------------------------------------


def test_without_an_erp_it_is_refused_and_nothing_is_saved(contract, collector):
    with pytest.raises(ErpRefusalError, match="não tem ERP que receba acordos") as refusal:
        integrated(contract, collector)

    assert refusal.value.field == "mode"
    assert not Agreement.objects.exists()
    assert statuses(contract) == [Status.OPEN] * 3


def test_an_erp_that_takes_no_agreements_is_not_asked(contract, collector, ledger):
    ledger.can_integrate = False

    with pytest.raises(ErpRefusalError):
        integrated(contract, collector)

    assert not ledger.orders


def test_the_limits_come_first(contract, collector, ledger, creditor, debtor):
    make_book(factories.make_contract(creditor, debtor, number="4000"), ["500.00"])

    with pytest.raises(DomainError, match=r"só um contrato .* \(selecionados: .*4000"):
        integrated(contract, collector)
    with pytest.raises(DomainError, match="não tem entrada"):
        agree(
            contract, collector, Mode.INTEGRATED, parts=2, first_due=FIRST_DUE,
            down_payment=Decimal("10.00"), contract_ids=[contract.pk],
        )  # fmt: skip

    assert not ledger.orders
    assert not Agreement.objects.exists()


def test_a_contract_is_renegotiated_once(contract, collector, ledger):
    first = contract.installments.get(number=1)
    integrated(contract, collector, selection=[first.pk])

    with pytest.raises(DomainError, match="só um reparcelamento por contrato, e o contrato 3712"):
        integrated(contract, collector)

    assert len(ledger.orders) == 1


def test_two_priced_at_once_are_told_apart_when_they_are_saved(contract, collector, ledger):
    rows = list(contract.installments.order_by("number"))
    later = price(contract, parts=2, first_due=FIRST_DUE, selection=[rows[1].pk])
    integrated(contract, collector, selection=[rows[0].pk])

    with pytest.raises(DomainError, match="(?i)só um reparcelamento por contrato"):
        make_agreement(later, actor=collector, on=TODAY, mode=Mode.INTEGRATED)


def test_what_the_erp_refuses_is_called_off_in_its_words(contract, collector, ledger):
    ledger.problem = ErpRefusalError("Título bloqueado no Sienge.")

    with pytest.raises(ErpRefusalError, match="bloqueado"):
        integrated(contract, collector)

    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.reason) == (
        "cancelled", "Recusado pelo ERP: Título bloqueado no Sienge.",
    )  # fmt: skip
    assert statuses(contract) == [Status.OPEN] * 3


def test_an_answer_that_got_lost_is_asked_for_again(contract, collector, ledger):
    ledger.problem = TimeoutError()
    with pytest.raises(TimeoutError):
        integrated(contract, collector)
    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.waits_for) == ("waiting", "erp")
    assert statuses(contract) == [Status.NEGOTIATED] * 3

    ledger.problem = None
    integrate(agreement, collector)

    assert fresh(agreement).status == "active"
    assert len(ledger.orders) == 1


def test_meanwhile_nobody_calls_it_off_or_approves_it(contract, collector, supervisor, ledger):
    ledger.problem = TimeoutError()
    with pytest.raises(TimeoutError):
        integrated(contract, collector)
    agreement = Agreement.objects.get()

    with pytest.raises(DomainError, match="espera a resposta do ERP"):
        cancel_agreement(agreement_id=agreement.pk, actor=collector, on=TODAY, reason="x")
    with pytest.raises(DomainError, match="espera a resposta do ERP"):
        approve_agreement(agreement_id=agreement.pk, actor=supervisor, on=TODAY)


# --- afterwards -----------------------------------------------------------------------------------


def test_a_proposal_is_integrated_later(contract, collector, ledger):
    proposal = agree(contract, collector, Mode.PROPOSAL, parts=3, first_due=FIRST_DUE)

    integrate(proposal, collector)

    assert (fresh(proposal).status, fresh(proposal).external_id) == ("active", "RP-77")


def test_a_proposal_above_the_authority_waits_first(contract, collector, ledger):
    proposal = agree(
        contract, collector, Mode.PROPOSAL, parts=3, first_due=FIRST_DUE, discount="30"
    )

    assert integrate(proposal, collector).waits_for == "approval"
    assert not ledger.orders


def test_one_in_force_is_integrated_while_nothing_was_paid(contract, collector, ledger):
    agreement = agree(contract, collector, parts=3, first_due=FIRST_DUE)

    integrate(agreement, collector)

    assert (fresh(agreement).status, fresh(agreement).external_id) == ("active", "RP-77")


def test_refused_then_it_stays_in_force_as_it_was(contract, collector, ledger):
    agreement = agree(contract, collector, parts=3, first_due=FIRST_DUE)
    ledger.problem = ErpRefusalError("Não.")

    with pytest.raises(ErpRefusalError):
        integrate(agreement, collector)

    assert (fresh(agreement).status, fresh(agreement).is_integrated) == ("active", False)


@pytest.mark.parametrize("what", ["paid", "written", "over"])
def test_what_cannot_be_integrated_any_more(contract, collector, ledger, what):
    agreement = agree(contract, collector, parts=3, first_due=FIRST_DUE)
    if what == "paid":
        pay(agreement, collector, "1.00")
    elif what == "written":
        integrate(agreement, collector)
    else:
        pay(agreement, collector)

    with pytest.raises(DomainError, match="já recebeu|já está no ERP: RP-77|em “Quitado”"):
        integrate(agreement, collector)
