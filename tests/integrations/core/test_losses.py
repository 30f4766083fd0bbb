"""The loss meter: what was found by reading and announced by nobody."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cobranca.contracts.models import Contract, Negotiation, Payment, Recall
from integrations.core.losses import GRACE, Loss, losses
from integrations.core.models import WebhookDelivery, WebhookSubscription
from tests import factories

NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
INSTALLED = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
BEFORE = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def creditor(in_scope):
    WebhookSubscription.objects.create(
        agency=in_scope, system="sienge", token="x", token_hash="y", installed_at=INSTALLED
    )
    return factories.make_creditor(in_scope, creditor_type="SIENGE", external_code="17")


@pytest.fixture
def contract(creditor) -> Contract:
    return make_contract(creditor)


def make_contract(creditor: Any, installments: int = 3, known_since: datetime = BEFORE) -> Contract:
    made = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
    Contract.objects.filter(pk=made.pk).update(created_at=known_since)
    for number in range(1, installments + 1):
        factories.make_installment(made, number, created_at=known_since)
    return made


def make_new(contract: Contract, number: int, due: date = date(2026, 12, 10), **more: Any) -> None:
    """Have an installment that was first seen on November 10th."""
    seen = datetime(2026, 11, 10, 20, tzinfo=UTC)
    factories.make_installment(contract, number, due_date=due, created_at=seen, **more)


def pay(
    contract: Contract,
    number: int = 1,
    on: date = date(2026, 11, 10),
    kind: str = "Recebimento",
    recorded: datetime | None = None,
) -> None:
    sequence = Payment.objects.count() + 1
    Payment.objects.create(
        agency_id=contract.agency_id, contract=contract, number=number, paid_on=on, kind=kind,
        sequence=sequence, is_cash=True, gross=10, net=10,
        created_at=recorded or datetime(on.year, on.month, on.day, 20, tzinfo=UTC),
    )  # fmt: skip


def announce(
    contract: Contract,
    number: int | None = 1,
    event: str = "RECEIPT_PROCESSED",
    at: datetime = datetime(2026, 11, 10, 16, tzinfo=UTC),
    **facts: Any,
) -> None:
    WebhookDelivery.objects.create(
        agency_id=contract.agency_id, system="sienge", event=event, received_at=at,
        key=str(WebhookDelivery.objects.count()), contract=contract.external_id,
        installment=number, **facts,
    )  # fmt: skip


def measured(creditor: Any, event: str = "RECEIPT_PROCESSED", **facts: Any) -> tuple[int, int]:
    report = losses(creditor.agency, "sienge", NOW, **facts)
    assert report is not None
    return next((one.found, one.missing) for one in report.losses if one.event == event)


def test_nothing_is_measured_before_the_webhooks_are_there(creditor, contract):
    WebhookSubscription.objects.update(installed_at=None)

    assert losses(creditor.agency, "sienge", NOW) is None


def test_a_receipt_is_announced_or_it_is_not(creditor, contract):
    pay(contract, 1)
    announce(contract, 1)
    pay(contract, 2)

    assert measured(creditor) == (2, 1)


def test_each_of_two_receipts_of_one_installment_wants_its_own_announcement(creditor, contract):
    pay(contract, 1, date(2026, 11, 8))
    pay(contract, 1, date(2026, 11, 10))
    announce(contract, 1)

    assert measured(creditor) == (2, 1)


def test_an_announcement_older_than_the_receipt_does_not_speak_for_it(creditor, contract):
    pay(contract, 1, date(2026, 11, 10))
    announce(contract, 1, at=datetime(2026, 11, 5, tzinfo=UTC))

    assert measured(creditor) == (1, 1)


def test_a_title_that_was_ceded_and_came_back_tells_its_facts_once(creditor, contract):
    """Each of its holders' contracts has them."""
    meanwhile = make_contract(creditor)
    Contract.objects.filter(pk=meanwhile.pk).update(
        external_id=contract.external_id, is_current=False
    )
    for each in (meanwhile, contract):
        pay(each, 1)
        make_new(each, 9)
    Payment.objects.update(sequence=1)
    announce(contract, 1)

    assert measured(creditor) == (1, 0)
    assert measured(creditor, "RECEIVABLE_INSTALLMENT_CREATED") == (1, 1)


@pytest.mark.parametrize("kind", ["Estorno", "Distrato", "Por Bens", "Reparcelamento"])
def test_kinds_that_nothing_announces_are_not_missed(creditor, contract, kind):
    pay(contract, kind=kind)

    assert measured(creditor) == (0, 0)


