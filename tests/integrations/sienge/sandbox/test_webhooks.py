"""Deliveries to subscribers: what is sent, how often, and what is lost on purpose."""

import json
import threading
import time
from collections import Counter

import pytest
import requests

from tests.integrations.sienge.sandbox.conftest import TODAY
from tests.integrations.sienge.sandbox.listener import Listener

PAID = "RECEIPT_PROCESSED"
TOKEN = "um-token-bem-comprido"


@pytest.fixture
def listener():
    made = Listener()
    yield made
    made.stop()


@pytest.fixture
def api(api):
    """A sandbox that tells nobody anything until told to."""
    api.configure(webhooks={"mode": "manual"})
    return api


def subscribe(api, url, *events, token=TOKEN):
    body = {"url": url, "token": token, "events": list(events or (PAID,))}
    return api.ask("POST", "/hooks", json=body).json()["id"]


def pay(api, *installments):
    for number in installments or (2,):
        api.act("pay", bill=5600, installment=number)


def deliver(api, **wanted):
    return api.control("webhooks/deliver", wanted)


def log(api):
    return api.control("webhooks")


def test_a_delivery_has_the_documented_headers_and_ids_only(api, listener):
    hook = subscribe(api, listener.url)
    pay(api)

    deliver(api)

    (heard,) = listener.heard
    event = api.control("events")["events"][-2]
    assert event["event"] == PAID
    assert json.loads(heard.body) == {"billId": 5600, "installmentId": 2}
    assert heard.path == "/webhooks/sienge/17/?a=1"
    known = {name: value for name, value in heard.headers.items() if name != "host"}
    assert known == {
        "content-type": "application/json",
        "content-length": str(len(heard.body)),
        "connection": "close",
        "user-agent": "sienge-hooks",
        "authorization": f"Bearer {TOKEN}",
        "x-sienge-tenant": "construtora",
        "x-sienge-event": PAID,
        "x-sienge-hook-id": hook,
        "x-sienge-id": event["id"],
    }


def test_a_hook_without_a_token_is_told_without_authorization(api, listener):
    subscribe(api, listener.url, token=None)
    pay(api)

    deliver(api)

    assert "authorization" not in listener.heard[0].headers


def test_only_the_events_asked_for_are_told_and_a_misspelt_one_never_fires(api, listener):
    subscribe(api, listener.url, PAID, "SALES_CONTRACT_CANCELLED")
    pay(api)
    api.act("cancel_contract", bill=5600)

    deliver(api)

    assert [each.headers["x-sienge-event"] for each in listener.heard] == [PAID]


def test_what_happened_before_the_subscription_is_not_told(api, listener):
    pay(api)
    subscribe(api, listener.url)

    assert deliver(api)["sent"] == 0


def test_two_hooks_are_told_the_same_event_under_the_same_id(api, listener):
    hooks = {subscribe(api, listener.url), subscribe(api, listener.url)}
    pay(api)

    deliver(api)

    assert {each.headers["x-sienge-hook-id"] for each in listener.heard} == hooks
    assert len({each.headers["x-sienge-id"] for each in listener.heard}) == 1


def test_a_removed_hook_is_told_nothing_more(api, listener):
    hook = subscribe(api, listener.url)
    pay(api)
    api.ask("DELETE", f"/hooks/{hook}")

    deliver(api)

    assert not listener.heard
    assert log(api)["deliveries"][0]["state"] == "cancelled"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_delivered(api, listener, status):
    subscribe(api, listener.url)
    listener.answering.status = status
    pay(api)

    assert deliver(api)["delivered"] == 1
    assert log(api)["waiting"] == 0


@pytest.mark.parametrize("status", [301, 400, 401, 404, 413, 429, 500, 503])
def test_anything_else_is_retried_after_10_30_60_180_and_300_minutes_then_dropped(
    api, listener, status
):
    subscribe(api, listener.url)
    listener.answering.status = status
    pay(api)
    deliver(api)

    for number, minutes in enumerate((10, 30, 60, 180, 300), 2):
        assert deliver(api, minutes=minutes - 1)["sent"] == 0
        assert deliver(api, minutes=1)["sent"] == 1
        assert len(listener.heard) == number

    assert log(api)["deliveries"][0]["state"] == "dropped"
    assert log(api)["totals"][PAID]["dropped"] == 1
    assert deliver(api, minutes=10_000)["sent"] == 0
    assert len({each.headers["x-sienge-id"] for each in listener.heard}) == 1


def test_a_retry_that_is_answered_ends_it(api, listener):
    subscribe(api, listener.url)
    listener.answering.statuses = [500, 500]
    pay(api)

    deliver(api, everything=True)

    row = log(api)["deliveries"][0]
    assert (row["state"], [each["status"] for each in row["attempts"]]) == (
        "delivered",
        [500, 500, 200],
    )


def test_a_retry_is_due_after_the_date_is_moved(api, listener):
    subscribe(api, listener.url)
    listener.answering.statuses = [500]
    pay(api)
    deliver(api)

    api.act("advance_clock", days=1)

    assert deliver(api)["delivered"] == 1


