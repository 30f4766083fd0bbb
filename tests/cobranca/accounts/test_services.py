import pytest
from django.core import mail

from cobranca.accounts import services
from cobranca.accounts.models import User
from cobranca.accounts.notify import notify_role
from cobranca.accounts.roles import COLLECTOR, IMPLEMENTER, PERMISSIONS, ROLES, role_of
from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.mark.parametrize("role", ROLES)
def test_a_user_has_exactly_one_role_and_what_it_may(agency, role):
    user = services.create_user(
        agency=agency, username="nova", password="segredo-1234", role=role, name="Ana Maria Souza"
    )

    assert role_of(user) == role
    assert (user.first_name, user.last_name) == ("Ana", "Maria Souza")
    assert user.is_staff == (role != COLLECTOR)
    assert set(user.get_all_permissions()) == PERMISSIONS[role]


def test_a_name_taken_is_refused(agency, implementer):
    with pytest.raises(DomainError, match="Já existe") as refused:
        services.create_user(
            agency=agency, username=implementer.username, password="x", role=COLLECTOR
        )

    assert refused.value.field == "username"


def test_a_change_of_role_is_audited(collector, implementer):
    services.save_user(user=collector, role=IMPLEMENTER, actor=implementer)

    assert role_of(User.objects.get(pk=collector.pk)) == IMPLEMENTER
    entry = AuditEntry.objects.get(action="user.saved")
    assert entry.changes == {"papel": [COLLECTOR, IMPLEMENTER]}


def test_nobody_takes_away_their_own_access(implementer):
    with pytest.raises(DomainError, match="próprio"):
        services.save_user(user=implementer, role=COLLECTOR, actor=implementer)
    implementer.is_active = False
    with pytest.raises(DomainError, match="próprio"):
        services.save_user(user=implementer, role=IMPLEMENTER, actor=implementer)


def test_people_of_a_role_are_written_to_one_by_one(agency, other_agency, settings):
    settings.SITE_URL = "https://cobranca.exemplo"
    for number, where in enumerate((agency, agency, other_agency)):
        user = make_user(where, IMPLEMENTER)
        user.email = f"pessoa{number}@exemplo.com.br"
        user.save()
    payload = {"run": 1, "creditor": "C", "status": "Falhou", "message": "m"}

    sent = notify_role(
        agency=agency,
        role=IMPLEMENTER,
        subject="Assunto",
        template="emails/import_needs_attention.txt",
        context={"payload": payload},
    )

    assert sent == 2
    assert sorted(message.to[0] for message in mail.outbox) == [
        "pessoa0@exemplo.com.br",
        "pessoa1@exemplo.com.br",
    ]
    assert "https://cobranca.exemplo/backoffice/importacoes/" in mail.outbox[0].body


def test_a_name_of_two_lines_does_not_stop_the_message(agency, implementer):
    implementer.email = "ines@exemplo.com.br"
    implementer.save()

    notify_role(
        agency=agency,
        role=IMPLEMENTER,
        subject="Importação de Alfa\nBeta",
        template="emails/import_needs_attention.txt",
        context={"payload": {}},
    )

    assert mail.outbox[0].subject == f"[{agency}] Importação de Alfa Beta"


def test_an_agency_is_saved_with_its_cnpj_bare(agency, implementer):
    agency.document = "82.845.322/0001-04"

    services.save_agency(agency=agency, actor=implementer)

    assert agency.document == "82845322000104"
    assert AuditEntry.objects.filter(action="agency.saved").exists()
