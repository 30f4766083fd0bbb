"""The second factor: who must have it, how it is set up, shown, lost and taken away."""

import re
from datetime import UTC, datetime

import pytest
import time_machine as travelling
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from knox.models import AuthToken

from cobranca.accounts import services, two_factor
from cobranca.accounts.models import User
from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.creditors.services import set_parameter
from cobranca.creditors.standard_parameters import SUPERVISORS_NEED_TWO_FACTOR
from tests.cobranca.accounts import two_factor_kit as phone

SET_UP, SHOW = "/conta/2fa/totp/activate/", "/conta/2fa/reauthenticate/"
PAGES = (
    "/",
    "/admin/",
    "/implantacao/",
    "/telecobranca/",
    "/conta/password/change/",
    "/conta/2fa/",
)


@pytest.fixture
def time_machine():
    """Move the clock while a test lasts."""
    with travelling.travel(datetime.now(UTC), tick=True) as clock:
        yield clock


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_TWO_FACTOR = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def actions_of(agency) -> list[str]:
    with scope(agency=agency):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


# --- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_an_implementer_without_one_opens_nothing_but_the_set_up(client_for, implementer, path):
    assert client_for(implementer).get(path).headers["Location"] == SET_UP


def test_collectors_and_auditors_work_with_a_password(client_for, collector, auditor):
    assert client_for(collector).get("/telecobranca/").status_code == 200
    assert client_for(auditor).get("/logs/integracao/").status_code == 200


def test_supervisors_need_one_where_their_agency_says_so(client_for, supervisor, implementer):
    browser = client_for(supervisor)
    assert browser.get("/telecobranca/").status_code == 200

    with scope(agency=supervisor.agency):
        set_parameter(
            SUPERVISORS_NEED_TWO_FACTOR, "Sim", agency=supervisor.agency, actor=implementer
        )

    assert browser.get("/telecobranca/").headers["Location"] == SET_UP


def test_an_operator_of_the_installation_needs_one(client_for, db):
    operator = User.objects.create_superuser("root", password="x")

    assert client_for(operator).get("/admin/").headers["Location"] == SET_UP


def test_where_it_is_not_required_nobody_is_led_anywhere(client_for, implementer, settings):
    settings.REQUIRE_TWO_FACTOR = False

    assert client_for(implementer).get("/implantacao/").status_code == 200


# --- no way round -------------------------------------------------------------------------------


