"""The pages of agreements: who sees them, what is offered, what is refused, what it leads to."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from cobranca.accounts.models import Agency, User
from cobranca.agreements.models import Agreement, AgreementInstallment, AgreementPayment
from cobranca.agreements.parameters import SECTION, SUPERVISOR_AUTHORITY
from cobranca.agreements.services import make_agreement, pay_agreement
from cobranca.agreements.services.paying import Receipt
from cobranca.calc.discounts import DiscountRequest, Percent
from cobranca.campaigns.calculation import Asked, calculate
from cobranca.common import clock
from cobranca.contracts.models import Contract, Installment
from cobranca.creditors.models import Creditor, ParameterValue
from cobranca.debtors.models import Debtor
from tests import factories, playbook

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def contract(agency: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    """Three installments of 1.000,00, late by 10 days and more, priced by a campaign."""
    with scope(agency=agency):
        playbook.campaign_of(creditor, fee="0")
        return make_contract(creditor, debtor)


def make_contract(creditor: Creditor, debtor: Debtor) -> Contract:
    contract = factories.make_contract(creditor, debtor)
    for number in (1, 2, 3):
        due = clock.today() - timedelta(days=10 + 30 * (3 - number))
        factories.make_installment(contract, number, label=str(number), due_date=due)
    return contract


def agree(
    contract: Contract, actor: User, mode: str = "active", percent: int = 0, **asked: Any
) -> Agreement:
    """Make an agreement of a contract's late installments."""
    discounts = DiscountRequest(principal=Percent(Decimal(percent)))
    with scope(agency=contract.agency):
        on = clock.today()
        told = Asked(on=on, discounts=discounts, contract_ids=[contract.pk], **asked)
        made = calculate(contract.debtor_id, told)
        return make_agreement(made, actor=actor, on=on, mode=mode)


def in_parcels(contract: Contract, actor: User, **asked: Any) -> Agreement:
    first = clock.today() + timedelta(days=30)
    return agree(contract, actor, plan="instalments", parts=3, first_due=first, **asked)


def page(made: Agreement) -> str:
    return reverse("telecobranca:agreement", args=[made.pk])


def action(made: Agreement, slug: str) -> str:
    return reverse("telecobranca:agreement_action", args=[made.pk, slug])


def of_part(name: str, made: Agreement, part: int) -> str:
    return reverse(f"telecobranca:agreement_{name}", args=[made.pk, part])


def offered(client: Client, made: Agreement) -> list[str]:
    return [move.slug for move in client.get(page(made)).context["moves"]]


def fresh(made: Agreement) -> Agreement:
    return Agreement._base_manager.get(pk=made.pk)


def test_the_page_of_an_agreement(client_for: SignIn, collector, contract) -> None:
    made = in_parcels(contract, collector)

    html = client_for(collector).get(page(made)).content.decode()

    for told in (f"Acordo {made.number}", "Vigente", "Parcelas do acordo", "Baixar<span"):
        assert told in html
    assert "Entrou em vigor" in html
    assert "Memória de cálculo" in html


def test_its_page_costs_the_same_however_many_parcels(
    client_for: SignIn, collector, creditor, debtor, contract, agency
) -> None:
    client = client_for(collector)
    small = in_parcels(contract, collector)
    with scope(agency=agency):
        other = make_contract(creditor, debtor)
    first = clock.today() + timedelta(days=30)
    large = agree(other, collector, plan="instalments", parts=60, first_due=first)
    client.get(page(small))

    costs = []
    for made in (small, large):
        with CaptureQueriesContext(connection) as queries:
            client.get(page(made))
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert costs[0] <= 14


def test_what_is_offered_follows_status_and_role(
    client_for: SignIn, collector, supervisor, auditor, creditor, debtor, agency, contract
) -> None:
    proposal = agree(contract, collector, mode="proposal")
    active = in_parcels(contract, collector)
    with scope(agency=agency):
        other = make_contract(creditor, debtor)
    waiting = agree(other, collector, percent=30)

    collects, supervises = client_for(collector), client_for(supervisor)
    assert offered(collects, proposal) == ["efetivar", "cancelar"]
    assert offered(collects, active) == ["cancelar", "quebrar"]
    assert "aprovar" not in offered(collects, waiting)
    assert offered(supervises, waiting)[:2] == ["aprovar", "recusar"]
    assert offered(client_for(auditor), active) == []


