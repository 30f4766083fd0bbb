"""Lists: the envelope, the bounds of a page, and the order."""

import pytest


def walk(api, path, limit, **query):
    rows, offset, count = [], 0, 1
    while offset < count:
        page = api.get(path, limit=limit, offset=offset, **query).json()
        assert page["resultSetMetadata"] == {
            "count": page["resultSetMetadata"]["count"],
            "offset": offset,
            "limit": limit,
        }
        count = page["resultSetMetadata"]["count"]
        rows += page["results"]
        offset += limit
    return rows


@pytest.mark.parametrize("path", ["/customers", "/sales-contracts", "/units", "/enterprises"])
def test_walking_the_pages_finds_every_row_once(reading, path):
    ids = [row["id"] for row in walk(reading, path, 7)]

    assert len(ids) == len(set(ids))
    assert len(ids) == reading.get(path, limit=1).json()["resultSetMetadata"]["count"]


def test_a_page_has_a_hundred_rows_unless_asked(reading):
    page = reading.get("/units").json()

    assert page["resultSetMetadata"]["limit"] == 100
    assert page["resultSetMetadata"]["offset"] == 0


@pytest.mark.parametrize(
    "query",
    [{"limit": 201}, {"limit": 0}, {"limit": -1}, {"offset": -1}, {"limit": "x"}, {"offset": "y"}],
)
def test_a_page_beyond_the_bounds_is_answered_400(reading, query):
    answer = reading.get("/customers", **query)

    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_a_page_of_two_hundred_is_the_largest(reading):
    assert reading.get("/customers", limit=200).status_code == 200


def test_an_offset_beyond_the_end_gives_an_empty_page(reading):
    page = reading.get("/companies", offset=50).json()

    assert page["results"] == []
    assert page["resultSetMetadata"]["count"] == 3


def test_customers_come_newest_registration_first(reading):
    created = [row["createdAt"] for row in reading.rows("/customers", limit=200)]

    assert created == sorted(created, reverse=True)


def test_contracts_come_highest_id_first(reading):
    ids = [row["id"] for row in reading.rows("/sales-contracts", limit=200)]

    assert ids == sorted(ids, reverse=True)


@pytest.mark.parametrize("path", ["/companies", "/cost-centers"])
def test_companies_and_cost_centres_come_by_id(reading, path):
    ids = [row["id"] for row in reading.rows(path)]

    assert ids == sorted(ids)


def test_renegotiations_ignore_the_limit(api):
    api.act("renegotiate", bill=5600)

    page = api.get("/remade-installments", limit=1).json()

    assert page["resultSetMetadata"]["count"] == len(page["results"]) > 1


def test_a_search_that_finds_nothing_may_be_a_404(api):
    assert api.rows("/customers", cpf="00000000000") == []

    api.configure(switches={"empty_searches_404": True})

    assert api.get("/customers", cpf="00000000000").status_code == 404


def test_a_single_object_may_come_wrapped(api):
    api.configure(switches={"wrap_single": True})

    page = api.get("/companies/17").json()

    assert page["resultSetMetadata"] == {"count": 1, "offset": 0, "limit": 1}
    assert page["results"][0]["id"] == 17
