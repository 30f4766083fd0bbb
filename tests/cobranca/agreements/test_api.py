from datetime import date
from decimal import Decimal

import pytest
import time_machine

from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.agreements.states import Mode
from cobranca.contracts.states import InstallmentStatus as Status
from tests import factories
from tests.api import assert_queries_stay, errors, ids, refusal, results
from tests.cobranca.agreements.making import TODAY, agree, make_book, pay, statuses

AGREEMENTS, PAYMENTS = "/api/v1/agreements/", "/api/v1/agreement-payments/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00Z", tick=False):
        yield


@pytest.fixture
def api(api_for, collector):
    return api_for(collector)


@pytest.fixture
def boss(api_for, supervisor):
    return api_for(supervisor)


@pytest.fixture
def agreement(contract, collector):
    return agree(contract, collector, parts=3, first_due=date(2026, 4, 10))


def act(api, agreement, name, **body):
    return api.post(f"{AGREEMENTS}{agreement.pk}/{name}/", body)


# --- reading --------------------------------------------------------------------------------------


def test_an_agreement_shows_all_its_parts(api, agreement, collector):
    pay(agreement, collector, "1500.00")

    shown = api.get(f"{AGREEMENTS}{agreement.pk}/").json()

    assert (shown["total"], shown["paid"], shown["remains"]) == ("3000.00", "1500.00", "1500.00")
    assert shown["next_due"] == "2026-05-10"
    assert [(each["label"], each["net"], each["covered_on"]) for each in shown["items"]] == [
        ("1", "1000.00", "2026-03-16"), ("2", "1000.00", None), ("3", "1000.00", None),
    ]  # fmt: skip
    assert [(each["number"], each["paid"], each["remaining"]) for each in shown["parcels"]] == [
        (1, "1000.00", "0.00"), (2, "500.00", "500.00"), (3, "0.00", "1000.00"),
    ]  # fmt: skip
    assert [each["amount"] for each in shown["payments"]] == ["500.00", "1000.00"]


def test_agreements_are_found_by_their_filters(api, agreement, contract, creditor, collector):
    other = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
    make_book(other, ["10.00", "10.00"])
    waiting = agree(other, collector, discount="50", on=date(2026, 3, 15))

    assert ids(api, AGREEMENTS) == [waiting.pk, agreement.pk]
    assert ids(api, AGREEMENTS, debtor=contract.debtor_id) == [agreement.pk]
    assert ids(api, AGREEMENTS, contract=other.pk) == [waiting.pk]
    assert ids(api, AGREEMENTS, status="waiting") == [waiting.pk]
    assert ids(api, AGREEMENTS, waits_for="approval") == [waiting.pk]
    assert ids(api, AGREEMENTS, number=agreement.number) == [agreement.pk]
    assert ids(api, AGREEMENTS, plan="cash", is_integrated="false") == [waiting.pk]
    assert ids(api, AGREEMENTS, on_to="2026-03-15") == [waiting.pk]
    assert ids(api, AGREEMENTS, next_due_to="2026-03-20") == [waiting.pk]
    refusal(api.get(AGREEMENTS, {"situacao": "x"}), 400)


def test_a_list_of_agreements_takes_as_many_queries_for_many(api, campaign, creditor, collector):
    def add():
        contract = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
        make_book(contract, ["10.00"])
        agree(contract, collector)

    assert_queries_stay(api, AGREEMENTS, add)


def test_payments_are_found_by_their_filters(api, agreement, contract, collector):
    first, second = pay(agreement, collector, "1500.00")
    assert act(api, agreement, "reverse", payment=second.pk, reason="x").status_code == 200

    assert ids(api, PAYMENTS) == [second.pk, first.pk]
    assert ids(api, PAYMENTS, is_reversed="true") == [second.pk]
    assert ids(api, PAYMENTS, is_reversed="false", debtor=contract.debtor_id) == [first.pk]
    assert ids(api, PAYMENTS, agreement=agreement.pk + 1) == []
    (row,) = results(api, PAYMENTS, is_reversed="true")
    assert (row["agreement_number"], row["parcel_number"], row["amount"]) == (
        agreement.number, 2, "500.00",
    )  # fmt: skip


# --- making ---------------------------------------------------------------------------------------


def test_an_agreement_is_made_as_a_calculation_is_asked(api, contract):
    body = {
        "debtor": contract.debtor_id,
        "on": "2026-03-16",
        "plan": "instalments",
        "installments": list(contract.installments.values_list("pk", flat=True)[:2]),
        "parts": 3,
        "down_payment": "500.00",
        "first_due": "2026-04-10",
        "discounts": {"principal": {"value": "100.00"}},
        "expenses": "20.00",
        "description": "Combinado por telefone",
    }

    response = api.post(AGREEMENTS, body)

    assert response.status_code == 201, response.content
    made = response.json()
    assert (made["status"], made["agreed"], made["discount"]) == ("active", "1920.00", "100.00")
    assert [each["amount"] for each in made["parcels"]] == [
        "500.00", "473.34", "473.33", "473.33",
    ]  # fmt: skip
    assert made["description"] == "Combinado por telefone"
    assert statuses(contract) == [Status.NEGOTIATED, Status.NEGOTIATED, Status.OPEN]
    assert response["Location"] == f"{AGREEMENTS}{made['id']}/"


def test_with_only_the_debtor_all_that_is_late_is_agreed_on(api, contract):
    made = api.post(AGREEMENTS, {"debtor": contract.debtor_id}).json()

    assert (made["status"], made["plan"], made["total"]) == ("active", "cash", "3000.00")


