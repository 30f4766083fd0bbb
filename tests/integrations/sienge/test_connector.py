"""Portfolios read over HTTP: whole or not at all, in few calls, going on after any crash."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django_scopes import scope

from cobranca.common.errors import DomainError
from cobranca.contracts.records import (
    BoletoRecord,
    BranchRecord,
    ContractRecord,
    DebtorRecord,
    InstallmentRecord,
    ProductRecord,
)
from cobranca.creditors import choices as offered
from integrations.core.budget import budget_left
from integrations.core.connector import (
    ChecksConnection,
    OffersChoices,
    Page,
    ReadsPortfolio,
    Scope,
)
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    NotGrantedError,
    PermanentError,
    RetryableError,
)
from integrations.core.models import IntegrationLog
from integrations.core.registry import entry_for
from integrations.sienge import parameters as p
from integrations.sienge.checking import PROBES
from tests.integrations.answering import Answer
from tests.integrations.sienge.office import configure
from tests.integrations.sienge.samples import load, load_all
from tests.integrations.sienge.tiny import BULK, TinySienge

FULL = Scope("17", full=True)
SINCE = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class Staged:
    """What a mirror would hold: records by stream, forgotten when a stream starts again."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Any]] = {}
        self.pages: list[Page] = []

    def take(self, pages: Iterable[Page]) -> "Staged":
        for page in pages:
            before = [] if page.restarts else self.streams.get(page.stream, [])
            self.streams[page.stream] = [*before, *page.records]
            self.pages.append(page)
            # It goes through the database, as JSON.
            assert msgspec.json.decode(msgspec.json.encode(page.cursor)) == page.cursor
        return self

    def of(self, kind: type) -> list[Any]:
        return [r for records in self.streams.values() for r in records if type(r) is kind]

    @property
    def notices(self) -> list[str]:
        return [notice for page in self.pages for notice in page.notices]

    @property
    def issues(self) -> list[str]:
        return [issue.code for page in self.pages for issue in page.issues]


def fill(sienge: TinySienge, contracts: int = 6, per_contract: int = 3, enterprises: int = 2):
    """Give the tiny Sienge a portfolio of company 17, beside a customer of somebody else."""
    sienge.lists["companies"] = [load("companies")]
    sienge.lists["enterprises"] = [
        {"id": 40 + n, "name": f"RESIDENCIAL {n}", "companyId": 17} for n in range(enterprises)
    ]
    sienge.lists["cost-centers"] = [
        *({"id": e["id"], "name": e["name"], "idCompany": 17} for e in sienge.lists["enterprises"]),
        {"id": 90, "name": "OUTRO", "idCompany": 9},
    ]
    sienge.lists["customers"] = [{"id": 1, "name": "DE OUTRA EMPRESA"}]
    for number in range(contracts):
        add_contract(sienge, number, 40 + number % enterprises, per_contract)


def add_contract(sienge: TinySienge, number: int, enterprise: int = 40, installments: int = 3):
    bill, customer, unit = 5000 + number, 3000 + number, 1000 + number
    person = load("customer") | {"id": customer, "modifiedAt": "2026-01-01"}
    sienge.lists["customers"].append(person)
    sienge.lists["units"].append({"id": unit, "name": f"AP {number}", "enterpriseId": enterprise})
    sale = load("sales_contract") | {
        "id": 800 + number,
        "modifiedAt": "2026-01-01",
        "enterpriseId": enterprise,
        "receivableBillId": bill,
        "number": f"VIND-{number}",
        "paymentConditions": [{"installmentsNumber": installments}],
        "salesContractUnits": [{"id": unit, "main": True, "name": f"AP {number}"}],
    }
    sienge.lists["sales-contracts"].append(sale)
    row = load("income") | {"billId": bill, "clientId": customer, "projectId": enterprise}
    for place in range(1, installments + 1):
        paid = {} if place == 1 else {"balanceAmount": 1000, "receipts": []}
        sienge.bulk["income"].append(row | {"installmentId": place} | paid)
    extract = load("extract") | {"billReceivableId": bill}
    installment = extract["installments"][0] | {"installmentSituation": "0"}
    extract["installments"] = [installment | {"id": n} for n in range(2, installments + 1)]
    sienge.bulk["customer-extract-history"].append(extract)


def answering(path: str, status: int, body: Any = b"", *, nth: int | None = None):
    """Return a fault: calls of a path (or only its nth) get this answer."""
    seen = Counter()

    def fault(asked):
        if not asked.path.endswith(path):
            return None
        seen[path] += 1
        return Answer(status, body) if nth in (None, seen[path]) else None

    return fault


def knows(*codes: str):
    return lambda asked: {code for code in asked if code in codes or not codes}


# --- a batimento ----------------------------------------------------------------------------------


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


# --- what is not granted --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "notice", "kind"),
    [
        ("/units", "produtos não atualizados", ProductRecord),
        ("/customer-extract-history", "boletos não atualizados", BoletoRecord),
    ],
)
def test_without_an_optional_resource_the_rest_comes_in(connect, sienge, path, notice, kind):
    fill(sienge)
    sienge.faults.append(answering(path, 403))

    staged = Staged().take(connect().read_portfolio(FULL))

    assert len(staged.notices) == 1
    assert notice in staged.notices[0]
    assert staged.of(kind) == []
    assert len(staged.of(InstallmentRecord)) == 18


