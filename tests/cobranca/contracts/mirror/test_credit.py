"""What the office received and the ERP does not know of: kept until the ERP knows."""

from decimal import Decimal

import pytest

from cobranca.contracts.models import Installment
from cobranca.debtors.models import DebtorSummary
from tests.cobranca.contracts.mirror.book import Mirror, customer, parcel, title

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
