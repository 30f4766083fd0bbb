"""What the office received and the ERP does not know of: kept until the ERP knows."""

from decimal import Decimal

import pytest

from cobranca.contracts.models import Installment
from cobranca.debtors.models import DebtorSummary
from tests.cobranca.contracts.mirror.book import Mirror, customer, parcel, receipt, title

BOOK = (customer("1", "52998224725"), title("7", "1"))


@pytest.fixture
def mirror(in_scope, creditor):
    mirror = Mirror(creditor)
    mirror.load(*BOOK, parcel("7", 1))
    Installment.objects.update(credit=Decimal("40.00"))
    return mirror


def state() -> tuple[Decimal, Decimal, Decimal]:
    row = Installment.objects.get()
    return row.balance, row.credit, row.owed


def test_a_load_that_says_nothing_new_keeps_it(mirror):
    mirror.load(*BOOK, parcel("7", 1))

    assert state() == (Decimal("100.00"), Decimal("40.00"), Decimal("60.00"))


@pytest.mark.parametrize(
    ("balance", "credit", "owed"),
    [
        pytest.param("75.00", "15.00", "60.00", id="the ERP knows of a part"),
        pytest.param("60.00", "0.00", "60.00", id="the ERP knows of all"),
        pytest.param("10.00", "0.00", "10.00", id="the ERP knows of more"),
        pytest.param("130.00", "40.00", "90.00", id="the ERP corrected its balance upwards"),
    ],
)
def test_it_falls_as_the_erps_balance_falls(mirror, debtor, balance, credit, owed):
    mirror.load(*BOOK, parcel("7", 1, balance))

    assert state() == (Decimal(balance), Decimal(credit), Decimal(owed))
    summary = DebtorSummary.objects.get(open_count=1)
    assert summary.open_total == Decimal(owed)


def test_data_the_office_does_not_take_from_the_erp_leave_it_alone(mirror):
    mirror.load(*BOOK, parcel("7", 1, "75.00"), update_data=False)

    assert state() == (Decimal("100.00"), Decimal("40.00"), Decimal("60.00"))


def test_titles_read_by_themselves_take_it_off_as_well(mirror):
    mirror.read(*BOOK, parcel("7", 1, "75.00"), receipt("7", 1, "25.00"))

    assert state() == (Decimal("75.00"), Decimal("15.00"), Decimal("60.00"))


def test_what_the_erp_received_in_full_is_owed_in_full_when_it_is_reversed(mirror):
    mirror.read(*BOOK, parcel("7", 1, "0.00", closing="payment"), receipt("7", 1))

    mirror.read(*BOOK, parcel("7", 1), minutes=1)

    assert state() == (Decimal("100.00"), Decimal("0.00"), Decimal("100.00"))


def test_what_ended_there_without_the_money_received_here_keeps_it(mirror):
    mirror.read(*BOOK, parcel("7", 1, "0.00", closing="renegotiation"))

    mirror.read(*BOOK, parcel("7", 1), minutes=1)

    assert state() == (Decimal("100.00"), Decimal("40.00"), Decimal("60.00"))


def test_what_was_paid_here_in_full_stays_settled_whatever_is_read(mirror):
    Installment.objects.update(status="settled", credit=0)

    mirror.read(*BOOK, parcel("7", 1, "80.00"))
    mirror.read(*BOOK, parcel("7", 1, "0.00", closing="payment"), receipt("7", 1), minutes=1)
    mirror.read(*BOOK, minutes=2)

    assert Installment.objects.get().status == "settled"
