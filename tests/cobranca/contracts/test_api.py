from datetime import date
from decimal import Decimal

import pytest

from cobranca.contracts.models import Event, EventKind, Installment, Payment, Recall
from cobranca.contracts.states import RecallReason
from tests import factories
from tests.api import assert_queries_stay, errors, ids, refusal, results

CONTRACTS, INSTALLMENTS = "/api/v1/contracts/", "/api/v1/installments/"
PAYMENTS, RECALLS, BOLETOS = "/api/v1/payments/", "/api/v1/recalls/", "/api/v1/boletos/"
EVENTS, DIGESTS = "/api/v1/events/", "/api/v1/digests/"


@pytest.fixture
def api(api_for, collector):
    return api_for(collector)


@pytest.fixture
def contract(creditor, debtor):
    return factories.make_contract(creditor, debtor, number="4711", external_id="sie-4711")


def pay(contract, **fields):
    if not Installment._base_manager.filter(contract=contract).exists():
        factories.make_installment(contract, 1)
    given = {"number": 1, "paid_on": date(2026, 3, 10), "kind": "Recebimento",
             "gross": Decimal("100.50"), "net": Decimal("100.50")}  # fmt: skip
    return Payment._base_manager.create(
        agency=contract.agency, contract=contract, **(given | fields)
    )


def recall(contract, **fields):
    given = {"number": 1, "recalled_on": date(2026, 3, 10)} | fields
    return Recall._base_manager.create(agency=contract.agency, contract=contract, **given)


# --- contracts ------------------------------------------------------------------------------------


def test_a_contract_is_shown_with_its_negotiations(api, contract):
    shown = api.get(f"{CONTRACTS}{contract.pk}/").json()

    assert shown["debtor"] == contract.debtor_id
    assert shown["negotiations"] == [{"number": 1, "started_on": None, "finished_on": None}]


def test_contracts_are_found_by_their_filters(api, contract, creditor, agency):
    branch = factories.make_branch(creditor)
    other = factories.make_contract(
        factories.make_creditor(agency), factories.make_debtor(agency), status="finished",
        branch=branch,
    )  # fmt: skip

    assert ids(api, CONTRACTS, creditor=creditor.pk) == [contract.pk]
    assert ids(api, CONTRACTS, debtor=contract.debtor_id) == [contract.pk]
    assert ids(api, CONTRACTS, number="4711") == [contract.pk]
    assert ids(api, CONTRACTS, external_id="sie-4711") == [contract.pk]
    assert ids(api, CONTRACTS, status="finished") == [other.pk]
    assert ids(api, CONTRACTS, status=["finished", "active"]) == [contract.pk, other.pk]
    assert ids(api, CONTRACTS, branch=branch.pk) == [other.pk]


def test_contracts_are_only_read(api, contract):
    refusal(api.patch(f"{CONTRACTS}{contract.pk}/", {"number": "1"}), 405)
    refusal(api.post(CONTRACTS, {}), 405)


# --- installments ---------------------------------------------------------------------------------


def test_an_installment_says_whose_it_is_and_what_is_left(api, contract):
    installment = factories.make_installment(
        contract, 7, principal=Decimal("1095.58"), balance=Decimal("95.50"), label="7/36",
        note="PM", has_boleto=True,
    )  # fmt: skip

    shown = api.get(f"{INSTALLMENTS}{installment.pk}/").json()

    told = {"contract", "contract_number", "contract_external_id", "debtor", "creditor", "number",
            "label", "due_date", "principal", "balance", "note", "status",
            "has_boleto"}  # fmt: skip
    assert {name: shown[name] for name in told} == {
        "contract": contract.pk,
        "contract_number": "4711",
        "contract_external_id": "sie-4711",
        "debtor": contract.debtor_id,
        "creditor": contract.creditor_id,
        "number": 7,
        "label": "7/36",
        "due_date": "2026-03-10",
        "principal": "1095.58",
        "balance": "95.50",
        "note": "PM",
        "status": "open",
        "has_boleto": True,
    }


def test_installments_are_found_by_their_filters(api, contract, agency):
    march = factories.make_installment(contract, 1)
    april = factories.make_installment(contract, 2, due_date=date(2026, 4, 10), status="settled")
    other = factories.make_contract(factories.make_creditor(agency), factories.make_debtor(agency))
    theirs = factories.make_installment(other, 1)

    assert ids(api, INSTALLMENTS, contract=contract.pk) == [march.pk, april.pk]
    assert ids(api, INSTALLMENTS, creditor=other.creditor_id) == [theirs.pk]
    assert ids(api, INSTALLMENTS, debtor=other.debtor_id) == [theirs.pk]
    assert ids(api, INSTALLMENTS, status="settled") == [april.pk]
    assert ids(api, INSTALLMENTS, number=2) == [april.pk]
    assert ids(api, INSTALLMENTS, due_date_from="2026-03-11") == [april.pk]
    assert ids(api, INSTALLMENTS, due_date_to="2026-03-10", contract=contract.pk) == [march.pk]


# --- receipts, recalls, boletos -------------------------------------------------------------------


def test_receipts_are_money_with_two_decimals(api, contract):
    payment = pay(contract)
    pay(contract, paid_on=date(2026, 4, 1))

    [shown] = results(api, PAYMENTS, contract=contract.pk, paid_on_to="2026-03-31")

    assert shown["id"] == payment.pk
    assert (shown["gross"], shown["charges"], shown["discount"]) == ("100.50", "0.00", "0.00")