def test_no_redirect_is_followed(api, listener):
    subscribe(api, listener.url)
    listener.answering.status, listener.answering.location = 302, listener.url
    pay(api)

    deliver(api)

    assert len(listener.heard) == 1


@pytest.mark.parametrize("drip", [False, True])
def test_an_answer_after_two_and_a_half_seconds_is_none(api, listener, drip):
    subscribe(api, listener.url)
    listener.answering.seconds, listener.answering.drip = 4, drip
    pay(api)
    began = time.monotonic()

    done = deliver(api)

    assert (done["delivered"], done["failed"]) == (0, 1)
    assert 2.4 < time.monotonic() - began < 3.5
    assert "error" in log(api)["deliveries"][0]["attempts"][0]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://", "http://nowhere.invalid/", "https://127.0.0.1:1/"]
)
def test_an_address_where_nobody_is_counts_as_a_failed_sending(api, url):
    subscribe(api, url)
    pay(api)

    assert deliver(api)["failed"] == 1
    assert log(api)["waiting"] == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_it_never_sends_to_itself(api, host):
    subscribe(api, f"http://{host}:{api.running.port}/_sandbox/actions/pay")
    pay(api)

    assert deliver(api)["sent"] == 0
    assert log(api)["deliveries"][0]["state"] == "refused"


def test_the_api_refuses_what_comes_from_a_sandbox(api):
    answer = requests.get(
        f"{api.rest}/companies", headers={"user-agent": "sienge-hooks"}, timeout=5
    )

    assert answer.status_code == 404


# Loss, repetition, disorder


def happen(api, count):
    """Make so many installments of the reference bill be paid."""
    pay(api, *range(2, 2 + count))


def test_a_share_is_lost_and_a_share_comes_twice_always_the_same_ones(make_api, listener):
    fates = []
    for _ in range(2):
        api = make_api()
        api.configure(webhooks={"mode": "manual", "loss": 0.2, "double": 0.2})
        subscribe(api, listener.url)
        happen(api, 35)
        deliver(api)
        rows = log(api)["deliveries"]
        fates.append([(row["id"], row["copy"], row["state"]) for row in rows])
        lost = sum(row["lost"] for row in rows)
        doubled = sum(row["copy"] == 2 for row in rows)
        assert 2 <= lost <= 14
        assert 2 <= doubled <= 14
        assert log(api)["totals"][PAID] == {
            "announced": 35,
            "sent": 35 - lost + doubled,
            "doubled": doubled,
            "delivered": 35 - lost,
            "lost": lost,
            "dropped": 0,
            "waiting": 0,
        }
    assert fates[0] == fates[1]


def test_what_is_lost_is_never_sent_and_what_is_doubled_has_the_same_id(api, listener):
    api.configure(webhooks={"loss": 0.3, "double": 0.3})
    subscribe(api, listener.url)
    happen(api, 35)

    done = deliver(api)

    times = Counter(each.headers["x-sienge-id"] for each in listener.heard)
    lost = {row["id"] for row in log(api)["deliveries"] if row["lost"]}
    assert len(lost) == done["lost"] > 0
    assert not lost & set(times)
    assert sum(count == 2 for count in times.values()) == done["doubled"] > 0


def test_a_shuffle_window_mixes_the_order_and_no_window_keeps_it(api, listener):
    subscribe(api, listener.url)
    happen(api, 15)
    deliver(api)
    heard = [json.loads(each.body)["installmentId"] for each in listener.heard]
    assert heard == sorted(heard)
    listener.heard.clear()
    api.configure(webhooks={"shuffle_seconds": 3600})
    pay(api, *range(17, 37))

    deliver(api, minutes=60)

    heard = [json.loads(each.body)["installmentId"] for each in listener.heard]
    assert heard != sorted(heard)
    assert sorted(heard) == list(range(17, 37))


def test_a_delay_holds_back_until_it_has_passed(api, listener):
    api.configure(webhooks={"delay_seconds": 600})
    subscribe(api, listener.url)
    pay(api)

    assert deliver(api, minutes=9)["sent"] == 0
    assert deliver(api, minutes=1)["sent"] == 1


def test_a_limit_leaves_the_rest_for_later(api, listener):
    subscribe(api, listener.url)
    happen(api, 5)

    assert deliver(api, limit=2)["waiting"] == 3
    assert deliver(api)["sent"] == 3


@pytest.mark.parametrize(
    "wanted",
    [{"loss": 2}, {"double": "x"}, {"mode": "off"}, {"speed": 0}, {"speed": 1.5}, {"lost": 0.1}],
)
def test_settings_that_make_no_sense_are_refused(api, wanted):
    assert "reason" in api.configure(webhooks=wanted)


def test_delivering_by_hand_is_for_the_manual_mode(api):
    api.configure(webhooks={"mode": "auto"})

    assert "manual" in deliver(api)["reason"]


# By itself


def test_by_itself_it_sends_at_once_and_nobody_waits_for_it(make_api, listener):
    api = make_api()
    listener.answering.seconds = 1
    subscribe(api, listener.url)
    began = time.monotonic()

    happen(api, 4)
    api.get("/companies")

    assert time.monotonic() - began < 0.9
    listener.wait_for(4)


