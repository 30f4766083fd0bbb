"""SIE-23 and SIE-26 as the office sees them: the line checked, the parameter obeyed, all told."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.contracts import erp
from cobranca.contracts.erp import (
    ErpRefusalError,
    ErpUnconfirmedError,
    ErpUnreachableError,
)
from cobranca.contracts.erp_mail import Paper, Wish, mail_copy, mail_paper
from cobranca.contracts.models import Event
from cobranca.contracts.second_copies import issue_copy, open_copy
from cobranca.creditors.models import ParameterValue
from cobranca.creditors.standard_parameters import BLOCK_NEW_DUE_DATE
from cobranca.debtors.models import EmailAddress
from tests import factories
from tests.cobranca.contracts.asking import Oracle, line_of

pytestmark = pytest.mark.usefixtures("in_scope")
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
DUE = date(2026, 12, 10)  # a Thursday


@pytest.fixture
def oracle(monkeypatch):
    oracle = Oracle(line=line_of(DUE))
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: oracle])
    return oracle


@pytest.fixture
def contract(creditor, debtor):
    return factories.make_contract(creditor, debtor, number="295", external_debtor="3431")


@pytest.fixture
def installment(contract):
    return factories.make_installment(
        contract,
        40,
        label="40/180",
        due_date=DUE,
        principal=Decimal("920.80"),
        has_boleto=True,
    )


@pytest.fixture
def email(debtor):
    return EmailAddress.objects.create(
        agency=debtor.agency, debtor=debtor, email="maria@exemplo.com.br", is_main=True
    )


def allow_new_due_date(creditor):
    ParameterValue.objects.create(
        agency=creditor.agency,
        creditor=creditor,
        section=BLOCK_NEW_DUE_DATE.section,
        key=BLOCK_NEW_DUE_DATE.key,
        value="Não",
    )


def test_the_line_is_told_with_what_it_says(oracle, installment, collector):
    copy = issue_copy(installment.pk, actor=collector, on=TODAY)

    assert copy.shown_line == oracle.line
    assert (copy.slip.amount, copy.slip.due_date) == (Decimal("920.80"), DUE)
    assert oracle.asked == [(40, False)]  # the paper is fetched when it is opened
    event = Event.objects.get()
    assert (event.title, event.actor) == ("2ª via do boleto emitida", collector)
    assert event.text == (
        "Contrato: 295 Parcela: 40/180 Vencimento: 10/12/2026 Valor: R$ 920,80\n"
        f"Linha digitável: {oracle.line}"
    )


def test_the_sms_fits_plain_letters(oracle, installment, collector):
    installment.contract.creditor.trade_name = "Construções São João"
    installment.contract.creditor.save()

    sms = issue_copy(installment.pk, actor=collector, on=TODAY).sms

    digits = "".join(d for d in oracle.line if d.isdigit())
    assert sms == (
        "Construcoes Sao Joao: boleto da parcela 40/180, R$ 920,80, venc. 10/12/2026. "
        f"Linha digitavel: {digits}"
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"has_boleto": False}, "não tem boleto emitido"),
        ({"status": "settled"}, "está paga"),
        ({"status": "recalled"}, "está devolvida"),
    ],
)
def test_where_there_is_nothing_to_issue_the_erp_is_not_asked(
    oracle, installment, collector, fields, why
):
    for name, value in fields.items():
        setattr(installment, name, value)
    installment.save()

    with pytest.raises(DomainError, match=why):
        issue_copy(installment.pk, actor=collector, on=TODAY)
    assert oracle.asked == []
    assert not Event.objects.exists()


def test_the_boleto_of_an_installment_in_an_agreement_may_be_issued(oracle, installment, collector):
    """Playbook 7.4.2: the original boleto stays related to the original installments."""
    installment.status = "negotiated"
    installment.save()

    assert issue_copy(installment.pk, actor=collector, on=TODAY).slip


def test_an_erp_without_second_copies_says_so(oracle, installment, collector):
    oracle.can_issue_second_copy = False

    with pytest.raises(DomainError, match="não oferece a 2ª via"):
        issue_copy(installment.pk, actor=collector, on=TODAY)


def test_a_later_due_date_is_refused_unless_the_creditor_lets_it_be(
    oracle, installment, creditor, collector
):
    oracle.line = line_of(date(2026, 12, 31), "1004.53")

    with pytest.raises(DomainError, match=r"novo vencimento \(31/12/2026; o da parcela é 10/12"):
        issue_copy(installment.pk, actor=collector, on=TODAY)
    assert not Event.objects.exists()

    allow_new_due_date(creditor)
    assert issue_copy(installment.pk, actor=collector, on=TODAY).slip.amount == Decimal("1004.53")


def test_the_monday_after_a_weekend_is_no_new_due_date(oracle, installment, collector):
    installment.due_date = date(2026, 12, 12)  # a Saturday
    installment.save()
    oracle.line = line_of(date(2026, 12, 14))

    assert issue_copy(installment.pk, actor=collector, on=TODAY)


def test_an_overdue_boleto_is_issued_and_said_to_be_overdue(oracle, installment, collector):
    copy = issue_copy(installment.pk, actor=collector, on=date(2027, 1, 5))

    assert copy.is_overdue


def test_a_line_that_does_not_add_up_is_not_passed_on(oracle, installment, collector):
    oracle.line = "00190.00009 01234.567890 12345.678901 1 12340000109558"

    copy = issue_copy(installment.pk, actor=collector, on=TODAY)

    assert (copy.slip, copy.sms) == (None, "")
    assert "não confere" in copy.problem
    assert "Linha digitável" not in Event.objects.get().text.replace(copy.problem, "")


@pytest.mark.parametrize(
    "problem",
    [
        ErpRefusalError("Não foram encontradas parcelas aptas para geração da segunda via"),
        ErpUnreachableError("O Sienge não respondeu."),
    ],
)
def test_what_the_erp_says_against_it_is_passed_on_and_nothing_told(
    oracle, installment, collector, problem
):
    oracle.problem = problem

    with pytest.raises(DomainError, match=problem.message):
        issue_copy(installment.pk, actor=collector, on=TODAY)
    assert not Event.objects.exists()


def test_the_paper_is_fetched_when_opened_and_that_is_on_the_trail(oracle, installment, collector):
    copy = open_copy(installment.pk, actor=collector, on=TODAY)

    assert copy.pdf == b"%PDF-1.4 boleto"
    assert oracle.asked == [(40, True)]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("boleto.opened", collector)
    assert not Event.objects.exists()


# --- by e-mail ------------------------------------------------------------------------------------


def test_the_erp_mails_the_boleto_and_the_timeline_says_to_whom(
    oracle, installment, email, collector
):
    sent = mail_copy(installment.pk, Wish(actor=collector, at=NOW), on=TODAY)

    assert sent == email
    ((what, mail),) = oracle.mails
    assert (what, mail.to) == ("boleto", "maria@exemplo.com.br")
    assert mail.subject == "2ª via do boleto - contrato 295, parcela 40/180"
    event = Event.objects.get()
    assert event.title == "2ª via do boleto enviada por e-mail"
    assert event.text.endswith("\nPara: maria@exemplo.com.br")
    assert event.actor == collector


def test_a_boleto_with_a_new_due_date_is_not_mailed_either(oracle, installment, email, collector):
    oracle.line = line_of(date(2026, 12, 31))

    with pytest.raises(DomainError, match="novo vencimento"):
        mail_copy(installment.pk, Wish(actor=collector, at=NOW), on=TODAY)
    assert oracle.mails == []


@pytest.mark.parametrize("paper", Paper)
def test_the_erp_mails_statement_and_balance(oracle, contract, email, collector, paper):
    mail_paper(contract, paper, Wish(actor=collector, at=NOW, message="Segue.\nObrigado"))

    ((what, mail),) = oracle.mails
    assert (what, mail.message) == (paper.value, "Segue.\nObrigado")
    event = Event.objects.get()
    assert event.title == f"{paper.label} enviado por e-mail"
    assert event.text == "Contrato: 295\nPara: maria@exemplo.com.br"


def test_a_lost_answer_is_told_as_one_and_not_repeated(oracle, contract, email, collector):
    oracle.problem = ErpUnconfirmedError("O Sienge não respondeu.")

    with pytest.raises(ErpUnconfirmedError, match="pode ter saído"):
        mail_paper(contract, Paper.STATEMENT, Wish(actor=collector, at=NOW))

    assert len(oracle.mails) == 1
    assert Event.objects.get().text.endswith("O ERP não confirmou o envio: pode ter saído.")


def test_a_refusal_leaves_nothing_on_the_timeline(oracle, contract, email, collector):
    oracle.problem = ErpRefusalError("Cliente sem e-mail liberado.")

    with pytest.raises(ErpRefusalError, match="sem e-mail liberado"):
        mail_paper(contract, Paper.BALANCE, Wish(actor=collector, at=NOW))
    assert not Event.objects.exists()


def test_mail_goes_only_to_an_active_address_of_the_debtor(
    oracle, contract, agency, email, collector
):
    stranger = factories.make_debtor(agency)
    theirs = EmailAddress.objects.create(agency=agency, debtor=stranger, email="x@exemplo.com.br")
    old = EmailAddress.objects.create(
        agency=agency, debtor=contract.debtor, email="velho@exemplo.com.br", is_active=False
    )
    for each in (theirs, old):
        with pytest.raises(DomainError, match="Escolha um dos e-mails ativos"):
            mail_paper(contract, Paper.STATEMENT, Wish(actor=collector, at=NOW, email_id=each.pk))


def test_an_address_that_is_none_is_refused_at_its_field(oracle, contract, debtor, collector):
    EmailAddress.objects.create(agency=debtor.agency, debtor=debtor, email="maria@", is_main=True)

    with pytest.raises(DomainError, match="não é um endereço de e-mail") as refused:
        mail_paper(contract, Paper.STATEMENT, Wish(actor=collector, at=NOW))
    assert refused.value.field == "email"
    assert oracle.mails == []


def test_without_an_address_or_a_customer_over_there_nothing_is_asked(oracle, contract, collector):
    with pytest.raises(DomainError, match="não tem e-mail ativo"):
        mail_paper(contract, Paper.STATEMENT, Wish(actor=collector, at=NOW))

    contract.external_debtor = ""
    with pytest.raises(DomainError, match="não envia extratos"):
        mail_paper(contract, Paper.STATEMENT, Wish(actor=collector, at=NOW))
