"""The calculation screen: the playbook's figures, what it costs, what it refuses, who may."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from cobranca.accounts.models import Agency, User
from cobranca.agreements.models import Agreement
from cobranca.campaigns.models import Campaign, IndexSeries
from cobranca.common import clock
from cobranca.contracts.models import Contract, Installment
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from tests import factories, playbook

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def gateway() -> Iterator[playbook.PlaybookGateway]:
    with playbook.erp_of(playbook.PlaybookGateway(playbook.playbook_rows())) as installed:
        yield installed


@pytest.fixture
def table_a(agency: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    with scope(agency=agency):
        playbook.campaign_of(creditor)
    return playbook.table_a(creditor, debtor)


@pytest.fixture
def table_b(agency: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    with scope(agency=agency):
        playbook.campaign_of(creditor, fee="0")
    return playbook.table_b(creditor, debtor)


def address(name: str, debtor: Debtor) -> str:
    return reverse(f"telecobranca:{name}", args=[debtor.pk])


def ask_erp(client: Client, debtor: Debtor, on: date) -> None:
    client.post(address("calculation_erp", debtor), {"on": on.isoformat(), "plan": "cash"})


def opened(client: Client, debtor: Debtor, day: date, **data: str):
    return client.get(address("calculation", debtor), {"on": day.isoformat(), **data})


def answered(client: Client, debtor: Debtor, day: date, **data: str):
    given = {"on": day.isoformat(), "plan": "cash", "parts": "2", **data}
    return client.post(address("calculation_answer", debtor), given, headers=HTMX)


def figures(response) -> list[tuple[str, ...]]:
    return [
        (row.label, row.original, row.delay, row.charges, row.fee, row.total)
        for row in response.context["screen"].rows
        if row.is_selected
    ]


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


def everything(contract: Contract) -> str:
    keys = Installment._base_manager.filter(contract=contract).values_list("pk", flat=True)
    return ",".join(map(str, keys))


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


@pytest.fixture
def simple(agency: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    """One contract of two late installments and one to come, priced by a campaign."""
    with scope(agency=agency):
        playbook.campaign_of(
            creditor, max_discount_principal=Decimal(20), max_discount_fee=Decimal(50)
        )
        contract = factories.make_contract(creditor, debtor, issued_on=date(2026, 1, 1))
        for number, due in enumerate((date(2026, 3, 10), date(2026, 4, 10), date(2027, 5, 10)), 1):
            factories.make_installment(contract, number, label=str(number), due_date=due)
    return contract


ON = date(2026, 4, 20)


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


def test_unselected_rows_are_zeros_and_locked_ones_are_seen(
    client_for: SignIn, collector, simple, debtor
) -> None:
    first, second, _ = Installment._base_manager.filter(contract=simple).order_by("number")
    Installment._base_manager.filter(pk=first.pk).update(status="negotiated")

    response = opened(client_for(collector), debtor, ON, selection=f"{first.pk}-{second.pk}")

    locked, chosen, coming = response.context["screen"].rows
    assert (locked.is_locked, locked.total) == (True, "0,00")
    assert (chosen.is_selected, chosen.is_late) == (True, True)
    assert (coming.is_selected, coming.total, coming.charges) == (False, "0,00", "0,00")
    html = response.content.decode()
    assert "Em acordo: não pode ser selecionada" in html
    assert "1 parcela da seleção já não pode ser negociada e ficou de fora." in html


def test_the_correction_has_a_column_only_when_there_is_any(
    client_for: SignIn, collector, gateway, agency, simple, debtor
) -> None:
    html = opened(client_for(collector), debtor, ON).content.decode()

    assert "calc-table no-correction" in html


@pytest.mark.parametrize("count", [3, 360])
def test_the_screen_costs_the_same_for_any_debtor(
    client_for: SignIn, collector, agency, simple, debtor, count
) -> None:
    Installment._base_manager.bulk_create(
        Installment(
            agency=agency,
            contract=simple,
            number=number,
            due_date=date(2026, 4, 1),
            principal=Decimal("100.00"),
            balance=Decimal("100.00"),
        )
        for number in range(4, count + 1)
    )
    client = client_for(collector)
    opened(client, debtor, ON)
    with CaptureQueriesContext(connection) as page:
        opened(client, debtor, ON)
    with CaptureQueriesContext(connection) as answer:
        answered(client, debtor, ON, erp_asked=ON.isoformat())

    assert len(page) == PAGE_QUERIES, [query["sql"][:120] for query in page]
    assert len(answer) == ANSWER_QUERIES, [query["sql"][:120] for query in answer]


PAGE_QUERIES, ANSWER_QUERIES = 18, 15


def test_the_erp_is_asked_beside_the_page_once_a_day_of_calculation(
    client_for: SignIn, collector, gateway, table_a, debtor
) -> None:
    client = client_for(collector)
    first = opened(client, debtor, playbook.DAY_A).content.decode()
    assert gateway.asked == []
    told = client.post(
        address("calculation_erp", debtor), {"on": "19/11/2021", "plan": "cash"}, headers=HTMX
    )
    again = opened(client, debtor, playbook.DAY_A).content.decode()
    other_day = answered(client, debtor, playbook.DAY_B, erp_asked="2021-11-19").content.decode()

    assert gateway.asked == [("295", playbook.DAY_A)]
    assert "Consultando o ERP" in first
    assert "erp-answered" in told.headers["HX-Trigger-After-Swap"]
    assert "Saldo do ERP" in told.content.decode()
    assert "Consultando o ERP" not in again
    assert "Consultando o ERP" in other_day


def test_an_erp_that_refuses_is_named_and_the_rest_goes_on(
    client_for: SignIn, collector, gateway, table_a, debtor
) -> None:
    gateway.refuses = "O Sienge não respondeu a tempo."

    told = client_for(collector).post(
        address("calculation_erp", debtor), {"on": "19/11/2021", "plan": "cash"}
    )

    html = told.content.decode()
    assert "Contrato 295: O Sienge não respondeu a tempo." in html
    assert "Consultar de novo" in html
    assert "Carga do credor" in html


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


def test_a_discount_above_the_authority_is_said_before_saving(
    client_for: SignIn, collector, simple, debtor
) -> None:
    client = client_for(collector)
    low = answered(client, debtor, ON, discount_principal="1").content.decode()
    high = answered(client, debtor, ON, discount_principal="20").content.decode()

    assert "acima da alçada" not in low
    assert "acima da alçada de 10%" in high


def save(client: Client, debtor: Debtor, mode: str, **data: str):
    seen = answered(client, debtor, ON, **data).context["screen"].seen_total
    given = {
        "on": ON.isoformat(),
        "plan": "cash",
        "parts": "2",
        **data,
        "mode": mode,
        "seen_total": seen,
    }
    return client.post(address("calculation_save", debtor), given, headers=HTMX)


@pytest.mark.parametrize(
    ("mode", "status"),
    [("active", "active"), ("proposal", "proposal"), ("boleto", "active"), ("payment", "settled")],
)
def test_saving_makes_an_agreement_and_leads_to_it(
    client_for: SignIn, collector, agency, simple, debtor, mode, status
) -> None:
    response = save(client_for(collector), debtor, mode, description="Combinado por telefone")

    with scope(agency=agency):
        made = Agreement.objects.get()
        assert response.headers["HX-Redirect"] == reverse("telecobranca:agreement", args=[made.pk])
        assert (made.status, made.description) == (status, "Combinado por telefone")
        assert made.total == made.quote.total


def test_saving_needs_what_was_seen(client_for: SignIn, collector, agency, simple, debtor) -> None:
    client = client_for(collector)
    given = {"on": ON.isoformat(), "plan": "cash", "mode": "active", "seen_total": "1.00"}

    changed = client.post(address("calculation_save", debtor), given)
    unknown = save(client, debtor, "outra")
    refused = save(client, debtor, "integrated")
    wrong = client.post(address("calculation_save", debtor), {**given, "selection": ""})

    assert "Os valores mudaram" in changed.context["screen"].errors["general"]
    assert "permissão" in unknown.context["screen"].errors["general"]
    assert "não tem ERP que receba acordos" in refused.context["screen"].errors["general"]
    assert "Selecione" in wrong.context["screen"].errors["selection"]
    with scope(agency=agency):
        assert not Agreement.objects.exists()


def test_integrating_asks_the_erp(
    client_for: SignIn, collector, gateway, agency, simple, debtor
) -> None:
    gateway.can_integrate = True

    response = save(client_for(collector), debtor, "integrated", plan="instalments", parts="3")

    assert "HX-Redirect" in response.headers
    assert len(gateway.told) == 1
    with scope(agency=agency):
        assert Agreement.objects.get().external_id == "R-1"


def test_integrating_is_off_with_its_reason(client_for: SignIn, collector, simple, debtor) -> None:
    html = opened(client_for(collector), debtor, ON).content.decode()

    assert "não tem ERP que receba acordos." in html
    assert "confirm-erp" not in html


def test_an_auditor_sees_and_saves_nothing(client_for: SignIn, auditor, simple, debtor) -> None:
    client = client_for(auditor)

    assert "data-save" not in opened(client, debtor, ON).content.decode()
    refused = client.post(address("calculation_save", debtor), {"mode": "active"})
    assert refused.status_code == 403


def test_nothing_owed_says_so(client_for: SignIn, collector, debtor) -> None:
    html = opened(client_for(collector), debtor, ON).content.decode()

    assert "Nada em aberto" in html


def test_a_strangers_debtor_does_not_exist(client_for: SignIn, stranger, simple, debtor) -> None:
    client = client_for(stranger)

    assert opened(client, debtor, ON).status_code == 404
    assert answered(client, debtor, ON).status_code == 404


@pytest.mark.parametrize("name", ["statement_pdf", "debt_statement_pdf"])
def test_what_is_on_the_screen_as_pdf(client_for: SignIn, collector, simple, debtor, name) -> None:
    client = client_for(collector)

    made = client.get(address(name, debtor), {"on": ON.isoformat()})
    wrong = client.get(address(name, debtor), {"on": "x"})

    assert made.content.startswith(b"%PDF-")
    assert wrong.headers["Location"] == f"{address('calculation', debtor)}?on=x"
