"""The calculation screen's figures: the playbook's, and how each came about."""

import json
from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.campaigns.models import Campaign
from cobranca.common import clock
from cobranca.contracts.models import Installment
from tests import factories, playbook
from tests.cobranca.telecobranca.calculating import (
    ON,
    SignIn,
    address,
    answered,
    ask_erp,
    everything,
    figures,
    opened,
)


def test_table_a_of_the_playbook(client_for: SignIn, collector, gateway, table_a, debtor) -> None:
    client = client_for(collector)
    ask_erp(client, debtor, playbook.DAY_A)

    response = opened(client, debtor, playbook.DAY_A)

    assert figures(response) == [
        ("1", "1.000,00", "142", "95,58", "109,55", "1.205,13"),
        ("2", "1.000,00", "112", "79,42", "107,94", "1.187,36"),
        ("3", "1.000,00", "81", "62,81", "106,28", "1.169,09"),
        ("4", "1.000,00", "50", "46,34", "104,63", "1.150,97"),
        ("5", "1.000,00", "18", "29,45", "102,95", "1.132,40"),
        ("151", "10.000,00", "9", "247,18", "1.024,72", "11.271,90"),
    ]
    sums = response.context["screen"].sums
    assert (sums["original"], sums["charges"], sums["fee"]) == ("15.000,00", "560,78", "1.556,07")
    assert (sums["updated"], sums["total"]) == ("17.116,85", "17.116,85")
    html = response.content.decode()
    assert "(6 de 151)" in html
    assert "Multa (0,00) + Juros (95,58)" in html


def test_table_b_of_the_playbook(client_for: SignIn, collector, gateway, table_b, debtor) -> None:
    client = client_for(collector)
    ask_erp(client, debtor, playbook.DAY_B)

    response = answered(client, debtor, playbook.DAY_B)

    assert [row[2:4] + row[5:] for row in figures(response)] == [
        ("104", "50,97", "971,77"),
        ("73", "41,27", "962,07"),
        ("42", "30,94", "951,74"),
        ("12", "22,17", "942,97"),
    ]
    sums = response.context["screen"].sums
    assert (sums["original"], sums["charges"], sums["total"]) == ("3.683,20", "145,35", "3.828,55")


def test_the_present_value_of_the_playbook(
    client_for: SignIn, collector, gateway, agency, creditor, debtor
) -> None:
    with scope(agency=agency):
        playbook.campaign_of(creditor)
    contract = playbook.present_value(creditor, debtor)
    client = client_for(collector)
    ask_erp(client, debtor, playbook.DAY_A)

    response = answered(client, debtor, playbook.DAY_A, selection=everything(contract))

    sums = response.context["screen"].sums
    assert (sums["updated"], sums["discount"], sums["total"]) == (
        "77.162,80",
        "21.205,72",
        "55.957,08",
    )
    assert "antecipação 21.205,72" in response.content.decode()


def test_the_split_of_the_playbook(client_for: SignIn, collector, agency, creditor, debtor) -> None:
    with scope(agency=agency):
        playbook.campaign_of(creditor, fee="0")
        contract = factories.make_contract(creditor, debtor)
        factories.make_installment(contract, due_date=clock.today(), principal=Decimal("3692.78"))
    key = everything(contract)

    response = answered(
        client_for(collector), debtor, clock.today(), plan="instalments", parts="6", selection=key
    )

    html = response.content.decode()
    assert "R$ 615,48 + 5x R$ 615,46" in html
    assert "3.692,78" in html
    assert response.context["screen"].rate == ""


def test_the_rate_is_told_by_month_and_by_year(
    client_for: SignIn, collector, agency, simple, debtor
) -> None:
    with scope(agency=agency):
        Campaign.objects.get().instalment_brackets.update(monthly_rate_percent=Decimal("1.99"))

    response = answered(client_for(collector), debtor, ON, plan="instalments", parts="6")

    html = response.content.decode()
    assert "1,99% ao mês (26,68% ao ano)" in html
    assert "Total a pagar" in html


def test_percent_and_reais_of_one_discount_are_the_same(
    client_for: SignIn, collector, simple, debtor
) -> None:
    client = client_for(collector)
    by_percent = answered(client, debtor, ON, discount_principal="10")
    by_value = answered(
        client, debtor, ON, discount_principal="200,00", discount_principal_as="value"
    )

    sums = by_percent.context["screen"].sums
    assert sums == by_value.context["screen"].sums
    assert sums["discount"] == "200,00"
    final = answered(client, debtor, ON, final_value=sums["total"])
    assert final.context["screen"].sums["total"] == sums["total"]


def test_a_figure_opens_its_steps(client_for: SignIn, collector, simple, debtor) -> None:
    client = client_for(collector)
    key = Installment._base_manager.filter(contract=simple).order_by("number")[0].pk
    data = {"on": ON.isoformat(), "plan": "cash"}

    charges = client.post(
        address("calculation_step", debtor), {**data, "row": str(key), "figure": "charges"}
    ).content.decode()
    total = client.post(
        address("calculation_step", debtor), {**data, "figure": "total"}
    ).content.decode()
    unselected = client.post(
        address("calculation_step", debtor), {**data, "row": "999", "figure": "total"}
    ).content.decode()
    wrong = client.post(
        address("calculation_step", debtor), {**data, "on": "", "figure": "total"}
    ).content.decode()

    assert "Multa (20,00) + Juros (13,67)" in charges
    assert charges.count('class="asked"') == 2
    assert "Total do acordo" in total
    assert "Parcela fora da seleção" in unselected
    assert "Informe a data." in wrong


def test_the_memoria_is_a_page_and_a_file(client_for: SignIn, collector, simple, debtor) -> None:
    client = client_for(collector)
    data = {"on": ON.isoformat(), "discount_fee": "10"}

    page = client.get(address("statement", debtor), data)
    told = client.get(address("statement", debtor), {**data, "formato": "json"})
    refused = client.get(address("statement", debtor), {"on": "", "formato": "json"})

    assert "Total do acordo" in page.content.decode()
    assert [each["title"] for each in told.json()["sections"]][-3:] == [
        "Descontos",
        "Totais",
        "Parcelamento",
    ]
    assert json.loads(refused.content)["errors"] == {"on": "Informe a data."}
    assert refused.status_code == 400


@pytest.mark.parametrize("name", ["statement_pdf", "debt_statement_pdf"])
def test_what_is_on_the_screen_as_pdf(client_for: SignIn, collector, simple, debtor, name) -> None:
    client = client_for(collector)

    made = client.get(address(name, debtor), {"on": ON.isoformat()})
    wrong = client.get(address(name, debtor), {"on": "x"})

    assert made.content.startswith(b"%PDF-")
    assert wrong.headers["Location"] == f"{address('calculation', debtor)}?on=x"
