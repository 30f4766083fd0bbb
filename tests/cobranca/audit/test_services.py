import re

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from cobranca.audit.models import AuditEntry
from cobranca.audit.selectors import action_name, change_lines, entries_of, history_of, type_name
from cobranca.audit.services import log_action

pytestmark = pytest.mark.usefixtures("in_scope")


def test_an_action_says_who_did_what_to_what(agency, implementer, creditor):
    log_action(
        "creditor.saved", creditor, implementer, agency=agency, changes={"sigla": ["A", "B"]}
    )

    entry = entries_of(agency).get()
    assert (entry.actor, entry.action, entry.object_id) == (
        implementer,
        "creditor.saved",
        str(creditor.pk),
    )
    assert entry.object_label == str(creditor)
    assert change_lines(entry.changes) == [("sigla", "A", "B")]
    assert type_name(entry.object_type) == "credor"


def test_what_concerns_no_agency_goes_to_the_log_alone(agency, implementer):
    log_action("user.saved", implementer, None, agency=None)

    assert not AuditEntry.objects.exists()


def test_the_history_of_one_object(agency, implementer, creditor):
    log_action("creditor.saved", creditor, implementer, agency=agency)
    log_action("agency.saved", agency, implementer, agency=agency)

    assert [entry.action for entry in history_of(creditor, agency=agency)] == ["creditor.saved"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditentry SET action = 'forged'", "DELETE FROM audit_auditentry"],
)
def test_the_database_itself_refuses_to_rewrite_the_trail(agency, implementer, creditor, statement):
    log_action("creditor.saved", creditor, implementer, agency=agency)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert entries_of(agency).get().action == "creditor.saved"


def test_a_session_that_says_so_aloud_may_rewrite(agency, implementer, creditor):
    log_action("creditor.saved", creditor, implementer, agency=agency)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL cobranca.allow_rewrite = 'on'")
        cursor.execute("DELETE FROM audit_auditentry")

    assert not entries_of(agency).exists()


def test_code_cannot_change_an_entry_either(agency, implementer, creditor):
    log_action("creditor.saved", creditor, implementer, agency=agency)
    entry = entries_of(agency).get()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


# What is done is named where it is done; people read its name in Auditoria.
NAMED = re.compile(r'(?:log_action|News)\(\s*"([a-z_]+\.[a-z_]+)"')


def test_the_trail_speaks_portuguese_of_every_action() -> None:
    sources = [
        *(settings.BASE_DIR / "cobranca").rglob("*.py"),
        *(settings.BASE_DIR / "integrations").rglob("*.py"),
    ]
    actions = {name for source in sources for name in NAMED.findall(source.read_text("utf-8"))}

    assert len(actions) > 30
    assert not [action for action in sorted(actions) if action_name(action) == action]