def test_approving_is_offered_only_within_ones_own_authority(
    client_for: SignIn, collector, supervisor, implementer, contract, creditor, agency
) -> None:
    waiting = agree(contract, collector, percent=60)

    assert "aprovar" not in offered(client_for(supervisor), waiting)
    assert "recusar" in offered(client_for(supervisor), waiting)
    assert "aprovar" in offered(client_for(implementer), waiting)
    refused = client_for(supervisor).post(action(waiting, "aprovar"), headers=HTMX)
    assert "Sua alçada é de 50%" in refused.content.decode()
    assert fresh(waiting).status == "waiting"


@pytest.mark.parametrize(
    ("slug", "status", "told"),
    [
        ("aprovar", "active", "O desconto é de R$ 900,00, 29,04% da dívida"),
        ("recusar", "cancelled", "voltam à cobrança"),
        ("cancelar", "cancelled", "não pode ser retomado"),
    ],
)
def test_a_supervisor_decides_after_reading_what_happens(
    client_for: SignIn, collector, supervisor, contract, slug, status, told
) -> None:
    waiting = agree(contract, collector, percent=30)
    client = client_for(supervisor)

    asked = client.get(action(waiting, slug), headers=HTMX).content.decode()
    done = client.post(action(waiting, slug), {"reason": "Conferido"}, headers=HTMX)

    assert told in asked
    assert done.headers["HX-Redirect"] == page(waiting)
    assert fresh(waiting).status == status


def test_a_move_without_its_reason_asks_for_it(client_for: SignIn, collector, contract) -> None:
    made = in_parcels(contract, collector)

    asked = client_for(collector).post(action(made, "quebrar"), {"reason": ""}, headers=HTMX)

    assert "Informe o motivo." in asked.content.decode()
    assert fresh(made).status == "active"


def test_what_is_no_longer_possible_is_refused_with_its_sentence(
    client_for: SignIn, collector, contract
) -> None:
    made = agree(contract, collector, mode="proposal")
    client = client_for(collector)
    client.post(action(made, "cancelar"), {"reason": "Desistiu"}, headers=HTMX)

    seen = client.get(action(made, "efetivar"), headers=HTMX).content.decode()
    done = client.post(action(made, "efetivar"), headers=HTMX).content.decode()

    assert "Não é possível agora: o acordo está cancelado." in seen
    assert "não pode passar a" in done


def test_a_proposal_takes_effect(client_for: SignIn, collector, contract, agency) -> None:
    made = agree(contract, collector, mode="proposal")
    client = client_for(collector)

    asked = client.get(action(made, "efetivar"), headers=HTMX).content.decode()
    client.post(action(made, "efetivar"), headers=HTMX)

    assert "3 parcelas originais deixam a cobrança" in asked
    assert fresh(made).status == "active"
    statuses = Installment._base_manager.filter(contract=contract).values_list("status", flat=True)
    assert set(statuses) == {"negotiated"}


def test_a_parcel_is_paid_and_the_payment_reversed(
    client_for: SignIn, collector, supervisor, contract
) -> None:
    made = in_parcels(contract, collector)
    first = AgreementInstallment._base_manager.get(agreement=made, number=1)
    client = client_for(supervisor)

    asked = client.get(of_part("pay", made, first.pk), headers=HTMX).content.decode()
    today = f"{clock.today():%d/%m/%Y}"
    given = {"amount": "300,00", "paid_on": today, "means": "PIX", "note": "parte"}
    paid = client.post(of_part("pay", made, first.pk), given, headers=HTMX)

    assert f"Faltam R$ {first.amount:,.2f}".translate(str.maketrans(",.", ".,")) in asked
    assert "HX-Redirect" in paid.headers
    payment = AgreementPayment._base_manager.get(agreement=made)
    assert (payment.amount, payment.means) == (Decimal("300.00"), "PIX")
    told = client.get(page(made)).content.decode()
    assert "Pagamento de R$ 300,00 baixado." in told
    assert "Estornar" in told
    address = of_part("reverse", made, payment.pk)
    asked = client.get(address, headers=HTMX).content.decode()
    client.post(address, {"reason": "Cheque devolvido"}, headers=HTMX)
    assert "volta a dever R$ 300,00" in asked
    payment.refresh_from_db()
    assert payment.reversed_on == clock.today()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"amount": "99.999,00"}, "Informe um valor entre"),
        ({"amount": ""}, "Informe o valor."),
        ({"amount": "x"}, "Digite um número"),
        ({"paid_on": "01/01/2099"}, "não pode ser futura"),
        ({"paid_on": "ontem"}, "Data inválida"),
    ],
)
def test_a_payment_that_cannot_be_is_said_at_its_field(
    client_for: SignIn, collector, contract, given, message
) -> None:
    made = in_parcels(contract, collector)
    first = AgreementInstallment._base_manager.get(agreement=made, number=1)
    told = {"amount": "10,00", "paid_on": f"{clock.today():%d/%m/%Y}", "means": "PIX", **given}

    html = client_for(collector).post(of_part("pay", made, first.pk), told).content

    assert message in html.decode()
    assert not AgreementPayment._base_manager.exists()


