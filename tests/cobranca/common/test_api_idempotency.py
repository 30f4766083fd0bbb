"""POSTs with an Idempotency-Key, shown on notes."""

import pytest
from rest_framework.test import APIClient

from cobranca.accounts.models import IdempotencyRecord
from cobranca.accounts.tasks import forget_answers
from tests.api import errors, refusal, results

NOTES = "/api/v1/events/"


@pytest.fixture
def api(api_for, implementer) -> APIClient:
    return api_for(implementer)


@pytest.fixture
def note(debtor) -> dict[str, object]:
    return {"debtor": debtor.pk, "text": "Prometeu pagar."}


def keyed(api, body, key="k-1"):
    return api.post(NOTES, body, headers={"Idempotency-Key": key})


def test_a_call_repeated_with_its_key_is_done_once(api, note):
    first, second = keyed(api, note), keyed(api, note)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["Location"] == second["Location"] == f"{NOTES}{first.json()['id']}/"
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert len(results(api, NOTES)) == 1


def test_the_order_of_the_fields_makes_no_other_call(api, note):
    first = keyed(api, note)
    second = keyed(api, dict(reversed(note.items())))

    assert first.content == second.content


def test_without_a_key_a_repeated_call_is_done_again(api, note):
    api.post(NOTES, note)
    api.post(NOTES, note)

    assert len(results(api, NOTES)) == 2


def test_a_key_with_another_body_is_refused(api, note):
    keyed(api, note)

    refused = keyed(api, note | {"text": "Outra coisa."})

    assert "chave nova" in refusal(refused, 422)["detail"]
    assert len(results(api, NOTES)) == 1


def test_keys_of_two_users_and_two_addresses_have_nothing_to_do_with_each_other(
    api, api_for, supervisor, note, debtor
):
    phone = {"debtor": debtor.pk, "number": "(48) 99911-2233"}
    keyed(api, note)

    assert keyed(api_for(supervisor), note).status_code == 201
    response = api.post("/api/v1/phones/", phone, headers={"Idempotency-Key": "k-1"})
    assert response.status_code == 201
    assert len(results(api, NOTES, kind="note")) == 2


def test_a_key_is_free_again_after_a_day(api, note, time_machine):
    time_machine.move_to("2026-03-10 10:00:00-03:00")
    keyed(api, note)
    time_machine.move_to("2026-03-11 10:00:01-03:00")

    again = keyed(api, note | {"text": "Outra coisa."})

    assert again.status_code == 201


def test_a_call_that_was_refused_keeps_nothing(api, note):
    refusal(keyed(api, {"text": "Sem devedor."}), 400)

    assert keyed(api, note).status_code == 201


@pytest.mark.parametrize("key", ["", "com espaço", "x" * 201, "chave-ç"])
def test_a_key_that_is_none_is_refused(api, note, key):
    assert list(errors(keyed(api, note, key))) == ["Idempotency-Key"]


def test_a_key_of_a_day_ago_is_forgotten(api, note, agency, time_machine):
    time_machine.move_to("2026-03-10 10:00:00-03:00")
    keyed(api, note)
    keyed(api, note, "k-2")
    time_machine.move_to("2026-03-11 10:00:01-03:00")
    keyed(api, note, "k-3")

    assert forget_answers() == 2
    assert IdempotencyRecord._base_manager.get().key == "k-3"
