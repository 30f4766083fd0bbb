"""AGR-03: agreements written into the ERP, through a gateway that stands for it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from cobranca.agreements.models import Agreement
from cobranca.agreements.services import (
    approve_agreement,
    cancel_agreement,
    follow_erp,
    integrate_agreement,
    make_agreement,
    send_to_erp,
    sending,
)
from cobranca.agreements.services.undoing import ask_to_undo
from cobranca.agreements.states import Mode
from cobranca.agreements.tasks_erp import send_waiting
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import ErpRefusalError, ErpUnreachableError
from cobranca.contracts.mirror.apply import LOCK_SPACE
from cobranca.contracts.models import Contract, Event, Installment, Negotiation
from cobranca.contracts.services import Why, recall_installments
from cobranca.contracts.states import InstallmentStatus as Status
from cobranca.contracts.states import RecallReason
from cobranca.outbox.delivery import deliver_due
from tests import factories
from tests.cobranca.agreements.ledger import generated
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


def test_an_erp_that_does_not_answer_leaves_it_waiting_and_says_why(contract, collector, ledger):
    ledger.problem = ErpUnreachableError("O Sienge não respondeu.")

    agreement = integrated(contract, collector)

    assert (agreement.status, agreement.waits_for) == ("waiting", "erp")
    assert agreement.reason == "O Sienge não respondeu."


def test_meanwhile_nobody_approves_it(contract, collector, supervisor, ledger):
    ledger.problem = ErpUnreachableError("Agora não.")
    agreement = integrated(contract, collector)

    with pytest.raises(DomainError, match="espera a resposta do ERP"):
        approve_agreement(agreement_id=agreement.pk, actor=supervisor, on=TODAY)


def test_called_off_meanwhile_it_is_undone_in_the_erp(contract, collector, ledger):
    ledger.problem = ErpUnreachableError("Agora não.")
    agreement = integrated(contract, collector)

    cancel_agreement(agreement_id=agreement.pk, actor=collector, on=TODAY, reason="Desistiu")
    assert statuses(contract) == [Status.OPEN] * 3
    assert ledger.undone == []  # the transaction asks nobody
    deliver_due(clock=clock.now)

    assert ledger.undone == [f"agreement-{agreement.pk}"]


def test_written_after_it_was_called_off_it_is_undone_too(contract, collector, ledger):
    """Somebody calls it off while the request is on its way."""

    def call_off(order):
        agreement = Agreement.objects.get()
        cancel_agreement(agreement_id=agreement.pk, actor=collector, on=TODAY, reason="Desistiu")
        deliver_due(clock=clock.now)

    ledger.meanwhile = call_off

    agreement = integrated(contract, collector)
    deliver_due(clock=clock.now)

    assert (agreement.status, agreement.external_id) == ("cancelled", "")
    assert ledger.undone == [f"agreement-{agreement.pk}"] * 2
    assert statuses(contract) == [Status.OPEN] * 3


# --- what the ERP generated -----------------------------------------------------------------------


def test_what_the_erp_generated_takes_the_place_of_the_originals(contract, collector, ledger):
    ledger.parcels = generated("1000.00", "1000.00", "1000.00")

    agreement = integrated(contract, collector)

    assert statuses(contract) == [*[Status.RECALLED] * 3, *[Status.NEGOTIATED] * 3]
    assert [parcel.erp_number for parcel in agreement.parcels.all()] == [4, 5, 6]
    made = contract.negotiations.get(is_agreement=True)
    assert (made.number, made.started_on, made.finished_on) == (2, TODAY, None)
    assert contract.negotiations.get(number=1).finished_on == TODAY
    assert {row.negotiation for row in contract.installments.filter(number__gte=4)} == {2}
    assert ledger.finished == [f"agreement-{agreement.pk}"]
    contract.refresh_from_db()
    assert contract.status == "active"


def test_the_agreement_follows_the_erps_rounding_and_says_so(contract, collector, ledger):
    ledger.parcels = generated("1000.02", "1000.00", "999.99", day=11)

    agreement = integrated(contract, collector)

    parcels = list(agreement.parcels.order_by("number"))
    assert [str(parcel.amount) for parcel in parcels] == ["1000.02", "1000.00", "999.99"]
    assert parcels[0].due_date == date(2026, 4, 11)
    assert (agreement.total, agreement.financing) == (Decimal("3000.01"), Decimal("0.01"))
    told = Event.objects.get(title="Acordo integrado ao ERP").text
    assert "Valores como o ERP os gravou; calculado: 3x R$ 1.000,00" in told


def test_a_load_that_saw_it_first_is_no_obstacle(contract, collector, ledger):
    """The originals are recalled and the new ones here, open, before the ERP's answer is read."""

    def load(order):
        rows = list(contract.installments.all())
        recall_installments(rows, Why(RecallReason.RENEGOTIATION, ""), on=TODAY)
        Negotiation.objects.create(agency=contract.agency, contract=contract, number=2)
        for parcel in ledger.parcels:
            factories.make_installment(
                contract, parcel.number, negotiation=2, due_date=parcel.due_date,
                principal=parcel.amount,
            )  # fmt: skip

    ledger.parcels = generated("1000.00", "1000.00", "1000.00")
    ledger.meanwhile = load

    integrated(contract, collector)

    assert statuses(contract) == [*[Status.RECALLED] * 3, *[Status.NEGOTIATED] * 3]
    assert contract.negotiations.get(is_agreement=True).number == 2


