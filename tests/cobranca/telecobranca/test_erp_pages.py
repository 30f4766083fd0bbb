"""The parts of the debtor page that ask the ERP: what they say, who may, how much they cost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cobranca.common import clock
from cobranca.contracts import erp
from cobranca.contracts.erp import ErpRefusalError, ErpUnreachableError, SyncReport
from cobranca.contracts.models import DebtorSync, TitleReading
from cobranca.contracts.states import SyncStatus
from cobranca.contracts.syncing import carry_out
from cobranca.debtors.models import EmailAddress
from cobranca.telecobranca.erp_age import erp_age
from integrations.core.models import LoadState
from tests import factories
from tests.cobranca.contracts.asking import Oracle, line_of

pytestmark = pytest.mark.usefixtures("in_scope")
# The session, and who that is with agency, roles and permissions, come before any page of ours.
FRAME = 2
# 14:42 of the office's clock.
NOW = datetime(2026, 11, 23, 17, 42, tzinfo=UTC)


@pytest.fixture
def oracle(monkeypatch):
    oracle = Oracle(line=line_of(clock.today() + timedelta(days=17)))
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: oracle])
    return oracle


@pytest.fixture
def contract(creditor, debtor):
    return factories.make_contract(creditor, debtor, number="295", external_debtor="3431")


@pytest.fixture
def installment(contract):
    due = clock.today() + timedelta(days=17)
    return factories.make_installment(contract, 40, due_date=due, has_boleto=True)


def sync_of(debtor):
    return reverse("telecobranca:debtor_sync", args=[debtor.pk])


def triggers(response):
    named = ("HX-Trigger", "HX-Trigger-After-Settle")
    return {name for each in named for name in json.loads(response.headers.get(each, "{}"))}


def read(debtor):
    carry_out(debtor.pk, clock=clock.now)


def test_the_page_asks_once_it_is_there_and_then_looks(
    oracle, contract, debtor, client_for, collector
):
    client = client_for(collector)
    page = client.get(reverse("telecobranca:debtor", args=[debtor.pk])).content.decode()
    assert f'hx-post="{sync_of(debtor)}"' in page
    assert not DebtorSync.objects.exists()  # a GET changes nothing

    asked = client.post(sync_of(debtor), {"visto": ""})

    html = asked.content.decode()
    assert "Conferindo no Sienge…" in html
    assert 'hx-trigger="load delay:1s"' in html
    assert not triggers(asked)


def test_news_are_announced_once(oracle, contract, debtor, client_for, collector):
    client = client_for(collector)
    oracle.report = SyncReport(updated=2)
    client.post(sync_of(debtor), {"visto": ""})
    read(debtor)

    told = client.get(sync_of(debtor), {"visto": ""})
    ended = DebtorSync.objects.get().finished_at.isoformat()
    again = client.get(sync_of(debtor), {"visto": ended})

    assert triggers(told) == {"debtor-synced", "timeline-changed"}
    assert triggers(again) == set()
    assert "Conferido no Sienge agora há pouco" in again.content.decode()


def test_a_page_opened_after_the_news_is_not_told_them(
    oracle, contract, debtor, client_for, collector
):
    client = client_for(collector)
    oracle.report = SyncReport(updated=2)
    client.post(sync_of(debtor), {"visto": ""})
    read(debtor)

    page = client.get(reverse("telecobranca:debtor", args=[debtor.pk]))

    assert page.context["seen"] == DebtorSync.objects.get().finished_at.isoformat()
    assert page.context["seen"] in page.content.decode()
    assert triggers(client.post(sync_of(debtor), {"visto": page.context["seen"]})) == set()


def test_without_news_only_the_ages_change(oracle, contract, debtor, client_for, collector):
    client = client_for(collector)
    client.post(sync_of(debtor), {"visto": ""})
    read(debtor)

    told = client.get(sync_of(debtor), {"visto": ""})

    assert triggers(told) == set()
    assert f'id="contract-age-{contract.pk}" hx-swap-oob="true"' in told.content.decode()


def test_each_contract_says_its_own_age(
    oracle, contract, creditor, debtor, agency, client_for, collector
):
    other = factories.make_contract(creditor, debtor, number="296")
    LoadState.objects.create(
        agency=agency, creditor=creditor, loaded_until=clock.now() - timedelta(hours=5)
    )
    TitleReading.objects.create(
        agency=agency, contract=contract, read_at=clock.now() - timedelta(minutes=10)
    )
    # Older than the load: the load counts.
    TitleReading.objects.create(
        agency=agency, contract=other, read_at=clock.now() - timedelta(hours=9)
    )

    page = client_for(collector).get(reverse("telecobranca:debtor", args=[debtor.pk]))

    desk = page.context["desk"]
    ages = {each.number: clock.now() - each.data_at for each in desk.contracts}
    assert timedelta(minutes=9) < ages["295"] < timedelta(minutes=11)
    assert timedelta(hours=4) < ages["296"] < timedelta(hours=6)
    assert clock.now() - desk.data_at > timedelta(hours=4)  # the stalest


def test_looking_and_refreshing_cost_few_queries(oracle, contract, debtor, client_for, collector):
    client = client_for(collector)
    client.post(sync_of(debtor), {"visto": ""})

    with CaptureQueriesContext(connection) as looking:
        client.get(sync_of(debtor), {"visto": ""})
    with CaptureQueriesContext(connection) as refreshing:
        client.get(reverse("telecobranca:debtor_contracts", args=[debtor.pk]))

    assert len(looking) <= FRAME + 4  # debtor, its reading, contracts, loads
    assert len(refreshing) <= FRAME + 4  # debtor with counts, contracts, loads, installments


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "loaded", "text"),
    [
        ({"status": "queued", "requested_at": NOW}, NOW, "Conferindo no Sienge…"),
        (
            {"status": "done", "synced_at": NOW - timedelta(seconds=119)},
            None,
            "Conferido no Sienge agora há pouco",
        ),
        (
            {"status": "done", "synced_at": NOW - timedelta(minutes=30)},
            NOW - timedelta(hours=1),
            "Conferido no Sienge às 14:12",
        ),
        (
            {"status": "done", "synced_at": NOW - timedelta(days=2)},
            NOW - timedelta(days=3),
            "Conferido no Sienge em 21/11 14:42",
        ),
        # The load was later: its age is told instead.
        ({"status": "done", "synced_at": NOW - timedelta(days=2)}, NOW - timedelta(hours=1), ""),
        (
            {"status": "failed", "failing_since": NOW - timedelta(minutes=32)},
            NOW - timedelta(hours=7, minutes=42),
            "Sem resposta do Sienge desde 14:10: dados de 07:00",
        ),
        (
            {"status": "failed", "failing_since": NOW - timedelta(minutes=32)},
            None,
            "Sem resposta do Sienge desde 14:10: nada foi lido até agora",
        ),
        (
            {"status": "failed", "message": "O Sienge recusou a senha."},
            NOW - timedelta(days=1),
            "Consulta recusada: dados de 22/11 14:42",
        ),
    ],
)
def test_the_age_in_words(contract, fields, loaded, text):
    row = DebtorSync(**{"requested_at": NOW, **fields})

    assert erp_age(row, [contract], loaded, NOW).text == text


@pytest.mark.parametrize(("passed", "seconds"), [(5, 1), (30, 3), (120, 10), (900, 0)])
def test_the_page_looks_ever_less_often(contract, passed, seconds):
    row = DebtorSync(status=SyncStatus.RUNNING, requested_at=NOW - timedelta(seconds=passed))

    assert erp_age(row, [contract], None, NOW).seconds == seconds


def test_contracts_of_two_erps_are_checked_in_the_erp(contract, agency, debtor):
    other = factories.make_contract(factories.make_creditor(agency, creditor_type="OUTRO"), debtor)
    row = DebtorSync(status=SyncStatus.RUNNING, requested_at=NOW)

    assert erp_age(row, [contract, other], None, NOW).text == "Conferindo no ERP…"


# --- second copies and statements -----------------------------------------------------------------


def test_the_window_opens_without_the_erp_and_then_asks(oracle, installment, client_for, collector):
    client = client_for(collector)
    path = reverse("telecobranca:second_copy", args=[installment.pk])

    window = client.get(path)
    assert f'hx-post="{path}"' in window.content.decode()
    assert oracle.asked == []

    issued = client.post(path)
    assert oracle.line in issued.content.decode()
    assert triggers(issued) == {"timeline-changed"}
    assert "no-store" in issued.headers["Cache-Control"]


def test_only_what_has_a_boleto_offers_a_second_copy(
    oracle, contract, installment, debtor, client_for, collector, auditor
):
    factories.make_installment(contract, 41)
    page = reverse("telecobranca:debtor", args=[debtor.pk])

    assert client_for(collector).get(page).content.decode().count("/segunda-via/") == 1
    assert "/segunda-via/" not in client_for(auditor).get(page).content.decode()


@pytest.mark.parametrize(
    "problem",
    [ErpRefusalError("Não foram encontradas parcelas."), ErpUnreachableError("Não respondeu.")],
)
def test_a_paper_that_cannot_be_had_leads_back_and_says_why(
    oracle, installment, client_for, collector, problem
):
    oracle.problem = problem
    client = client_for(collector)

    answer = client.get(reverse("telecobranca:second_copy_pdf", args=[installment.pk]), follow=True)

    assert answer.redirect_chain[0][0] == reverse(
        "telecobranca:debtor", args=[installment.contract.debtor_id]
    )
    assert problem.message in answer.content.decode()


def test_an_address_that_is_no_more_is_refused_at_its_field(
    oracle, contract, installment, debtor, agency, client_for, collector
):
    EmailAddress.objects.create(agency=agency, debtor=debtor, email="maria@exemplo.com.br")
    other = factories.make_debtor(agency)
    theirs = EmailAddress.objects.create(agency=agency, debtor=other, email="x@exemplo.com.br")
    client = client_for(collector)

    for name, row in (("mail_second_copy", installment), ("mail_paper", contract)):
        told = {"email": theirs.pk, "paper": "extrato"}
        answer = client.post(reverse(f"telecobranca:{name}", args=[row.pk]), told)
        assert "Escolha um dos e-mails ativos do devedor." in answer.content.decode()
    assert oracle.mails == []


def test_strangers_find_nothing_and_auditors_issue_nothing(
    oracle, contract, installment, debtor, client_for, stranger, auditor
):
    addresses = [
        reverse("telecobranca:second_copy", args=[installment.pk]),
        reverse("telecobranca:mail_second_copy", args=[installment.pk]),
        reverse("telecobranca:mail_paper", args=[contract.pk]),
        sync_of(debtor),
    ]

    anothers = [client_for(stranger).post(address).status_code for address in addresses]
    refused = [client_for(auditor).post(address).status_code for address in addresses]

    assert anothers == [404] * 4
    assert refused == [403, 403, 403, 200]
    assert oracle.asked == oracle.mails == []
