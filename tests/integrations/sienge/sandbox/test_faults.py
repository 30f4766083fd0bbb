"""Each fault does what its name says, to the calls it is meant for."""

import json
import time

import pytest
import requests

BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.mark.parametrize("status", ["401", "403", "404", "429", "500", "503"])
def test_an_error_status_comes_with_the_standard_body(api, status):
    api.fault(status, path="/companies")

    answer = api.get("/companies")

    assert answer.status_code == int(status)
    assert answer.json()["status"] == int(status)
    assert "Retry-After" not in answer.headers
    assert api.get("/customers/3431").status_code == 200


def test_a_404_page_is_html(api):
    api.fault("404-html")

    answer = api.get("/companies")

    assert answer.status_code == 404
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_429_may_say_when_to_come_back_and_that_the_day_is_over(api):
    api.fault("429", retry_after=7, daily=True)

    headers = api.get("/companies").headers

    assert headers["Retry-After"] == "7"
    assert headers["x-ratelimit-remaining-day"] == "0"


def test_a_fault_may_hit_only_some_calls(api):
    api.fault("500", path="/companies$", nth=[2, 3])
    assert [api.get("/companies").status_code for _ in range(4)] == [200, 500, 500, 200]

    api.control("faults", method="DELETE")
    api.fault("500", path="/companies$", count=2)
    assert [api.get("/companies").status_code for _ in range(4)] == [500, 500, 200, 200]


def test_a_fault_may_happen_by_chance_the_same_way_each_time(make_api):
    def statuses():
        api = make_api()
        api.fault("500", probability="0.5")
        return [api.get("/companies").status_code for _ in range(20)]

    first = statuses()

    assert set(first) == {200, 500}
    assert statuses() == first


def test_a_fault_may_hit_one_method_or_one_page(api):
    api.fault("500", path="/customers", method="PUT")
    api.fault("503", path="/customers", offset=5)

    assert api.get("/customers").status_code == 200
    assert api.get("/customers", offset=5).status_code == 503
    assert api.ask("PUT", "/customers/3431/phones", json={}).status_code == 500


def test_a_slow_answer_arrives(api):
    api.fault("slow", seconds=0.15)
    start = time.monotonic()

    assert api.get("/companies").status_code == 200
    assert time.monotonic() - start >= 0.15


def test_a_hanging_answer_stops_after_its_headers(api):
    api.fault("hang", seconds=30)

    with api.http.get(f"{api.rest}/companies", stream=True, timeout=0.2) as answer:
        assert answer.status_code == 200
        with pytest.raises(requests.ConnectionError):
            next(answer.iter_content(1))


def test_stopping_ends_a_hanging_answer(api):
    api.fault("hang", seconds=30)
    with api.http.get(f"{api.rest}/companies", stream=True, timeout=5):
        start = time.monotonic()
        api.running.stop()

        assert time.monotonic() - start < 5


def test_a_connection_may_be_cut_before_the_headers(api):
    api.fault("cut-before-headers", count=1)

    with pytest.raises(requests.ConnectionError):
        api.get("/companies")
    assert api.get("/companies").status_code == 200


def test_a_page_may_be_cut_in_the_middle(api):
    api.fault("cut-body")

    with pytest.raises(BROKEN):
        api.get("/customers")


def test_a_stream_may_be_cut_after_some_items(api):
    api.fault("cut-body", path="/income", item=3)
    received = []
    query = {"billsIds": "5600"}

    with api.http.get(
        f"{api.bulk}/income/by-bills", params=query, stream=True, timeout=5
    ) as answer:
        parts = answer.iter_content(512)
        with pytest.raises(BROKEN):
            received.extend(parts)

    assert b"".join(received).count(b'"installmentNumber"') == 3


def test_truncated_json_comes_with_the_right_length(api):
    api.fault("truncated")

    answer = api.get("/customers")

    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["Content-Length"])
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_stream_may_end_early_and_well_formed(api):
    api.fault("truncated", item=2)

    answer = api.ask_bulk("/income/by-bills", billsIds="5600")

    assert answer.status_code == 200
    assert len(json.loads(answer.text + "]}")["data"]) == 2


def test_a_stream_may_end_with_an_error_element(api):
    api.fault("api-error", item=2)

    items = api.data("/income/by-bills", billsIds="5600")

    assert len(items) == 3
    assert set(items[-1]) == {"api-error"}