def test_without_enterprises_the_cost_centres_name_the_branches(connect, sienge):
    fill(sienge)
    sienge.faults.append(answering("/enterprises", 403))

    staged = Staged().take(connect().read_portfolio(FULL))

    assert [branch.external_id for branch in staged.of(BranchRecord)] == ["40", "41"]
    assert staged.notices == []


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/customers", "Clientes"),
        ("/sales-contracts", "Contratos de Vendas"),
        ("/income", "Parcelas do Contas a Receber"),
    ],
)
def test_a_needed_resource_that_is_not_granted_is_named(connect, sienge, path, permission):
    fill(sienge)
    sienge.faults.append(answering(path, 403))

    with pytest.raises(NotGrantedError, match=permission):
        list(connect().read_portfolio(FULL))


def test_when_the_bulk_quota_ends_the_installments_are_in_and_the_boletos_wait(
    connect, sienge, in_scope
):
    fill(sienge)
    configure(in_scope, {p.PACKAGE: "Free"})
    connector = connect()
    for _ in range(7):
        connector._client.http._budget.spend("bulk")

    staged = Staged().take(connector.read_portfolio(FULL))

    assert "boletos não atualizados" in staged.notices[0]
    assert len(staged.of(InstallmentRecord)) == 18
    with pytest.raises(BudgetError):
        list(connect().read_portfolio(FULL))


# --- a daily load ---------------------------------------------------------------------------------


def daily(contracts=None, debtors=None):
    """Return a daily load of a portfolio of which everything is known unless it is said."""
    return Scope(
        "17",
        full=False,
        since=SINCE,
        known_contracts=contracts or knows(),
        known_debtors=debtors or knows(),
    )


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


# --- check, choices, log, registration ------------------------------------------------------------


def test_the_check_tries_every_resource_once(connect, sienge):
    sienge.faults.append(lambda asked: Answer(400 if BULK in asked.path else 404, {"status": 404}))

    checks = connect().check()

    assert len(sienge.calls) == len(PROBES) == len(checks)
    assert {check.state for check in checks} == {"ok"}


def test_the_check_says_what_to_tick(connect, sienge):
    told = {"/units": 403, "/hooks": 401, "/creditors": 500}
    sienge.faults += [answering(path, status) for path, status in told.items()]
    sienge.faults.append(lambda _: Answer(200, b""))

    found = {check.name: check for check in connect().check()}

    assert found["Unidades"].state == found["Webhooks"].state == "not_granted"
    assert "Unidades (todos)" in found["Unidades"].message
    assert found["Credores"].state == "down"
    assert Counter(check.state for check in found.values()) == {
        "ok": len(PROBES) - 3,
        "not_granted": 2,
        "down": 1,
    }


def test_refused_credentials_end_the_check(connect, sienge):
    sienge.faults.append(lambda _: Answer(401, {"status": 401}))

    with pytest.raises(ConfigError, match="usuário ou a senha"):
        connect().check()

    assert len(sienge.calls) == 1


def test_when_nobody_answers_the_check_asks_once(connect, sienge, in_scope):
    configure(in_scope, {})
    connector = connect()
    connector._client._rest = connector._client._bulk = "http://127.0.0.1:9"

    checks = connector.check()

    assert {check.state for check in checks} == {"down"}
    with scope(agency=in_scope):
        assert IntegrationLog.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "path", "pairs"),
    [
        ("companies", "companies", [("17", "INCORPORADORA EXEMPLO SPE LTDA")]),
        (
            "payment_condition_types",
            "payment-condition-types",
            [("AT", "Ato"), ("PM", "Parcelas Mensais")],
        ),
        ("indexers", "indexers", [("0", "REAL"), ("5", "INCC-DI")]),
    ],
)
def test_lists_are_offered_next_to_their_parameters(connect, sienge, in_scope, name, path, pairs):
    connect()
    fixture = path.replace("-", "_")
    sienge.lists[path] = load_all(fixture)
    parameter = next(x for x in vars(p).values() if getattr(x, "choices", None) == name)

    assert offered.has_choices(parameter)
    assert offered.choices_for(parameter, agency=in_scope) == pairs


def test_codes_are_offered_in_the_order_of_numbers(connect, sienge):
    sienge.lists["companies"] = [{"id": n, "name": "X"} for n in (10, 9, "A1", 100, None)]

    assert [code for code, _ in connect().choices("companies")] == ["9", "10", "100", "A1"]


def test_a_list_nobody_offers_is_unknown(connect):
    with pytest.raises(KeyError):
        connect().choices("bancos")


def test_a_list_that_cannot_be_had_is_said_in_words(connect, sienge, in_scope):
    connect()
    sienge.faults.append(lambda _: Answer(503))

    with pytest.raises(DomainError, match="fora do ar"):
        offered.choices_for(p.IGNORED_COMPANIES, agency=in_scope)


def test_each_call_is_logged_under_its_name_and_window(connect, sienge, in_scope, company):
    fill(sienge, contracts=1)

    list(connect().read_portfolio(daily()))

    with scope(agency=in_scope):
        logs = list(IntegrationLog.objects.order_by("id"))
    assert [log.method for log in logs] == [
        "ListarEmpreendimentos",
        "ListarContratosVenda",
        "ListarClientes",
        "ConsultarParcelasBulk",
        "ConsultarExtratoBulk",
    ]
    facts = {(log.kind, log.creditor_id, log.error) for log in logs}
    assert facts == {("SiengeApi", company.pk, "")}
    assert "data_ini:2026-11-18 07:00:00" in logs[0].request
    assert all("segredo-do-teste" not in log.request + log.response for log in logs)


def test_the_connector_is_known_by_its_creditor_type(connect, company):
    entry = entry_for(company)

    assert entry.layouts == (("carga_sienge", "Carga Sienge"),)
    connector = entry.make(company, run_id=None)
    assert isinstance(connector, ReadsPortfolio)
    assert isinstance(connector, ChecksConnection)
    assert isinstance(connector, OffersChoices)
    assert connector.imports_branches
