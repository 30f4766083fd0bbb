"""Agreements made from the calculation screen."""

import pytest
from django.urls import reverse
from django_scopes import scope

from cobranca.agreements.models import Agreement
from cobranca.agreements.services import cancel_agreement
from cobranca.contracts.erp import Renegotiation, RenegotiationReceipt
from tests.cobranca.telecobranca.calculating import (
    ON,
    SignIn,
    address,
    answered,
    opened,
    save,
)


def test_a_discount_above_the_authority_is_said_before_saving(
    client_for: SignIn, collector, simple, debtor
) -> None:
    client = client_for(collector)
    low = answered(client, debtor, ON, discount_principal="1").content.decode()
    high = answered(client, debtor, ON, discount_principal="20").content.decode()

    assert "acima da alçada" not in low
    assert "acima da alçada de 10%" in high


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


def test_called_off_while_the_erp_was_asked_it_is_not_told_as_in_force(
    client_for: SignIn, collector, gateway, agency, simple, debtor, monkeypatch
) -> None:
    def call_off(order: Renegotiation) -> RenegotiationReceipt:
        made = Agreement.objects.get()
        cancel_agreement(agreement_id=made.pk, actor=collector, on=ON, reason="Desistiu")
        return RenegotiationReceipt("R-1")

    gateway.can_integrate = True
    monkeypatch.setattr(gateway, "integrate", call_off)
    client = client_for(collector)

    response = save(client, debtor, "integrated", plan="instalments", parts="3")

    told = client.get(response.headers["HX-Redirect"]).content.decode()
    assert "cancelado enquanto o ERP era consultado. Desistiu" in told
    assert "salvo e vigente" not in told


def test_integrating_is_off_with_its_reason(client_for: SignIn, collector, simple, debtor) -> None:
    html = opened(client_for(collector), debtor, ON).content.decode()

    assert "não tem ERP que receba acordos." in html
    assert "confirm-erp" not in html


def test_an_auditor_sees_and_saves_nothing(client_for: SignIn, auditor, simple, debtor) -> None:
    client = client_for(auditor)

    assert "data-save" not in opened(client, debtor, ON).content.decode()
    refused = client.post(address("calculation_save", debtor), {"mode": "active"})
    assert refused.status_code == 403
