"""Readings, requests of persons, and what is masked for whom."""

import io
import json
import re
import zipfile
from datetime import timedelta
from random import Random

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from cobranca.audit.models import AuditEntry
from cobranca.common.documents import format_document
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Event
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import ParameterValue
from cobranca.debtors.anonymising import WORD, anonymise_debtor
from cobranca.debtors.exporting import export_debtor
from cobranca.debtors.holdings import holdings
from cobranca.debtors.merging import merge_debtors
from cobranca.debtors.models import (
    Debtor,
    DebtorReading,
    DebtorSummary,
    EmailAddress,
    Phone,
    PrivacyRequest,
)
from cobranca.debtors.parameters import KEPT_YEARS
from cobranca.debtors.reading import DEBTOR_PAGE, NOTE_OF_PAGE, note_reading
from cobranca.debtors.tasks import forget_readings
from cobranca.dunning.models import ContactRecord
from integrations.core.models import IntegrationLog
from tests import factories
from tests.cobranca.agreements.making import make_plain_campaign
from tests.cobranca.debtors.merged import NOW, TODAY, furnish


@pytest.fixture
def office(in_scope, creditor):
    make_plain_campaign(creditor)
    return in_scope


@pytest.fixture
def maria(office, creditor, collector):
    """Somebody of whom there is some of everything, with an agreement in force."""
    debtor = factories.make_debtor(office, name="MARIA DA SILVA")
    furnish(debtor, creditor, collector, Random(1), agrees=True)
    return debtor


@pytest.fixture
def settled(maria):
    """The same, once nothing is owed, and the office keeps data for no year more."""
    Contract.objects.filter(debtor=maria).update(status="finished", finished_on=TODAY)
    for contract in maria.contracts.all():
        contract.installments.update(status="settled")
    maria.agreements.update(status="settled")
    ParameterValue.objects.create(
        agency=maria.agency, section=KEPT_YEARS.section, key=KEPT_YEARS.key, value="0"
    )
    refresh_summaries([maria.pk])
    return maria


# --- readings -------------------------------------------------------------------------------------


def test_a_reading_is_written_once_a_person_page_and_hour(office, debtor, collector, supervisor):
    for minutes in (0, 10, 59):
        note_reading(debtor.pk, collector, DEBTOR_PAGE, NOW + timedelta(minutes=minutes))
    note_reading(debtor.pk, collector, DEBTOR_PAGE, NOW + timedelta(hours=1))
    note_reading(debtor.pk, supervisor, DEBTOR_PAGE, NOW)
    with CaptureQueriesContext(connection) as queries:
        note_reading(debtor.pk, collector, "API", NOW)

    assert DebtorReading.objects.count() == 4
    assert len(queries) == 1


def waits_for_the_disk() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_only_the_note_of_a_page_does_not_wait_for_the_disk(office, debtor, collector):
    usual = waits_for_the_disk()

    note_reading(debtor.pk, collector, DEBTOR_PAGE, NOW)
    after_a_page = waits_for_the_disk()
    with transaction.atomic():
        note_reading(debtor.pk, collector, "Outra página", NOW)
        within_somebodys = waits_for_the_disk()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        values = (debtor.pk, collector.pk, "À parte", NOW, NOW)
        cursor.execute(NOTE_OF_PAGE, values)
        of_the_page = waits_for_the_disk()
        cursor.execute("COMMIT")

    assert DebtorReading.objects.count() == 3
    assert (after_a_page, within_somebodys, of_the_page) == (usual, usual, "off")


def test_the_log_of_readings_is_unalterable_until_it_is_old(office, debtor, collector):
    note_reading(debtor.pk, collector, DEBTOR_PAGE, NOW)
    rows = DebtorReading.objects.all()

    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        rows.update(page="Outra")
    DebtorReading(agency=office, debtor=debtor, actor=collector, page="x").save()
    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        DebtorReading.objects.filter(page="x").delete()


def test_old_readings_are_forgotten(office, debtor, collector):
    note_reading(debtor.pk, collector, DEBTOR_PAGE, NOW - timedelta(days=6 * 366))
    note_reading(debtor.pk, collector, DEBTOR_PAGE, NOW - timedelta(days=4 * 366))

    assert forget_readings(office, NOW) == 1
    assert DebtorReading.objects.get().at > NOW - timedelta(days=5 * 366)


