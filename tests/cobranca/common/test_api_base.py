"""What every resource of the REST API has in common, shown on one of them."""

import json
from base64 import b64encode

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from cobranca.accounts.models import Agency, User
from tests import factories
from tests.api import errors, refusal

CREDITORS = "/api/v1/creditors/"
NOTES = "/api/v1/events/"
# Names of 90-interfaces.md that exist so far.
NAMES = (
    "agencies creditors branches contract-types parameters debtors phones addresses emails"
    " contracts installments events payments boletos imports scheduled-tasks integration-logs"
).split()


@pytest.fixture
def api(api_for, implementer) -> APIClient:
    return api_for(implementer)


@pytest.fixture
def note(debtor) -> dict[str, object]:
    return {"debtor": debtor.pk, "text": "Prometeu pagar."}


# --- who calls ------------------------------------------------------------------------------------


def test_without_a_token_the_answer_says_how_to_bring_one(db):
    response = APIClient().get(CREDITORS)

    assert refusal(response, 401)["title"] == "Não autenticado"
    assert response["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize(
    "token", ["errado", "Token", "Token errado", "Token \xff\xfe", "Token a b"]
)
def test_a_wrong_token_is_refused(db, token):
    response = APIClient().get(CREDITORS, headers={"Authorization": token})

    refusal(response, 401)


def test_no_answer_is_kept_on_its_way(api, debtor):
    assert api.get(f"/api/v1/debtors/{debtor.pk}/")["Cache-Control"] == "no-store"


def test_someone_of_no_agency_is_refused(api_for, db):
    operator = User.objects.create(username="operadora", is_superuser=True)

    refusal(api_for(operator).get(CREDITORS), 403)


def test_an_agency_that_was_switched_off_is_refused(api, agency):
    Agency.objects.filter(pk=agency.pk).update(is_active=False)

    refusal(api.get(CREDITORS), 403)


def test_a_role_without_the_permission_is_refused(api_for, collector):
    refusal(api_for(collector).post(CREDITORS, {}), 403)
    refusal(api_for(collector).get("/api/v1/parameters/"), 403)


def test_a_session_reads_and_with_its_csrf_token_writes(implementer, note):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(implementer)
    body = json.dumps(note)

    assert browser.get(CREDITORS).status_code == 200
    refused = browser.post(NOTES, body, content_type="application/json")
    assert "CSRF" in refusal(refused, 403)["detail"]

    secret = "a" * 32
    browser.cookies[configured.CSRF_COOKIE_NAME] = secret
    written = browser.post(
        NOTES, body, content_type="application/json", headers={"X-CSRFToken": secret}
    )
    assert written.status_code == 201


# --- addresses ------------------------------------------------------------------------------------


def test_the_fixed_names_are_there(api):
    for name in NAMES:
        assert api.get(f"/api/v1/{name}/").status_code == 200, name


@pytest.mark.parametrize(
    "address", ["/api/v1/nada/", "/api/v1/creditors/abc/", "/api/nada", "/api/v1/"]
)
def test_an_unknown_address_is_a_problem_and_not_a_page(api, address):
    refusal(api.get(address), 404)
    refusal(api.post(address, {}), 404)


def test_a_call_that_forgot_the_last_slash_is_sent_on_with_its_body(api):
    response = api.post(f"{CREDITORS[:-1]}?x=1", {})

    assert (response.status_code, response["Location"]) == (308, f"{CREDITORS}?x=1")


def test_a_key_beyond_all_keys_is_not_found(api):
    refusal(api.get(f"{CREDITORS}{10**17}/"), 404)


def test_what_a_resource_does_not_offer_is_said(api, creditor):
    refusal(api.delete(f"{CREDITORS}{creditor.pk}/"), 405)
    refusal(api.post("/api/v1/agencies/", {}), 405)
    refusal(api.options(CREDITORS), 405)


# --- what comes in --------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ['{"text": ', "{'a': 1}", '{"a": NaN}', "[" * 100_000, b"\xff"])
def test_a_body_that_is_not_json_is_refused(api, body):
    response = api.generic("POST", NOTES, body, content_type="application/json")

    assert "JSON" in refusal(response, 400)["detail"]


def test_the_place_where_json_breaks_off_is_told(api):
    response = api.generic("POST", NOTES, '{\n "text": }', content_type="application/json")

    assert "linha 2, coluna 10" in refusal(response, 400)["detail"]


def test_another_content_type_is_refused(api):
    refusal(api.generic("POST", NOTES, "text=oi", "application/x-www-form-urlencoded"), 415)
    refusal(api.generic("POST", NOTES, "<text/>", "text/xml"), 415)