def test_recalls_are_found_by_reason(api, contract):
    recall(contract)
    paid = recall(contract, number=2, reason=RecallReason.PAYMENT)

    assert ids(api, RECALLS, contract=contract.pk, reason="payment") == [paid.pk]
    assert len(ids(api, RECALLS)) == 2


def test_boletos_are_the_installments_that_have_one(api, contract):
    factories.make_installment(contract, 1)
    with_one = factories.make_installment(contract, 2, has_boleto=True)

    [shown] = results(api, BOLETOS, contract=contract.pk)

    assert (shown["installment"], shown["number"], shown["balance"]) == (with_one.pk, 2, "1000.00")
    refusal(api.get(f"{BOLETOS}{with_one.pk - 1}/"), 404)


# --- the timeline ---------------------------------------------------------------------------------


def test_a_note_is_written_on_the_timeline(api, contract, collector):
    sent = {"debtor": contract.debtor_id, "contract": contract.pk, "text": " Prometeu pagar. "}
    created = api.post(EVENTS, sent | {"title": "Ligação"})

    shown = created.json()
    assert created.status_code == 201
    assert (shown["kind"], shown["title"], shown["text"]) == ("note", "Ligação", "Prometeu pagar.")
    assert (shown["actor"], shown["actor_name"]) == (collector.pk, "caio")
    assert shown["happened_at"].endswith("-03:00")


def test_a_note_on_somebody_elses_contract_is_refused(api, contract, agency):
    other = factories.make_debtor(agency)

    refused = api.post(EVENTS, {"debtor": other.pk, "contract": contract.pk, "text": "Oi."})

    assert list(errors(refused)) == ["contract"]
    assert set(errors(api.post(EVENTS, {"text": "x" * 4001}))) == {"debtor", "text"}
    assert not Event._base_manager.exists()


def test_the_timeline_is_read_newest_first_by_debtor_contract_and_kind(api, contract, debtor):
    first = api.post(EVENTS, {"debtor": debtor.pk, "text": "Um."}).json()["id"]
    second = api.post(
        EVENTS, {"debtor": debtor.pk, "contract": contract.pk, "text": "Dois."}
    ).json()["id"]
    third = Event._base_manager.create(agency=debtor.agency, debtor=debtor, kind=EventKind.IMPORT)

    assert ids(api, EVENTS, debtor=debtor.pk) == [third.pk, second, first]
    assert ids(api, EVENTS, contract=contract.pk) == [second]
    assert ids(api, EVENTS, kind="note") == [second, first]
    refusal(api.delete(f"{EVENTS}{first}/"), 405)
    refusal(api.patch(f"{EVENTS}{first}/", {"text": "Três."}), 405)


def test_who_only_reads_writes_no_note(api_for, auditor, debtor):
    refusal(api_for(auditor).post(EVENTS, {"debtor": debtor.pk, "text": "Oi."}), 403)


# --- digests --------------------------------------------------------------------------------------


def test_digests_sum_a_creditors_book_up_by_month_and_status(api, contract, creditor):
    factories.make_installment(contract, 1)
    factories.make_installment(contract, 2, due_date=date(2026, 4, 10), principal=Decimal("10.5"))

    march, april = results(api, DIGESTS, creditor=creditor.pk)

    assert (march["month"], march["status"], march["installments"]) == ("2026-03-01", "open", 1)
    assert (april["balance"], april["principal"]) == ("10.50", "10.50")
    assert len(api.get(DIGESTS, {"creditor": creditor.pk, "page_size": 1}).json()["results"]) == 1


def test_digests_are_of_one_creditor_of_the_agency(api, other_agency):
    theirs = factories.make_creditor(other_agency)

    assert list(errors(api.get(DIGESTS))) == ["creditor"]
    assert list(errors(api.get(DIGESTS, {"creditor": theirs.pk}))) == ["creditor"]


# --- another agency, queries ----------------------------------------------------------------------


@pytest.mark.parametrize("address", [CONTRACTS, INSTALLMENTS, PAYMENTS, RECALLS, BOLETOS, EVENTS])
def test_nothing_of_another_agency_is_there(api_for, stranger, contract, debtor, address):
    installment = factories.make_installment(contract, 1, has_boleto=True)
    event = Event._base_manager.create(agency=debtor.agency, debtor=debtor, kind=EventKind.IMPORT)
    rows = {CONTRACTS: contract, INSTALLMENTS: installment, BOLETOS: installment, EVENTS: event,
            PAYMENTS: pay(contract), RECALLS: recall(contract)}  # fmt: skip
    api = api_for(stranger)

    assert results(api, address) == []
    refusal(api.get(f"{address}{rows[address].pk}/"), 404)


def test_lists_take_as_many_queries_for_many_rows_as_for_one(api, creditor, agency, collector):
    def contract():
        return factories.make_contract(creditor, factories.make_debtor(agency))

    def event():
        Event._base_manager.create(
            agency=agency, debtor=factories.make_debtor(agency), kind=EventKind.NOTE,
            actor=factories.make_user(agency),
        )  # fmt: skip

    assert_queries_stay(api, CONTRACTS, contract)
    assert_queries_stay(api, INSTALLMENTS, lambda: factories.make_installment(contract()))
    assert_queries_stay(
        api, BOLETOS, lambda: factories.make_installment(contract(), has_boleto=True)
    )
    assert_queries_stay(api, PAYMENTS, lambda: pay(contract()))
    assert_queries_stay(api, RECALLS, lambda: recall(contract()))
    assert_queries_stay(api, EVENTS, event)
