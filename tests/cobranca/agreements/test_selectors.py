from datetime import date, timedelta
from decimal import Decimal

import pytest

from cobranca.agreements import selectors
from cobranca.agreements.parameters import DAYS_TO_FIRST_PARCEL, ROLL_DUE_DATES
from cobranca.agreements.states import Mode
from cobranca.agreements.wording import installments_text
from cobranca.common.errors import NotFoundError
from tests import factories
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    make_book,
    pay,
    price,
    set_parameter,
)


@pytest.fixture
def agreement(contract, collector):
    return agree(contract, collector, parts=4, first_due=date(2026, 4, 10))


def another(creditor, collector, **asked):
    contract = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
    make_book(contract, ["500.00", "500.00"])
    return agree(contract, collector, **asked)


def test_a_list_says_what_was_paid_and_what_is_next(agreement, collector):
    pay(agreement, collector, "1000.00")

    row = selectors.listed().get()

    assert (row.paid, row.remains, row.next_due) == (
        Decimal("1000.00"), Decimal("2000.00"), date(2026, 5, 10),
    )  # fmt: skip


def test_nothing_remains_of_what_is_over(agreement, collector):
    pay(agreement, collector)

    row = selectors.listed().get()

    assert (row.remains, row.next_due) == (0, None)


def test_a_debtors_agreements_take_three_queries(
    agreement, contract, collector, django_assert_num_queries
):
    agree_again = another(contract.creditor, collector)
    proposal = factories.make_installment(contract, 9, due_date=TODAY, principal=Decimal(50))
    newest = agree(contract, collector, Mode.PROPOSAL, selection=[proposal.pk])

    with django_assert_num_queries(3):
        found = list(selectors.agreements_of(contract.debtor_id))
        texts = [installments_text(each.items.all()) for each in found]
        assert [each.creditor.pk for each in found]

    assert found == [newest, agreement]
    assert agree_again not in found
    assert texts == ["Parcela(s): 9/1", "Parcela(s): 1, 2, 3"]


def test_one_agreement_takes_four(agreement, collector, django_assert_num_queries):
    pay(agreement, collector, "1000.00")

    with django_assert_num_queries(4):
        found = selectors.agreement_detail(agreement.pk)
        assert [str(each.parcel) for each in found.payments.all()] == ["2", "1"]
        assert {str(each.recorded_by) for each in found.payments.all()} == {"caio"}
        assert len(found.items.all()) == 3
        assert len(found.parcels.all()) == 4
        assert str(found.made_by) == "caio"


def test_an_agreement_there_is_not(in_scope):
    with pytest.raises(NotFoundError):
        selectors.agreement_detail(1)


def test_what_waits_for_approval_is_found_oldest_first(contract, creditor, collector):
    first = agree(contract, collector, discount="30")
    second = another(creditor, collector, discount="30")
    another(creditor, collector)

    assert list(selectors.waiting_approvals()) == [first, second]
    assert not selectors.waiting_erp()


def test_what_is_late_is_found_latest_first(agreement, creditor, collector):
    later = another(creditor, collector, parts=2, first_due=date(2026, 4, 20))
    another(creditor, collector, parts=2, first_due=date(2026, 6, 1))

    assert list(selectors.late_agreements(date(2026, 4, 10))) == []
    assert list(selectors.late_agreements(date(2026, 4, 11))) == [agreement]
    assert list(selectors.late_agreements(date(2026, 5, 1))) == [agreement, later]


def test_who_holds_an_installment(agreement, contract):
    held = contract.installments.get(number=1)
    free = factories.make_installment(contract, 9)

    assert selectors.live_agreement_of(held.pk) == agreement
    assert selectors.live_agreement_of(free.pk) is None


# --- due dates by the creditor's settings ---------------------------------------------------------


def test_cash_is_paid_on_the_day_and_parcels_begin_later(contract):
    assert price(contract).schedule.parcels[0].due == TODAY
    assert price(contract, parts=2).schedule.parcels[0].due == TODAY + timedelta(days=30)


def test_the_creditor_says_when_and_on_which_days(contract, creditor):
    set_parameter(DAYS_TO_FIRST_PARCEL, "5", creditor)
    set_parameter(ROLL_DUE_DATES, "S", creditor)

    parcels = price(contract, parts=2).schedule.parcels

    # 21/03 is a Saturday; 21/04, Tiradentes.
    assert [parcel.due for parcel in parcels] == [date(2026, 3, 23), date(2026, 4, 22)]


def test_a_first_due_date_that_is_told_is_taken(contract):
    told = date(2026, 5, 5)

    assert price(contract, parts=2, first_due=told).schedule.parcels[0].due == told
