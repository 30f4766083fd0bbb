from datetime import UTC, datetime

import pytest

from integrations.core import registry
from integrations.core.connector import ResourceCheck
from integrations.core.errors import ConfigError
from integrations.core.models import (
    ConnectionState,
    ImportIssue,
    ImportRun,
    IntegrationLog,
)
from integrations.core.registry import ConnectorEntry
from tests import factories
from tests.api import assert_queries_stay, errors, ids, refusal, results

IMPORTS, CONNECTIONS = "/api/v1/imports/", "/api/v1/connections/"
LOGS = "/api/v1/integration-logs/"
LOAD = {"layout": "carga", "full": True, "dry_run": True}


class Erp:
    """A connector of the tests, that says what it is told to."""

    def __init__(self):
        self.checks, self.error = [ResourceCheck("Clientes", "customers", "ok")], None

    def check(self):
        if self.error:
            raise self.error
        return self.checks


@pytest.fixture
def erp(monkeypatch):
    made = Erp()
    entry = ConnectorEntry(
        system="ERP", creditor_type="SIENGE", label="ERP", layouts=(("carga", "Carga"),),
        make=lambda creditor, **_: made,
    )  # fmt: skip
    monkeypatch.setattr(registry, "_ENTRIES", {"SIENGE": entry})
    return made


@pytest.fixture
def api(api_for, supervisor, erp):
    return api_for(supervisor)


@pytest.fixture
def rung(django_capture_on_commit_callbacks):
    """Return the doorbells that a block rings."""

    def listen():
        return django_capture_on_commit_callbacks(execute=False)

    return listen


@pytest.fixture
def asked(api, creditor):
    """An import in the queue."""
    return api.post(IMPORTS, LOAD | {"creditor": creditor.pk}).json()


def run_in(run_id, **values):
    ImportRun._base_manager.filter(pk=run_id).update(**values)


def place(run):
    return f"{IMPORTS}{run['id']}/"


# --- imports --------------------------------------------------------------------------------------


def test_an_import_is_put_in_the_queue_and_rung_for(api, creditor, supervisor, rung):
    with rung() as bells:
        answer = api.post(IMPORTS, LOAD | {"creditor": creditor.pk})

    shown = answer.json()
    assert (answer.status_code, shown["status"]) == (202, "queued")
    assert answer["Location"] == place(shown)
    assert (shown["requested_by"], shown["full"], shown["dry_run"]) == (supervisor.pk, True, True)
    assert shown["progress"] == {
        "percent": 0, "pages": 0, "contracts": 0, "installments": 0, "seconds_left": None,
        "is_alive": True,
    }  # fmt: skip
    assert len(bells) == 1


def test_the_layout_may_be_left_out(api, creditor):
    assert api.post(IMPORTS, {"creditor": creditor.pk}).json()["layout"] == "carga"


def test_an_import_asked_for_again_with_its_key_is_the_same_import(api, creditor, rung):
    key = {"Idempotency-Key": "carga-de-hoje"}
    sent = LOAD | {"creditor": creditor.pk}

    with rung() as bells:
        first, second = (api.post(IMPORTS, sent, headers=key) for _ in range(2))

    assert first.content == second.content
    assert (first.status_code, second.status_code) == (202, 202)
    assert ImportRun._base_manager.count() == len(bells) == 1


def test_what_is_wrong_with_an_import_is_told_by_field(api, creditor, agency, other_agency):
    def refused(**sent):
        return list(errors(api.post(IMPORTS, {"creditor": creditor.pk} | sent)))

    off = factories.make_creditor(agency, is_active=False)
    assert refused(layout="outro") == ["layout"]
    assert refused(creditor=factories.make_creditor(agency).pk) == ["creditor"]
    assert refused(creditor=off.pk) == ["creditor"]
    assert refused(creditor=factories.make_creditor(other_agency).pk) == ["creditor"]
    assert refused(full="talvez") == ["full"]
    assert not ImportRun._base_manager.exists()


