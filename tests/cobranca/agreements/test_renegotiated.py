"""SIE-18, SIE-22: an agreement follows what the ERP does to what it generated there."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cobranca.agreements.models import AgreementPayment
from cobranca.agreements.services import follow_erp
from cobranca.agreements.states import Mode
from cobranca.contracts.models import Event, Installment, Payment, Recall
from cobranca.contracts.states import InstallmentStatus as Status
from cobranca.creditors.standard_parameters import (
    FINISH_RENEGOTIATED_ON_BREACH,
    REMOVE_RENEGOTIATED_ON_BREACH,
    REMOVE_RENEGOTIATED_ON_PAYMENT_REMOVAL,
)
from cobranca.outbox.delivery import deliver_due
from cobranca.outbox.services import publish
from tests import factories
from tests.cobranca.agreements.ledger import generated
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    fresh,
    last_event,
    make_book,
    set_parameter,
    statuses,
)

TOMORROW = TODAY + timedelta(days=1)
BROKEN = "Quebra automática: Identificado que o acordo está quebrado na API Sienge"


@pytest.fixture
def creditor(creditor):
    creditor.creditor_type = "SIENGE"
    creditor.save(update_fields=["creditor_type"])
    return creditor


@pytest.fixture
def agreement(contract, collector, ledger):
    """Three originals of 1.000,00, replaced by installments 4, 5 and 6 in the ERP."""
    ledger.parcels = generated("1000.00", "1000.00", "1000.00")
    return agree(contract, collector, Mode.INTEGRATED, parts=3, first_due=date(2026, 4, 10))


def follow(agreement, on=TOMORROW):
    return follow_erp(agreement_id=agreement.pk, on=on)


def close(contract, reason, *numbers, note=""):
    """Do what the mirror does to installments that the ERP closed."""
    contract.installments.filter(number__in=numbers).update(status=Status.RECALLED)
    for number in numbers:
        Recall.objects.create(agency=contract.agency, contract=contract, number=number,
                              reason=reason, recalled_on=TODAY, note=note)  # fmt: skip


def reopen(contract, *numbers, status=Status.OPEN):
    contract.installments.filter(number__in=numbers).update(status=status)
    Recall.objects.filter(contract=contract, number__in=numbers).update(reopened_on=TODAY)


def receive(contract, number, gross, *, net="", kind="Recebimento", on=TODAY):
    """Do what the mirror does with a receipt: kept, and off the balance."""
    Payment.objects.create(
        agency=contract.agency, contract=contract, number=number, paid_on=on, kind=kind,
        sequence=Payment.objects.count() + 1, is_cash=kind == "Recebimento",
        gross=Decimal(gross), net=Decimal(net or gross),
    )  # fmt: skip
    row = contract.installments.get(number=number)
    Installment.objects.filter(pk=row.pk).update(balance=row.balance - Decimal(gross))


def paid(agreement):
    return [str(parcel.paid) for parcel in agreement.parcels.order_by("number")]


def test_nothing_happened_nothing_changes(agreement):
    events = Event.objects.count()

    assert not follow(agreement)

    assert fresh(agreement).status == "active"
    assert Event.objects.count() == events


# --- money ----------------------------------------------------------------------------------------


def test_a_partial_receipt_pays_part_of_the_parcel(agreement, contract):
    receive(contract, 4, "434.52")

    assert not follow(agreement)

    assert paid(agreement) == ["434.52", "0.00", "0.00"]
    event = last_event("payment")
    assert (event.title, event.contract) == ("Pagamento", contract)
    assert event.text == (
        "Data: 16/03/2026 Valor: R$ 434,52 - Dinheiro\nParcela(s): 4\n"
        "Acordo 1 - Saldo da parcela: R$ 565,48\nRecebimento no Sienge"
    )


def test_a_receipt_with_charges_is_told_whole_and_pays_the_parcel(agreement, contract):
    receive(contract, 4, "1000.00", net="1032.08")
    close(contract, "payment", 4)

    follow(agreement)

    assert paid(agreement) == ["1000.00", "0.00", "0.00"]
    assert last_event("payment").text.startswith(
        "Data: 16/03/2026 Valor: R$ 1.032,08 - Dinheiro\nParcela(s): 4\n"
    )


def test_a_total_receipt_of_less_settles_the_parcel(agreement, contract):
    receive(contract, 4, "1000.00", net="800.00")
    close(contract, "payment", 4)

    follow(agreement)

    parcel = agreement.parcels.get(number=1)
    assert (parcel.status, parcel.paid_on) == ("paid", TODAY)


def test_other_kinds_of_settlement_are_named(agreement, contract):
    receive(contract, 4, "1000.00", kind="Por Bens")
    close(contract, "payment", 4)

    follow(agreement)

    assert last_event("payment").text.startswith("Data: 16/03/2026 Valor: R$ 1.000,00 - Por Bens")


def test_told_twice_it_counts_once(agreement, contract):
    receive(contract, 4, "434.52")
    follow(agreement)
    follow(agreement)

    receive(contract, 4, "565.48")
    close(contract, "payment", 4)
    follow(agreement)
    follow(agreement)

    assert [str(each.amount) for each in AgreementPayment.objects.order_by("pk")] == [
        "434.52", "565.48",
    ]  # fmt: skip


def test_a_batimento_that_calls_it_batimento_still_is_a_receipt(agreement, contract):
    receive(contract, 4, "1000.00")
    close(contract, "reconciliation", 4)

    follow(agreement)

    assert paid(agreement)[0] == "1000.00"


def test_an_opening_does_not_say_what_closed_it_so_the_receipt_is_waited_for(agreement, contract):
    close(contract, "creditor_request", 4)
    follow(agreement)
    assert paid(agreement)[0] == "0.00"

    receive(contract, 4, "1000.00")
    follow(agreement)

    assert paid(agreement)[0] == "1000.00"


def test_the_last_receipt_settles_it_and_covers_the_originals(agreement, contract):
    for number in (4, 5, 6):
        receive(contract, number, "1000.00")
    close(contract, "payment", 4, 5, 6)

    assert follow(agreement)

    assert (fresh(agreement).status, fresh(agreement).closed_on) == ("settled", TOMORROW)
    assert all(item.covered_on for item in agreement.items.all())
    assert statuses(contract) == [Status.RECALLED] * 6


@pytest.mark.parametrize("back", [Status.OPEN, Status.NEGOTIATED])
def test_a_reversal_reopens_a_settled_agreement(agreement, contract, back):
    for number in (4, 5, 6):
        receive(contract, number, "1000.00")
    close(contract, "payment", 4, 5, 6)
    follow(agreement)

    Payment.objects.filter(number=6).delete()
    contract.installments.filter(number=6).update(balance=Decimal("1000.00"))
    reopen(contract, 6, status=back)
    follow(agreement)

    assert fresh(agreement).status == "active"
    assert paid(agreement) == ["1000.00", "1000.00", "0.00"]
    assert contract.installments.get(number=6).status == Status.NEGOTIATED
    assert last_event("payment").title == "Estorno de Pagamento"
    assert AgreementPayment.objects.exclude(reversed_on=None).count() == 1


def test_one_of_two_partial_receipts_reversed_leaves_the_other(agreement, contract):
    receive(contract, 4, "100.00")
    follow(agreement)
    receive(contract, 4, "200.00")
    follow(agreement)

    contract.installments.filter(number=4).update(balance=Decimal("800.00"))
    follow(agreement)

    assert paid(agreement)[0] == "200.00"
    standing = AgreementPayment.objects.filter(reversed_on=None)
    assert [str(each.amount) for each in standing] == ["200.00"]


def test_a_new_due_date_is_followed(agreement, contract):
    contract.installments.filter(number=5).update(due_date=date(2026, 5, 20))

    follow(agreement)

    assert agreement.parcels.get(number=2).due_date == date(2026, 5, 20)


def test_a_value_readjusted_there_is_followed(agreement, contract):
    contract.installments.filter(number=6).update(
        principal=Decimal("1010.00"), balance=Decimal("1010.00")
    )

    follow(agreement)

    assert str(fresh(agreement).total) == "3010.00"
    assert paid(agreement) == ["0.00"] * 3


# --- broken ---------------------------------------------------------------------------------------


def test_the_playbooks_breach(creditor, campaign, debtor, collector, ledger):
    """7.3.3: contract 295, parcels 152 to 157."""
    contract = factories.make_contract(creditor, debtor, number="295")
    make_book(contract, ["1200.00", "1200.00", "1292.78"])
    ledger.parcels = generated("615.48", *["615.46"] * 5, first=152)
    agreement = agree(contract, collector, Mode.INTEGRATED, parts=6, first_due=date(2026, 4, 10))

    reopen(contract, 1, 2, 3)
    assert follow(agreement)

    assert last_event("breach").text == (
        f"Data: 16/03/2026 - Valor: R$ 615,48 + 5x R$ 615,46\nParcela(s): 1, 2, 3\n{BROKEN}"
    )
    assert last_event("recall").text == (
        "Solicitação do credor\nData: 17/03/2026\n"
        "Contrato: 295 Parcela(s): 152, 153, 154, 155, 156, 157\n"
        "Parcela(s) sincronizada(s) via webservice"
    )
    assert (last_event("breach").title, last_event("breach").actor) == ("Quebra de Acordo", None)
    assert statuses(contract) == [*[Status.OPEN] * 3, *[Status.RECALLED] * 6]
    reasons = Recall.objects.filter(contract=contract, number__gte=152)
    assert set(reasons.values_list("reason", flat=True)) == {"creditor_request"}


def test_broken_the_originals_are_free_again(agreement, contract, collector, ledger):
    reopen(contract, 1, 2, 3)
    follow(agreement)
    ledger.parcels = generated("1500.00", "1500.00")

    again = agree(contract, collector, Mode.INTEGRATED, parts=2, first_due=date(2026, 4, 10))

    assert (fresh(agreement).status, again.status) == ("broken", "active")
    # The ERP gives the numbers of what was undone out again.
    assert statuses(contract) == [
        *[Status.RECALLED] * 3, Status.NEGOTIATED, Status.NEGOTIATED, Status.RECALLED,
    ]  # fmt: skip
    assert not follow(agreement)


def test_a_settled_agreement_undone_there_is_broken(agreement, contract):
    for number in (4, 5, 6):
        receive(contract, number, "1000.00")
    close(contract, "payment", 4, 5, 6)
    follow(agreement)

    reopen(contract, 1, 2, 3)

    assert follow(agreement)
    assert fresh(agreement).reason == BROKEN
    assert statuses(contract)[:3] == [Status.OPEN] * 3


@pytest.mark.parametrize(
    ("reason", "words", "label"),
    [
        ("termination", "Quebra automática: Distrato", "Distrato"),
        (
            "renegotiation",
            "Quebra automática: as parcelas do acordo foram renegociadas no ERP",
            "Renegociação",
        ),
        ("transfer", "Quebra automática: Cessão de direitos", "Cessão"),
    ],
)
def test_closed_there_for_another_reason_it_is_broken_by_that_reason(
    agreement, contract, reason, words, label
):
    close(contract, reason, 4, 5, 6)

    assert follow(agreement)

    assert fresh(agreement).reason == words
    assert last_event("recall").text.startswith(f"{label}\nData: 17/03/2026\n")


def test_a_batimento_tells_a_distrato_by_its_receipt(agreement, contract):
    for number in (4, 5, 6):
        receive(contract, number, "1000.00", kind="Distrato")
    close(contract, "reconciliation", 4, 5, 6)

    follow(agreement)

    assert fresh(agreement).reason == "Quebra automática: Distrato"


def test_an_agreement_not_in_the_erp_is_broken_by_a_distrato_too(contract, collector):
    agreement = agree(contract, collector)
    close(contract, "termination", 1, 2, 3)

    assert follow(agreement)

    assert fresh(agreement).reason == "Quebra automática: Distrato"


def test_one_that_waits_for_the_erp_is_left_alone(contract, collector, ledger):
    from cobranca.contracts.erp import ErpUnreachableError

    ledger.problem = ErpUnreachableError("Agora não.")
    waiting = agree(contract, collector, Mode.INTEGRATED, parts=3, first_due=date(2026, 4, 10))
    close(contract, "renegotiation", 1, 2, 3)

    assert not follow(waiting)
    assert fresh(waiting).waits_for == "erp"


def test_broken_with_something_paid_the_money_is_told_as_it_is(agreement, contract):
    """The ERP took the renegotiation out, and what it received with it: here nothing is covered."""
    receive(contract, 4, "1000.00")
    close(contract, "payment", 4)
    follow(agreement)

    reopen(contract, 1, 2, 3)
    follow(agreement)

    assert statuses(contract)[:3] == [Status.OPEN] * 3
    assert last_event("breach").text.endswith(f"{BROKEN}\nPago no ERP: R$ 1.000,00")


# --- what becomes of what was generated (playbook 6.3) --------------------------------------------


def broken(agreement, contract):
    reopen(contract, 1, 2, 3)
    follow(agreement)
    return contract.negotiations.filter(number=2).first()


def test_by_default_it_stays_recalled(agreement, contract):
    negotiation = broken(agreement, contract)

    assert negotiation is not None
    assert contract.installments.filter(number__gte=4).count() == 3


def test_the_negotiation_is_finished_when_the_creditor_wants_it(agreement, contract, creditor):
    set_parameter(FINISH_RENEGOTIATED_ON_BREACH, "S", creditor)

    assert broken(agreement, contract).finished_on == TOMORROW


def test_it_is_removed_when_the_creditor_wants_it(agreement, contract, creditor):
    set_parameter(REMOVE_RENEGOTIATED_ON_BREACH, "S", creditor)

    assert broken(agreement, contract) is None
    assert contract.installments.count() == 3


@pytest.mark.parametrize(("wanted", "left"), [("S", 3), ("N", 6)])
def test_with_its_payments_taken_back_it_is_removed_by_the_other_parameter(
    agreement, contract, creditor, wanted, left
):
    set_parameter(REMOVE_RENEGOTIATED_ON_PAYMENT_REMOVAL, wanted, creditor)
    receive(contract, 4, "100.00")
    follow(agreement)
    contract.installments.filter(number=4).update(balance=Decimal("1000.00"))
    follow(agreement)

    broken(agreement, contract)

    assert contract.installments.count() == left


def test_with_payments_it_stays(agreement, contract, creditor):
    set_parameter(REMOVE_RENEGOTIATED_ON_BREACH, "S", creditor)
    receive(contract, 4, "100.00")
    follow(agreement)

    broken(agreement, contract)

    assert contract.installments.count() == 6


# --- told by the mirror ---------------------------------------------------------------------------


def test_the_mirrors_news_are_followed(agreement, contract, agency):
    from cobranca.common import clock

    receive(contract, 4, "434.52")
    publish("contract.erp_changed", agency=agency, payload={"contracts": [contract.pk]}, key="1")

    assert deliver_due(clock=clock.now) == 1

    assert paid(agreement)[0] == "434.52"
