"""The later reading of a title wins, whichever is applied last."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cobranca.contracts.models import Installment, Payment, Recall, TitleReading
from cobranca.contracts.records import DoubtRecord, SaleRecord
from tests.cobranca.contracts.mirror.book import (
    NOON,
    Mirror,
    contract,
    customer,
    open_book,
    parcel,
    receipt,
    title,
)

pytestmark = pytest.mark.usefixtures("in_scope")
MARIA = customer("1", "11144477735", "MARIA DA SILVA")
JOSE = customer("2", "52998224725", "JOSÉ PEREIRA")
BOOK = (MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))
PAID = (title("500", "1"), parcel("500", 1, "0.00", closing="payment"), parcel("500", 2))
BEFORE, AFTER = NOON - timedelta(minutes=5), NOON + timedelta(minutes=5)


@pytest.fixture
def mirror(creditor):
    mirror = Mirror(creditor)
    mirror.load(*BOOK)
    return mirror


def open_numbers(creditor):
    return {row[2] for row in open_book(creditor)}


def test_a_reading_is_remembered(mirror):
    mirror.read(*PAID)

    assert TitleReading.objects.get().read_at == NOON


@pytest.mark.parametrize("full", [True, False])
def test_a_load_that_began_before_does_not_bring_the_old_state_back(mirror, creditor, full):
    mirror.read(*PAID, receipt("500", 1))

    outcome = mirror.load(*BOOK, full=full, read_at=BEFORE)

    assert (outcome.reopened, outcome.updated, outcome.recalled) == (0, 0, 0)
    assert open_numbers(creditor) == {2}
    assert Payment.objects.count() == 1


def test_a_batimento_that_began_before_does_not_miss_what_came_later(mirror, creditor):
    mirror.read(title("500", "1"), *(parcel("500", number) for number in (1, 2, 3)))

    mirror.load(*BOOK, read_at=BEFORE)
    assert open_numbers(creditor) == {1, 2, 3}

    mirror.load(MARIA, read_at=BEFORE)
    assert open_numbers(creditor) == {1, 2, 3}


def test_a_load_that_began_after_is_believed(mirror, creditor):
    mirror.read(*PAID)

    mirror.load(*BOOK, read_at=AFTER)

    assert open_numbers(creditor) == {1, 2}


def test_a_load_whose_beginning_nobody_told_is_believed(mirror, creditor):
    mirror.read(*PAID)

    mirror.load(*BOOK)

    assert open_numbers(creditor) == {1, 2}


def test_a_receipt_of_an_older_load_is_not_received_again(mirror):
    mirror.read(title("500", "1"), parcel("500", 1), parcel("500", 2))

    mirror.load(*BOOK[:2], parcel("500", 1, "60.00"), receipt("500", 1, "40.00"), read_at=BEFORE)

    assert not Payment.objects.exists()
    assert Installment.objects.get(number=1).balance == Decimal("100.00")


OPENED = (title("500", "1", has_receipts=False), *PAID[1:])


@pytest.mark.parametrize("channel", ["titles", "batimento", "daily"])
def test_receipts_that_an_opening_did_not_ask_for_are_received_from_an_older_reading(
    mirror, creditor, channel
):
    mirror.open(*OPENED, minutes=3)

    if channel == "titles":
        mirror.read(*PAID, receipt("500", 1), minutes=1)
    else:
        mirror.load(MARIA, *PAID, receipt("500", 1), full=channel == "batimento", read_at=NOON)

    assert open_numbers(creditor) == {2}
    assert Payment.objects.get().net == Decimal("100.00")
    assert Recall.objects.get().reason == "payment"


def test_an_opening_does_not_make_older_receipts_news_again(mirror):
    mirror.read(title("500", "1"), parcel("500", 1), parcel("500", 2), minutes=2)
    mirror.open(
        title("500", "1", has_receipts=False), parcel("500", 1), parcel("500", 2), minutes=3
    )

    mirror.read(*PAID, receipt("500", 1), minutes=1)

    assert not Payment.objects.exists()
    reading = TitleReading.objects.get()
    assert (reading.read_at, reading.receipts_at) == (
        NOON + timedelta(minutes=3),
        NOON + timedelta(minutes=2),
    )


def test_of_two_readings_the_later_one_wins_applied_in_either_order(mirror, creditor):
    mirror.read(*PAID, minutes=3)

    outcome = mirror.read(title("500", "1"), parcel("500", 1), parcel("500", 2), minutes=1)

    assert outcome.reopened == 0
    assert open_numbers(creditor) == {2}
    assert TitleReading.objects.get().read_at == NOON + timedelta(minutes=3)


def test_titles_read_earlier_are_compared_with_their_own_reading_only(mirror, creditor):
    mirror.load(*BOOK, title("501", "1"), parcel("501", 1))
    mirror.read(*PAID, minutes=3)

    mirror.read(title("501", "1"), parcel("501", 1, "30.00"), minutes=1)

    assert contract("501").installments.get().balance == Decimal("30.00")


def test_a_transfer_of_an_older_batimento_waits_for_the_next(mirror):
    mirror.read(title("500", "1"), parcel("500", 1), parcel("500", 2))
    ceded = (MARIA, JOSE, title("500", "2"), parcel("500", 1), parcel("500", 2))

    assert mirror.load(*ceded, read_at=BEFORE).transferred == 0
    assert mirror.load(*ceded, read_at=AFTER).transferred == 1


def test_that_a_contract_was_cancelled_is_true_whenever_it_was_read(mirror, creditor):
    mirror.read(title("500", "1"), parcel("500", 1), parcel("500", 2))

    mirror.load(SaleRecord("500", is_cancelled=True), full=False, read_at=BEFORE)

    assert open_numbers(creditor) == set()


def test_a_title_nobody_could_understand_was_not_read(mirror):
    mirror.read(title("500", "1"), DoubtRecord("500"))

    assert not TitleReading.objects.exists()