def test_by_its_final_value(api, contract):
    body = {"debtor": contract.debtor_id, "final_value": "2800.00", "mode": "payment"}

    made = api.post(AGREEMENTS, body).json()

    assert (made["status"], made["total"], made["discount"]) == ("settled", "2800.00", "200.00")


def test_a_repeated_post_makes_one_agreement(api, contract):
    body = {"debtor": contract.debtor_id}
    first, second = (
        api.post(AGREEMENTS, body, headers={"Idempotency-Key": "k-1"}) for _ in range(2)
    )

    assert first.json() == second.json()
    assert Agreement.objects.count() == 1


def test_what_is_wrong_is_said_at_its_field(api, contract):
    debtor = {"debtor": contract.debtor_id}

    assert "installments" in errors(api.post(AGREEMENTS, debtor | {"installments": [10**9]}))
    assert "parts" in errors(api.post(AGREEMENTS, debtor | {"plan": "instalments", "parts": 999}))
    assert "mode" in errors(api.post(AGREEMENTS, debtor | {"mode": "integrated"}))
    assert "final_value" in errors(api.post(AGREEMENTS, debtor | {"final_value": "9999.00"}))
    assert "template" in errors(api.post(AGREEMENTS, debtor | {"template": 1}))
    assert "x" in errors(api.post(AGREEMENTS, debtor | {"x": 1}))
    assert not Agreement.objects.exists()


# --- moving ---------------------------------------------------------------------------------------


def test_a_proposal_is_activated_paid_reversed_and_broken(api, contract, collector):
    agreement = agree(contract, collector, Mode.PROPOSAL, parts=3, first_due=date(2026, 4, 10))

    assert act(api, agreement, "activate").json()["status"] == "active"
    assert act(api, agreement, "settle", amount="1000.00").json()["paid"] == "1000.00"
    assert act(api, agreement, "reverse", reason="Estorno").json()["paid"] == "0.00"
    broken = act(api, agreement, "breach", reason="Não pagou").json()
    assert (broken["status"], broken["reason"]) == ("broken", "Quebra manual: Não pagou")


def test_settled_without_an_amount_it_is_paid_off(api, agreement):
    settled = act(api, agreement, "settle", means="Pix", paid_on="2026-03-15").json()

    assert (settled["status"], settled["remains"]) == ("settled", "0.00")
    assert {each["means"] for each in settled["payments"]} == {"Pix"}
    assert {each["paid_on"] for each in settled["payments"]} == {"2026-03-15"}


def test_one_parcel_is_settled(api, agreement):
    parcel = agreement.parcels.get(number=2)

    shown = act(api, agreement, "settle", parcel=parcel.pk).json()

    assert [each["paid"] for each in shown["parcels"]] == ["0.00", "1000.00", "0.00"]


def test_a_supervisor_approves_or_refuses(api, boss, contract, collector):
    waiting = agree(contract, collector, discount="30")
    refusal(act(api, waiting, "approve"), 403)

    assert act(boss, waiting, "approve").json()["status"] == "active"
    assert act(boss, waiting, "cancel", reason="Engano").json()["status"] == "cancelled"
    again = agree(contract, collector, discount="30")
    assert act(boss, again, "refuse", reason="Alto").json()["status"] == "cancelled"


def test_a_move_that_does_not_exist_is_a_conflict(api, agreement):
    act(api, agreement, "cancel", reason="x")

    said = refusal(act(api, agreement, "breach", reason="x"), 409)

    assert said["detail"] == "O acordo está em “Cancelado” e não pode passar a “Quebrado”."


def test_without_a_reason_nothing_is_stopped(api, agreement):
    assert "reason" in errors(act(api, agreement, "breach"))
    assert "reason" in errors(act(api, agreement, "cancel", reason=" "))
    assert "amount" in errors(act(api, agreement, "settle", amount="3000.01"))
    assert "payment" in errors(act(api, agreement, "reverse", reason="x"))


def test_it_is_integrated_only_where_there_is_an_erp(api, agreement):
    assert "não tem ERP" in errors(act(api, agreement, "integrate"))["mode"][0]


def test_another_agreements_payment_is_not_reversed(api, agreement, creditor, collector):
    contract = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
    make_book(contract, ["10.00"])
    other = agree(contract, collector, Mode.PAYMENT)
    payment = AgreementPayment.objects.get(agreement=other)

    assert "payment" in errors(act(api, agreement, "reverse", payment=payment.pk, reason="x"))


# --- who may --------------------------------------------------------------------------------------


def test_an_auditor_only_reads(api_for, auditor, agreement, contract):
    api = api_for(auditor)

    assert ids(api, AGREEMENTS) == [agreement.pk]
    refusal(api.post(AGREEMENTS, {"debtor": contract.debtor_id}), 403)
    for name in ("activate", "approve", "refuse", "cancel", "breach", "settle", "reverse",
                 "integrate"):  # fmt: skip
        refusal(act(api, agreement, name, reason="x"), 403)


def test_a_stranger_finds_nothing(api_for, stranger, agreement):
    api = api_for(stranger)

    assert ids(api, AGREEMENTS) == []
    refusal(act(api, agreement, "breach", reason="x"), 404)
    refusal(api.get(f"{AGREEMENTS}{agreement.pk}/"), 404)
    assert Agreement.objects.get().status == "active"


def test_agreements_are_not_edited(api, agreement):
    refusal(api.patch(f"{AGREEMENTS}{agreement.pk}/", {"total": "1.00"}), 405)
    refusal(api.delete(f"{AGREEMENTS}{agreement.pk}/"), 405)
    refusal(api.post(PAYMENTS, {"amount": "1.00"}), 405)
    assert str(Decimal(api.get(f"{AGREEMENTS}{agreement.pk}/").json()["total"])) == "3000.00"
