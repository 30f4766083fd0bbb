"""SIE-13, 23 and 26 against a Sienge over HTTP: a debtor opened, a boleto, statements.

The playbook's four steps (7.1.3), each with the event that it shows.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts.erp_mail import Paper, Wish, mail_copy, mail_paper
from cobranca.contracts.models import Contract, DebtorSync, Event, Installment, Recall, TitleReading
from cobranca.contracts.second_copies import issue_copy, open_copy
from cobranca.contracts.states import SyncStatus
from cobranca.contracts.syncing import carry_out, open_debtor
from cobranca.creditors.standard_parameters import BLOCK_NEW_DUE_DATE
from cobranca.debtors.models import EmailAddress
from integrations.core.models import IntegrationLog
from integrations.sienge import parameters as p
from tests.flows.office import make_office

BILL, COMPANY = 5600, 17


@pytest.fixture
def office(erp, transactional_db):
    """An office of the reference's company: one customer, one title of 38 installments."""
    made = make_office(erp, COMPANY)
    with scope(agency=made.agency):
        run = made.load(full=True)
        assert run.status == "done", run.message
        yield made


@pytest.fixture
def contract(office):
    return Contract.objects.select_related("debtor").get(external_id=str(BILL))


def opened(office, contract):
    """Open the debtor and let a worker read; return how it ended."""
    now = office.now() + timedelta(minutes=2) * (DebtorSync.objects.count() + 1)
    open_debtor(contract.debtor, now=now, is_wish=True)
    carry_out(contract.debtor_id, clock=lambda: now)
    return DebtorSync.objects.get(debtor=contract.debtor)


def installment(contract, number):
    return Installment.objects.get(contract=contract, number=number)


def told(contract, kind):
    """Return the events of a kind that are not the first load's."""
    rows = Event.objects.filter(debtor=contract.debtor, kind=kind).order_by("pk")
    return [(row.title or row.get_kind_display(), row.text) for row in rows]


def open_numbers(contract):
    rows = Installment.objects.filter(contract=contract, status="open").order_by("number")
    return list(rows.values_list("number", flat=True))


def test_a_debtor_of_one_title_costs_four_calls_named_as_in_the_playbook(office, contract):
    office.erp.reset_calls()

    row = opened(office, contract)

    assert (row.status, row.message, row.changed) == (SyncStatus.DONE, "", False)
    calls = office.erp.calls()
    assert sum(calls["rest"].values()) == 4
    assert "bulk" not in calls
    methods = IntegrationLog.objects.order_by("pk").values_list("method", flat=True)
    assert sorted(list(methods)[-4:]) == [
        "BuscarContratoAvulso",
        "ConsultarExtratoCliente",
        "ConsultarReparcelamento",
        "ListarParcelasTitulo",
    ]
    assert TitleReading.objects.filter(contract=contract).exists()


def test_what_was_finished_there_is_recalled_here(office, contract):
    number = open_numbers(contract)[0]
    office.erp.act("pay", bill=BILL, installment=number)

    row = opened(office, contract)

    assert row.changed
    assert installment(contract, number).status == "recalled"
    recall = Recall.objects.get(contract=contract, number=number)
    assert recall.reason == "creditor_request"
    assert recall.note == "Parcela(s) sincronizada(s) via webservice"
    assert f"Parcela(s): {number}" in told(contract, "recall")[-1][1]


def test_what_changed_there_changes_here(office, contract):
    number = open_numbers(contract)[3]
    office.erp.act("change_installment", bill=BILL, installment=number, amount="1234.56")

    row = opened(office, contract)

    assert row.changed
    assert installment(contract, number).principal == Decimal("1234.56")
    title, text = told(contract, "sync")[-1]
    assert title == "Sincronização de Parcela(s)"
    assert f"Parcela(s): {number}" in text


def test_what_is_new_there_is_created_here(office, contract):
    office.erp.act("add_installment", bill=BILL, due_on="2030-01-10", amount="500.00")

    assert opened(office, contract).changed
    assert installment(contract, 39).balance == Decimal("500.00")
    assert "Parcela(s): 39" in told(contract, "sync")[-1][1]


def test_what_was_renegotiated_there_becomes_a_new_negotiation_here(office, contract):
    before = open_numbers(contract)
    office.erp.act("renegotiate", bill=BILL, installments=before, parts=6)

    assert opened(office, contract).changed

    recalled = Recall.objects.filter(contract=contract, reason="renegotiation")
    assert sorted(recalled.values_list("number", flat=True)) == before
    new = Installment.objects.filter(contract=contract, status="open")
    assert [row.negotiation for row in new] == [2] * 6
    assert contract.negotiations.count() == 2


