"""The law of contact over REST."""

from datetime import UTC, date, datetime

import pytest
from django_scopes import scope

from cobranca.common import clock
from cobranca.debtors.models import Address, ContactBlock, Phone
from cobranca.dunning.models import ContactAttempt
from tests import factories
from tests.api import assert_queries_stay, errors, ids, refusal, results

API = "/api/v1"
NOW = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 8, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", NOW.date)


@pytest.fixture
def paulista(agency):
    with scope(agency=agency):
        debtor = factories.make_debtor(agency)
        Address.objects.create(
            agency=agency, debtor=debtor, street="Rua A", state="SP", fingerprint="a"
        )
        Phone.objects.create(agency=agency, debtor=debtor, number="11988887777", is_main=True)
        return debtor


def test_rules_and_holidays_are_read(api_for, collector):
    api = api_for(collector)

    (rule,) = results(api, f"{API}/contact-rules/", state="ES")
    days = results(
        api, f"{API}/legal-holidays/", state="ES", since="2026-01-01", until="2026-12-31"
    )

    assert (rule["weekday_from"], rule["weekday_to"]) == ("08:00:00", "19:00:00")
    assert rule["saturday_from"] is None
    assert [day["day"] for day in days] == ["2026-04-13"]
    assert api.post(f"{API}/contact-rules/", {}).status_code == 405


def test_may_contact_answers_with_rule_reason_and_when(api_for, collector, paulista):
    api = api_for(collector)
    sunday = {"debtor": paulista.pk, "at": "2026-03-08T17:00:00Z"}

    now = api.get(f"{API}/may-contact/", {"debtor": paulista.pk}).json()
    then = api.get(f"{API}/may-contact/", sunday).json()

    assert (now["is_allowed"], now["rule"]) == (True, "window:SP")
    assert datetime.fromisoformat(now["until"]) == datetime(2026, 3, 10, 23, tzinfo=UTC)
    assert (then["is_allowed"], then["rule"]) == (False, "window:SP")
    assert datetime.fromisoformat(then["next_at"]) == datetime(2026, 3, 9, 11, tzinfo=UTC)


def test_a_question_that_cannot_be_answered(api_for, collector, stranger, paulista):
    url = f"{API}/may-contact/"

    assert "debtor" in errors(api_for(collector).get(url))
    assert "channel" in errors(api_for(collector).get(url, {"debtor": 1, "channel": "fax"}))
    assert "x" in errors(api_for(collector).get(url, {"debtor": 1, "x": 1}))
    assert "debtor" in errors(api_for(stranger).get(url, {"debtor": paulista.pk}))
    asked = {"debtor": paulista.pk, "phone": 10**9}
    assert "phone" in errors(api_for(collector).get(url, asked))


def test_an_attempt_is_asked_for_and_kept(api_for, collector, paulista, monkeypatch):
    api = api_for(collector)

    permitted = api.post(f"{API}/contact-attempts/", {"debtor": paulista.pk, "channel": "call"})
    monkeypatch.setattr(clock, "now", lambda: SUNDAY)
    refused = api.post(f"{API}/contact-attempts/", {"debtor": paulista.pk, "channel": "sms"})

    assert permitted.status_code == refused.status_code == 201
    assert permitted.json()["is_allowed"] is True
    assert refused.json()["is_allowed"] is False
    assert refused.json()["actor"] == collector.pk
    assert ids(api, f"{API}/contact-attempts/", is_allowed="false") == [refused.json()["id"]]


def test_the_same_request_twice_is_one_attempt(api_for, collector, paulista, agency):
    api = api_for(collector)
    told = {"debtor": paulista.pk, "channel": "call"}

    first = api.post(f"{API}/contact-attempts/", told, HTTP_IDEMPOTENCY_KEY="a1")
    again = api.post(f"{API}/contact-attempts/", told, HTTP_IDEMPOTENCY_KEY="a1")

    assert first.json() == again.json()
    with scope(agency=agency):
        assert ContactAttempt.objects.count() == 1


def test_an_attempt_on_somebody_elses_phone_or_debtor(
    api_for, collector, stranger, paulista, agency
):
    with scope(agency=agency):
        other = factories.make_debtor(agency)
        phone = Phone.objects.create(agency=agency, debtor=other, number="11988887770")
    told = {"debtor": paulista.pk, "channel": "call"}

    assert "phone" in errors(
        api_for(collector).post(f"{API}/contact-attempts/", told | {"phone": phone.pk})
    )
    assert "debtor" in errors(api_for(stranger).post(f"{API}/contact-attempts/", told))


def test_an_auditor_asks_for_no_attempt(api_for, auditor, paulista):
    told = {"debtor": paulista.pk, "channel": "call"}

    refusal(api_for(auditor).post(f"{API}/contact-attempts/", told), 403)


def test_a_block_is_added_and_lifted(api_for, collector, paulista, agency):
    api = api_for(collector)
    told = {"debtor": paulista.pk, "scope": "general", "source": "lawyer"}

    made = api.post(f"{API}/contact-blocks/", told)
    row = made.json()
    assert (made.status_code, row["starts_on"]) == (201, "2026-03-10")
    assert "reason" in errors(api.post(f"{API}/contact-blocks/{row['id']}/lift/", {}))

    lifted = api.post(f"{API}/contact-blocks/{row['id']}/lift/", {"reason": "Fim do mandato"})

    assert lifted.json()["lifted_by"] == collector.pk
    assert ids(api, f"{API}/contact-blocks/", is_lifted="false") == []
    assert ids(api, f"{API}/contact-blocks/", is_lifted="true") == [row["id"]]
    with scope(agency=agency):
        assert ContactBlock.objects.get().lifted_at == NOW


def test_a_stranger_lifts_nothing(api_for, collector, stranger, paulista):
    told = {"debtor": paulista.pk, "scope": "general", "source": "lawyer"}
    row = api_for(collector).post(f"{API}/contact-blocks/", told).json()

    lift = f"{API}/contact-blocks/{row['id']}/lift/"
    refusal(api_for(stranger).post(lift, {"reason": "x"}), 404)
    assert ids(api_for(stranger), f"{API}/contact-blocks/") == []


def test_what_makes_no_sense_is_told_at_its_field(api_for, collector, paulista):
    told = {"debtor": paulista.pk, "scope": "general", "source": "lawyer", "ends_on": "2026-01-01"}

    assert "ends_on" in errors(api_for(collector).post(f"{API}/contact-blocks/", told))


def test_lists_take_as_many_queries_for_many(api_for, collector, paulista, agency):
    def add() -> None:
        with scope(agency=agency):
            ContactBlock.objects.create(
                agency=agency, debtor=paulista, scope="sms", source="debtor",
                starts_on=date(2026, 1, 1),
            )  # fmt: skip
            ContactAttempt.objects.create(
                agency=agency, debtor=paulista, channel="call", at=NOW, is_allowed=True
            )

    api = api_for(collector)
    assert_queries_stay(api, f"{API}/contact-blocks/", add)
    assert_queries_stay(api, f"{API}/contact-attempts/", add)
