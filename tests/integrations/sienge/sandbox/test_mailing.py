"""E-mails asked for through the API, and links that end after five minutes."""

import pytest
import requests

BALANCE = {
    "customerId": 3431,
    "email": "maria@example.com;joao@example.com",
    "subject": "Saldo devedor",
    "message": "Olá,<br>segue o extrato.",
    "fileName": "saldo-devedor",
    "conditionIdIn": ["PM"],
    "conditionIdNotIn": [],
}
STATEMENT = {
    "customerId": 3431,
    "email": "maria@example.com",
    "billReceivableId": 5600,
    "subject": "Extrato",
    "message": "Segue extrato.",
    "unityId": [1304],
    "unityCode": [],
    "conditionIdIn": [],
    "conditionIdNotIn": [],
}
BOLETO = {
    "receivableBillId": 5600,
    "installmentId": 2,
    "emailCustomer": "maria@example.com",
    "emailTitle": "2ª via do boleto",
    "emailBody": "Segue o boleto.",
}
PATHS = {
    "/email-current-debit-balance": (BALANCE, 201, "balance"),
    "/customer-financial-statements": (STATEMENT, 204, "statement"),
    "/payment-slip-notification": (BOLETO, 201, "boleto"),
}


def mails(api):
    return api.control("mails")["mails"]


@pytest.mark.parametrize("path", PATHS)
def test_the_documented_examples_are_sent(api, path):
    body, status, kind = PATHS[path]

    answer = api.ask("POST", path, json=body)

    assert (answer.status_code, answer.content) == (status, b"")
    (mail,) = mails(api)
    assert (mail["kind"], mail["customer_id"]) == (kind, 3431)
    wanted = body.get("email") or body["emailCustomer"]
    assert mail["to"] == wanted.split(";")


def test_a_mail_keeps_its_words_and_what_it_is_about(api):
    api.ask("POST", "/payment-slip-notification", json=BOLETO)

    (mail,) = mails(api)
    assert (mail["subject"], mail["text"]) == ("2ª via do boleto", "Segue o boleto.")
    assert (mail["bill_id"], mail["installment_id"]) == (5600, 2)


@pytest.mark.parametrize(
    ("path", "change", "status"),
    [
        ("/email-current-debit-balance", {"email": "maria"}, 400),
        ("/email-current-debit-balance", {"email": None}, 400),
        ("/email-current-debit-balance", {"customerId": 999999}, 404),
        ("/email-current-debit-balance", {"customerId": "x"}, 400),
        ("/email-current-debit-balance", {"subject": "x" * 256}, 400),
        ("/customer-financial-statements", {"customerId": 3500}, 404),
        ("/customer-financial-statements", {"billReceivableId": "x"}, 400),
        ("/payment-slip-notification", {"installmentId": 1}, 404),  # paid
        ("/payment-slip-notification", {"installmentId": 999}, 404),
        ("/payment-slip-notification", {"emailCustomer": ""}, 400),
    ],
)
def test_what_cannot_be_sent_is_refused_with_words_for_the_operator(api, path, change, status):
    answer = api.ask("POST", path, json=PATHS[path][0] | change)

    assert (answer.status_code, bool(answer.json()["clientMessage"])) == (status, True)
    assert mails(api) == []


def test_mails_survive_a_restart(make_api, tmp_path):
    first = make_api(state_dir=tmp_path)
    first.ask("POST", "/email-current-debit-balance", json=BALANCE)
    before = mails(first)
    first.running.stop()

    assert mails(make_api(state_dir=tmp_path)) == before


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/current-debit-balance/pdf", {"customerId": 3431}),
        ("/customer-financial-statements/pdf", {"customerId": 3431}),
        ("/payment-slip-notification", {"billReceivableId": 5600, "installmentId": 2}),
    ],
)
def test_a_link_ends_after_five_minutes_of_the_sandboxs_clock(api, path, query):
    url = api.rows(path, **query)[0]["urlReport"]
    api.control("clock", {"advance_minutes": 4})
    assert requests.get(url, timeout=5).content.startswith(b"%PDF")

    api.control("clock", {"advance_minutes": 2})

    assert requests.get(url, timeout=5).status_code in (403, 410)
    assert requests.get(url.replace("reports/", "reports/x"), timeout=5).status_code == 404
