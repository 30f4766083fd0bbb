"""What agreements are told: contracts of theirs that the ERP moved, once an application."""

import pytest

from cobranca.contracts.models import Installment, Negotiation
from cobranca.outbox.models import OutboxEvent
from tests.cobranca.contracts.mirror.book import (
    Mirror,
    contract,
    customer,
    parcel,
    receipt,
    title,
)

pytestmark = pytest.mark.usefixtures("in_scope")
MARIA = customer("1", "11144477735", "MARIA DA SILVA")
JOSE = customer("2", "52998224725", "JOSÉ PEREIRA")
BOOK = (MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))
PAID = (*BOOK[:2], parcel("500", 1, "0.00", closing="payment"), parcel("500", 2))
MODES = ("batimento", "daily", "titles")


@pytest.fixture
def mirror(creditor):
    mirror = Mirror(creditor)
    mirror.load(*BOOK)
    return mirror


def bring(mirror, mode, *records, **rules):
    if mode == "titles":
        return mirror.read(*records, **rules)
    return mirror.load(*records, full=mode == "batimento", **rules)


def agree(*numbers):
    Installment.objects.filter(number__in=numbers).update(status="negotiated")


def published():
    return [
        event.payload["contracts"]
        for event in OutboxEvent.objects.filter(topic="contract.erp_changed").order_by("id")
    ]


@pytest.mark.parametrize("mode", MODES)
def test_an_installment_in_agreement_that_the_erp_closed(mirror, mode):
    agree(1)

    bring(mirror, mode, *PAID)

    assert published() == [[contract("500").pk]]


@pytest.mark.parametrize("mode", MODES)
def test_a_receipt_that_moves_nothing_else(mirror, mode):
    agree(1)

    bring(mirror, mode, *BOOK, receipt("500", 1, "10.00"))

    assert published() == [[contract("500").pk]]


def test_a_receipt_reversed(mirror):
    mirror.read(*BOOK, receipt("500", 1, "10.00"))
    agree(1)

    mirror.read(*BOOK, minutes=1)

    assert published() == [[contract("500").pk]]


def test_what_an_agreement_generated_there(mirror):
    number = Negotiation.objects.get().number
    Negotiation.objects.filter(number=number).update(is_agreement=True)

    mirror.read(*PAID)

    assert published() == [[contract("500").pk]]


def test_what_a_renegotiation_brought_which_an_agreement_may_wait_for(mirror):
    gone = [parcel("500", number, "0.00", closing="renegotiation") for number in (1, 2)]

    mirror.read(*BOOK[:2], *gone, parcel("500", 3))

    assert published() == [[contract("500").pk]]


def test_a_contract_its_holder_gave_away(mirror):
    old = contract("500").pk
    agree(1)

    mirror.load(MARIA, JOSE, title("500", "2"), parcel("500", 1), parcel("500", 2))

    assert published() == [[old]]


@pytest.mark.parametrize("mode", MODES)
def test_nothing_when_no_agreement_is_about_it(mirror, mode):
    bring(mirror, mode, *PAID, receipt("500", 1))

    assert published() == []


def test_nothing_of_another_installment_of_the_contract(mirror):
    agree(2)

    mirror.read(*PAID)

    assert published() == []


def test_nothing_when_nothing_moved(mirror):
    agree(1)

    mirror.read(*BOOK)

    assert published() == []


def test_nothing_of_a_first_load(creditor):
    Mirror(creditor).load(*BOOK, receipt("500", 1, "10.00"))

    assert published() == []


def test_nothing_of_a_simulation(mirror):
    agree(1)

    mirror.read(*PAID, dry_run=True)

    assert published() == []