def test_paid_in_part_before_the_answer_is_read_it_is_not_owed_whole(contract, collector, ledger):
    """A load saw what was generated, and a receipt of part of it, before we heard of it."""

    def load(order):
        row = factories.make_installment(
            contract, 4, negotiation=1, due_date=date(2026, 4, 10), principal=Decimal("1000.00")
        )
        Installment.objects.filter(pk=row.pk).update(balance=Decimal("565.48"))

    ledger.parcels = generated("1000.00", "1000.00", "1000.00")
    ledger.meanwhile = load

    agreement = integrated(contract, collector)
    follow_erp(agreement_id=agreement.pk, on=TODAY)

    row = contract.installments.get(number=4)
    assert (str(row.principal), str(row.balance)) == ("1000.00", "565.48")
    assert str(fresh(agreement).total) == "3000.00"
    assert str(agreement.parcels.get(erp_number=4).paid) == "434.52"


def test_asked_for_twice_it_is_written_once(contract, collector, ledger):
    ledger.parcels = generated("1000.00", "1000.00", "1000.00")

    def ask_again(order):
        ledger.meanwhile = None
        send_to_erp(agreement_id=Agreement.objects.get().pk, actor=collector, on=TODAY)

    ledger.meanwhile = ask_again

    agreement = integrated(contract, collector)

    assert fresh(agreement).status == "active"
    assert contract.installments.count() == 6
    assert Event.objects.filter(title="Acordo integrado ao ERP").count() == 1


def test_what_waits_is_sent_again_by_itself(contract, collector, ledger):
    ledger.problem = ErpUnreachableError("Agora não.")
    agreement = integrated(contract, collector)
    ledger.problem = None

    assert send_waiting() == 1

    assert fresh(agreement).status == "active"
    assert send_waiting() == 0


def test_refused_when_sent_again_it_is_called_off(contract, collector, ledger):
    ledger.problem = ErpUnreachableError("Agora não.")
    agreement = integrated(contract, collector)
    ledger.problem = ErpRefusalError("Título bloqueado.")

    send_waiting()

    assert fresh(agreement).reason == "Recusado pelo ERP: Título bloqueado."


# --- meanwhile ------------------------------------------------------------------------------------


@pytest.fixture
def load_under_way(agency, monkeypatch):
    """Somebody else's transaction writes a load of the agency."""
    monkeypatch.setattr(sending, "PATIENCE", timedelta(milliseconds=50))
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, agency.pk])
    yield other
    other.close()


def test_behind_a_load_nobody_waits_for_its_end(contract, collector, ledger, load_under_way):
    ledger.parcels = generated("1000.00", "1000.00", "1000.00")

    agreement = integrated(contract, collector)

    assert (agreement.status, agreement.waits_for) == ("waiting", "erp")
    assert "assim que a carga em andamento terminar" in agreement.reason
    assert contract.installments.count() == 3
    load_under_way.close()
    assert send_waiting() == 1
    assert (fresh(agreement).status, fresh(agreement).reason) == ("active", "")


def test_the_wait_for_a_load_is_the_only_one_that_is_bounded(contract, collector, ledger):
    ledger.parcels = generated("1000.00", "1000.00", "1000.00")
    integrated(contract, collector)

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_ceded_meanwhile_it_is_called_off_and_undone(contract, collector, ledger):
    """A batimento gives the contract to another holder while the ERP is being asked."""
    ledger.parcels = generated("1000.00", "1000.00", "1000.00")

    def cede(order):
        recall_installments(
            list(contract.installments.all()), Why(RecallReason.TRANSFER, ""), on=TODAY
        )
        Contract.objects.filter(pk=contract.pk).update(is_current=False)

    ledger.meanwhile = cede

    agreement = integrated(contract, collector)
    deliver_due(clock=clock.now)

    assert (agreement.status, agreement.external_id) == ("cancelled", "")
    assert "cessão de direitos" in agreement.reason
    assert contract.installments.count() == 3
    assert ledger.undone == [f"agreement-{agreement.pk}"]


def test_taken_out_of_the_erp_meanwhile_nothing_is_written_here(contract, collector, ledger):
    ledger.parcels = generated("1000.00", "1000.00", "1000.00")
    ledger.finish_problem = ErpUnreachableError("Está sendo desfeito no ERP.")

    agreement = integrated(contract, collector)

    assert (agreement.status, agreement.reason) == ("waiting", "Está sendo desfeito no ERP.")
    assert contract.installments.count() == 3


def test_one_that_breaks_the_sweeper_keeps_no_other_from_the_erp(
    contract, collector, ledger, creditor, debtor
):
    ledger.problem = ErpUnreachableError("Agora não.")
    poison = integrated(contract, collector)
    other = factories.make_contract(creditor, debtor, number="4000")
    make_book(other, ["500.00"])
    later = agree(
        other, collector, Mode.INTEGRATED, parts=3, first_due=FIRST_DUE, contract_ids=[other.pk]
    )
    ledger.problem = None

    def break_on_the_first(order):
        if order.key == f"agreement-{poison.pk}":
            raise ValueError("nobody thought of this")

    ledger.meanwhile = break_on_the_first

    assert send_waiting() == 1

    assert (fresh(poison).status, fresh(later).status) == ("waiting", "active")


def test_an_old_wish_to_undo_does_not_undo_what_was_integrated_again(contract, collector, ledger):
    agreement = agree(contract, collector, parts=3, first_due=FIRST_DUE)
    ask_to_undo(agreement)
    integrate(agreement, collector)

    deliver_due(clock=clock.now)

    assert ledger.undone == []


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
