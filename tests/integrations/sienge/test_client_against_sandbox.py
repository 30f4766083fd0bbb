"""Endpoints of titles and writes against the simulator, written by others from the reference."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from integrations.core.budget import Priority
from integrations.core.errors import RefusedError
from integrations.core.fields import day
from integrations.sienge import parameters as p
from integrations.sienge.access import open_access
from integrations.sienge.mapping.sheet import as_list
from tests import factories
from tests.flows.office import Erp, make_erp
from tests.integrations.sienge.office import configure


@pytest.fixture(scope="module")
def erp() -> Iterator[Erp]:
    erp = make_erp(seed=5, contracts=12)
    yield erp
    erp.stop()


@pytest.fixture
def client(in_scope, erp, settings):
    settings.INTEGRATION_FIRST_PAUSE = 0.001
    creditor = factories.make_creditor(in_scope, creditor_type="SIENGE", external_code="1")
    values = {
        p.USER: "construtora-cobranca",
        p.PASSWORD: "sandbox-sienge",
        p.API_ADDRESS: erp.api_url,
    }
    configure(in_scope, values)
    return open_access(creditor, Priority.PAYMENTS).client


@pytest.fixture
def bill(erp):
    """Return a bill with something open of a customer who has a document."""
    return next(
        bill
        for bill in erp.bills()
        if bill["complete"] and not bill["remade"] and len(open_in(bill)) > 4
    )


def open_in(bill):
    return [i["id"] for i in bill["installments"] if Decimal(str(i["balance"])) > 0]


def test_all_ways_to_read_a_title_tell_the_same_installments(client, bill):
    title, customer = str(bill["bill"]), str(bill["customer"])
    numbers = {row["id"] for row in bill["installments"]}

    statement = client.statement(customer, title).value
    (told,) = [b for b in as_list(statement.bills_receivable) if b.bill_receivable_id == int(title)]
    listed = client.title_installments(title)
    bulk = list(client.income_of_titles([title]))

    assert {row.installment_id for row in as_list(told.installments)} == numbers
    assert {row.value.installment_id for row in listed} == numbers
    assert {row.value.installment_id for row in bulk} == numbers
    assert client.title(title).value.customer_id == int(customer)
    open_here = set(open_in(bill))
    assert {r.value.installment_id for r in listed if r.value.balance_due > 0} == open_here
    assert {r.value.installment_id for r in bulk if r.value.balance_amount > 0} == open_here


def test_titles_and_customers_that_are_not_there(client):
    assert client.title("999999") is None
    assert client.title_installments("999999") == []
    assert client.remade(title="999999") == []
    assert client.statement("999999") is None
    assert (
        client.debit_balance("39053344705", "", date(2026, 11, 21), annual_correction=False) == []
    )


def test_the_present_debt_and_receipts_of_a_period(client, erp, bill):
    customer = client.customer(str(bill["customer"])).value
    document = customer.cpf or customer.cnpj
    title, on = str(bill["bill"]), date(2026, 11, 21)

    (balance,) = client.debit_balance(document, title, on, annual_correction=False)

    assert balance.value.bill_receivable_id == bill["bill"]
    paid = list(client.paid_income("1", on - timedelta(days=400), on))
    assert paid
    assert all(as_list(row.value.receipts) for row in paid)


def test_a_renegotiation_is_written_found_and_undone(client, bill):
    title = str(bill["bill"])
    body = {
        "billReceivableId": bill["bill"],
        "remadeDate": "2026-11-21",
        "calculationDate": "2026-11-21",
        "installments": "/".join(map(str, open_in(bill)[:2])),
        "differenceType": "J",
        "operationType": "R",
        "remadeType": "A",
        "paymentConditions": [
            {
                "conditionTypeId": "PM",
                "totalValue": Decimal("1000.01"),
                "installmentsNumber": 3,
                "firstPayment": "2026-12-10",
                "bearerId": 1,
                "matchMaturities": "N",
                "indexerId": 0,
                "baseDate": "2026-10-01",
                "interestType": "N",
                "interestPercentage": 0,
                "monthsGracePeriod": 0,
            }
        ],
    }

    client.remake(body)
    (found,) = client.remade(title=title)
    assert day(found.value.remade_date, "remadeDate") == date(2026, 11, 21)
    with pytest.raises(RefusedError):
        client.remake(body)

    assert client.undo_remade(title, date(2026, 11, 21))
    assert not client.undo_remade(title, date(2026, 11, 21))
    assert client.remade(title=title) == []


def test_hooks_are_made_listed_and_removed(client):
    made = client.create_hook("https://aqui.example/x", "t0k3n", ["RECEIPT_PROCESSED"])

    found = {str(row.value.id): row.value.url for row in client.hooks()}
    assert found[made] == "https://aqui.example/x"
    assert client.delete_hook(made)
    assert not client.delete_hook(made)


def test_telephones_are_refused_in_words_without_one_main(client, bill):
    phone = {"number": "048999990000", "main": False, "type": "CE"}

    with pytest.raises(RefusedError, match="principal"):
        client.put_phones(str(bill["customer"]), [phone])
    with pytest.raises(RefusedError):
        client.put_phones("999999", [phone | {"main": True}])


def test_a_second_copy_is_had_or_refused_in_words(client, erp, bill):
    had, refused = 0, 0
    for row in bill["installments"]:
        try:
            boleto = client.boleto(str(bill["bill"]), str(row["id"])).value
        except RefusedError as error:
            refused += bool(error.message)
        else:
            had += 1
            assert boleto.digitable_number
            assert client.download(boleto.url_report)[:4] == b"%PDF"
    assert had + refused == len(bill["installments"])
