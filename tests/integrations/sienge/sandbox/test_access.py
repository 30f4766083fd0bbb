"""Who may call what: credentials, tenants, routes, grants, content types and limits."""

import pytest
import requests

from tests.integrations.sienge.sandbox.conftest import TODAY

ERROR_FIELDS = {"status", "developerMessage", "clientMessage"}


def is_html(answer: requests.Response) -> bool:
    return answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "credentials", [None, ("construtora-cobranca", "errada"), ("outro", "sandbox-sienge")]
)
def test_wrong_credentials_are_answered_401_with_the_standard_body(reading, credentials):
    answer = requests.get(f"{reading.rest}/companies", auth=credentials, timeout=10)

    assert answer.status_code == 401
    assert set(answer.json()) == ERROR_FIELDS


@pytest.mark.parametrize("token", ["Basic", "Basic ???", "Bearer abc", "Basic /////w=="])
def test_a_broken_authorization_header_is_answered_401(reading, token):
    headers = {"Authorization": token}
    answer = requests.get(f"{reading.rest}/companies", headers=headers, timeout=10)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/outra/public/api/v1/companies",
        "/construtora/public/api/v1/income",
        "/construtora/public/api/v1/nada",
        "/construtora/public/api/v2/companies",
        "/construtora/public/api/bulk-data/v1/companies",
        "/qualquer",
    ],
)
def test_an_unknown_tenant_or_route_is_a_404_page(reading, path):
    answer = reading.http.get(f"{reading.root}{path}", timeout=10)

    assert answer.status_code == 404
    assert is_html(answer)


def test_a_known_route_with_another_verb_is_a_405_page(reading):
    answer = reading.ask("DELETE", "/companies/17")

    assert answer.status_code == 405
    assert is_html(answer)


@pytest.mark.parametrize("path", ["/companies/", "/companies/17/", "/document-identifications/"])
def test_a_trailing_slash_makes_no_difference(reading, path):
    assert reading.get(path).json() == reading.get(path.rstrip("/")).json()


def test_an_unknown_id_is_a_404_with_the_standard_body(reading):
    answer = reading.get("/customers/999999")

    assert answer.status_code == 404
    assert set(answer.json()) == ERROR_FIELDS


def test_a_resource_that_is_not_granted_is_answered_403(api):
    api.configure(grants={"deny": [["customers", "GET"], ["income", "GET"]]})

    refused = api.get("/customers/3431")

    assert refused.status_code == 403
    assert set(refused.json()) == ERROR_FIELDS
    assert api.ask_bulk("/income/by-bills", billsIds="5600").status_code == 403
    assert api.get("/companies").status_code == 200
    api.configure(grants={"allow": [["customers", "GET"]]})
    assert api.get("/customers/3431").status_code == 200


def test_the_grants_of_the_playbook_leave_the_due_date_out(api):
    path = "/accounts-receivable/receivable-bills/5600/installments/3/change-due-date"
    api.configure(grants={"profile": "playbook"})

    answer = api.ask("PATCH", path, json={"newDueDate": "2026-12-01"})

    assert answer.status_code == 403


def test_an_unknown_grant_is_refused(api):
    assert "unknown" in api.configure(grants={"deny": [["clientes", "GET"]]})["reason"]


def test_a_body_that_is_not_json_is_answered_415(api):
    answer = api.ask("PUT", "/customers/3431/phones", data="phones=1")

    assert answer.status_code == 415


def test_the_minute_limit_answers_429_and_says_when_to_come_back(api):
    api.configure(limits={"per_minute": {"rest": 3, "bulk": 1}})

    answers = [api.get("/companies") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61


def test_rest_and_bulk_have_separate_minute_limits(api):
    api.configure(limits={"per_minute": {"rest": 1, "bulk": 1}})

    assert api.get("/companies").status_code == 200
    assert api.ask_bulk("/income/by-bills", billsIds="5600").status_code == 200
    assert api.ask_bulk("/income/by-bills", billsIds="5600").status_code == 429


def test_the_documented_minute_limits_are_200_and_20(api):
    found = api.configure(limits={"per_minute": True})

    assert found["limits"]["per_minute"] == {"rest": 200, "bulk": 20}


def test_a_package_that_blocks_answers_429_until_the_next_day(api):
    api.configure(limits={"package": "Free"})

    used = [api.ask_bulk("/income/by-bills", billsIds="5600") for _ in range(11)]

    assert [answer.status_code for answer in used] == [200] * 10 + [429]
    assert used[0].headers["x-ratelimit-limit-day"] == "10"
    assert used[-1].headers["x-ratelimit-remaining-day"] == "0"
    api.control("clock", {"advance_days": 1})
    assert api.ask_bulk("/income/by-bills", billsIds="5600").status_code == 200


def test_a_package_that_bills_the_excess_lets_it_through(api):
    api.configure(limits={"package": "Start"})
    for _ in range(1_000):
        assert api.running.simulator.limits.take("rest", TODAY) is None

    answer = api.get("/companies")

    assert answer.status_code == 200
    assert answer.headers["x-ratelimit-remaining-day"] == "0"


def test_without_limits_there_are_no_limit_headers(reading):
    headers = {name.lower() for name in reading.get("/companies").headers}

    assert not headers & {"x-ratelimit-limit-day", "ratelimit-remaining", "retry-after"}
