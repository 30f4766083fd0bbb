"""What the screens ask of an ERP, asked from the command line: the same services, told as JSON."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from cobranca.contracts import erp
from cobranca.contracts.erp import ErpUnreachableError, SyncReport
from cobranca.contracts.models import DebtorSync, Event
from cobranca.debtors.models import EmailAddress
from tests import factories
from tests.cobranca.contracts.asking import Oracle, line_of

pytestmark = pytest.mark.usefixtures("in_scope")
DUE = date(2030, 12, 10)


@pytest.fixture
def oracle(monkeypatch):
    oracle = Oracle(line=line_of(DUE))
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: oracle])
    return oracle


@pytest.fixture
def contract(creditor, debtor):
    EmailAddress.objects.create(agency=debtor.agency, debtor=debtor, email="maria@exemplo.com.br")
    return factories.make_contract(creditor, debtor, external_debtor="3431", external_id="5600")


@pytest.fixture
def installment(contract):
    return factories.make_installment(contract, 40, due_date=DUE, has_boleto=True)


def told(command, **options):
    """Return what a command says for scripts, and its exit code."""
    out = io.StringIO()
    try:
        call_command(command, json=True, stdout=out, **options)
    except SystemExit as end:
        return json.loads(out.getvalue()), end.code
    return json.loads(out.getvalue()), 0


def test_a_debtor_is_read_now(oracle, contract, debtor):
    oracle.report = SyncReport(updated=1)

    said, code = told("sync_debtor", debtor=debtor.pk)

    assert (said["status"], said["changed"], code) == ("done", True, 0)
    assert oracle.asked == [[contract.pk]]
    assert DebtorSync.objects.get().status == "done"


def test_an_erp_that_does_not_answer_fails_the_command(oracle, contract, debtor):
    oracle.problem = ErpUnreachableError("O Sienge está fora do ar.")

    said, code = told("sync_debtor", debtor=debtor.pk)

    assert (said["status"], code) == ("failed", 1)
    assert "fora do ar" in said["message"]


def test_a_debtor_of_no_erp_is_not_read(oracle, contract, debtor):
    oracle.syncs = False

    said, code = told("sync_debtor", debtor=debtor.pk)

    assert (said["status"], code, oracle.asked) == (None, 0, [])


def test_a_second_copy_is_printed_and_on_the_timeline(oracle, installment, collector):
    said, _ = told("second_copy", installment=installment.pk, user=collector.username)

    assert (said["amount"], said["due_date"]) == ("920.80", "2030-12-10")
    assert said["shown_line"] == oracle.line
    assert Event.objects.get().actor == collector


def test_its_paper_goes_into_a_file(oracle, installment, tmp_path):
    told("second_copy", installment=installment.pk, pdf=str(tmp_path / "boleto.pdf"))

    assert (tmp_path / "boleto.pdf").read_bytes() == oracle.pdf


def test_it_is_sent_by_the_erp(oracle, installment):
    said, _ = told("second_copy", installment=installment.pk, mail=True)

    assert said["email"] == "maria@exemplo.com.br"
    assert [what for what, _ in oracle.mails] == ["boleto"]


@pytest.mark.parametrize("paper", ["extrato", "saldo"])
def test_a_paper_is_sent_by_the_erp(oracle, contract, paper):
    said, _ = told("mail_paper", contract=contract.pk, paper=paper)

    assert said == {"contract": contract.pk, "paper": paper, "email": "maria@exemplo.com.br"}
    assert [what for what, _ in oracle.mails] == [paper]


def test_a_refusal_is_the_commands_error(oracle, installment):
    installment.has_boleto = False
    installment.save()

    with pytest.raises(CommandError, match="não tem boleto emitido"):
        told("second_copy", installment=installment.pk)


def test_nobody_of_another_agency_lends_a_name(oracle, installment, stranger):
    with pytest.raises(CommandError, match="nesta assessoria"):
        told("second_copy", installment=installment.pk, user=stranger.username)
    assert oracle.asked == []


def test_what_does_not_exist_is_said(oracle, installment):
    with pytest.raises(CommandError, match="Parcela 999999 não existe"):
        told("second_copy", installment=999999)