def test_breaking_says_what_becomes_of_the_money(
    client_for: SignIn, collector, contract, agency
) -> None:
    made = in_parcels(contract, collector)
    with scope(agency=agency):
        nets = [item.net for item in made.items.order_by("position")]
        amount = nets[0] + Decimal("200.00")
        pay_agreement(
            agreement_id=made.pk,
            receipt=Receipt(paid_on=clock.today(), amount=amount),
            actor=collector,
            on=clock.today(),
        )
    client = client_for(collector)

    asked = client.get(action(made, "quebrar"), headers=HTMX).content.decode()
    client.post(action(made, "quebrar"), {"reason": "Parou de pagar"}, headers=HTMX)

    assert "1 parcela original fica quitada" in asked
    assert "R$ 200,00 são abatidos das parcelas seguintes." in asked
    assert "2 parcelas originais, R$ 1.800,00, voltam à cobrança." in asked
    assert fresh(made).status == "broken"
    owed = Installment._base_manager.filter(contract=contract, status="open")
    assert sum(row.owed for row in owed) == Decimal("1800.00")


def test_integrating_is_offered_where_the_erp_takes_agreements(
    client_for: SignIn, collector, contract
) -> None:
    made = in_parcels(contract, collector)
    client = client_for(collector)
    assert "integrar" not in offered(client, made)

    gateway = playbook.PlaybookGateway(can_integrate=True)
    with playbook.erp_of(gateway):
        assert "integrar" in offered(client, made)
        asked = client.get(action(made, "integrar"), headers=HTMX).content.decode()
        client.post(action(made, "integrar"), headers=HTMX)

    assert "é gravado no ERP" in asked
    assert len(gateway.told) == 1
    assert fresh(made).external_id == "R-1"


def test_the_list_is_filtered_and_paged(
    client_for: SignIn, collector, supervisor, creditor, debtor, contract, agency
) -> None:
    proposals = [agree(contract, collector, mode="proposal") for _ in range(26)]
    waiting = agree(contract, collector, percent=30)
    client, address = client_for(supervisor), reverse("telecobranca:agreements")

    everything = client.get(address)
    rest = client.get(address, {"apos": everything.context["page"].after}, headers=HTMX)
    for_me = client.get(address, {"filtro": "minha-aprovacao"})
    late = client.get(address, {"filtro": "vencidos"})
    by_status = client.get(address, {"filtro": "waiting"})
    nonsense = client.get(address, {"filtro": "x", "apos": "x"})

    assert everything.content.decode().count("data-row") == 25
    assert rest.content.decode().count("data-row") == 2
    assert rest.context["page"].after == ""
    assert "<html" not in rest.content.decode()
    assert proposals[0].number in [row.number for row in rest.context["page"].rows]
    assert [row.pk for row in for_me.context["page"].rows] == [waiting.pk]
    assert late.context["page"].rows == []
    assert [row.pk for row in by_status.context["page"].rows] == [waiting.pk]
    assert len(nonsense.context["page"].rows) == 25
    assert "minha-aprovacao" not in client_for(collector).get(address).content.decode()


def test_what_waits_for_me_follows_the_creditors_authority(
    client_for: SignIn, collector, supervisor, creditor, contract, agency
) -> None:
    agree(contract, collector, percent=30)
    client, address = client_for(supervisor), reverse("telecobranca:agreements")
    query = {"filtro": "minha-aprovacao"}
    before = len(client.get(address, query).context["page"].rows)
    with scope(agency=agency):
        ParameterValue.objects.create(
            agency=agency,
            creditor=creditor,
            section=SECTION,
            key=SUPERVISOR_AUTHORITY.key,
            value="20",
        )

    assert before == 1
    assert client.get(address, query).context["page"].rows == []


