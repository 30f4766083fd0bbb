"""Boards and their lists over REST: the figures and filters of the screen."""

from decimal import Decimal

import pytest

from cobranca.reports.boards import BY_NAME
from cobranca.reports.facts import FACTS

YEAR = {"start": "2026-01-01", "end": "2026-12-31"}
BASE = "/api/v1/dashboards/"


@pytest.fixture
def api(api_for, supervisor):
    return api_for(supervisor)


def test_the_boards_there_are_are_listed_with_their_filters(api):
    told = api.get(BASE).json()["results"]

    assert [each["name"] for each in told] == list(BY_NAME)
    assert told[0]["filters"] == ["branch", "creditor"]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_board_answers(api, book, name):
    answer = api.get(f"{BASE}{name}/")

    assert answer.status_code == 200
    assert answer.json()["summary"]
    assert {figure["kind"] for figure in answer.json()["figures"]} <= {"whole", "money", "percent"}


def test_money_is_exact_text_and_filters_narrow_it(api, book):
    whole = api.get(f"{BASE}recovery/", YEAR).json()
    parts = [
        api.get(f"{BASE}recovery/", {**YEAR, "creditor": creditor.pk}).json()
        for creditor in book.creditors
    ]

    def received(told):
        return Decimal(next(f["value"] for f in told["figures"] if f["key"] == "received"))

    assert isinstance(whole["figures"][0]["value"], str)
    assert received(whole) == sum(map(received, parts)) > 0
    assert whole["filters"]["start"] == "2026-01-01"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"start": "2026-02-01", "end": "2026-01-01"}, "end"),
        ({"start": "amanhã"}, "start"),
        ({"creditor": "999999"}, "creditor"),
        ({"step": "day"}, "step"),
        ({"strange": "1"}, "strange"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(api, book, query, field):
    answer = api.get(f"{BASE}recovery/", query)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_filter_that_means_nothing_to_a_board_is_refused(api, book):
    answer = api.get(f"{BASE}aging/", {"team": book.teams[0].pk})

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"team": ["Este painel não tem este filtro."]}


def test_another_agencys_creditor_is_no_choice(api, book, api_for, stranger):
    answer = api_for(stranger).get(f"{BASE}aging/", {"creditor": book.creditors[0].pk})

    assert answer.status_code == 400


@pytest.mark.parametrize("listing", FACTS)
def test_a_list_pages_by_key_to_its_end(api, book, listing):
    query = {"page_size": 5} | ({} if FACTS[listing].is_of_now else YEAR)
    url, keys = f"{BASE}lists/{listing}/", []
    answer = api.get(url, query).json()
    while True:
        keys += [row["key"] for row in answer["results"]]
        if not answer["next"]:
            break
        answer = api.get(answer["next"]).json()

    assert len(keys) == len(set(keys)) > 0


def test_a_list_is_narrowed_as_on_the_screen(api, book):
    kept = api.get(f"{BASE}lists/promessas/", {**YEAR, "status": "kept", "page_size": 500}).json()
    wrong = api.get(f"{BASE}lists/promessas/", {**YEAR, "band": "0"})

    assert len(kept["results"]) == sum(p.status == "kept" for p in book.promises)
    assert wrong.status_code == 400


def test_collectors_have_their_own_board_and_no_other(api_for, book):
    bianca = api_for(book.collectors[0])

    own = bianca.get(f"{BASE}mine/", YEAR)

    contacts = next(f["value"] for f in own.json()["figures"] if f["key"] == "contacts")
    assert contacts == sum(c.actor_id == book.collectors[0].pk for c in book.contacts)
    assert bianca.get(f"{BASE}effectiveness/").status_code == 403
    assert bianca.get(f"{BASE}lists/promessas/").status_code == 403
    assert bianca.get(BASE).status_code == 403
