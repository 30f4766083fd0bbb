"""Deliveries as Sienge sends them, understood (reference 3.1 to 3.4)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.core.connector import Announcement
from integrations.sienge.config import webhook_days
from integrations.sienge.parameters import WEBHOOK_RETENTION_DAYS
from integrations.sienge.webhooks import read_webhook
from tests import factories

HEADERS = {
    "x-sienge-tenant": "minhaempresa",
    "x-sienge-event": "RECEIPT_PROCESSED",
    "x-sienge-hook-id": "caa132c2-6473-4ec4-8756-b3baa9c3c4c4",
    "x-sienge-id": "0f4f6a7e-0000-4000-8000-000000000042",
}


def read(event: str, body: Any, **headers: str) -> Announcement:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_webhook(HEADERS | {"x-sienge-event": event} | headers, raw)


def test_the_example_of_the_reference():
    told = read("RECEIPT_PROCESSED", b'{"billId":5600,"installmentId":2}')

    assert told == Announcement(
        event="RECEIPT_PROCESSED",
        key="0f4f6a7e-0000-4000-8000-000000000042",
        hook="caa132c2-6473-4ec4-8756-b3baa9c3c4c4",
        contract="5600",
        installment=2,
    )


INSTALLMENT = {"receivableBillId": 5600, "installmentId": 39}


@pytest.mark.parametrize(
    ("event", "body", "expected"),
    [
        ("SALES_CONTRACT_CANCELED", {"salesContractId": 812}, {"sale": "812"}),
        ("RECEIVABLE_INSTALLMENT_CREATED", INSTALLMENT, {"contract": "5600", "installment": 39}),
        ("RECEIVABLE_INSTALLMENT_UPDATED", INSTALLMENT, {"contract": "5600", "installment": 39}),
        ("RECEIVABLE_INSTALLMENT_REMOVED", INSTALLMENT, {"contract": "5600", "installment": 39}),
        (
            "PAYMENT_SLIP_REGISTERED",
            {**INSTALLMENT, "accountNumber": "12345-6", "status": "CONFIRMED"},
            {"contract": "5600", "installment": 39},
        ),
        (
            "BOOK_COLLECTION_CONFIRMED",
            {"billId": 5600, "installmentId": 2, "banknumber": 1},
            {"contract": "5600", "installment": 2},
        ),
        (
            "UPDATE_RECEIVABLE_BILL_SITUATION",
            {"receivableBillId": [5600, 5601], "situation": "Em cobrança"},
            {"contract": "5600"},
        ),
        (
            "ASSIGNMENT_RIGHTS_AGREEMENT_UPDATED",
            {
                "receivableBillId": 5600,
                "dtRightAssignment": "2026-11-19",
                "customersIdBefore": [3431],
                "customersIdAfter": [3500],
            },
            {"contract": "5600"},
        ),
        ("CUSTOMER_UPDATED", {"customerId": 3431}, {"customer": "3431"}),
        ("SALES_CONTRACT_ISSUED", {"salesContractId": 812}, {"sale": "812"}),
        (
            "KEYS_HANDOVER_CREATED",
            {"titleNumber": 5600, "customerId": 3431, "contractNumber": "VIND-304"},
            {"contract": "5600", "customer": "3431"},
        ),
        ("UNIT_UPDATED", {"unitId": 1304}, {}),
        ("BANK_MOVEMENT_CREATED", {"bankMovementId": 88001}, {}),
        ("UM_EVENTO_QUE_NINGUEM_CONHECE", {"billReceivableId": "5600"}, {"contract": "5600"}),
    ],
)
def test_the_bodies_of_the_reference(event, body, expected):
    told = read(event, body)

    codes = {"contract": "", "installment": None, "sale": "", "customer": ""} | expected
    assert {name: getattr(told, name) for name in codes} == codes
    assert told.event == event


@pytest.mark.parametrize("name", ["billId", "receivableBillId", "billReceivableId", "titleNumber"])
@pytest.mark.parametrize("value", [5600, "5600", "05600", [5600]])
def test_a_title_under_any_of_its_names(name, value):
    assert read("RECEIPT_PROCESSED", {name: value, "installmentId": "2"}).contract == "5600"


def test_a_delivery_without_ids_of_its_own_is_understood_all_the_same():
    headers = {"x-sienge-event": "RECEIPT_PROCESSED"}

    told = read_webhook(headers, b'{"billId":5600,"installmentId":2}')

    assert (told.key, told.hook) == ("", "")


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("", {"billId": 5600}),
        ("RECEIPT_PROCESSED", {}),
        ("RECEIPT_PROCESSED", {"billId": None}),
        ("RECEIPT_PROCESSED", {"billId": {"a": 1}}),
        ("RECEIPT_PROCESSED", {"billId": True}),
        ("RECEIPT_PROCESSED", {"billId": 5600.5}),
        ("RECEIPT_PROCESSED", {"billId": "x" * 41}),
        ("RECEIPT_PROCESSED", {"billId": 5600, "installmentId": -2}),
        ("RECEIPT_PROCESSED", {"billId": 5600, "installmentId": 2**31}),
        ("RECEIPT_PROCESSED", {"billId": 5600, "installmentId": "dois"}),
        ("SALES_CONTRACT_CANCELED", {"billId": 5600}),
        ("UPDATE_RECEIVABLE_BILL_SITUATION", {"receivableBillId": []}),
        ("RECEIPT_PROCESSED", [1, 2]),
        ("RECEIPT_PROCESSED", b"{"),
        ("RECEIPT_PROCESSED", b"\xff\xfe"),
    ],
)
def test_what_announces_nothing_is_refused(event, body):
    with pytest.raises(ValueError):
        read(event, body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    ["billId", "receivableBillId", "installmentId", "salesContractId", "customerId", "x"]
)


@given(event=st.text(max_size=30), body=st.dictionaries(names, json_values, max_size=5))
def test_whatever_comes_is_understood_or_refused(event, body):
    try:
        told = read(event, body)
    except ValueError:
        return
    assert told.event
    assert all(len(code) <= 40 for code in (told.contract, told.sale, told.customer))


def test_the_days_that_unused_announcements_are_kept_are_the_most_any_creditor_asks(in_scope):
    from cobranca.creditors.services import set_parameter

    assert webhook_days(in_scope) == 7
    for days in (3, 2):
        made = factories.make_creditor(in_scope, creditor_type="SIENGE", external_code=str(days))
        set_parameter(WEBHOOK_RETENTION_DAYS, str(days), agency=in_scope, creditor=made, actor=None)

    assert webhook_days(in_scope) == 3
