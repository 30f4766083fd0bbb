"""What cannot be calculated is said where it was typed."""

from datetime import date
from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.campaigns.models import Campaign, IndexSeries
from tests.cobranca.telecobranca.calculating import (
    ON,
    SignIn,
    answered,
    everything,
)


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"on": "31/02/2026"}, "on", "Data inválida"),
        ({"on": ""}, "on", "Informe a data."),
        ({"on": "2101-01-01"}, "on", "até 31/12/2100"),
        ({"selection": ""}, "selection", "Selecione ao menos uma parcela."),
        ({"selection": "x"}, "selection", "Seleção desconhecida"),
        ({"selection": "1-99999"}, "selection", "Selecione até 5000"),
        ({"discount_principal": "20,01"}, "discount_principal", "vai até"),
        ({"discount_fee": "dez"}, "discount_fee", "Digite um número"),
        ({"discount_fee": "999999999999999"}, "discount_fee", "Valor grande demais"),
        ({"discount_charges": "-1"}, "discount_charges", "sem sinal"),
        ({"final_value": "1,00"}, "final_value", "não pode ser menor que R$ "),
        ({"final_value": "99.999,00"}, "final_value", "não pode passar de R$ "),
        ({"final_value": "9", "discount_fee": "1"}, "final_value", "não os dois"),
        ({"plan": "instalments", "parts": "0"}, "parts", "em 2 a 180 vezes"),
        ({"plan": "instalments", "parts": "181"}, "parts", "em 2 a 180 vezes"),
        ({"plan": "instalments", "parts": ""}, "parts", "em 2 a 180 vezes"),
        ({"plan": "instalments", "parts": "x"}, "parts", "número inteiro"),
        ({"plan": "instalments", "down_payment": "99.999"}, "down_payment", "entrada"),
        ({"plan": "instalments", "first_due": "19/04/2026"}, "first_due", "antes de 20/04/2026"),
        ({"plan": "outro"}, "plan", ""),
        ({"expenses": "x"}, "expenses", "Digite um número"),
        ({"description": "x" * 2001}, "description", "longa demais"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_changes(
    client_for: SignIn, collector, simple, debtor, data, field, message
) -> None:
    response = answered(client_for(collector), debtor, ON, **data)

    screen, html = response.context["screen"], response.content.decode()
    assert list(screen.errors) == [field]
    assert message in screen.errors[field]
    assert 'data-ok=""' in html
    assert "calc-totals" not in html
    assert 'id="calc-table"' not in html


def test_a_day_before_the_contract_is_refused(
    client_for: SignIn, collector, simple, debtor
) -> None:
    client, before = client_for(collector), date(2025, 12, 31)

    response = answered(client, debtor, before, selection=everything(simple))

    assert "é anterior ao contrato" in response.context["screen"].errors["on"]


def test_the_minimum_down_payment_is_named(
    client_for: SignIn, collector, agency, creditor, simple, debtor
) -> None:
    with scope(agency=agency):
        campaign = Campaign.objects.get()
        campaign.instalment_brackets.update(min_down_payment_percent=Decimal(30))

    response = answered(client_for(collector), debtor, ON, plan="instalments", down_payment="10")

    assert "30" in response.context["screen"].errors["down_payment"]


def test_a_campaign_out_of_date_and_a_missing_index_are_said_above_the_table(
    client_for: SignIn, collector, agency, simple, debtor
) -> None:
    client = client_for(collector)
    with scope(agency=agency):
        series = IndexSeries.objects.create(agency=agency, name="IGP-M")
        Campaign.objects.update(index=series)
    missing = answered(client, debtor, ON).context["screen"].errors
    with scope(agency=agency):
        Campaign.objects.update(index=None, valid_to=date(2026, 4, 19))
    expired = answered(client, debtor, ON).context["screen"].errors

    assert "Falta o índice IGP-M de" in missing["general"]
    assert "Nenhuma campanha de cálculo vigente em 20/04/2026" in expired["general"]
