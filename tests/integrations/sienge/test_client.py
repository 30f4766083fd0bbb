"""The client against a real server: endpoints, envelopes, and lists that move while read."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from integrations.core.calls import BULK
from integrations.core.errors import ConfigError, PermanentError, RetryableError
from integrations.sienge.paging import Position, list_all, read_list
from tests.integrations.answering import Answer
from tests.integrations.sienge.samples import load


@pytest.fixture
def client(connect):
    return connect()._client


def customers(count):
    return [{"id": number, "name": f"CLIENTE {number}"} for number in range(count, 0, -1)]


def encoded(body):
    return msgspec.json.Encoder(decimal_format="number").encode(body)


def read(client, position=None):
    """Return the ids of all customers, as a reader that forgets what restarts would have them."""
    found: list[int] = []
    for step in read_list(client.customers, lambda row: row.id, position or Position()):
        found = [] if step.restarts else found
        found += [row.value.id for row in step.rows if row.value]
    return found


# --- endpoints ------------------------------------------------------------------------------------


def test_each_list_is_asked_as_documented(client, sienge):
    sienge.lists["companies"] = [load("companies")]

    client.companies()
    client.enterprises("17")
    client.cost_centers()
    client.customers(200, date(2026, 11, 17))
    client.sales_contracts("17", 0, date(2026, 11, 17))
    client.units(0, "42")
    client.payment_condition_types()
    client.document_identifications()
    client.indexers()

    asked = [(a.path.removeprefix("/x/public/api/v1"), a.query) for a in sienge.server.asked]
    page = {"limit": "200", "offset": "0"}
    assert asked == [
        ("/companies", page),
        ("/enterprises", {"companyId": "17", **page}),
        ("/cost-centers", page),
        (
            "/customers",
            {"onlyActive": "false", "modifiedAfter": "2026-11-17", **page, "offset": "200"},
        ),
        ("/sales-contracts", {"companyId": "17", "modifiedAfter": "2026-11-17", **page}),
        ("/units", {"enterpriseId": "42", **page}),
        ("/payment-condition-types", page),
        ("/document-identifications", page),
        ("/indexers", page),
    ]


def test_the_bulk_answers_are_asked_beside_the_rest_ones(client, sienge):
    list(client.income("17"))
    list(client.extract_history("17", date(2026, 11, 17)))

    income, extract = sienge.server.asked
    assert income.path == "/x/public/api/bulk-data/v1/income"
    assert income.query == {
        "startDate": "1990-01-01",
        "endDate": "2100-12-31",
        "selectionType": "D",
        "companyId": "17",
        "completedBills": "S",
    }
    assert extract.path == "/x/public/api/bulk-data/v1/customer-extract-history"
    assert extract.query == {
        "startDueDate": "1990-01-01",
        "endDueDate": "2100-12-31",
        "companyId": "17",
        "changeStartDate": "2026-11-17",
    }


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_a_single_resource_may_come_bare_or_wrapped(client, sienge, is_wrapped):
    row = load("customer")
    body = {"resultSetMetadata": {"count": 1}, "results": [row]} if is_wrapped else row
    sienge.faults.append(lambda _: Answer(body=encoded(body)))

    found = client.customer("3431")

    assert found.value.name == "MARIA EXEMPLO DA SILVA"


def test_a_single_resource_may_not_exist(client, sienge):
    assert client.customer("9") is None
    sienge.faults.append(lambda _: Answer(body={"results": []}))
    assert client.unit("9") is None
    assert client.sales_contract("9") is None


@pytest.mark.parametrize(
    "body",
    [
        {"results": [{"id": 1}]},
        {"resultSetMetadata": {"count": "1", "limit": None}, "results": [{"id": 1}]},
        {"results": {"id": 1}, "more": True},
        [{"id": 1}],
    ],
)
def test_a_list_may_come_in_several_shapes(client, sienge, body):
    empty = Answer(body={"results": []})
    sienge.faults.append(lambda asked: Answer(body=body) if asked.query["offset"] == "0" else empty)

    rows = list_all(client.companies, lambda row: row.id)

    assert [row.value.id for row in rows] == [1]


@pytest.mark.parametrize("body", [{}, {"status": 400}, "texto", 7, {"results": 7}])
def test_an_answer_without_rows_is_no_empty_list(client, sienge, body):
    sienge.faults.append(lambda _: Answer(body=encoded(body)))

    with pytest.raises(RetryableError):
        client.customers()


def test_nothing_found_is_an_empty_list(client, sienge):
    sienge.faults.append(lambda _: Answer(404, {"status": 404, "clientMessage": "Nada"}))

    assert read(client) == []
    assert list(client.income("17")) == []


def test_a_bulk_path_that_does_not_exist_is_a_wrong_address(client, sienge):
    sienge.faults.append(lambda _: Answer(404, b"<html></html>"))

    with pytest.raises(ConfigError):
        list(client.income("17"))


def test_a_bad_row_does_not_spoil_its_page(client, sienge):
    sienge.lists["customers"] = [{"id": 1}, {"id": 2, "phones": "48"}, {"id": 3}]

    rows = client.customers().rows

    assert [row.problem for row in rows] == ["", "Campo phones inválido.", ""]


def test_amounts_stay_exact_on_their_way(client, sienge):
    sienge.bulk["income"] = [{**load("income"), "balanceAmount": Decimal("341233.7699999997")}]

    (row,) = client.income("17")

    assert row.value.balance_amount == Decimal("341233.7699999997")


@pytest.mark.parametrize("status", [200, 400, 404, 422])
def test_a_probe_only_wants_to_be_let_in(client, sienge, status):
    sienge.faults.append(lambda _: Answer(status, b"" if status == 200 else {"status": status}))

    if status in (400, 422):
        with pytest.raises(PermanentError):
            client.probe("/customers", "Clientes", {})
    else:
        client.probe("/income", "Parcelas", {}, BULK)
    assert len(sienge.server.asked) == 1


# --- lists that move ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "page"),
    [(n, size) for n in (0, 1, 7, 14) for size in (1, 7, 200)]
    + [(n, size) for n in (200, 201) for size in (100, 200, 1_000)],
)
def test_a_list_is_read_to_its_end_whatever_the_size_of_its_pages(client, sienge, page, count):
    sienge.page = page
    sienge.lists["customers"] = customers(count)

    assert read(client) == list(range(count, 0, -1))


@pytest.mark.parametrize(
    "metadata",
    [None, {}, {"offset": 0}, {"limit": 3}, {"count": 7}, {"count": "7", "limit": "200"}],
    ids=str,
)
def test_a_list_is_read_to_its_end_whatever_it_tells_of_itself(client, sienge, metadata):
    rows = customers(7)

    def answer(asked):
        offset = int(asked.query["offset"])
        body = {"results": rows[offset : offset + 3]}
        return Answer(body=body if metadata is None else {"resultSetMetadata": metadata, **body})

    sienge.faults.append(answer)

    assert read(client) == [7, 6, 5, 4, 3, 2, 1]


def test_a_list_that_ignores_paging_is_read_once(client, sienge):
    sienge.faults.append(lambda _: Answer(body=customers(3)))

    assert read(client) == [3, 2, 1]


def test_reading_goes_on_from_a_position(client, sienge):
    sienge.page = 2
    sienge.lists["customers"] = customers(5)
    steps = read_list(client.customers, lambda row: row.id, Position())
    next(steps)
    cursor = next(steps).position.as_cursor()

    assert read(client, Position.from_cursor(cursor)) == [1]
    assert sienge.calls == ["customers", "customers@2", "customers@4"]


def moved(change):
    """Return a fault that changes the list once, right before its second page is answered."""
    done: list[bool] = []

    def fault(asked):
        if asked.query["offset"] == "2" and not done:
            done.append(True)
            change()

    return fault


@pytest.mark.parametrize("what", ["included", "removed", "swapped"])
def test_a_list_that_changed_while_read_is_read_again(client, sienge, what):
    sienge.page = 2
    rows = sienge.lists["customers"] = customers(5)

    def change():
        if what in ("included", "swapped"):
            rows.insert(0, {"id": 6})
        if what in ("removed", "swapped"):
            rows.pop()

    sienge.faults.append(moved(change))

    assert read(client) == [row["id"] for row in rows]


@pytest.mark.parametrize("drift", [1, -1])
def test_a_list_that_never_stands_still_was_not_read_whole(client, sienge, drift):
    counts = iter(range(50, 50 + drift * 100, drift))
    sienge.faults.append(
        lambda asked: Answer(
            body={
                "resultSetMetadata": {"count": next(counts), "limit": 2},
                "results": customers(50)[int(asked.query["offset"]) :][:2],
            }
        )
    )

    with pytest.raises(RetryableError, match="mudou"):
        read(client)


@pytest.mark.parametrize(("rows", "count"), [(3, 5), (5, 3), (0, 4)])
def test_a_count_that_does_not_add_up_is_never_a_whole_list(client, sienge, rows, count):
    body = {"resultSetMetadata": {"count": count, "limit": 200}, "results": customers(rows)}
    empty = {**body, "results": []}
    sienge.faults.append(lambda a: Answer(body=body if a.query["offset"] == "0" else empty))

    with pytest.raises(RetryableError):
        read(client)


def test_a_row_told_twice_is_noticed_across_a_crash(client, sienge):
    sienge.page = 2
    sienge.lists["customers"] = customers(4)
    cursor = next(read_list(client.customers, lambda row: row.id, Position())).position.as_cursor()
    sienge.lists["customers"] = [{"id": 9}, *customers(4)[:3]]

    assert read(client, Position.from_cursor(cursor)) == [9, 4, 3, 2]
