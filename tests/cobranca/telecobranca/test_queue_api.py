"""The queue through the API."""

import pytest
from django_scopes import scope

from cobranca.dunning import contact_law
from cobranca.telecobranca.models import WorkQueue
from tests import factories
from tests.api import assert_queries_stay, errors, refusal
from tests.cobranca.telecobranca.queueing import AT, make_owing, make_queue, ranked, set_clock

pytestmark = pytest.mark.django_db
QUEUES, QUEUE = "/api/v1/work-queues/", "/api/v1/queue/"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(contact_law, "open_places", lambda at: ["SP-SP"])
    set_clock(monkeypatch, AT)


@pytest.fixture
def two(agency):
    with scope(agency=agency):
        make_queue(agency, rules={"total": (100, 1000)})
        made = [make_owing(agency, total=total) for total in ("900", "500")]
        ranked(agency)
    return made


def test_a_collector_draws_renews_asks_why_and_gives_back(api_for, collector, two):
    api = api_for(collector)
    assert api.get(QUEUE).json() == {
        "size": 2, "is_more": False, "held": None, "held_until": None,
    }  # fmt: skip

    drawn = api.post(f"{QUEUE}next/").json()["drawn"]
    assert (drawn["debtor"], drawn["queue_name"]) == (two[0].pk, "Geral")
    assert api.get(QUEUE).json()["held"] == two[0].pk
    told = {"debtor": two[0].pk}
    assert api.post(f"{QUEUE}renew/", told, format="json").json()["held_until"]
    why = api.get(f"{QUEUE}why/", told).json()
    assert (why["points"], why["held_by"]) == ("90.000", collector.pk)
    assert api.post(f"{QUEUE}release/", told, format="json").json()["is_released"] is True
    assert api.post(f"{QUEUE}release/", told, format="json").json()["is_released"] is False


def test_an_empty_queue_gives_null(api_for, collector):
    assert api_for(collector).post(f"{QUEUE}next/").json() == {"drawn": None}


def test_a_queue_is_made_changed_tried_and_deleted(api_for, implementer, agency, two, creditor):
    api = api_for(implementer)
    rule = {"by": "days_late", "weight": 10}
    body = {"name": "Nova", "creditors": [creditor.pk], "ordering": [rule], "position": 5}

    assert api.post(f"{QUEUES}preview/", body, format="json").json() == {"count": 0, "first": []}
    made = api.post(QUEUES, body, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["ordering"] == [{**rule, "full": 180}]
    one = f"{QUEUES}{made.json()['id']}/"
    assert api.patch(one, {"creditors": []}, format="json").json()["creditors"] == []
    assert api.post(f"{QUEUES}rank/").json() == {"changed": 2}
    found = api.post(f"{QUEUES}preview/", {"name": "Sem nome", "position": 1}, format="json")
    assert found.json()["count"] == 2
    assert found.json()["first"][0]["debtor"] in {two[0].pk, two[1].pk}
    assert api.delete(one).status_code == 204
    with scope(agency=agency):
        assert WorkQueue.objects.count() == 1


def test_nonsense_is_refused_at_its_field(api_for, implementer, two):
    api = api_for(implementer)

    twice = {"name": "X", "ordering": [{"by": "total", "weight": 1}, {"by": "total", "weight": 2}]}
    assert "ordering" in errors(api.post(QUEUES, twice, format="json"))
    odd = {"name": "X", "min_total": "10", "max_total": "1"}
    assert "max_total" in errors(api.post(QUEUES, odd, format="json"))
    assert "name" in errors(api.post(QUEUES, {"name": "Geral"}, format="json"))
    assert "debtor" in errors(api.get(f"{QUEUE}why/"))


def test_what_each_role_may(api_for, collector, auditor, two):
    refusal(api_for(collector).post(f"{QUEUES}rank/"), 403)
    refusal(api_for(collector).get(QUEUES), 403)
    refusal(api_for(auditor).post(f"{QUEUE}next/"), 403)


def test_another_agencys_are_not_found(api_for, stranger, agency, two):
    api = api_for(stranger)
    with scope(agency=agency):
        key = WorkQueue.objects.get().pk

    refusal(api.get(f"{QUEUES}{key}/"), 404)
    refusal(api.get(f"{QUEUE}why/", {"debtor": two[0].pk}), 404)
    assert "debtor" in errors(api.post(f"{QUEUE}release/", {"debtor": two[0].pk}, format="json"))
    assert api.post(f"{QUEUE}next/").json() == {"drawn": None}


def test_the_list_takes_as_many_queries_for_five(api_for, implementer, agency):
    def add() -> None:
        with scope(agency=agency):
            make_queue(agency, f"F{factories.next_number()}")

    assert_queries_stay(api_for(implementer), QUEUES, add)
