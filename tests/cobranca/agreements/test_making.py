from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.agreements.services import make_agreement
from cobranca.agreements.states import Mode
from cobranca.audit.models import AuditEntry
from cobranca.campaigns.models import ErpBalance, Quote
from cobranca.campaigns.quotes import difference_of
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event
from cobranca.contracts.services import settle_installment
from cobranca.contracts.states import InstallmentStatus as Status
from tests import factories
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    fresh,
    last_event,
    make_book,
    price,
    statuses,
)

GOLDEN_DAY = date(2021, 11, 22)


@pytest.fixture
def golden(campaign, creditor, debtor):
    """Golden table B (playbook 7.3.2): what Sienge answered for contract 3712 on 22/11/2021."""
    contract = factories.make_contract(creditor, debtor, number="3712")
    charges = ["50.97", "41.27", "30.94", "22.17"]
    rows = []
    for number, (month, told) in enumerate(zip((8, 9, 10, 11), charges, strict=True), start=40):
        factories.make_installment(
            contract, number, label="", due_date=date(2021, month, 10), principal=Decimal("920.80")
        )
        rows.append({"number": number, "original": "920.80", "correction": "0.00",
                     "charges": told, "early_discount": "0.00"})  # fmt: skip
    ErpBalance.objects.create(
        agency=contract.agency, contract=contract, on=GOLDEN_DAY, fetched_at=clock.now(), rows=rows
    )
    return contract


def test_an_agreement_keeps_what_was_priced_and_how_it_is_paid(golden, collector):
    agreement = agree(golden, collector, on=GOLDEN_DAY, parts=6, first_due=date(2021, 12, 10))

    amounts = [str(parcel.amount) for parcel in agreement.parcels.all()]
    assert str(agreement.total) == "3828.55"
    assert amounts == ["638.10", "638.09", "638.09", "638.09", "638.09", "638.09"]
    assert [str(item.net) for item in agreement.items.all()] == [
        "971.77", "962.07", "951.74", "942.97",
    ]  # fmt: skip
    assert [item.days_late for item in agreement.items.all()] == [104, 73, 42, 12]


def test_the_timeline_says_it_as_the_playbook_does(golden, collector):
    agree(golden, collector, on=GOLDEN_DAY, selection=[golden.installments.get(number=40).pk])

    event = last_event("agreement")
    assert (event.title, event.actor, event.contract) == ("Acordo", collector, golden)
    assert event.text == "Data: 22/11/2021 - Valor: R$ 971,77\nParcela(s): 40"


def test_its_calculation_is_kept_and_gives_the_same_cents_again(golden, collector):
    agreement = agree(golden, collector, on=GOLDEN_DAY)

    assert agreement.quote.total == agreement.agreed
    assert agreement.quote.statement
    assert difference_of(agreement.quote) == ""


def test_in_force_it_takes_its_installments_out_of_collection(contract, collector):
    agreement = agree(contract, collector, selection=_ids(contract, 1, 2))

    assert statuses(contract) == [Status.NEGOTIATED, Status.NEGOTIATED, Status.OPEN]
    assert agreement.status == "active"
    assert agreement.activated_on == TODAY
    assert [item.is_live for item in agreement.items.all()] == [True, True]


def test_a_proposal_takes_nothing(contract, collector):
    agreement = agree(contract, collector, Mode.PROPOSAL)

    assert agreement.status == "proposal"
    assert statuses(contract) == [Status.OPEN] * 3
    assert last_event("agreement").title == "Proposta de Acordo"


def test_paid_at_once_in_cash_it_is_settled(contract, collector):
    agreement = agree(contract, collector, Mode.PAYMENT)

    assert fresh(agreement).status == "settled"
    assert statuses(contract) == [Status.SETTLED] * 3
    assert str(AgreementPayment.objects.get().amount) == "3000.00"


