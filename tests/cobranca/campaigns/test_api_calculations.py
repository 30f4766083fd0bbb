"""REST: a calculation is answered to the cent, errors stand at their field, nothing is kept."""

from decimal import Decimal

import pytest

from cobranca.campaigns.models import Quote
from cobranca.contracts.erp import ErpInstallment
from tests import factories, playbook

URL = "/api/v1/calculations/"
BODY = {"on": "2026-04-09"}


@pytest.fixture
def owing(in_scope, creditor, debtor):
    campaign = factories.make_campaign(creditor)
    factories.make_cash_bracket(campaign, max_discount_fee=50)
    factories.make_instalment_bracket(campaign, min_down_payment_percent=10)
    return factories.make_installment(factories.make_contract(creditor, debtor), 1)


def test_a_calculation_is_answered_and_not_kept(api_for, collector, debtor, owing):
    answer = api_for(collector).post(URL, {**BODY, "debtor": debtor.pk}, format="json")

    assert answer.status_code == 200, answer.data
    told = answer.json()
    assert told["totals"]["total"] == "1133.00"
    assert told["totals"]["fee"] == "103.00"
    (line,) = told["lines"]
    assert (line["installment"], line["days_late"], line["net"]) == (owing.pk, 30, "1133.00")
    assert told["schedule"]["parcels"] == [
        {"number": 1, "due_date": "2026-04-09", "amount": "1133.00"}
    ]
    assert not Quote.objects.exists()


def test_the_statement_comes_when_asked_for(api_for, collector, debtor, owing):
    body = {**BODY, "debtor": debtor.pk, "statement": True}

    told = api_for(collector).post(URL, body, format="json").json()

    assert told["statement"]["sections"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"on": "1990-01-01"}, "on"),
        ({"installments": []}, "installments"),
        ({"installments": [999999]}, "installments"),
        ({"discounts": {"fee": {"percent": "51"}}}, "discounts.fee"),
        ({"discounts": {"fee": {"percent": "101"}}}, "discounts.fee.percent"),
        ({"discounts": {"fee": {"percent": "5", "value": "1.00"}}}, "discounts.fee"),
        ({"final_value": "0.01"}, "final_value"),
        ({"expenses": "-1.00"}, "expenses"),
        ({"plan": "instalments", "parts": 0}, "parts"),
        ({"plan": "instalments", "parts": 181}, "parts"),
        ({"plan": "instalments", "parts": 2, "down_payment": "1.00"}, "down_payment"),
        ({"plan": "fiado"}, "plan"),
        ({"discount": "1"}, "discount"),
    ],
)
def test_bad_input_is_refused_at_its_field(api_for, collector, debtor, owing, asked, field):
    body = {**BODY, "debtor": debtor.pk, **asked}

    answer = api_for(collector).post(URL, body, format="json")

    assert answer.status_code == 400, answer.data
    assert list(answer.json()["errors"]) == [field]


def test_a_stranger_does_not_even_find_the_debtor(api_for, stranger, debtor, owing):
    answer = api_for(stranger).post(URL, {**BODY, "debtor": debtor.pk}, format="json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["debtor"]


def test_the_erp_is_asked_as_on_the_screen(api_for, collector, debtor, owing):
    told = ErpInstallment(1, Decimal("1000.00"), Decimal("0.00"), Decimal("95.58"))
    gateway = playbook.PlaybookGateway(rows={(owing.contract.number, 1): told})

    with playbook.erp_of(gateway):
        answer = api_for(collector).post(URL, {**BODY, "debtor": debtor.pk}, format="json").json()

    assert answer["totals"]["charges"] == "95.58"
    assert answer["erp_problems"] == []


def test_an_erp_that_does_not_answer_leaves_the_campaign_and_says_why(
    api_for, collector, debtor, owing
):
    gateway = playbook.PlaybookGateway(refuses="O Sienge não respondeu.")

    with playbook.erp_of(gateway):
        answer = api_for(collector).post(URL, {**BODY, "debtor": debtor.pk}, format="json").json()

    assert answer["totals"]["total"] == "1133.00"
    assert answer["erp_problems"] == [f"{owing.contract}: O Sienge não respondeu."]