def test_a_second_opening_changes_nothing(office, contract):
    office.erp.act("renegotiate", bill=BILL, parts=6)
    opened(office, contract)
    events = Event.objects.count()

    row = opened(office, contract)

    assert (row.status, row.changed) == (SyncStatus.DONE, False)
    assert Event.objects.count() == events


def test_two_titles_of_one_customer_share_statement_and_renegotiations(office, contract):
    made = office.erp.act(
        "new_avulso",
        customer=int(contract.external_debtor),
        company=COMPANY,
        document_type="FAT",
        amount="300.00",
        first_due_on="2026-12-10",
    )
    run = office.load(full=True)
    assert run.status == "done", run.message
    office.erp.reset_calls()

    row = opened(office, contract)

    assert row.status == SyncStatus.DONE, made
    assert sum(office.erp.calls()["rest"].values()) == 6  # 2 of the customer, 2 of each title


def test_switched_off_by_parameter_nobody_is_asked(office, contract):
    office.configure(p.SYNC_ON_OPEN, "Não")
    office.erp.reset_calls()

    assert open_debtor(contract.debtor, now=office.now()) is None


def test_an_erp_that_is_down_is_said_so_and_the_data_stay(office, contract):
    before = open_numbers(contract)
    office.erp.fault("503", "/")

    row = opened(office, contract)

    assert row.status == SyncStatus.FAILED
    assert row.failing_since == row.finished_at
    assert "fora do ar" in row.message
    assert open_numbers(contract) == before


# --- boletos and papers ---------------------------------------------------------------------------


@pytest.fixture
def slip(office, contract):
    """An installment that is due yet, with a boleto."""
    due = contract.installments.filter(status="open", due_date__gt=office.day).earliest("due_date")
    if not due.has_boleto:
        office.erp.act("register_boleto", bill=BILL, installment=due.number)
        Installment.objects.filter(pk=due.pk).update(has_boleto=True)
        due.refresh_from_db()
    return due


@pytest.fixture
def overdue(office, contract):
    late = contract.installments.filter(status="open", due_date__lt=office.day).earliest("due_date")
    if not late.has_boleto:
        office.erp.act("register_boleto", bill=BILL, installment=late.number)
        Installment.objects.filter(pk=late.pk).update(has_boleto=True)
    return late


def test_a_boleto_is_read_checked_and_its_paper_fetched(office, slip):
    copy = issue_copy(slip.pk, actor=None, on=office.day)
    paper = open_copy(slip.pk, actor=None, on=office.day)

    assert (copy.problem, copy.slip.due_date) == ("", slip.due_date)
    assert copy.slip.amount == slip.balance
    assert paper.pdf.startswith(b"%PDF-")
    logs = "".join(
        f"{log.url} {log.request} {log.response}"
        for log in IntegrationLog.objects.filter(method__in=["BaixarRelatorio"])
    )
    assert "expira" not in logs


def test_an_overdue_boleto_with_a_new_due_date_waits_for_the_parameter(office, overdue):
    with pytest.raises(DomainError, match="novo vencimento"):
        issue_copy(overdue.pk, actor=None, on=office.day)

    office.configure(BLOCK_NEW_DUE_DATE, "Não")
    assert issue_copy(overdue.pk, actor=None, on=office.day).slip.amount > overdue.balance


def test_what_sienge_says_against_a_boleto_is_passed_on(office, contract, slip):
    office.erp.act("pay", bill=BILL, installment=slip.number)

    with pytest.raises(DomainError, match="Não foram encontradas parcelas aptas"):
        issue_copy(slip.pk, actor=None, on=office.day)


def test_sienge_mails_boleto_statement_and_balance(office, contract, slip):
    debtor = contract.debtor
    EmailAddress.objects.create(
        agency=office.agency, debtor=debtor, email="escolhido@exemplo.com.br"
    )
    email = EmailAddress.objects.get(debtor=debtor, email="escolhido@exemplo.com.br")
    wish = Wish(actor=None, at=clock.now(), email_id=email.pk, message="Bom dia,\n<segue> o papel.")
    before = len(office.erp.control("mails")["mails"])

    mail_copy(slip.pk, wish, on=office.day)
    mail_paper(contract, Paper.STATEMENT, wish)
    mail_paper(contract, Paper.BALANCE, wish)

    mails = office.erp.control("mails")["mails"][before:]
    assert [mail["kind"] for mail in mails] == ["boleto", "statement", "balance"]
    assert {tuple(mail["to"]) for mail in mails} == {("escolhido@exemplo.com.br",)}
    assert [mail["bill_id"] for mail in mails] == [BILL, BILL, None]
    assert mails[2]["text"] == "Bom dia,<br>&lt;segue&gt; o papel."
    titles = [title for title, _ in told(contract, "notice")]
    assert titles == [
        "2ª via do boleto enviada por e-mail",
        "Extrato do cliente enviado por e-mail",
        "Saldo devedor atual enviado por e-mail",
    ]
