"""REST of what the ERP is asked: the same rules as on the screen, nobody else's rows."""

from datetime import date

import pytest

from cobranca.contracts import erp
from cobranca.contracts.erp import ErpUnreachableError
from cobranca.contracts.models import DebtorSync, Event
from cobranca.debtors.models import EmailAddress
from tests import factories
from tests.api import errors, refusal
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
    return factories.make_contract(creditor, debtor, external_debtor="3431")


@pytest.fixture
def installment(contract):
    return factories.make_installment(contract, 40, due_date=DUE, has_boleto=True)


@pytest.fixture
def email(debtor):
    return EmailAddress.objects.create(
        agency=debtor.agency, debtor=debtor, email="maria@exemplo.com.br"
    )


@pytest.fixture
def api(api_for, collector):
    return api_for(collector)


def test_a_debtor_is_read_on_demand(api, oracle, contract, debtor):
    url = f"/api/v1/debtors/{debtor.pk}/sync/"

    before, asked, again, now = api.get(url), api.post(url), api.post(url), api.get(url)

    assert [each.status_code for each in (before, asked, again, now)] == [200, 202, 200, 200]
    assert before.json()["status"] is None
    assert asked.json()["status"] == "queued"
    assert now.json() == again.json() == asked.json()
    assert DebtorSync.objects.get().debtor == debtor


def test_a_debtor_of_no_erp_is_not_queued(api, oracle, contract, debtor):
    oracle.syncs = False

    answer = api.post(f"/api/v1/debtors/{debtor.pk}/sync/", {"force": True})

    assert (answer.status_code, answer.json()["status"]) == (200, None)


def test_a_second_copy_is_issued(api, oracle, installment, collector):
    answer = api.post(f"/api/v1/installments/{installment.pk}/second-copy/")

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["amount"], told["due_date"]) == ("920.80", "2030-12-10")
    assert (told["shown_line"], told["problem"]) == (oracle.line, "")
    assert Event.objects.get().actor == collector


def test_its_paper_is_a_pdf_that_nobody_keeps(api, oracle, installment):
    answer = api.get(f"/api/v1/installments/{installment.pk}/second-copy/pdf/")

    assert (answer.content, answer["Content-Type"]) == (oracle.pdf, "application/pdf")
    assert answer["Cache-Control"] == "no-store"


def test_papers_are_mailed(api, oracle, contract, installment, email):
    for path in (
        f"installments/{installment.pk}/second-copy/mail",
        f"contracts/{contract.pk}/statement",
        f"contracts/{contract.pk}/debit-balance",
    ):
        answer = api.post(f"/api/v1/{path}/", {"email": email.pk})
        assert (answer.status_code, answer.json()) == (200, {"email": email.email}), path

    assert [what for what, _ in oracle.mails] == ["boleto", "extrato", "saldo"]


def test_refusals_are_told_as_everywhere(api, oracle, contract, installment):
    assert "email" in errors(api.post(f"/api/v1/contracts/{contract.pk}/statement/"))

    oracle.problem = ErpUnreachableError("O Sienge não respondeu.")
    silent = api.post(f"/api/v1/installments/{installment.pk}/second-copy/")
    assert refusal(silent, 409)["detail"] == "O Sienge não respondeu."


def test_strangers_find_nothing_and_auditors_issue_nothing(
    api_for, oracle, stranger, auditor, contract, installment, debtor
):
    posts = [
        f"debtors/{debtor.pk}/sync",
        f"installments/{installment.pk}/second-copy",
        f"installments/{installment.pk}/second-copy/mail",
        f"contracts/{contract.pk}/statement",
        f"contracts/{contract.pk}/debit-balance",
    ]
    anothers = [api_for(stranger).post(f"/api/v1/{path}/").status_code for path in posts]
    assert anothers == [404] * 5

    refused = [api_for(auditor).post(f"/api/v1/{path}/").status_code for path in posts]
    assert refused == [202, 403, 403, 403, 403]
    assert oracle.asked == oracle.mails == []