def test_only_json_is_answered(api):
    refusal(api.get(CREDITORS, headers={"Accept": "text/html"}), 406)


def test_a_body_too_large_is_refused(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    refusal(api.post(NOTES, {"text": "x" * 2000}), 413)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_letters_the_database_cannot_hold_are_refused_at_their_field(api, note, text):
    body = json.dumps(note | {"text": text})
    response = api.generic("POST", NOTES, body, content_type="application/json")

    assert "text" in errors(response)


def test_a_list_where_fields_are_expected_is_refused(api):
    assert "non_field_errors" in errors(api.post(NOTES, [1, 2]))


def test_a_field_that_nobody_knows_is_refused(api, note):
    assert errors(api.post(NOTES, note | {"texto": "oi"})) == {"texto": ["Campo desconhecido."]}


def test_rows_of_another_agency_do_not_exist_as_input(api, other_agency):
    theirs = factories.make_debtor(other_agency)

    found = errors(api.post(NOTES, {"debtor": theirs.pk, "text": "Oi."}))
    missing = errors(api.post(NOTES, {"debtor": 10**9, "text": "Oi."}))

    assert list(found) == list(missing) == ["debtor"]
    assert found["debtor"][0].replace(str(theirs.pk), "#") == (
        missing["debtor"][0].replace(str(10**9), "#")
    )


# --- lists ----------------------------------------------------------------------------------------


def test_pages_follow_one_another_and_lead_back(api, agency):
    keys = [factories.make_creditor(agency).pk for _ in range(5)]

    first = api.get(CREDITORS, {"page_size": 2}).json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    back = api.get(third["previous"]).json()

    seen = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert seen == keys
    assert (first["previous"], third["next"]) == (None, None)
    assert back["results"] == second["results"]


def test_rows_that_come_and_go_move_no_page(api, agency):
    rows = [factories.make_creditor(agency) for _ in range(4)]
    first = api.get(CREDITORS, {"page_size": 2}).json()

    rows[0].delete()
    new = factories.make_creditor(agency)

    rest = api.get(first["next"]).json()
    assert [row["id"] for row in rest["results"]] == [rows[2].pk, rows[3].pk]
    assert [row["id"] for row in api.get(rest["next"]).json()["results"]] == [new.pk]


@pytest.mark.parametrize("size", ["0", "-1", "dez", "1.5", ""])
def test_a_page_size_that_is_none_is_refused(api, size):
    assert list(errors(api.get(CREDITORS, {"page_size": size}))) == ["page_size"]


def test_a_page_holds_five_hundred_rows_at_most(api):
    page = api.get("/api/v1/parameters/", {"page_size": 9999})

    assert page.status_code == 200


@pytest.mark.parametrize("cursor", ["x", "çç", b64encode(b"p=abc").decode(), b64encode(b"p=%00")])
def test_a_cursor_of_nobody_is_refused(api, cursor):
    assert list(errors(api.get(CREDITORS, {"cursor": cursor}))) == ["cursor"]


def test_a_filter_that_nobody_knows_is_refused(api):
    """Left out it would pass for a list of everything."""
    found = errors(api.get(CREDITORS, {"creditr": 1}))

    assert "external_code" in found["creditr"][0]
    assert list(errors(api.get("/api/v1/digests/", {"credor": 1}))) == ["credor"]


@pytest.mark.parametrize(
    ("address", "name", "value"),
    [
        ("installments", "contract", "abc"),
        ("installments", "contract", "1e999999999"),
        ("installments", "contract", "9" * 30),
        ("installments", "contract", "-1"),
        ("installments", "due_date_from", "31/12/2026"),
        ("installments", "due_date_to", "ontem"),
        ("installments", "status", "aberta"),
        ("creditors", "is_active", "sim"),
        ("creditors", "document", "\x00"),
        ("digests", "creditor", "abc"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(api, address, name, value):
    assert list(errors(api.get(f"/api/v1/{address}/", {name: value}))) == [name]


# --- how often ------------------------------------------------------------------------------------


def test_too_many_calls_in_a_minute_have_to_wait(api, settings, api_for, supervisor):
    cache.clear()
    rates = {"DEFAULT_THROTTLE_RATES": {"user": 2}}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | rates
    statuses = [api.get(CREDITORS).status_code for _ in range(4)]

    refused = api.get(CREDITORS)

    assert statuses[:2] == [200, 200]
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "tente de novo" in refusal(refused, 429)["detail"]
    assert api_for(supervisor).get(CREDITORS).status_code == 200