def test_opening_a_debtor_is_written_down(client_for, office, debtor, collector):
    client_for(collector).get(f"/telecobranca/devedores/{debtor.pk}/")

    assert DebtorReading.objects.get().actor == collector


def test_who_read_whom_is_found_and_exported(client_for, office, debtor, collector, auditor):
    note_reading(debtor.pk, collector, DEBTOR_PAGE, NOW)
    client = client_for(auditor)
    asked = {"debtor": debtor.name, "person": collector.pk, "start": "2026-03-16"}

    page = client.get("/privacidade/leituras/", asked).content.decode()
    told = client.get("/privacidade/leituras/", {**asked, "formato": "csv"}).content.decode()

    assert debtor.name in page
    assert f"16/03/2026 12:00:00;caio;{debtor.name};***." in told
    assert debtor.document not in told
    other = client.get("/privacidade/leituras/", {**asked, "person": auditor.pk}).content.decode()
    assert debtor.name not in other.replace(f'value="{debtor.name}"', "")


def test_collectors_do_not_see_who_read_whom(client_for, collector):
    assert client_for(collector).get("/privacidade/leituras/").status_code == 403


# --- masks ----------------------------------------------------------------------------------------


@pytest.fixture
def reachable(office, debtor):
    Phone.objects.create(agency=office, debtor=debtor, number="48999110001")
    EmailAddress.objects.create(agency=office, debtor=debtor, email="maria@exemplo.com.br")
    refresh_summaries([debtor.pk])
    return debtor


PAGES = ("", "telefones/", "emails/", "dados/", "eventos/")


def shown(client, debtor):
    base = f"/telecobranca/devedores/{debtor.pk}/"
    pages = [client.get(base + each).content.decode() for each in PAGES]
    search = client.get("/telecobranca/", {"q": debtor.name}).content.decode()
    return "".join([*pages, search])


def personal_of(debtor):
    return (
        debtor.document, format_document(debtor.document), "48999110001", "(48) 99911-0001",
        "maria@exemplo.com.br",
    )  # fmt: skip


def test_auditors_see_masks_and_who_works_sees_the_data(client_for, reachable, auditor, collector):
    Event.objects.create(
        agency=reachable.agency, debtor=reachable, kind="contact_data",
        text="(48) 99911-0001 · Móvel maria@exemplo.com.br",
    )  # fmt: skip
    masked, whole = (shown(client_for(user), reachable) for user in (auditor, collector))

    assert [each for each in personal_of(reachable) if each in masked] == []
    assert f"***.{reachable.document[3:6]}.{reachable.document[6:9]}-**" in masked
    assert "(48) *****-0001" in masked
    assert [each for each in personal_of(reachable) if each not in whole] == []


def test_an_auditor_reveals_with_a_reason_for_a_while(client_for, reachable, auditor, monkeypatch):
    client = client_for(auditor)
    base = f"/privacidade/devedores/{reachable.pk}/revelar/"

    client.post(base, {"reason": " "})
    assert reachable.document not in shown(client, reachable)
    client.post(base, {"reason": "Auditoria 12"})

    assert format_document(reachable.document) in shown(client, reachable)
    entry = AuditEntry.objects.get(action="debtor.revealed")
    assert (entry.actor, entry.changes) == (auditor, {"motivo": ["", "Auditoria 12"]})
    assert DebtorReading.objects.filter(page="Dados revelados", actor=auditor).count() == 1
    session = client.session
    session["revealed_debtors"] = {str(reachable.pk): "2020-01-01T00:00:00+00:00"}
    session.save()
    assert reachable.document not in shown(client, reachable)


def test_collectors_have_nothing_to_reveal(client_for, reachable, collector):
    base = f"/privacidade/devedores/{reachable.pk}/revelar/"

    assert client_for(collector).post(base, {"reason": "x"}).status_code == 403


# --- export ---------------------------------------------------------------------------------------


