"""The steps of a write, on the agreement's page, in the back office and over REST."""

from datetime import date

import pytest

from cobranca.agreements.states import Mode
from integrations.core.models import ErpOperation, ErpOperationStep
from tests import factories
from tests.cobranca.agreements.ledger import Ledger, generated
from tests.cobranca.agreements.making import agree, make_book, make_plain_campaign


@pytest.fixture
def agreement(in_scope, creditor, debtor, collector, monkeypatch):
    from cobranca.contracts import erp

    ledger = Ledger(parcels=generated("1000.00", "1000.00"))
    monkeypatch.setattr(erp, "_resolvers", [lambda _: ledger])
    make_plain_campaign(creditor)
    contract = factories.make_contract(creditor, debtor, number="295")
    make_book(contract, ["1000.00", "1000.00"])
    return agree(contract, collector, Mode.INTEGRATED, parts=2, first_due=date(2026, 4, 10))


@pytest.fixture
def operation(agreement, creditor):
    contract = agreement.items.all()[0].contract
    operation = ErpOperation.objects.create(
        agency=agreement.agency, creditor=creditor, contract=contract, system="sienge",
        key=f"agreement-{agreement.pk}", step="accepted", order={"installments": "1/2"},
        message="O Sienge não respondeu.",
    )  # fmt: skip
    for step, message in [("prepared", ""), ("sending", ""), ("accepted", "Encontrada no ERP")]:
        ErpOperationStep.objects.create(
            agency=agreement.agency, operation=operation, step=step, message=message
        )
    return operation


def test_the_agreements_page_shows_how_far_it_is(operation, agreement, client_for, collector):
    page = client_for(collector).get(f"/telecobranca/acordos/{agreement.pk}/").content.decode()

    assert "Gravação no ERP" in page
    assert page.index("Enviando ao ERP") < page.index("Aceita pelo ERP")
    assert "Encontrada no ERP" in page
    assert "ERP 4" in page  # the parcel's number over there


def test_nobody_is_offered_to_pay_it_here(operation, agreement, client_for, collector):
    page = client_for(collector).get(f"/telecobranca/acordos/{agreement.pk}/").content.decode()

    assert "Baixar" not in page


def test_the_back_office_lists_writes(operation, client_for, supervisor):
    client = client_for(supervisor)

    listed = client.get("/backoffice/gravacoes-erp/").content.decode()
    shown = client.get(f"/backoffice/gravacoes-erp/{operation.pk}/").content.decode()

    assert "Aceita pelo ERP" in listed
    assert "O Sienge não respondeu." in listed
    assert "1/2" in shown
    assert f"/telecobranca/acordos/{operation.key.removeprefix('agreement-')}/" in shown


def test_a_collector_does_not_see_the_back_office(operation, client_for, collector):
    client = client_for(collector)

    assert client.get("/backoffice/gravacoes-erp/").status_code == 403


def test_rest_reads_them(operation, api_for, supervisor):
    api = api_for(supervisor)

    (listed,) = api.get("/api/v1/erp-operations/?step=accepted").json()["results"]
    shown = api.get(f"/api/v1/erp-operations/{operation.pk}/").json()

    assert (listed["key"], listed["step"]) == (operation.key, "accepted")
    assert [step["step"] for step in shown["steps"]] == ["prepared", "sending", "accepted"]
    assert shown["order"] == {"installments": "1/2"}
    assert api.get("/api/v1/erp-operations/?step=done").json()["results"] == []