def test_an_import_shows_how_far_it_is_and_what_it_left_out(api, asked):
    details = {
        "ignored": {"Contratos quitados": 3}, "notices": ["Boletos não liberados."],
        "records": {"contracts": 10, "installments": 90},
        "preview": [{"kind": "Incluir", "contract": "1", "installment": "2", "before": "",
                     "after": "10/03/2026 · R$ 1,00"}],
    }  # fmt: skip
    run_in(asked["id"], status="reading", pages=5, pages_expected=10, ignored=3, issue_count=2,
           started_at=datetime(2026, 3, 10, tzinfo=UTC), details=details)  # fmt: skip

    shown = api.get(place(asked)).json()

    assert shown["progress"]["percent"] == 45
    assert shown["progress"]["installments"] == 90
    assert shown["ignored_by_rule"] == {"Contratos quitados": 3}
    assert (shown["notices"], shown["issues"]) == (["Boletos não liberados."], 2)
    assert shown["preview"] == details["preview"]
    assert "preview" not in results(api, IMPORTS)[0]


def test_issues_are_listed_in_the_order_they_were_found(api, asked, agency):
    for number in (1, 2):
        ImportIssue._base_manager.create(
            agency=agency, run_id=asked["id"], code="branch", message=f"Crítica {number}",
            row={"cpf": "11144477735"},
        )  # fmt: skip

    found = results(api, f"{place(asked)}issues/")

    assert [issue["message"] for issue in found] == ["Crítica 1", "Crítica 2"]
    assert "11144477735" not in str(found)
    assert list(errors(api.get(f"{place(asked)}issues/", {"status": "x"}))) == ["status"]


def test_a_waiting_import_is_confirmed_and_rung_for(api, asked, rung):
    run_in(asked["id"], status="waiting")

    with rung() as bells:
        confirmed = api.post(f"{place(asked)}confirm/")

    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "applying")
    assert len(bells) == 1


def test_an_import_is_cancelled_while_it_can_be(api, asked):
    refusal(api.post(f"{place(asked)}confirm/"), 409)

    assert api.post(f"{place(asked)}cancel/").json()["status"] == "cancelled"
    assert "fila" in refusal(api.post(f"{place(asked)}cancel/"), 409)["detail"]


def test_imports_are_found_by_their_filters(api, asked, creditor):
    later = api.post(IMPORTS, {"creditor": creditor.pk}).json()

    assert ids(api, IMPORTS) == [later["id"], asked["id"]]
    assert ids(api, IMPORTS, dry_run="true", creditor=creditor.pk) == [asked["id"]]
    assert ids(api, IMPORTS, status="done") == []


def test_who_only_reads_starts_and_confirms_nothing(api_for, auditor, asked, creditor):
    api = api_for(auditor)

    refusal(api.post(IMPORTS, LOAD | {"creditor": creditor.pk}), 403)
    refusal(api.post(f"{place(asked)}confirm/"), 403)
    refusal(api.post(f"{place(asked)}cancel/"), 403)
    assert ids(api, IMPORTS) == [asked["id"]]


def test_another_agencys_import_is_not_there(api_for, stranger, asked):
    api = api_for(stranger)

    assert results(api, IMPORTS) == []
    for address in ("", "issues/"):
        refusal(api.get(f"{place(asked)}{address}"), 404)
    for address in ("confirm/", "cancel/"):
        refusal(api.post(f"{place(asked)}{address}"), 404)


# --- connections ----------------------------------------------------------------------------------


@pytest.fixture
def keeper(api_for, implementer, erp):
    return api_for(implementer)


def test_a_connection_is_tried_now(keeper, creditor):
    answer = keeper.post(CONNECTIONS, {"creditor": creditor.pk})

    shown = answer.json()
    assert (answer.status_code, shown["is_healthy"]) == (200, True)
    assert shown["report"] == [
        {"name": "Clientes", "permission": "customers", "state": "ok", "message": ""}
    ]
    assert results(keeper, CONNECTIONS) == [shown]


