"""The calculation screen: its rows, what it costs, asking the ERP, who may see it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cobranca.contracts.models import Installment
from tests import playbook
from tests.cobranca.telecobranca.calculating import (
    HTMX,
    ON,
    SignIn,
    address,
    answered,
    opened,
)


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


PAGE_QUERIES, ANSWER_QUERIES = 14, 11


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


def test_an_erp_whose_answer_makes_no_sense_leaves_the_desk_at_work(
    client_for: SignIn, collector, gateway, table_a, debtor, caplog
) -> None:
    gateway.rows = None

    html = (
        client_for(collector)
        .post(address("calculation_erp", debtor), {"on": "19/11/2021", "plan": "cash"})
        .content.decode()
    )

    assert "Contrato 295: A resposta do ERP não pôde ser usada." in html
    assert "Consultar de novo" in html
    assert "erp_answer_unusable" in caplog.text


def test_nothing_owed_says_so(client_for: SignIn, collector, debtor) -> None:
    html = opened(client_for(collector), debtor, ON).content.decode()

    assert "Nada em aberto" in html


def test_a_strangers_debtor_does_not_exist(client_for: SignIn, stranger, simple, debtor) -> None:
    client = client_for(stranger)

    assert opened(client, debtor, ON).status_code == 404
    assert answered(client, debtor, ON).status_code == 404