def test_late_agreements_are_found(client_for: SignIn, collector, contract) -> None:
    made = in_parcels(contract, collector)
    AgreementInstallment._base_manager.filter(agreement=made, number=1).update(
        due_date=date(2026, 1, 5)
    )

    response = client_for(collector).get(reverse("telecobranca:agreements"), {"filtro": "vencidos"})

    assert [row.pk for row in response.context["page"].rows] == [made.pk]
    assert "text-red" in response.content.decode()


def test_the_debtor_page_counts_and_shows_them(
    client_for: SignIn, collector, debtor, contract
) -> None:
    made = in_parcels(contract, collector)
    client = client_for(collector)

    desk = client.get(reverse("telecobranca:debtor", args=[debtor.pk])).content.decode()
    tab = client.get(reverse("telecobranca:debtor_agreements", args=[debtor.pk]), headers=HTMX)

    assert 'id="count-acordos">1<' in desk
    assert page(made) in tab.content.decode()
    assert "Parcela(s): 1, 2, 3" in tab.content.decode()


def test_the_memoria_kept_with_an_agreement(client_for: SignIn, collector, contract) -> None:
    made = in_parcels(contract, collector)
    address = reverse("telecobranca:agreement_statement", args=[made.pk])
    client = client_for(collector)

    html = client.get(address).content.decode()
    told = client.get(address, {"formato": "json"}).json()

    assert "Total do acordo" in html
    assert told == fresh(made).quote.statement


def test_another_agencys_agreement_does_not_exist(
    client_for: SignIn, stranger, collector, contract
) -> None:
    made = in_parcels(contract, collector)
    client = client_for(stranger)

    assert client.get(page(made)).status_code == 404
    assert client.post(action(made, "cancelar"), {"reason": "x"}).status_code == 404
    assert client.get(reverse("telecobranca:agreements")).context["page"].rows == []


def test_an_auditor_reads_and_does_nothing(
    client_for: SignIn, auditor, collector, contract
) -> None:
    made = in_parcels(contract, collector)
    client = client_for(auditor)

    assert client.get(page(made)).status_code == 200
    assert client.post(action(made, "cancelar"), {"reason": "x"}).status_code == 403
    assert client.get(of_part("pay", made, 1)).status_code == 403
    assert client.get(of_part("reverse", made, 1)).status_code == 403


def test_parts_of_another_agreement_and_unknown_moves_do_not_exist(
    client_for: SignIn, supervisor, collector, contract
) -> None:
    made = in_parcels(contract, collector)
    client = client_for(supervisor)

    assert client.get(action(made, "dancar")).status_code == 404
    assert client.get(of_part("pay", made, 999_999)).status_code == 404
    assert client.get(of_part("reverse", made, 999_999)).status_code == 404


@pytest.mark.parametrize("document", ["termo", "demonstrativo", "memoria"])
def test_its_documents_are_pdf(client_for: SignIn, collector, contract, document) -> None:
    made = in_parcels(contract, collector)

    response = client_for(collector).get(
        reverse("telecobranca:agreement_document", args=[made.pk, document])
    )

    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"


def test_a_payment_has_its_receipt(client_for: SignIn, collector, contract, agency) -> None:
    made = in_parcels(contract, collector)
    with scope(agency=agency):
        (payment,) = pay_agreement(
            agreement_id=made.pk,
            receipt=Receipt(paid_on=clock.today(), amount=Decimal("100.00")),
            actor=collector,
            on=clock.today(),
        )
    client = client_for(collector)

    assert client.get(of_part("receipt", made, payment.pk)).content.startswith(b"%PDF-")
    assert client.get(of_part("receipt", made, payment.pk + 1)).status_code == 404
    unknown = reverse("telecobranca:agreement_document", args=[made.pk, "carta"])
    assert client.get(unknown).status_code == 404


def test_where_no_pdf_can_be_drawn_the_page_says_why(
    client_for: SignIn, collector, contract, monkeypatch
) -> None:
    made = in_parcels(contract, collector)
    # A system without WeasyPrint's libraries.
    monkeypatch.setattr(
        "cobranca.agreements.documents.rendering.missing_libraries", lambda: ("libpango",)
    )

    response = client_for(collector).get(
        reverse("telecobranca:agreement_document", args=[made.pk, "termo"]), follow=True
    )

    assert "não tem as bibliotecas que desenham PDF" in response.content.decode()


def test_the_menu_says_where_one_is(client_for: SignIn, collector) -> None:
    html = client_for(collector).get(reverse("telecobranca:agreements")).content.decode()

    assert re.findall(r'aria-current="page">(?:<svg.*?</svg>)?(\w+)<', html) == ["Acordos"]