def test_an_answer_may_be_empty_or_a_page(api):
    api.fault("empty", path="/companies")
    api.fault("html", path="/customers")

    assert (api.get("/companies").status_code, api.get("/companies").content) == (200, b"")
    page = api.get("/customers")
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("value", ["R$ 1.000,00", None, "0000-00-00", {"a": 1}])
def test_a_field_may_have_a_wrong_type(api, value):
    api.fault("wrong-type", path="installments", field="balanceDue", value=value, item=1)

    rows = api.rows("/accounts-receivable/receivable-bills/5600/installments")

    assert rows[1]["balanceDue"] == value
    assert rows[2]["balanceDue"] == 1000


def test_a_field_may_be_missing(api):
    api.fault("wrong-type", path="/customers", field="id", missing=True)

    assert all("id" not in row for row in api.rows("/customers"))
    assert "id" not in api.get("/customers/3431").json()


def test_a_nested_field_of_a_streamed_item_may_be_wrong(api):
    api.fault("wrong-type", path="/income", field="receipts.0.netAmount", value="abc", item=0)

    items = api.data("/income/by-bills", billsIds="5600")

    assert items[0]["receipts"][0]["netAmount"] == "abc"
    assert items[0]["originalAmount"] == 7000
    assert len(items) == 38


def test_rows_may_be_repeated_across_pages(api):
    whole = [row["id"] for row in api.rows("/customers", limit=200)]
    api.fault("duplicate-rows", path="/customers", rows=2)

    first = api.rows("/customers", limit=5)
    page = api.get("/customers", limit=5, offset=5).json()

    assert [row["id"] for row in first] == whole[:5]
    assert [row["id"] for row in page["results"]] == whole[3:8]
    assert page["resultSetMetadata"]["offset"] == 5


def test_a_row_may_be_missing_from_a_page_while_the_count_says_more(api):
    honest = api.get("/customers", limit=5).json()
    api.fault("missing-row", path="/customers", item=1)

    page = api.get("/customers", limit=5).json()

    assert page["resultSetMetadata"] == honest["resultSetMetadata"]
    assert [row["id"] for row in page["results"]] == [
        row["id"] for position, row in enumerate(honest["results"]) if position != 1
    ]


def test_an_item_may_be_missing_from_a_stream(api):
    api.fault("missing-row", path="/income", item=2, rows=3)

    numbers = [row["installmentId"] for row in api.data("/income/by-bills", billsIds="5600")]

    assert numbers == [1, 2, *range(6, 39)]


def test_the_count_may_change_between_pages(api):
    count = api.get("/customers").json()["resultSetMetadata"]["count"]
    api.fault("count-drift", path="/customers", delta=-1)

    counts = [api.get("/customers").json()["resultSetMetadata"]["count"] for _ in range(3)]

    assert counts == [count - 1, count - 2, count - 3]


def test_a_write_may_be_applied_although_the_connection_is_cut(api):
    api.fault("reset-after-apply", method="POST")
    hook = {"url": "https://cobranca.example/x", "events": ["RECEIPT_PROCESSED"]}

    with pytest.raises(requests.ConnectionError):
        api.ask("POST", "/hooks", json=hook)

    assert [row["url"] for row in api.rows("/hooks")] == [hook["url"]]


def test_the_faults_switched_on_are_listed_and_switched_off(api):
    api.fault("500", path="/companies")
    api.fault("slow", path="/nada")
    api.get("/companies")

    listed = api.control("faults")["faults"]

    assert [(row["kind"], row["seen"], row["fired"]) for row in listed] == [
        ("500", 1, 1),
        ("slow", 0, 0),
    ]
    assert api.control(f"faults/{listed[0]['id']}", method="DELETE") == {"removed": 1}
    assert api.get("/companies").status_code == 200
    assert api.control("faults", method="DELETE") == {"removed": 1}


@pytest.mark.parametrize(
    "wanted", [{"kind": "nada"}, {"kind": "500", "path": "("}, {"kind": "500", "nht": 2}, {}]
)
def test_an_impossible_fault_is_refused_with_the_reason(api, wanted):
    assert api.control("faults", wanted)["reason"]
    assert api.control("faults")["faults"] == []


def test_the_control_api_is_never_faulted(api):
    api.fault("500")

    assert api.control("state")["sandbox"] == "sienge"