def unpacked(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_an_export_has_everything(maria, implementer):
    _, packed = export_debtor(
        debtor_id=maria.pk, reason="E-mail de 10/03", actor=implementer, at=NOW
    )

    files = unpacked(packed)
    told = json.loads(files["dados.json"])
    tables = {each["tabela"]: each["linhas"] for each in told["dados"]}
    expected = {
        "debtors.debtor", "debtors.phone", "debtors.emailaddress", "debtors.address",
        "debtors.debtorreference", "contracts.contract", "contracts.installment",
        "contracts.event", "dunning.contactattempt", "dunning.contactrecord", "dunning.promise",
        "dunning.callback", "debtors.debtorreading", "campaigns.quote", "agreements.agreement",
        "agreements.agreementinstallment", "telecobranca.queuedraw",
    }  # fmt: skip
    assert expected <= set(tables)
    assert tables["debtors.debtor"][0]["document"] == maria.document
    phones = {row["number"] for row in tables["debtors.phone"]}
    assert phones == set(maria.phone_set.values_list("number", flat=True))
    assert all(number in files["dados.html"] for number in phones)
    assert "Disse que paga" in files["dados.html"]
    request = PrivacyRequest.objects.latest("pk")
    assert (request.kind, request.reason) == ("export", "E-mail de 10/03")


def test_an_export_has_nobody_elses_data(maria, creditor, collector, implementer):
    other = factories.make_debtor(maria.agency, name="JOANA ESTRANHA")
    furnish(other, creditor, collector, Random(2))

    _, packed = export_debtor(debtor_id=maria.pk, reason="Pedido", actor=implementer, at=NOW)

    assert "JOANA" not in "".join(unpacked(packed).values())
    assert other.document not in "".join(unpacked(packed).values())


def test_an_export_wants_a_reason(maria, implementer):
    with pytest.raises(DomainError, match="pedido"):
        export_debtor(debtor_id=maria.pk, reason=" ", actor=implementer, at=NOW)


def test_the_screen_hands_the_file_out(client_for, maria, implementer, supervisor):
    base = f"/privacidade/devedores/{maria.pk}/exportar/"

    answer = client_for(implementer).post(base, {"reason": "Pedido"})

    assert answer["Content-Type"] == "application/zip"
    assert set(unpacked(answer.content)) == {"dados.json", "dados.html", "dados.css"}
    assert client_for(supervisor).post(base, {"reason": "Pedido"}).status_code == 403
    refused = client_for(implementer).post(base, {"reason": ""}).content.decode()
    assert "Diga o que foi pedido e por quem." in refused


# --- anonymisation --------------------------------------------------------------------------------


def forget(debtor, actor, typed=WORD, on=TODAY):
    return anonymise_debtor(
        debtor_id=debtor.pk, typed=typed, reason="Pedido", actor=actor, at=NOW, on=on
    )


def everything_as_text():
    """Return every row of every table of ours, as the database holds it."""
    found = []
    with connection.cursor() as cursor:
        for holding in holdings():
            cursor.execute(f'SELECT t::text FROM "{holding.table._meta.db_table}" t')
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_nothing_personal_is_left_anywhere(settled, creditor, implementer):
    IntegrationLog.objects.create(
        agency=settled.agency, creditor=creditor, kind="Sienge", method="customers", verb="GET",
        url="/customers", status=200, request=f"cpf={format_document(settled.document)}",
        response=f'[{{"cpf": "{settled.document}", "name": "{settled.name}"}}, {{"name": "X"}}]',
    )  # fmt: skip
    personal = {
        settled.document, format_document(settled.document), settled.name,
        *settled.phone_set.values_list("number", flat=True),
        *settled.emailaddress_set.values_list("email", flat=True), "Disse que paga", "de tarde",
        "silva",
    }  # fmt: skip
    before = everything_as_text()
    assert [each for each in personal if each not in before] == []

    forget(settled, implementer)

    after = everything_as_text()
    assert [each for each in personal if each in after] == []
    assert '""X""' in after


def test_money_stays(settled, implementer):
    contract = settled.contracts.get()
    total = sum(row.principal for row in contract.installments.all())

    forget(settled, implementer)

    settled.refresh_from_db()
    assert settled.name == f"Anonimizado {settled.pk}"
    assert sum(row.principal for row in settled.contracts.get().installments.all()) == total
    assert settled.agreements.exists()
    assert DebtorSummary.objects.get(debtor=settled).open_total == 0
    assert ContactRecord.objects.filter(debtor=settled, phone=None, text="").count() == 1


def test_whoever_was_merged_is_forgotten_too(settled, implementer):
    gone = factories.make_debtor(settled.agency, name="MARIA SOUZA")
    merge_debtors(kept_id=settled.pk, gone_id=gone.pk, actor=implementer)

    forget(settled, implementer)

    after = everything_as_text()
    assert "SOUZA" not in after
    assert gone.document not in after


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda debtor: debtor.contracts.update(status="active"), "contrato em aberto"),
        (lambda debtor: debtor.agreements.update(status="active"), "Vigente"),
        (lambda debtor: ParameterValue.objects.all().delete(), "guarda obrigatória vai até"),
    ],
)
def test_it_is_refused_while_something_speaks_against_it(settled, implementer, spoil, words):
    spoil(settled)

    with pytest.raises(DomainError, match=words):
        forget(settled, implementer)
    settled.refresh_from_db()
    assert settled.anonymised_at is None


