"""What changed since the last load, with what it lacks, going on after any crash."""

from cobranca.contracts.records import DebtorRecord, ProductRecord
from integrations.core.budget import budget_left
from integrations.sienge import parameters as p
from tests.integrations.sienge.office import configure
from tests.integrations.sienge.portfolios import Staged, daily, fill, knows


def test_a_daily_load_asks_for_what_changed_with_a_day_to_spare(connect, sienge):
    fill(sienge)

    list(connect().read_portfolio(daily()))

    asked = {a.path.rsplit("/", 1)[-1]: a.query for a in sienge.server.asked}
    assert asked["customers"]["modifiedAfter"] == "2026-11-17"
    assert asked["sales-contracts"]["modifiedAfter"] == "2026-11-17"
    assert asked["income"]["changeStartDate"] == "2026-11-17"
    assert asked["customer-extract-history"]["changeStartDate"] == "2026-11-17"
    assert len(sienge.calls) == 5


def test_a_daily_load_reads_the_units_of_new_contracts_only(connect, sienge):
    fill(sienge, contracts=3)
    for sale in sienge.lists["sales-contracts"]:
        sale["modifiedAt"] = "2026-11-18"

    staged = Staged().take(connect().read_portfolio(daily(contracts=knows("5000", "5002"))))

    assert [call for call in sienge.calls if call.startswith("units")] == ["units/1001"]
    assert [product.unit_id for product in staged.of(ProductRecord)] == ["1001"]


def test_units_beyond_a_daily_loads_calls_wait_for_the_batimento(connect, sienge):
    fill(sienge, contracts=20, enterprises=1)
    for sale in sienge.lists["sales-contracts"]:
        sale["modifiedAt"] = "2026-11-18"

    staged = Staged().take(connect().read_portfolio(daily(contracts=knows("none"))))

    rest = [call for call in sienge.calls if not call.startswith(("income", "customer-extract"))]
    assert len(rest) == 12
    assert staged.notices == ["Produtos de 11 contratos novos virão com o próximo batimento."]


def test_a_daily_load_fetches_the_customers_it_lacks(connect, sienge):
    fill(sienge, contracts=4)
    sienge.lists["customers"][2]["modifiedAt"] = "2026-11-18"
    known = knows("3000")

    staged = Staged().take(connect().read_portfolio(daily(debtors=known)))

    singles = [call for call in sienge.calls if call.startswith("customers/")]
    assert singles == ["customers/3002", "customers/3003"]
    assert {debtor.external_id for debtor in staged.of(DebtorRecord)} >= {"3001", "3002", "3003"}


def test_many_missing_customers_are_worth_the_whole_list(connect, sienge):
    fill(sienge, contracts=6)

    staged = Staged().take(connect().read_portfolio(daily(debtors=knows("none"))))

    assert [call for call in sienge.calls if call.startswith("customers")] == ["customers"] * 2
    assert "modifiedAfter" not in sienge.server.asked[-1].query
    assert len(staged.of(DebtorRecord)) == 7


def test_a_customer_that_is_gone_is_an_issue(connect, sienge):
    fill(sienge, contracts=1)
    sienge.lists["customers"] = []

    staged = Staged().take(connect().read_portfolio(daily(debtors=knows("none"))))

    assert staged.issues == ["missing_customer"]


def test_a_daily_load_goes_on_after_a_crash_at_any_page(connect, sienge, monkeypatch):
    monkeypatch.setattr("integrations.sienge.streams.load.SHEET_ROWS", 5)
    fill(sienge, contracts=7, enterprises=3)
    sienge.page = 2
    for sale in sienge.lists["sales-contracts"]:
        sale["modifiedAt"] = "2026-11-18"
    wanted = daily(contracts=knows("none"), debtors=knows("3000", "3001"))
    whole = Staged().take(connect().read_portfolio(wanted))

    for crash in range(len(whole.pages)):
        staged = Staged().take(whole.pages[: crash + 1])
        staged.take(connect().read_portfolio(wanted, whole.pages[crash].cursor))

        assert staged.streams == whole.streams


def test_the_smallest_package_has_room_for_daily_loads(connect, sienge, in_scope):
    fill(sienge)
    configure(in_scope, {p.PACKAGE: "Free"})

    for _ in range(4):
        list(connect().read_portfolio(daily()))

    rest, bulk = budget_left(in_scope, "sienge")
    assert (rest.day_left, bulk.day_left) == (88, 2)
