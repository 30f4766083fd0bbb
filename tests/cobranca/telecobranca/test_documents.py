"""PDF documents and sending them, as the pages offer it: headers, permissions, refusals."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement
from cobranca.agreements.services import make_agreement
from cobranca.campaigns.calculation import Asked, calculate
from cobranca.common import clock
from cobranca.debtors.models import EmailAddress
from cobranca.outbox.models import OutboxEvent
from tests import factories, playbook

SignIn = Callable[[User], Client]


@pytest.fixture
def contract(agency, creditor, debtor):
    """Three installments of 1.000,00, late by 10 days and more."""
    with scope(agency=agency):
        playbook.campaign_of(creditor, fee="0")
        contract = factories.make_contract(creditor, debtor)
        for number in (1, 2, 3):
            due = clock.today() - timedelta(days=10 + 30 * (3 - number))
            factories.make_installment(contract, number, due_date=due)
    return contract


@pytest.fixture
def agreement(contract, supervisor, agency) -> Agreement:
    with scope(agency=agency):
        on = clock.today()
        oldest = contract.installments.get(number=1)
        made = calculate(contract.debtor_id, Asked(on=on, selection=[oldest.pk]))
        return make_agreement(made, actor=supervisor, on=on)


@pytest.fixture
def email(debtor) -> EmailAddress:
    return EmailAddress._base_manager.create(
        agency=debtor.agency, debtor=debtor, email="ana@example.com"
    )


def address(name: str, *args: int | str) -> str:
    return reverse(f"telecobranca:{name}", args=args)


def sending(agreement: Agreement) -> str:
    return address("send_agreement_document", agreement.pk)


def wished() -> list[OutboxEvent]:
    return list(OutboxEvent._base_manager.filter(topic="document.requested"))


# --- looking at them ------------------------------------------------------------------------------


def test_a_document_opens_in_the_browser_and_is_kept_nowhere(
    client_for: SignIn, collector, agreement
) -> None:
    response = client_for(collector).get(address("agreement_document", agreement.pk, "termo"))

    name = f"termo-acordo-{agreement.number}.pdf"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_documents_of_another_agency_do_not_exist(
    client_for: SignIn, stranger, agreement, debtor
) -> None:
    client = client_for(stranger)

    for name in ("statement_pdf", "debt_statement_pdf", "send_debt_statement"):
        assert client.get(address(name, debtor.pk)).status_code == 404
    for document in ("termo", "demonstrativo", "memoria"):
        told = address("agreement_document", agreement.pk, document)
        assert client.get(told).status_code == 404
    assert client.get(sending(agreement)).status_code == 404
    assert client.post(sending(agreement)).status_code == 404


def test_a_document_never_leaves_out_what_was_selected(
    client_for: SignIn, collector, contract, agreement, debtor, agency
) -> None:
    with scope(agency=agency):
        keys = ",".join(str(row.pk) for row in contract.installments.order_by("pk"))
    client = client_for(collector)

    # One of the three is in the agreement by now.
    response = client.get(address("debt_statement_pdf", debtor.pk), {"selection": keys})

    assert response.status_code == 302
    assert response.headers["Location"].startswith(address("calculation", debtor.pk))


def test_a_document_too_long_is_refused_in_words(
    client_for: SignIn, collector, contract, debtor, monkeypatch
) -> None:
    monkeypatch.setattr("cobranca.agreements.documents.statements.MOST_INSTALLMENTS", 1)

    response = client_for(collector).get(address("statement_pdf", debtor.pk), follow=True)

    assert "um documento traz até 1" in response.content.decode()


# --- sending them ---------------------------------------------------------------------------------


def test_a_document_is_chosen_and_sent_once(
    client_for: SignIn, collector, agreement, email
) -> None:
    client = client_for(collector)
    form = client.get(sending(agreement)).context["form"]
    told = {
        "document_choice": f"term-{agreement.pk}",
        "email": email.pk,
        "token": form["token"].value(),
    }

    answers = [client.post(sending(agreement), told).content.decode() for _ in range(2)]

    assert all("será enviado para ana@example.com" in answer for answer in answers)
    (wish,) = wished()
    assert wish.payload["kind"] == "term"
    assert wish.payload["actor"] == collector.pk


def test_each_form_is_a_wish_of_its_own(client_for: SignIn, collector, agreement, email) -> None:
    client = client_for(collector)
    forms = [client.get(sending(agreement)).context["form"] for _ in range(2)]

    assert forms[0]["token"].value() != forms[1]["token"].value()


def test_without_an_email_the_page_says_where_to_add_one(
    client_for: SignIn, collector, agreement
) -> None:
    client = client_for(collector)

    html = client.get(sending(agreement)).content.decode()
    told = {"document_choice": f"term-{agreement.pk}", "token": "t"}
    refused = client.post(sending(agreement), told)

    assert "não tem e-mail ativo" in html
    assert "Incluir" not in html
    assert refused.context["form"].errors["email"] == [
        "Este devedor não tem e-mail ativo: inclua um na aba E-mails da página dele."
    ]
    assert wished() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "999999"), ("email", "x"), ("document_choice", "term-999999"), ("token", "")],
)
def test_what_the_form_does_not_offer_is_refused(
    client_for: SignIn, collector, agreement, email, field, value
) -> None:
    told = {"document_choice": f"term-{agreement.pk}", "email": email.pk, "token": "t"}

    response = client_for(collector).post(sending(agreement), told | {field: value})

    assert field in response.context["form"].errors
    assert wished() == []


def test_a_refusal_of_the_rules_is_said_in_the_dialog(
    client_for: SignIn, collector, contract, email, agency
) -> None:
    with scope(agency=agency):
        on = clock.today()
        made = make_agreement(
            calculate(contract.debtor_id, Asked(on=on, expenses=Decimal(1))),
            actor=collector,
            on=on,
        )
        Agreement.objects.filter(pk=made.pk).update(status="broken")
    told = {"document_choice": f"term-{made.pk}", "email": email.pk, "token": "t"}

    html = client_for(collector).post(sending(made), told).content.decode()

    assert "O acordo foi quebrado: seu termo não vale mais." in html


def test_an_auditor_reads_documents_and_sends_none(
    client_for: SignIn, auditor, agreement, debtor, email
) -> None:
    client = client_for(auditor)
    term = address("agreement_document", agreement.pk, "termo")

    assert client.get(term).content.startswith(b"%PDF-")
    assert client.get(sending(agreement)).status_code == 403
    assert client.get(address("send_debt_statement", debtor.pk)).status_code == 403


def test_a_debt_statement_is_sent_from_the_calculation(
    client_for: SignIn, collector, contract, debtor, email
) -> None:
    client, page = client_for(collector), address("send_debt_statement", debtor.pk)
    query = f"?on={clock.today():%Y-%m-%d}&plan=cash"
    form = client.get(page + query).context["form"]

    response = client.post(page + query, {"email": email.pk, "token": form["token"].value()})

    assert response.headers["Location"] == address("debtor", debtor.pk)
    (wish,) = wished()
    assert wish.payload["kind"] == "debt"


def test_what_cannot_be_calculated_cannot_be_sent(
    client_for: SignIn, collector, contract, debtor, email
) -> None:
    page = address("send_debt_statement", debtor.pk) + "?on=x"

    response = client_for(collector).post(page, {"email": email.pk, "token": "t"})

    assert response.headers["Location"] == address("calculation", debtor.pk) + "?on=x"
    assert wished() == []


# --- too long to be drawn while somebody waits ----------------------------------------------------


@pytest.fixture
def long_contract(contract, agency):
    with scope(agency=agency):
        for number in range(4, 64):
            due = clock.today() - timedelta(days=number)
            factories.make_installment(contract, number, due_date=due)
    return contract


def test_a_long_memoria_is_offered_by_email_only(
    client_for: SignIn, collector, long_contract, debtor, email
) -> None:
    client = client_for(collector)

    page = client.get(address("statement", debtor.pk)).content.decode()
    drawn = client.get(address("statement_pdf", debtor.pk), follow=True).content.decode()

    assert "Esta memória é longa demais para abrir em PDF aqui." in page
    assert "PDF por e-mail" in page
    assert "memoria.pdf" not in page
    assert "envie-a por e-mail" in drawn


def test_a_memoria_is_sent_from_its_page(
    client_for: SignIn, collector, long_contract, debtor, email
) -> None:
    client = client_for(collector)
    page = client.get(address("statement", debtor.pk)).context["send"]
    form = client.get(page).context["form"]

    response = client.post(page, {"email": email.pk, "token": form["token"].value()}, follow=True)

    (wish,) = wished()
    assert wish.payload["kind"] == "calculation"
    assert "Memória de cálculo do débito: o documento vai para ana@example.com." in (
        response.content.decode()
    )


def test_the_long_memoria_of_an_agreement_is_sent_from_the_agreement(
    client_for: SignIn, supervisor, agency, long_contract
) -> None:
    with scope(agency=agency):
        on = clock.today()
        made = calculate(long_contract.debtor_id, Asked(on=on))
        agreement = make_agreement(made, actor=supervisor, on=on)
    client = client_for(supervisor)

    page = client.get(address("agreement_statement", agreement.pk)).content.decode()
    drawn = client.get(address("agreement_document", agreement.pk, "memoria"), follow=True)

    assert "na página do acordo" in page
    assert "envie-a por e-mail" in drawn.content.decode()