def test_it_asks_by_typing(settled, implementer, client_for):
    for typed in ("", "sim", "anonimizar"):
        with pytest.raises(DomainError, match="Digite ANONIMIZAR"):
            forget(settled, implementer, typed=typed)
    base = f"/privacidade/devedores/{settled.pk}/anonimizar/"
    refused = client_for(implementer).post(base, {"reason": "x", "typed": "sim"})
    assert "Digite ANONIMIZAR" in refused.content.decode()

    client_for(implementer).post(base, {"reason": "Pedido", "typed": WORD})

    assert Debtor.objects.get(pk=settled.pk).anonymised_at is not None


def test_nobody_is_forgotten_twice(settled, implementer):
    forget(settled, implementer)

    with pytest.raises(DomainError, match="já foi anonimizado"):
        forget(settled, implementer)


# --- nothing is forgotten -------------------------------------------------------------------------

PERSONAL = re.compile(
    r"name|document|phone|email|number|street|city|birth|text|note|body|request|response|payload"
    r"|details|row|reason|description|label|message|facts|changes|moved|order|answer|inputs|data"
)
OURS = ("cobranca.", "integrations.")


def test_every_table_with_personal_looking_columns_is_in_a_class_of_data():
    """A new table says in its room's holdings.py what it holds, or that it holds nobody's data."""
    told = {each.model for each in holdings()}
    forgotten = {
        f"{model._meta.label_lower}.{column.name}"
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(OURS) and model._meta.label_lower not in told
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField)
        and not column.choices
        and PERSONAL.search(column.name)
    }

    assert forgotten == set()


def test_every_free_text_about_a_person_is_erased_or_said_to_stay():
    """What anonymisation leaves in a text column of a person's rows is named here, with why."""
    stays = {
        "debtors.debtorreading.page": "what page it was",
        "debtors.privacyrequest.reason": "the proof that the request was met",
        "contracts.contract.number": "the key of the money",
        "contracts.contract.external_id": "the key of the money",
        "contracts.contract.document_number": "the key of the money",
        "contracts.contract.unit": "what was sold",
        "contracts.contract.attributes": "what was sold",
        "contracts.installment.label": "1/12",
        "contracts.installment.note": "the ERP's kind of installment",
        "contracts.payment.kind": "the ERP's kind of receipt",
        "contracts.recall.reason": "a reason from a list",
        "campaigns.quote": "bound to its fingerprint: money and rules",
        "campaigns.erpbalance.rows": "money",
        "agreements.agreement.external_id": "the key of the money",
        "agreements.agreementpayment.means": "Dinheiro, Pix",
        "dunning.contactattempt.rule": "the norm",
        "dunning.contactattempt.reason": "the norm, in words",
        "audit.auditentry.action": "what was done",
        "audit.auditentry.object_type": "a kind of object",
        "audit.auditentry.object_id": "a key",
        "outbox.outboxevent": "keys only",
        "integrations.integrationlog": "addresses and methods; bodies are erased",
        "integrations.webhookdelivery": "keys; bodies are erased",
        "integrations.importissue": "keys and sentences of ours; rows are erased",
        "integrations.erpoperation": "keys; order and answer are erased",
    }
    left = {
        f"{holding.model}.{column.name}"
        for holding in holdings()
        if (holding.owner or holding.find) and not holding.is_removed
        for column in holding.table._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField)
        and not column.choices
        and column.name not in holding.erased
        and column.name != "document_digest"
    }

    unsaid = {each for each in left if each not in stays and each.rpartition(".")[0] not in stays}
    assert unsaid == set()