def test_by_itself_it_retries_at_the_speed_it_is_told(make_api, listener):
    api = make_api()
    api.configure(webhooks={"speed": 6000})
    listener.answering.statuses = [500, 500]
    subscribe(api, listener.url)
    pay(api)

    # 40 minutes are 0.4 s.
    listener.wait_for(3)

    assert {each.headers["x-sienge-id"] for each in listener.heard} == {
        listener.heard[0].headers["x-sienge-id"]
    }


def test_by_itself_it_retries_when_the_date_is_moved(make_api, listener):
    api = make_api()
    listener.answering.statuses = [500]
    subscribe(api, listener.url)
    pay(api)
    listener.wait_for(1)
    while not log(api)["deliveries"][0]["attempts"]:
        time.sleep(0.01)

    api.control("clock", {"advance_minutes": 10})

    listener.wait_for(2)


def test_it_stops_cleanly_with_deliveries_under_way(make_api, listener):
    api = make_api()
    listener.answering.seconds = 1
    subscribe(api, listener.url)
    happen(api, 8)
    listener.wait_for(1)
    began = time.monotonic()

    api.running.stop()

    assert time.monotonic() - began < 4
    assert not [each for each in threading.enumerate() if each.name.startswith("webhooks-")]


def test_a_sandbox_with_state_tells_after_a_restart_only_what_it_had_not(
    make_api, listener, tmp_path
):
    first = make_api(state_dir=tmp_path)
    first.configure(webhooks={"mode": "manual", "loss": 0.3, "double": 0.3})
    subscribe(first, listener.url)
    happen(first, 12)
    listener.answering.statuses = [500]
    deliver(first, limit=6)
    first.control("clock", {"advance_days": 2})
    before = log(first)
    first.running.stop()

    second = make_api(state_dir=tmp_path, on=TODAY)
    after = log(second)

    assert len(listener.heard) == sum(len(row["attempts"]) for row in before["deliveries"])
    states = [
        [(r["id"], r["copy"], r["attempts"]) for r in told["deliveries"]]
        for told in (before, after)
    ]
    assert states[0] == states[1]
    deliver(second, everything=True)
    times = Counter(each.headers["x-sienge-id"] for each in listener.heard)
    assert sum(times.values()) == sum(len(r["attempts"]) for r in log(second)["deliveries"])
    assert log(second)["waiting"] == 0


# Bodies, as documented in 3.2


def events_of(api, action, **arguments):
    before = len(api.events())
    api.act(action, **arguments)
    return api.events()[before:]


def test_the_bodies_of_the_documented_events(api):
    assert events_of(api, "pay", bill=5600, installment=2)[0] == (
        PAID,
        {"billId": 5600, "installmentId": 2},
    )
    created = events_of(api, "add_installment", bill=5600, due_on="2027-01-10", amount="10")
    assert created == [
        ("RECEIVABLE_INSTALLMENT_CREATED", {"receivableBillId": 5600, "installmentId": 39})
    ]
    changed = events_of(api, "change_installment", bill=5600, installment=39, amount="11")
    assert changed == [
        ("RECEIVABLE_INSTALLMENT_UPDATED", {"receivableBillId": 5600, "installmentId": 39})
    ]
    removed = events_of(api, "remove_installment", bill=5600, installment=39)
    assert removed == [
        ("RECEIVABLE_INSTALLMENT_REMOVED", {"receivableBillId": 5600, "installmentId": 39})
    ]
    slip = dict(events_of(api, "register_boleto", bill=5600, installment=3))
    assert set(slip["BOOK_COLLECTION_CONFIRMED"]) == {"billId", "installmentId", "banknumber"}
    assert isinstance(slip["BOOK_COLLECTION_CONFIRMED"]["banknumber"], int)
    assert slip["PAYMENT_SLIP_REGISTERED"] == {
        "receivableBillId": 5600,
        "installmentId": 3,
        "accountNumber": "12345-6",
        "status": "CONFIRMED",
    }
    cancelled = events_of(api, "cancel_contract", bill=5600)
    assert cancelled == [("SALES_CONTRACT_CANCELED", {"salesContractId": 812})]


def test_a_rejected_boleto_is_told_and_not_registered(api):
    row = next(i for i in api.book()[5600]["installments"] if not i["boleto"] and i["balance"])

    told = events_of(api, "register_boleto", bill=5600, installment=row["id"], rejected=True)

    assert [name for name, _ in told] == ["PAYMENT_SLIP_REGISTERED"]
    assert told[0][1]["status"] == "REJECTED"
    found = next(i for i in api.book()[5600]["installments"] if i["id"] == row["id"])
    assert not found["boleto"]


def test_a_changed_contract_is_told(api):
    told = events_of(api, "change_contract", contract=812, fine_percent="3.0")

    assert told == [("SALES_CONTRACT_UPDATED", {"salesContractId": 812})]
    assert api.get("/sales-contracts/812").json()["fineRate"] == 3