def test_paid_at_once_in_parcels_the_first_parcel_is(contract, collector):
    agreement = agree(contract, collector, Mode.PAYMENT, parts=3, down_payment=Decimal("600.00"))

    assert fresh(agreement).status == "active"
    assert [str(parcel.paid) for parcel in agreement.parcels.all()] == [
        "600.00", "0.00", "0.00", "0.00",
    ]  # fmt: skip


def test_a_down_payment_is_parcel_zero_due_on_the_day(contract, collector):
    agreement = agree(
        contract, collector, parts=2, down_payment=Decimal("500.00"), first_due=date(2026, 4, 10)
    )

    parcels = agreement.parcels.all()
    assert [(p.number, p.due_date, str(p.amount)) for p in parcels] == [
        (0, TODAY, "500.00"),
        (1, date(2026, 4, 10), "1250.00"),
        (2, date(2026, 5, 10), "1250.00"),
    ]


def test_expenses_and_discounts_are_told_apart(contract, collector):
    agreement = agree(contract, collector, discount="10", expenses=Decimal("50.00"))

    told = (agreement.updated_debt, agreement.discount, agreement.expenses, agreement.agreed)
    assert [str(value) for value in told] == ["3000.00", "300.00", "50.00", "2750.00"]


def test_numbers_count_up_in_each_agency(contract, collector, creditor, debtor):
    other = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
    make_book(other, ["100.00"])

    first, second = agree(contract, collector), agree(other, collector)

    assert (first.number, second.number) == (1, 2)


def test_every_move_leaves_a_trail(contract, collector):
    agreement = agree(contract, collector)

    entry = AuditEntry.objects.get(object_type="agreements.agreement")
    assert (entry.action, entry.actor) == ("agreement.activated", collector)
    assert entry.changes["situação"] == ["Proposta", "Vigente"]
    assert entry.object_id == str(agreement.pk)


def test_many_installments_take_as_many_queries_as_few(campaign, creditor, collector):
    def queries(count):
        contract = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
        make_book(contract, ["100.00"] * count)
        calculation = price(contract, parts=count + 1)
        with CaptureQueriesContext(connection) as captured:
            _make(calculation, collector)
        return len(captured)

    assert queries(2) == queries(9) <= 60


# --- refusals -------------------------------------------------------------------------------------


def test_an_installment_of_another_agreement_is_refused_by_both_names(contract, collector):
    late = price(contract)
    first = agree(contract, collector, selection=_ids(contract, 2))

    with pytest.raises(DomainError) as refusal:
        _make(late, collector)

    assert refusal.value.message == (
        f"A parcela 2 do contrato 3712 já está no acordo {first.number}. "
        "Tire da seleção ou encerre o outro acordo antes."
    )
    _assert_nothing_but(first)


def test_an_installment_paid_meanwhile_is_refused(contract, collector):
    late = price(contract)
    installment_id = _ids(contract, 3)[0]
    settle_installment(
        installment_id=installment_id, amount=Decimal("1000"), paid_on=TODAY, actor=collector
    )

    with pytest.raises(DomainError, match="parcela 3 do contrato 3712 já não está em aberto: está"):
        _make(late, collector)

    _assert_nothing_but()


def test_a_balance_that_changed_meanwhile_is_refused(contract, collector):
    late = price(contract)
    settle_installment(
        installment_id=_ids(contract, 1)[0], amount=Decimal("10"), paid_on=TODAY, actor=collector
    )

    with pytest.raises(DomainError, match="saldo da parcela 1 do contrato 3712 mudou"):
        _make(late, collector)


def test_a_description_has_a_limit(contract, collector):
    with pytest.raises(DomainError) as refusal:
        agree(contract, collector, description="x" * 2001)

    assert refusal.value.field == "description"


def _ids(contract, *numbers):
    rows = contract.installments.filter(number__in=numbers)
    return list(rows.values_list("pk", flat=True))


def _make(calculation, actor):
    return make_agreement(calculation, actor=actor, on=TODAY)


def _assert_nothing_but(*agreements):
    assert list(Agreement.objects.all()) == list(agreements)
    assert Quote.objects.count() == len(agreements)
    assert Event.objects.filter(kind="agreement").count() == len(agreements)
