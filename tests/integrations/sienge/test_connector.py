"""The connector as others meet it: checks, lists, its log and its registration."""

from collections import Counter

import pytest
from django_scopes import scope

from cobranca.common.errors import DomainError
from cobranca.creditors import choices as offered
from integrations.core.connector import ChecksConnection, OffersChoices, ReadsPortfolio
from integrations.core.errors import ConfigError
from integrations.core.models import IntegrationLog
from integrations.core.registry import entry_for
from integrations.sienge import parameters as p
from integrations.sienge.checking import PROBES
from tests.integrations.answering import Answer
from tests.integrations.sienge.office import configure
from tests.integrations.sienge.portfolios import answering, daily, fill
from tests.integrations.sienge.samples import load_all
from tests.integrations.sienge.tiny import BULK


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

    assert [label for _, label in entry.layouts] == ["Carga Sienge", "Sienge Pagamentos"]
    connector = entry.make(company, run_id=None)
    assert isinstance(connector, ReadsPortfolio)
    assert isinstance(connector, ChecksConnection)
    assert isinstance(connector, OffersChoices)
    assert connector.imports_branches
