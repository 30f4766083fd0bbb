import pytest
from django.urls import reverse
from django_scopes import scope

from cobranca.audit.models import AuditEntry
from cobranca.audit.services import log_action

LIST = reverse("admin:audit_auditentry_changelist")


@pytest.fixture
def entry(agency, implementer, creditor):
    changes = {"sigla": ["=1+1", "B"]}
    log_action("creditor.saved", creditor, implementer, agency=agency, changes=changes)
    with scope(agency=agency):
        return AuditEntry.objects.get()


def test_the_auditor_reads_the_trail(client_for, auditor, entry):
    page = client_for(auditor).get(LIST)
    detail = client_for(auditor).get(reverse("admin:audit_auditentry_change", args=[entry.pk]))

    assert page.status_code == 200
    assert entry.object_label in page.content.decode()
    assert "Alteração" in page.content.decode()
    assert "sigla" in detail.content.decode()


def test_the_trail_is_narrowed_by_kind(client_for, auditor, entry):
    client = client_for(auditor)

    assert entry.object_label in client.get(LIST, {"tipo": entry.object_type}).content.decode()
    assert entry.object_label not in client.get(LIST, {"tipo": "outro"}).content.decode()


def test_nobody_adds_changes_or_deletes(client_for, implementer, entry):
    client = client_for(implementer)
    change = reverse("admin:audit_auditentry_change", args=[entry.pk])
    delete = reverse("admin:audit_auditentry_delete", args=[entry.pk])

    assert client.get(reverse("admin:audit_auditentry_add")).status_code == 403
    assert client.post(change, {"action": "forged"}).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_another_agency_sees_none_of_it(client_for, stranger, entry):
    client = client_for(stranger)

    assert entry.object_label not in client.get(LIST).content.decode()
    change = reverse("admin:audit_auditentry_change", args=[entry.pk])
    assert client.get(change).status_code == 404


def test_a_collector_may_not_read_it(client_for, collector, entry):
    assert client_for(collector).get(LIST).status_code in (302, 403)


@pytest.mark.parametrize(
    ("action", "start"), [("export_csv", b"\xef\xbb\xbf"), ("export_xlsx", b"PK")]
)
def test_the_trail_goes_out_as_a_file(client_for, auditor, entry, action, start):
    answer = client_for(auditor).post(LIST, {"action": action, "_selected_action": [entry.pk]})

    assert answer.status_code == 200
    assert answer.content.startswith(start)
    if action == "export_csv":
        assert "'=1+1" in answer.content.decode()  # a formula is disarmed