def test_a_fragment_takes_the_whole_page_there(client_for, implementer):
    answer = client_for(implementer).get("/telecobranca/", headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == SET_UP
    assert answer.content == b""


def test_a_form_sent_without_it_changes_nothing(client_for, implementer, agency):
    creditor = {"_save": "1", "legal_name": "Nova"}
    answer = client_for(implementer).post("/admin/creditors/creditor/add/", creditor)

    assert answer.headers["Location"] == SET_UP


def test_the_api_refuses_the_session_and_hears_the_token(client_for, api_for, implementer):
    by_session = client_for(implementer).get("/api/v1/creditors/")

    assert by_session.status_code == 403
    assert by_session["Content-Type"] == "application/problem+json"
    assert "duas etapas" in by_session.json()["detail"]
    assert api_for(implementer).get("/api/v1/creditors/").status_code == 200


def test_a_header_beside_the_session_is_no_way_round(client_for, implementer):
    answer = client_for(implementer).get(
        "/api/v1/creditors/", headers={"Authorization": "Basic eDp4"}
    )

    assert answer.status_code == 403


def test_a_session_with_a_password_only_must_show_what_was_set_up_elsewhere(
    client_for, implementer
):
    browser = client_for(implementer)
    phone.with_factor(implementer)

    led = browser.get("/implantacao/").headers["Location"]
    assert led == f"{SHOW}?next=%2Fimplantacao%2F"
    assert browser.get("/conta/reauthenticate/").headers["Location"].startswith(SHOW)

    browser.post(SHOW, {"code": phone.code(), "next": "/implantacao/"})

    assert browser.get("/implantacao/").status_code == 200


# --- setting it up --------------------------------------------------------------------------------


def set_up(browser: Client, user: User, capture) -> list[str]:
    """Sign in and set the app up; return the recovery codes that are shown."""
    phone.sign_in(browser, user)
    assert browser.get(SET_UP).status_code == 200
    with capture(execute=True):
        answer = browser.post(SET_UP, {"code": phone.code(phone.secret_shown(browser))})
    shown = browser.get(answer.headers["Location"]).content.decode()
    return re.findall(r"<code>(\d{8})</code>", shown)


def test_after_the_set_up_codes_are_shown_once_and_everything_opens(
    browser, implementer, django_capture_on_commit_callbacks
):
    codes = set_up(browser, implementer, django_capture_on_commit_callbacks)

    assert len(set(codes)) == 10
    again = browser.get("/conta/2fa/recovery-codes/").content.decode()
    assert not any(code in again for code in codes)
    assert browser.get("/implantacao/").status_code == 200
    assert actions_of(implementer.agency) == ["user.two_factor_set_up"]


def test_the_secret_is_stored_encrypted(browser, implementer, django_capture_on_commit_callbacks):
    set_up(browser, implementer, django_capture_on_commit_callbacks)

    row = Authenticator.objects.get(user=implementer, type=Authenticator.Type.TOTP)
    secret = phone.stored_secret(implementer)
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    assert secret not in str(row.data)


def test_a_wrong_code_sets_nothing_up(browser, implementer):
    phone.sign_in(browser, implementer)
    browser.get(SET_UP)

    answer = browser.post(SET_UP, {"code": "000000"})

    assert "Código incorreto" in answer.content.decode()
    assert not two_factor.has_factor(implementer)


def test_setting_it_up_ends_the_other_sessions(
    browser, implementer, django_capture_on_commit_callbacks
):
    other = Client()
    phone.sign_in(other, implementer)

    set_up(browser, implementer, django_capture_on_commit_callbacks)

    assert other.get("/implantacao/").headers["Location"].startswith("/conta/login/")


def test_minutes_after_signing_in_the_password_is_asked_again(
    browser, implementer, settings, time_machine
):
    phone.sign_in(browser, implementer)
    time_machine.shift(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)

    asked = browser.get(SET_UP)

    assert asked.headers["Location"].startswith("/conta/reauthenticate/")
    assert browser.get(asked.headers["Location"]).status_code == 200


# --- showing it -----------------------------------------------------------------------------------


def test_the_password_alone_does_not_sign_in(browser, implementer):
    phone.with_factor(implementer)

    answer = phone.sign_in(browser, implementer)

    assert answer.headers["Location"] == "/conta/2fa/authenticate/"
    assert "_auth_user_id" not in browser.session


def test_the_code_signs_in(browser, implementer):
    phone.with_factor(implementer)
    phone.sign_in(browser, implementer)

    phone.give(browser, phone.code())
    browser.post("/conta/2fa/trust/", {"action": "skip"})

    assert browser.get("/implantacao/").status_code == 200


def test_a_code_is_good_once(browser, implementer):
    phone.with_factor(implementer)
    typed = phone.code()
    phone.sign_in(browser, implementer)
    phone.give(browser, typed)

    thief = Client()
    phone.sign_in(thief, implementer)
    answer = phone.give(thief, typed)

    assert "já usado" in answer.content.decode()
    assert "_auth_user_id" not in thief.session


def test_the_code_of_the_set_up_does_not_sign_in(
    browser, implementer, django_capture_on_commit_callbacks
):
    set_up(browser, implementer, django_capture_on_commit_callbacks)
    thief = Client()
    phone.sign_in(thief, implementer)

    phone.give(thief, phone.code(phone.stored_secret(implementer)))

    assert "_auth_user_id" not in thief.session


@pytest.mark.parametrize("steps", [-1, 1])
def test_a_code_of_another_half_minute_is_refused(browser, implementer, steps):
    phone.with_factor(implementer)
    phone.sign_in(browser, implementer)

    answer = phone.give(browser, phone.code(steps=steps))

    assert answer.status_code == 200
    assert "_auth_user_id" not in browser.session


def test_a_recovery_code_is_good_once_and_leaves_a_trail(browser, implementer):
    codes = phone.with_factor(implementer)
    phone.sign_in(browser, implementer)
    assert phone.give(browser, codes[0]).status_code == 302

    again = Client()
    phone.sign_in(again, implementer)
    answer = phone.give(again, codes[0])

    assert "Código incorreto" in answer.content.decode()
    assert actions_of(implementer.agency) == [
        "user.recovery_code_used",
        "user.two_factor_failed",
    ]


def test_guessing_is_stopped_and_written_down(browser, implementer):
    phone.with_factor(implementer)
    phone.sign_in(browser, implementer)
    for guess in range(5):
        phone.give(browser, f"{guess:06d}")

    answer = phone.give(browser, phone.code())

    assert "Muitas tentativas" in answer.content.decode()
    assert "_auth_user_id" not in browser.session
    assert actions_of(implementer.agency) == ["user.two_factor_failed"] * 5


def test_guessing_goes_on_nowhere_else(browser, implementer):
    """The count is of the person, not of the browser."""
    phone.with_factor(implementer)
    for guess in range(5):
        thief = Client()
        phone.sign_in(thief, implementer)
        phone.give(thief, f"{guess:06d}")
    phone.sign_in(browser, implementer)

    assert "Muitas tentativas" in phone.give(browser, phone.code()).content.decode()


# --- remembering ----------------------------------------------------------------------------------


def trusted(browser: Client, user: User) -> list[str]:
    codes = phone.with_factor(user)
    phone.sign_in(browser, user)
    assert phone.give(browser, phone.code()).headers["Location"] == "/conta/2fa/trust/"
    browser.post("/conta/2fa/trust/", {"action": "trust"})
    browser.post("/conta/logout/")
    return codes


def test_a_trusted_browser_is_not_asked_for_two_weeks(browser, implementer, time_machine):
    trusted(browser, implementer)
    assert browser.cookies["mfa_trusted"]["httponly"]

    phone.sign_in(browser, implementer)
    assert browser.get("/implantacao/").status_code == 200

    browser.post("/conta/logout/")
    time_machine.shift(14 * 86_400 + 1)
    assert phone.sign_in(browser, implementer).headers["Location"] == "/conta/2fa/authenticate/"


def test_trust_is_of_one_person_and_ends_with_the_password(browser, implementer, agency):
    trusted(browser, implementer)
    implementer.set_password("outra-senha-longa-1")
    implementer.save()

    answer = phone.sign_in(browser, implementer, "outra-senha-longa-1")

    assert answer.headers["Location"] == "/conta/2fa/authenticate/"


# --- losing it, taking it away ------------------------------------------------------------------


def test_removing_it_leads_to_the_set_up(browser, implementer, django_capture_on_commit_callbacks):
    set_up(browser, implementer, django_capture_on_commit_callbacks)

    browser.post("/conta/2fa/totp/deactivate/")

    assert browser.get("/implantacao/").headers["Location"] == SET_UP
    assert not Authenticator.objects.exists()
    assert "user.two_factor_removed" in actions_of(implementer.agency)


def test_who_lost_the_phone_is_helped_by_another(browser, implementer, supervisor):
    phone.with_factor(implementer)
    phone.sign_in(browser, implementer)
    phone.give(browser, phone.code())

    assert services.reset_two_factor(user=implementer, actor=supervisor)

    assert browser.get("/implantacao/").headers["Location"].startswith("/conta/login/")
    assert actions_of(implementer.agency) == ["user.two_factor_reset"]


def test_nobody_resets_their_own(implementer):
    with pytest.raises(DomainError, match="outra pessoa"):
        services.reset_two_factor(user=implementer, actor=implementer)


def test_the_command_resets_it(implementer, capsys):
    phone.with_factor(implementer)

    call_command("reset_two_factor", implementer.username)

    assert "redefinida" in capsys.readouterr().out
    assert not Authenticator.objects.exists()


def test_the_command_knows_whom_it_is_about(db):
    with pytest.raises(CommandError, match="Não há usuário"):
        call_command("reset_two_factor", "ninguem")


def test_an_implementer_resets_it_on_the_list_of_people(
    browser, implementer, collector, django_capture_on_commit_callbacks
):
    set_up(browser, implementer, django_capture_on_commit_callbacks)
    phone.with_factor(collector)
    chosen = {"action": "reset_two_factor", "_selected_action": [collector.pk]}

    answer = browser.post(reverse("admin:accounts_user_changelist"), chosen, follow=True)

    assert "redefinida" in answer.content.decode()
    assert not two_factor.has_factor(collector)


def test_an_auditor_resets_nobodys(client_for, auditor, collector):
    phone.with_factor(collector)
    chosen = {"action": "reset_two_factor", "_selected_action": [collector.pk]}

    client_for(auditor).post(reverse("admin:accounts_user_changelist"), chosen)

    assert two_factor.has_factor(collector)


# --- tokens ---------------------------------------------------------------------------------------


def test_a_token_is_made_for_who_has_the_factor(implementer, capsys):
    with pytest.raises(CommandError, match="duas etapas"):
        call_command("create_api_token", user=implementer.username)

    phone.with_factor(implementer)
    call_command("create_api_token", user=implementer.username)

    assert AuthToken.objects.filter(user=implementer).count() == 1
    assert "user.token_created" in actions_of(implementer.agency)


def test_a_programs_user_needs_none_and_is_nobody_who_signs_in(browser, implementer, settings):
    call_command("create_api_token", user=implementer.username, integration=True)
    phone.sign_in(browser, implementer)

    with pytest.raises(CommandError, match="entra pelas telas"):
        call_command("create_api_token", user=implementer.username, integration=True)
