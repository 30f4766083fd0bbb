"""Queries compiled once answer as the same queries built each time."""

from datetime import date
from threading import Thread

import pytest
from django.db import connection
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from cobranca.common.prepared import Prepared
from cobranca.contracts.models import Contract, Installment
from cobranca.debtors.models import Debtor, Phone
from tests import factories

DUE = date(2026, 3, 10)


def contracts(debtor, status, on):
    found = Contract.objects.filter(debtor=debtor, status=status)
    found = found.filter(installments__due_date__lte=on)
    return found.select_related("creditor", "branch").order_by("number").distinct()


@pytest.fixture
def contract(creditor, debtor):
    found = factories.make_contract(creditor, debtor)
    factories.make_installment(found, due_date=DUE)
    return found


def test_rows_are_the_objects_that_the_query_gives(
    in_scope, contract, debtor, django_assert_num_queries
):
    prepared = Prepared(contracts, debtor=int, status=str, on=date)

    found = prepared(debtor=debtor.pk, status="active", on=DUE)

    usual = list(contracts(debtor.pk, "active", DUE))
    assert found == usual == [contract]
    assert vars(found[0].creditor).keys() == vars(usual[0].creditor).keys()
    with django_assert_num_queries(0):
        assert (found[0].creditor, found[0].branch) == (contract.creditor, None)


def test_each_value_counts_each_time(in_scope, contract, debtor, django_assert_num_queries):
    prepared = Prepared(contracts, debtor=int, status=str, on=date)

    with django_assert_num_queries(4):
        assert prepared(debtor=debtor.pk, status="finished", on=DUE) == []
        assert prepared(debtor=debtor.pk + 1, status="active", on=DUE) == []
        assert prepared(debtor=debtor.pk, status="active", on=date(2026, 3, 9)) == []
        assert prepared(debtor=debtor.pk, status="active", on=DUE) == [contract]


def test_tuples_are_tuples(in_scope, contract):
    prepared = Prepared(
        lambda contract: Installment.objects.filter(contract=contract).values_list(
            "due_date", "balance"
        ),
        contract=int,
    )

    (row,) = prepared(contract=contract.pk)

    assert row == (DUE, contract.installments.get().balance)


def test_another_agency_sees_its_own(agency, other_agency):
    prepared = Prepared(lambda: Debtor.objects.order_by("name"))
    with scope(agency=agency):
        ours = factories.make_debtor(agency)
        assert prepared() == [ours]

    with scope(agency=other_agency):
        assert prepared() == []
        theirs = factories.make_debtor(other_agency)
        assert prepared() == [theirs]


def test_without_an_agency_nothing_is_asked(agency):
    prepared = Prepared(lambda: Debtor.objects.order_by("name"))

    with pytest.raises(ScopeError):
        prepared()
    with scopes_disabled(), pytest.raises(ScopeError):
        prepared()


def test_a_value_that_makes_no_difference_is_a_mistake(in_scope):
    prepared = Prepared(lambda debtor: Phone.objects.all(), debtor=int)

    with pytest.raises(LookupError, match="debtor"):
        prepared(debtor=1)


def test_a_query_of_no_agency_is_a_mistake(in_scope):
    from cobranca.accounts.models import User

    with pytest.raises(LookupError, match="agency"):
        Prepared(User.objects.all)()


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_first_together_get_their_own(agency):
    prepared = Prepared(lambda debtor: Debtor.objects.filter(pk=debtor), debtor=int)
    with scope(agency=agency):
        debtors = [factories.make_debtor(agency) for _ in range(8)]
    got = {}

    def ask(debtor):
        with scope(agency=agency):
            got[debtor.pk] = prepared(debtor=debtor.pk)
        connection.close()

    threads = [Thread(target=ask, args=(debtor,)) for debtor in debtors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == {debtor.pk: [debtor] for debtor in debtors}
