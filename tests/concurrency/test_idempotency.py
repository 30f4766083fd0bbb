"""Two processes and one key: the work is done once, and both get the same answer.

The negative control is the same race without the key.
"""

import pytest

from cobranca.accounts import idempotency
from cobranca.contracts.models import Event
from tests.concurrency.test_task_runs import race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
EVENTS = "/api/v1/events/"
RACES = 8


@pytest.fixture
def post(api_for, implementer, debtor):
    """Return a call that writes a note, ready to be raced."""

    def prepared(key=""):
        client, headers = api_for(implementer), {"Idempotency-Key": key} if key else {}
        client.raise_request_exception = False  # one's error is not the other's
        body = {"debtor": debtor.pk, "text": "Prometeu pagar."}
        return lambda: client.post(EVENTS, body, headers=headers)

    return prepared


def notes():
    return Event._base_manager.count()


def test_two_calls_with_one_key_are_one(post):
    for number in range(1, RACES + 1):
        key = f"k-{number}"
        answers = race(post(key), post(key), post(key))

        assert [answer.status_code for answer in answers] == [201, 201, 201]
        assert len({answer.content for answer in answers}) == 1
        assert notes() == number


def test_two_calls_without_a_key_are_two(post):
    race(post(), post())

    assert notes() == 2


def test_when_the_first_fails_the_second_does_the_work(post, monkeypatch):
    """The one that waits at the constraint finds it free once the other is rolled back."""
    columns, failed = idempotency._columns, []

    def fail_once(answer):
        if not failed:
            failed.append(True)
            raise ConnectionResetError
        return columns(answer)

    monkeypatch.setattr(idempotency, "_columns", fail_once)

    answers = race(post("k"), post("k"))

    assert sorted(answer.status_code for answer in answers) == [201, 500]
    assert notes() == 1
