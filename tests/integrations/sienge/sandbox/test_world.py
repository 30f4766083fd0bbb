"""The generated world: deterministic, of the sizes asked for, with the oddities of real ones."""

from collections import Counter
from datetime import date

import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.documents import cnpj_with_digits, cpf_with_digits
from integrations.sandbox.simulator import Options
from integrations.sienge.sandbox.book import counts, describe_bill, describe_customer
from integrations.sienge.sandbox.generation.build import build_world
from integrations.sienge.sandbox.model import CANCELLED, COMPLETE

TODAY = date(2026, 11, 19)


def make_world(**options):
    given = Options(**{"seed": 5, "contracts": 60, "on": TODAY} | options)
    return build_world(given, Clock(given.on), given.on)


@pytest.fixture(scope="module")
def world():
    return make_world()


def picture(world):
    bills = [describe_bill(world, bill) for bill in world.all_bills()]
    return bills, [describe_customer(row) for row in world.customers.values()]


def generated(world):
    """Return the contracts' bills without the reference case."""
    return [bill for bill in world.bills.values() if bill.contract_id and bill.id != 5600]


def test_the_same_seed_sizes_and_date_give_the_same_world(world):
    assert picture(make_world()) == picture(world)


@pytest.mark.parametrize("other", [{"seed": 6}, {"on": date(2026, 11, 20)}, {"contracts": 61}])
def test_another_seed_size_or_date_gives_another_world(world, other):
    assert picture(make_world(**other)) != picture(world)


@pytest.mark.parametrize("contracts", [1, 5, 60, 333])
def test_so_many_contracts_have_an_open_balance(contracts):
    made = make_world(contracts=contracts)

    assert sum(bill.is_open for bill in generated(made)) == contracts


def test_the_sizes_of_the_reference_portfolio_can_be_asked_for():
    made = make_world(
        companies=1,
        customers=100,
        contracts=80,
        installments_per_contract=75,
        extras_percent=0,
    )

    bills = generated(made)
    assert len(bills) == 80
    assert sum(len(bill.installments) for bill in bills) == 6000
    assert len(made.customers) == 100 + 2
    assert set(made.companies) == {1, 17}


@pytest.mark.parametrize("installments", [1, 2, 3, 12, 13])
def test_short_contracts_are_open_too(installments):
    made = make_world(contracts=30, installments_per_contract=installments, extras_percent=0)

    assert {len(bill.installments) for bill in generated(made)} == {installments}
    assert all(bill.is_open for bill in generated(made))


def test_most_contracts_are_of_the_first_company():
    made = make_world(contracts=300, companies=3)
    share = Counter(bill.company_id for bill in generated(made))

    assert set(made.companies) == {1, 2, 3, 17}
    assert share[1] > 0.8 * sum(share.values())
    assert min(share[2], share[3]) > 0
    even = make_world(contracts=300, companies=2, first_company_percent=50)
    assert 0.35 < sum(bill.company_id == 1 for bill in generated(even)) / 300 < 0.7


def test_generated_companies_go_round_the_one_of_the_reference():
    made = make_world(contracts=5, companies=20)

    assert len(made.companies) == 21
    assert made.companies[17].trade_name == "RESIDENCIAL EXEMPLO"


def test_the_portfolio_is_alive():
    made = make_world(contracts=400)
    bills = generated(made)
    overdue = [
        b for b in bills if any(i.is_open and i.due_on < TODAY for i in b.installments.values())
    ]
    debtors = {bill.customer_id for bill in made.bills.values() if bill.is_open}

    assert 0.4 < len(overdue) / 400 < 0.75
    assert len(debtors) / len(made.customers) > 0.7
    ages = {
        (TODAY - min(i.due_on for i in b.installments.values() if i.is_open)).days // 90
        for b in overdue
    }
    assert len(ages) >= 4


def test_balances_are_original_values_less_receipts(world):
    for bill in world.bills.values():
        for row in bill.installments.values():
            assert row.balance == row.original - sum(receipt.gross for receipt in row.receipts)
            assert 0 <= row.balance <= row.original


def test_nothing_happened_after_today(world):
    for bill in generated(world):
        assert bill.issued_on <= TODAY
        for row in bill.installments.values():
            assert row.changed_on <= TODAY
            assert all(receipt.paid_on <= TODAY for receipt in row.receipts)
    for customer in world.customers.values():
        assert customer.changed_at.date() <= TODAY
        assert customer.created_on <= customer.changed_at.date()


def test_documents_have_valid_check_digits(world):
    for customer in world.customers.values():
        if customer.cpf:
            assert cpf_with_digits(customer.cpf[:9]) == customer.cpf
        if customer.cnpj:
            assert cnpj_with_digits(customer.cnpj[:12]) == customer.cnpj


def test_even_a_small_world_has_every_oddity():
    made = make_world(contracts=12)
    people = made.customers.values()
    bills = made.bills.values()
    operations = {
        r.operation_id for b in bills for i in b.installments.values() for r in i.receipts
    }
    documents = Counter(row.document for row in people if row.document)

    assert max(documents.values()) == 2
    assert any(row.is_firm for row in people)
    assert any(row.international_id and not row.cpf for row in people)
    assert any(not row.document and not row.international_id for row in people)
    assert any(not row.phones for row in people)
    assert any(not row.active for row in people)
    assert any(row.procurator for row in people)
    assert any(row.spouse for row in people)
    assert {2, 4, 7} <= operations
    assert any(contract.bill_id is None for contract in made.contracts.values())
    assert any(row.situation == CANCELLED for row in made.contracts.values())
    assert {bill.document_type for bill in bills} >= {"CT", "NF", "FAT", "REC", "PRV"}
    assert any(bill.is_forecast for bill in bills)
    assert any(bill.registration != COMPLETE for bill in bills)
    assert any(bill.remakings for bill in bills)
    assert any(bill.terms and not bill.terms.fine_percent for bill in bills)
    assert any(i.situation == "1" for bill in bills for i in bill.installments.values())


def test_a_larger_world_has_the_rarer_oddities():
    made = make_world(contracts=500)
    bills = generated(made)
    owners = {row.id: row.company_id for row in made.enterprises.values()}
    codes = {i.condition.code for bill in bills for i in bill.installments.values()}
    names = [row.name for row in made.enterprises.values()]

    assert {"AT", "PM", "PA", "PI", "PS", "CH", "FI", "PE"} <= codes
    assert any(bill.company_id != owners[bill.enterprise_id or 0] for bill in bills)
    assert len(names) > len(set(names))
    assert any(contract.guarantors for contract in made.contracts.values())
    assert any(contract.external_id for contract in made.contracts.values())
    assert any(contract.keys_on for contract in made.contracts.values())
    assert any(bill.note and "Cessão" in bill.note for bill in bills)
    assert {bill.situation for bill in bills} == {"normal", "inBilling", "defaulting", "subjudice"}
    assert any(len(contract.holders) == 2 for contract in made.contracts.values())
    assert any(income for row in made.customers.values() for income in row.incomes)


def test_the_counts_describe_the_world(world):
    found = counts(world)

    assert found["contracts_open"] == 61
    assert found["installments_open"] > found["installments_overdue"] > 0
    assert found["customers"] == len(world.customers)