def test_what_came_with_its_contract_was_never_to_be_announced_here(creditor):
    made = make_contract(creditor, known_since=datetime(2026, 11, 10, 11, tzinfo=UTC))
    pay(made, recorded=datetime(2026, 11, 10, 11, tzinfo=UTC))

    assert measured(creditor) == (0, 0)


def test_what_happened_before_the_webhooks_is_not_missed(creditor, contract):
    pay(contract, on=INSTALLED.date(), recorded=NOW - timedelta(days=2))

    assert measured(creditor) == (0, 0)


def test_what_may_be_announced_yet_is_not_missed(creditor, contract):
    pay(contract, on=date(2026, 11, 18), recorded=NOW - GRACE + timedelta(minutes=1))
    assert measured(creditor) == (0, 0)

    Payment.objects.update(created_at=NOW - GRACE - timedelta(minutes=1))
    assert measured(creditor) == (1, 1)


def test_only_the_window_is_looked_at(creditor, contract):
    pay(contract, on=date(2026, 11, 5))

    assert measured(creditor, window=timedelta(days=7)) == (0, 0)
    assert measured(creditor) == (1, 1)


def test_other_systems_and_agencies_are_others(creditor, contract):
    pay(contract)
    announce(contract)
    WebhookDelivery.objects.update(system="outro")

    assert measured(creditor) == (1, 1)


def test_new_installments_of_known_contracts(creditor, contract):
    event = "RECEIVABLE_INSTALLMENT_CREATED"
    for number in (4, 5):
        make_new(contract, number)
    announce(contract, 5, event)

    assert measured(creditor, event) == (2, 1)


def test_an_installment_that_came_back_is_not_a_new_one(creditor, contract):
    contract.installments.filter(number=2).delete()
    make_new(contract, 2)

    assert measured(creditor, "RECEIVABLE_INSTALLMENT_CREATED") == (0, 0)


def test_one_that_came_back_to_a_contract_of_lower_ones_is_not_a_new_one(creditor, contract):
    """The contract itself came back with its first; the ones after it had been paid, too."""
    make_new(contract, 4, due=date(2026, 11, 9))

    assert measured(creditor, "RECEIVABLE_INSTALLMENT_CREATED") == (0, 0)


def test_installments_of_our_own_agreements_are_not_asked_for(creditor, contract):
    Negotiation.objects.create(
        agency_id=contract.agency_id, contract=contract, number=2, is_agreement=True
    )
    make_new(contract, 4, negotiation=2)

    assert measured(creditor, "RECEIVABLE_INSTALLMENT_CREATED") == (0, 0)


def test_cancelled_contracts_count_once_each(creditor, contract):
    event = "SALES_CONTRACT_CANCELED"
    other = make_contract(creditor)
    for made in (contract, other):
        for number in (1, 2):
            Recall.objects.create(
                agency_id=made.agency_id, contract=made, number=number, reason="termination",
                recalled_on=date(2026, 11, 10), created_at=NOW - timedelta(days=5),
            )  # fmt: skip
    announce(other, None, event)

    assert measured(creditor, event) == (2, 1)


def test_it_is_said_in_words():
    assert Loss("E", "recebimentos", 60, 3).sentence == (
        "3 de 60 recebimentos não foram avisados: 5,0 %"
    )
    assert Loss("E", "recebimentos", 60, 1).sentence.startswith("1 de 60 recebimentos não foi")
    assert Loss("E", "recebimentos", 0, 0).percent == 0


def test_it_reads_within_half_a_point_of_the_truth(creditor):
    chance = random.Random(7)
    fired = lost = 0
    for _ in range(25):
        made = make_contract(creditor, installments=16)
        for number in range(1, 17):
            for _ in range(chance.choice((1, 1, 1, 2))):
                on = date(2026, 11, chance.randrange(2, 19))
                pay(made, number, on)
                fired += 1
                if chance.random() < 0.05:
                    lost += 1
                    continue
                at = datetime(on.year, on.month, on.day, 15, tzinfo=UTC)
                announce(made, number, at=at + timedelta(minutes=chance.randrange(500)))

    report = losses(creditor.agency, "sienge", NOW)

    assert report is not None
    truth = Decimal(100 * lost) / fired
    assert report.total.found == fired
    assert abs(report.total.percent - truth) < Decimal("0.5")
