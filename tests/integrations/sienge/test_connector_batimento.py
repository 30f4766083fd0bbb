"""A whole portfolio over HTTP: all or nothing, in few calls, going on after any crash."""

from collections import Counter

import pytest

from cobranca.contracts.records import (
    BoletoRecord,
    ContractRecord,
    InstallmentRecord,
    ProductRecord,
)
from integrations.core.errors import ConfigError, PermanentError, RetryableError
from integrations.sienge import parameters as p
from tests.integrations.answering import Answer
from tests.integrations.sienge.office import configure
from tests.integrations.sienge.portfolios import FULL, Staged, fill


def test_a_batimento_reads_everything_of_its_company(connect, sienge):
    fill(sienge)

    staged = Staged().take(connect().read_portfolio(FULL))

    assert [page.stream for page in staged.pages] == [
        "branches",
        "sales",
        "customers",
        "income",
        "boletos",
        "units",
    ]
    counted = Counter(type(record).__name__ for rows in staged.streams.values() for record in rows)
    assert counted == {
        "BranchRecord": 2,
        "SaleRecord": 6,
        "ProductRecord": 6,
        "DebtorRecord": 7,
        "PhoneRecord": 12,
        "EmailRecord": 6,
        "AddressRecord": 6,
        "PersonRecord": 6,
        "ContractRecord": 12,
        "InstallmentRecord": 18,
        "PaymentRecord": 6,
        "BoletoRecord": 12,
    }
    assert all(page.restarts for page in staged.pages)
    assert (staged.notices, staged.issues) == ([], [])
    assert {contract.debtor for contract in staged.of(ContractRecord)} == {
        str(3000 + n) for n in range(6)
    }


def test_the_reference_portfolio_costs_few_calls(connect, sienge):
    """1,000 customers, 800 contracts; installments come in one answer however many they are."""
    fill(sienge, contracts=800, per_contract=2, enterprises=8)
    sienge.lists["customers"] += [{"id": n, "name": "X"} for n in range(10_000, 10_199)]

    list(connect().read_portfolio(FULL))

    assert Counter(call.split("@")[0] for call in sienge.calls) == {
        "companies/17": 1,
        "enterprises": 1,
        "sales-contracts": 4,
        "units": 4,
        "customers": 5,
        "income": 1,
        "customer-extract-history": 1,
    }


def test_the_units_of_a_large_tenant_are_read_by_enterprise(connect, sienge):
    fill(sienge, enterprises=2)
    sienge.page = 10
    foreign = ({"id": n, "enterpriseId": 90, "name": "X"} for n in range(50_000, 50_100))
    sienge.lists["units"] += foreign

    staged = Staged().take(connect().read_portfolio(FULL))

    assert Counter(sienge.calls)["units"] == 3
    assert len(staged.of(ProductRecord)) == 6


def test_the_bar_knows_how_many_pages_will_come(connect, sienge):
    fill(sienge, contracts=30, per_contract=2)
    sienge.page = 10

    pages = list(connect().read_portfolio(FULL))

    assert pages[-1].expected - 2 <= len(pages) <= pages[-1].expected
    assert all(page.expected for page in pages)


def test_a_portfolio_without_titles_is_read_whole_too(connect, sienge):
    fill(sienge, contracts=0)
    for name in sienge.lists:
        if name != "companies":
            sienge.lists[name] = []

    staged = Staged().take(connect().read_portfolio(FULL))

    assert [page.restarts for page in staged.pages if page.stream == "income"] == [True]


@pytest.mark.parametrize("page", [2, 200])
def test_reading_goes_on_after_a_crash_at_any_page(connect, sienge, monkeypatch, page):
    monkeypatch.setattr("integrations.sienge.streams.load.SHEET_ROWS", 5)
    fill(sienge)
    sienge.page = page
    whole = Staged().take(connect().read_portfolio(FULL))

    for crash in range(len(whole.pages)):
        staged = Staged().take(whole.pages[: crash + 1])
        staged.take(connect().read_portfolio(FULL, whole.pages[crash].cursor))

        assert staged.streams == whole.streams


def test_going_on_asks_only_for_what_is_left(connect, sienge):
    fill(sienge)
    sienge.page = 2
    pages = list(connect().read_portfolio(FULL))
    place = next(n for n, page in enumerate(pages) if page.stream == "customers")
    sienge.server.asked.clear()

    list(connect().read_portfolio(FULL, pages[place].cursor))

    assert sienge.calls == [
        "customers@2",
        "customers@4",
        "customers@6",
        "income",
        "customer-extract-history",
        "units",
        "units@2",
        "units@4",
    ]


@pytest.mark.parametrize("path", ["/enterprises", "/sales-contracts", "/units", "/customers"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_page_that_fails_for_good_ends_the_reading_and_the_next_goes_on(
    connect, sienge, path, nth
):
    fill(sienge, enterprises=3)
    whole = Staged().take(connect().read_portfolio(FULL))
    sienge.page = 2
    seen = Counter()

    def fault(asked):
        if asked.path.endswith(path):
            seen[path] += 1
            return Answer(500) if nth <= seen[path] < nth + 3 else None

    sienge.faults.append(fault)
    staged = Staged()
    with pytest.raises(RetryableError):
        staged.take(connect().read_portfolio(FULL))

    cursor = staged.pages[-1].cursor if staged.pages else None
    staged.take(connect().read_portfolio(FULL, cursor))

    assert staged.streams == whole.streams


@pytest.mark.parametrize(
    "bad",
    [
        Answer(500),
        Answer(200, b""),
        Answer(200, b"<html>"),
        Answer(200, b'{"data":[{"billId":5000,"inst'),
        Answer(200, b'{"data":[{"billId":5000},{"api-error":"x"}]}'),
        Answer(200, b'{"data":[' + b" " * 500_000 + b"]}", cut=400_000),
        Answer(drop=True),
    ],
)
@pytest.mark.parametrize("path", ["/income", "/customer-extract-history"])
def test_half_a_bulk_answer_is_none(connect, sienge, path, bad):
    fill(sienge)
    sienge.faults.append(lambda asked: bad if asked.path.endswith(path) else None)
    staged = Staged()

    with pytest.raises(RetryableError):
        staged.take(connect().read_portfolio(FULL))

    assert staged.pages[-1].cursor["step"] == {"/income": "income"}.get(path, "boletos")
    sienge.faults.clear()
    staged.take(connect().read_portfolio(FULL, staged.pages[-1].cursor))
    assert len(staged.of(InstallmentRecord)) == 18
    assert len(staged.of(BoletoRecord)) == 12


def test_a_company_that_does_not_exist_is_no_empty_portfolio(connect, sienge):
    fill(sienge)
    sienge.lists["companies"] = []

    with pytest.raises(ConfigError, match="empresa 17 não existe"):
        list(connect().read_portfolio(FULL))


def test_an_ignored_company_is_not_read_and_loses_nothing(connect, sienge, in_scope):
    configure(in_scope, {p.IGNORED_COMPANIES: "9;017"})

    with pytest.raises(PermanentError, match="A empresa 17 está em “Empresas a ignorar”"):
        list(connect().read_portfolio(FULL))

    assert sienge.calls == []