def test_an_erp_that_does_not_let_us_in_is_told_and_not_an_error(keeper, creditor, erp):
    erp.error = ConfigError("Senha recusada.")

    shown = keeper.post(CONNECTIONS, {"creditor": creditor.pk}).json()

    assert (shown["is_healthy"], shown["message"]) == (False, "Senha recusada.")


def test_a_check_repeated_with_its_key_asks_the_erp_once(keeper, creditor, erp):
    key, sent = {"Idempotency-Key": "teste"}, {"creditor": creditor.pk}
    first = keeper.post(CONNECTIONS, sent, headers=key)
    erp.error = ConfigError("Senha recusada.")

    second = keeper.post(CONNECTIONS, sent, headers=key)

    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    refusal(keeper.post(CONNECTIONS, {"creditor": 10**9}, headers=key), 422)


def test_a_creditor_without_integration_has_no_connection(keeper, agency):
    plain = factories.make_creditor(agency)

    assert list(errors(keeper.post(CONNECTIONS, {"creditor": plain.pk}))) == ["creditor"]


def test_a_supervisor_reads_connections_and_tries_none(api, creditor, agency):
    state = ConnectionState._base_manager.create(agency=agency, system="ERP")

    refusal(api.post(CONNECTIONS, {"creditor": creditor.pk}), 403)
    assert ids(api, CONNECTIONS) == [state.pk]


# --- the log --------------------------------------------------------------------------------------


def call(agency, **fields):
    given = {"kind": "ErpApi", "method": "income", "verb": "GET", "url": "https://erp/income",
             "request": "GET …", "response": "[]"}  # fmt: skip
    return IntegrationLog._base_manager.create(agency=agency, **(given | fields))


def test_one_call_shows_both_sides_of_it(api, agency):
    row = call(agency, status=200, contract="4711")

    shown = api.get(f"{LOGS}{row.pk}/").json()

    assert (shown["request"], shown["response"], shown["contract"]) == ("GET …", "[]", "4711")
    assert "response" not in results(api, LOGS)[0]


def test_calls_are_found_as_on_the_screen(api, agency):
    old = call(agency, at=datetime(2026, 3, 1, 15, tzinfo=UTC))
    failed = call(agency, at=datetime(2026, 3, 9, 15, tzinfo=UTC), error="Sem resposta.")
    other = call(agency, at=datetime(2026, 3, 9, 16, tzinfo=UTC), kind="Outro", contract="4711")

    assert ids(api, LOGS) == [other.pk, failed.pk, old.pk]
    assert ids(api, LOGS, start="2026-03-02", end="2026-03-09", kind="ErpApi") == [failed.pk]
    assert ids(api, LOGS, only_errors="true") == [failed.pk]
    assert ids(api, LOGS, terms="4711") == [other.pk]
    assert ids(api, LOGS, method="outro") == []


def test_another_agencys_calls_are_not_there(api_for, stranger, agency):
    row = call(agency)

    assert results(api_for(stranger), LOGS) == []
    refusal(api_for(stranger).get(f"{LOGS}{row.pk}/"), 404)


def test_a_collector_sees_no_log(api_for, collector):
    refusal(api_for(collector).get(LOGS), 403)
    refusal(api_for(collector).get(IMPORTS), 403)


# --- queries --------------------------------------------------------------------------------------


def test_lists_take_as_many_queries_for_many_rows_as_for_one(api, agency):
    def run():
        creditor = factories.make_creditor(
            agency, creditor_type="SIENGE", external_code=str(factories.next_number())
        )
        api.post(IMPORTS, {"creditor": creditor.pk})

    assert_queries_stay(api, IMPORTS, run)
    assert_queries_stay(api, LOGS, lambda: call(agency))
