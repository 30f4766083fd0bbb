import pytest
from django.urls import reverse

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import AUDITOR, COLLECTOR, IMPLEMENTER, role_of
from cobranca.audit.models import AuditEntry
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("in_scope")
LIST = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")
PASSWORDS = {"password1": "Xk29-carteira", "password2": "Xk29-carteira", "usable_password": "true"}


def page_of(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def fields_of(user, **fields):
    given = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "role": COLLECTOR,
        "is_active": "on",
    }
    return {**given, **fields}


def test_an_implementer_makes_users_of_the_own_agency(
    agency, other_agency, implementer, client_for
):
    sent = {
        "username": "novo",
        "role": AUDITOR,
        "email": "Novo@Exemplo.com",
        "agency": other_agency.pk,
        **PASSWORDS,
    }

    answer = client_for(implementer).post(ADD, sent)

    assert answer.status_code == 302
    user = User.objects.get(username="novo")
    assert (user.agency, role_of(user), user.email) == (agency, AUDITOR, "novo@exemplo.com")
    assert user.check_password(PASSWORDS["password1"])
    assert AuditEntry.objects.filter(action="user.created", actor=implementer).exists()


def test_a_weak_password_is_refused(implementer, client_for):
    sent = {"username": "novo", "role": AUDITOR, "password1": "123", "password2": "123"}

    assert client_for(implementer).post(ADD, sent).status_code == 200
    assert not User.objects.filter(username="novo").exists()


def test_rights_come_only_from_the_role(collector, implementer, client_for):
    sent = fields_of(
        collector, role=IMPLEMENTER, is_superuser="on", is_staff="on", user_permissions=["1"]
    )

    client_for(implementer).post(page_of(collector), sent)

    collector.refresh_from_db()
    assert role_of(collector) == IMPLEMENTER
    assert not collector.is_superuser
    assert not collector.user_permissions.exists()


def test_the_own_access_cannot_be_taken_away(implementer, client_for):
    answer = client_for(implementer).post(
        page_of(implementer), fields_of(implementer, role=COLLECTOR), follow=True
    )

    assert "próprio" in answer.content.decode()
    assert role_of(User.objects.get(pk=implementer.pk)) == IMPLEMENTER


def test_a_new_password_leaves_a_trail_without_it(collector, implementer, client_for):
    page = reverse("admin:auth_user_password_change", args=[collector.pk])

    client_for(implementer).post(page, PASSWORDS)

    collector.refresh_from_db()
    assert collector.check_password(PASSWORDS["password1"])
    entry = AuditEntry.objects.get(action="user.password_changed")
    assert entry.changes == {"senha": "alterado"}


def test_users_of_another_agency_are_not_found(implementer, stranger, client_for):
    client = client_for(implementer)

    assert stranger.username not in client.get(LIST).content.decode()
    assert client.get(page_of(stranger)).status_code == 404
    assert client.post(page_of(stranger), fields_of(stranger)).status_code == 404
    password = reverse("admin:auth_user_password_change", args=[stranger.pk])
    assert client.post(password, PASSWORDS).status_code == 404


def test_an_operators_account_is_nobody_elses(agency, implementer, client_for):
    operator = make_user(agency, IMPLEMENTER, "operadora")
    operator.is_superuser = True
    operator.save()
    client = client_for(implementer)
    password = reverse("admin:auth_user_password_change", args=[operator.pk])

    assert client.get(page_of(operator)).status_code == 404
    assert client.post(password, PASSWORDS).status_code == 404


def test_nobody_but_implementers_changes_users(supervisor, auditor, collector, client_for):
    assert client_for(supervisor).get(LIST).status_code == 403
    assert client_for(auditor).get(LIST).status_code == 200
    assert client_for(auditor).post(page_of(collector), fields_of(collector)).status_code == 403
    assert client_for(auditor).get(ADD).status_code == 403


def test_agencies_are_the_operators(agency, implementer, client_for, admin_client):
    page = reverse("admin:accounts_agency_add")
    sent = {"name": "Nova", "document": "82.845.322/0001-04", "state": "SC", "is_active": "on"}

    assert client_for(implementer).get(page).status_code == 403
    assert admin_client.post(page, sent).status_code == 302
    assert Agency.objects.get(name="Nova").document == "82845322000104"


def test_an_operator_sees_everyone_and_chooses_the_agency(
    implementer, stranger, other_agency, admin_client
):
    listed = admin_client.get(LIST).content.decode()
    sent = {"username": "novo", "role": AUDITOR, "agency": other_agency.pk, **PASSWORDS}

    admin_client.post(ADD, sent)

    assert implementer.username in listed
    assert stranger.username in listed
    assert User.objects.get(username="novo").agency == other_agency
