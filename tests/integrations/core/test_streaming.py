"""Long answers, cut at every byte: all of the rows or an error, never some of them."""

import tracemalloc
from decimal import Decimal
from itertools import chain

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.core.errors import PermanentError, RetryableError
from integrations.core.streaming import LONGEST_VALUE, stream_rows


class Thing(msgspec.Struct, rename="camel"):
    bill_id: int | str | None = None
    amount: Decimal | None = None
    name: str | None = None


DECODER = msgspec.json.Decoder(Thing)
# Everything that could mislead a scanner: brackets, quotes and escapes in text, nested rows.
WHOLE = (
    '{ "version":1.5 ,"meta":{"data":[{"billId":9}]},\n "data" : [\r\n'
    ' {"billId": 1, "amount": 1234.10, "name": "a \\"}],[{ \\\\"},'
    '{"name":"São João \\u00e9 😀","billId":"2","rows":[{"billId":3},{"billId":4}]}\t,\n'
    ' {}, {"billId":5,"amount":-0.5e1} ] , "more": null }  \n'
).encode()
ROWS = [
    Thing(1, Decimal("1234.10"), 'a "}],[{ \\'),
    Thing("2", None, "São João é 😀"),
    Thing(),
    Thing(5, Decimal("-5")),
]


def read(*blocks: bytes) -> list[Thing | None]:
    return [row.value for row in stream_rows(blocks, DECODER)]


@pytest.mark.parametrize("cut", range(len(WHOLE) + 1))
def test_rows_do_not_depend_on_where_the_answer_is_cut_into_blocks(cut):
    assert read(WHOLE[:cut], WHOLE[cut:]) == ROWS


def test_an_answer_may_come_byte_by_byte():
    assert read(*(bytes([byte]) for byte in WHOLE)) == ROWS


@pytest.mark.parametrize("length", range(len(WHOLE.rstrip())))
def test_an_answer_that_ends_early_is_an_error(length):
    with pytest.raises(RetryableError):
        read(WHOLE[:length])


@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"billId": st.integers(0, 10**9), "name": st.text(max_size=8)},
            optional={"other": st.recursive(st.none() | st.text(max_size=4), st.lists)},
        ),
        max_size=6,
    ),
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=30),
    indent=st.booleans(),
)
def test_any_rows_in_any_blocks_come_out_as_they_went_in(rows, sizes, indent):
    body = msgspec.json.encode({"data": rows})
    body = msgspec.json.format(body, indent=2) if indent else body
    blocks, at = [], 0
    for size in sizes:
        blocks.append(body[at : at + size])
        at += size

    found = read(*blocks, body[at:])

    assert [(thing.bill_id, thing.name) for thing in found] == [
        (row["billId"], row["name"]) for row in rows
    ]


@pytest.mark.parametrize("body", [b'{"data":[]}', b' {"data": [ ] } ', b'{"a":1,"data":[],"b":2}'])
def test_no_rows_is_an_answer(body):
    assert read(body) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html><body>manuten\xc3\xa7\xc3\xa3o</body></html>",
        b"Internal error",
        b'{"data":[{"billId":1}]} {"data":[]}',
        b'{"data":[{"billId":1}]}x',
        b'{"data":[{"billId":1} {"billId":2}]}',
        b'{"data":[{"billId":1},]}',
        b'{"data":[{"billId":1]}}',
        b'{"data":[[[{]]]}',
        b'{"data":[' + b"[" * 100_000,
    ],
)
def test_what_is_not_json_is_an_error_to_try_again(body):
    with pytest.raises(RetryableError):
        read(body)


@pytest.mark.parametrize(
    "body",
    [b"[]", b'[{"billId":1}]', b"{}", b'{"results":[]}', b'{"data":null}', b'{"data":{"billId":1}}',
     b'{"data":[],"data":[]}', b'{"status":400,"clientMessage":"x"}'],
)  # fmt: skip
def test_an_unknown_shape_is_an_error_and_not_an_empty_list(body):
    with pytest.raises(PermanentError):
        read(body)


@pytest.mark.parametrize(
    "end",
    [
        b',{"api-error":"Falha"}]}',
        b',{"apiError":{"status":500}}]}',
        b',{"api_error":null}]}',
        b',"api-error"]}',
        b'],"api-error":{"status":500}}',
    ],
)
def test_an_answer_that_tells_of_its_own_failure_is_an_error(end):
    with pytest.raises(RetryableError, match="interrompeu"):
        read(b'{"data":[{"billId":1}' + end)


def test_a_customer_may_be_called_like_a_failure():
    (thing,) = read(b'{"data":[{"name":"api-error","billId":1}]}')

    assert thing.name == "api-error"


def test_a_row_that_does_not_fit_names_its_field_and_not_its_value():
    body = b'{"data":[{"billId":1},{"billId":[52998224725]},{"amount":"x"},{"billId":4}]}'

    rows = list(stream_rows([body], DECODER))

    assert [row.value and row.value.bill_id for row in rows] == [1, None, None, 4]
    assert [row.problem for row in rows[1:3]] == [
        "Campo billId inválido.",
        "Campo amount inválido.",
    ]
    assert rows[1].plain() == {"billId": [52998224725]}


@pytest.mark.parametrize(
    "bad",
    [
        b"7",
        b'"text"',
        b"null",
        b'{"name":"half an emoji \\ud83d"}',
        b'{"name":"\xff"}',
        b'{"amount":NaN}',
    ],
)
def test_a_row_that_is_no_row_is_handed_out_as_a_bad_one(bad):
    for body in (b'{"data":[{"billId":2},' + bad + b"]}", b'{"data":[' + bad + b',{"billId":2}]}'):
        rows = sorted(stream_rows([body], DECODER), key=lambda row: row.value is None)

        assert rows[0].value == Thing(2)
        assert rows[1].value is None
        assert rows[1].problem


def test_a_bad_row_is_shown_exactly_and_fits_a_json_column():
    body = b'{"data":[{"billId":[],"amount":1234.10,"name":"a\\u0000b"}]}'

    (row,) = stream_rows([body], DECODER)

    assert row.plain() == {"billId": [], "amount": "1234.10", "name": "ab"}


def test_a_row_without_an_end_is_not_waited_for():
    endless = (b"x" * 2**20 for _ in range(4 * LONGEST_VALUE // 2**20))

    with pytest.raises(RetryableError):
        list(stream_rows(chain([b'{"data":[{"name":"'], endless), DECODER))

    assert next(endless, None) is not None


def test_memory_does_not_grow_with_the_answer():
    row = b'{"billId":1,"name":"' + b"x" * 1500 + b'"}'
    blocks = (b'{"data":[' if not n else b"," * (n > 1) + row for n in range(20_001))
    tracemalloc.start()

    count = sum(row.value is not None for row in stream_rows(chain(blocks, [b"]}"]), DECODER))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 20_000
    assert peak < 4 * 2**20
