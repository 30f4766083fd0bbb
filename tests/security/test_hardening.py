"""What every answer, cookie, session and password keeps to (docs/security.md names these tests)."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import structlog
import time_machine as travelling
from allauth.account.adapter import get_adapter
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from knox.models import AuthToken

from cobranca.accounts.models import User
from tests.api import refusal
from tests.cobranca.accounts.two_factor_kit import sign_in
from tests.factories import PASSWORD
from tests.test_settings import PRODUCTION, ROOT

PAGES = ("/conta/login/", "/telecobranca/", "/admin/", "/api/v1/creditors/", "/nada/")


@pytest.fixture(autouse=True)
def uncounted():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def signed(client, implementer) -> Client:
    sign_in(client, implementer)
    return client


# --- headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(signed, path):
    answer = signed.get(path)
    policy = answer["Content-Security-Policy"]

    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "default-src 'self'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer
    assert "Server" not in answer


@pytest.mark.parametrize("path", [*PAGES, "/metrics", "/health/live"])
def test_every_answer_says_what_it_is(signed, path):
    answer = signed.get(path)

    assert re.match(
        r"(text/\w+; .*charset=utf-8|application/(problem\+)?json)", answer["Content-Type"]
    )


@pytest.mark.parametrize("path", ["/telecobranca/", "/admin/", "/conta/2fa/", "/api/v1/creditors/"])
def test_what_somebody_signed_in_sees_is_kept_nowhere(signed, path):
    assert "no-store" in signed.get(path)["Cache-Control"]


def test_only_the_admin_may_evaluate_scripts(signed):
    assert "unsafe" not in signed.get("/telecobranca/")["Content-Security-Policy"]
    assert "'unsafe-eval'" in signed.get("/admin/")["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/telecobranca/", "/conta/login/", "/api/v1/creditors/"])
@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_methods_nobody_needs_are_refused(signed, method, path):
    answer = signed.generic(method, path, HTTP_COOKIE="segredo=1")

    assert answer.status_code in (401, 403, 405)
    assert b"segredo" not in answer.content


@pytest.mark.parametrize(
    "path", ["/static/", "/static/css/", "/media/", "/media/logos/1/", "/.git/config"]
)
def test_folders_are_not_listed(signed, path):
    assert signed.get(path).status_code == 404


@pytest.mark.parametrize(
    "told", ["https://outra.example/", "//outra.example/", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(client, implementer, told):
    typed = {"login": implementer.username, "password": PASSWORD, "next": told}

    assert client.post("/conta/login/", typed)["Location"] == "/"


@pytest.mark.parametrize("path", ["/telecobranca/busca/", "/implantacao/"])
def test_a_form_without_its_token_is_refused(implementer, path):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(implementer)

    assert strict.post(reverse("account_logout")).status_code == 403
    assert strict.post(path).status_code in (403, 405)
    assert "_auth_user_id" in strict.session


# --- production -----------------------------------------------------------------------------------


STRICT = {
    "DEBUG": False,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "MFA_TRUST_COOKIE_NAME": "__Host-mfa_trusted",
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_SSL_REDIRECT": True,
    "REQUIRE_TWO_FACTOR": True,
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
}


def test_production_is_strict():
    names = ", ".join(f"{name!r}: settings.{name}" for name in STRICT)
    script = f"import json; from django.conf import settings; print(json.dumps({{{names}}}))"
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **PRODUCTION},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(told.stdout)
    found["PASSWORD_HASHERS"] = found["PASSWORD_HASHERS"][:1]

    assert found == STRICT


def test_cookies_are_for_the_server_alone(signed):
    for name in ("sessionid", "csrftoken"):
        assert signed.cookies[name]["httponly"]
        assert signed.cookies[name]["samesite"] == "Lax"


def test_a_program_without_https_is_refused_and_a_page_redirected(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    refusal(client.get("/api/v1/creditors/"), 403)
    assert client.get("/telecobranca/").status_code == 301
    assert client.get("/api/v1/creditors/", secure=True).status_code == 401


def test_an_address_that_a_caller_makes_up_is_not_believed(settings):
    """Each proxy adds who called it at the end: only the end is ours."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9")

    assert get_adapter().get_client_ip(request) == "203.0.113.9"


# --- sessions -------------------------------------------------------------------------------------


def test_a_session_left_alone_ends(signed, settings):
    assert signed.get("/telecobranca/").status_code == 200

    with travelling.travel(datetime.now(UTC), tick=False) as clock:
        clock.shift(settings.SESSION_IDLE_MINUTES * 60 + 1)
        answer = signed.get("/telecobranca/")

    assert answer["Location"].startswith("/conta/login/")
    assert "_auth_user_id" not in signed.session


def test_a_session_in_use_goes_on_and_yet_ends(signed, settings):
    """Hour after hour with a page every half an hour, until the day is over."""
    with travelling.travel(datetime.now(UTC), tick=False) as clock:
        steps = settings.SESSION_COOKIE_AGE // 1800
        for _ in range(steps):
            assert signed.get("/telecobranca/").status_code == 200
            clock.shift(1800)
        clock.shift(1)

        assert signed.get("/telecobranca/").status_code == 302


def test_a_page_is_no_write_of_the_session(signed, django_assert_num_queries):
    before = signed.session["seen_at"]

    signed.get("/telecobranca/")

    assert signed.session["seen_at"] == before


def test_signing_in_gives_a_new_key_and_signing_out_ends_it(client, implementer):
    client.get("/conta/login/")
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key

    sign_in(client, implementer)
    during = client.cookies["sessionid"].value
    client.post("/conta/logout/")
    thief = Client()
    thief.cookies["sessionid"] = during

    assert len(during) == 32
    assert during != before
    assert thief.get("/telecobranca/").status_code == 302


def test_switching_a_person_off_ends_sessions_and_tokens(signed, api_for, implementer):
    api = api_for(implementer)

    User.objects.filter(pk=implementer.pk).update(is_active=False)

    assert signed.get("/telecobranca/").status_code == 302
    assert api.get("/api/v1/creditors/").status_code == 401


def test_a_change_of_role_holds_at_once(signed, implementer):
    assert signed.get("/configuracoes/parametros/").status_code == 200

    implementer.groups.clear()

    assert signed.get("/configuracoes/parametros/").status_code == 403


def test_ending_other_sessions_asks_for_the_password_later_on(signed, implementer, settings):
    other = Client()
    sign_in(other, implementer)
    with travelling.travel(datetime.now(UTC), tick=False) as clock:
        clock.shift(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
        asked = signed.post("/conta/sessions/")
        assert asked["Location"].startswith("/conta/reauthenticate/")
        assert other.get("/telecobranca/").status_code == 200

        signed.post(asked["Location"], {"password": PASSWORD})

    assert other.get("/telecobranca/").status_code == 302
    assert signed.get("/telecobranca/").status_code == 200


def test_every_page_offers_the_way_out(signed):
    for path in ("/telecobranca/", "/implantacao/", "/conta/2fa/"):
        assert reverse("account_logout") in signed.get(path).content.decode()
    assert reverse("admin:logout") in signed.get("/admin/").content.decode()


# --- passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "curta-9ch",
        "password123",
        "cobranca2026",
        "Assessoria1",
        "AssessoriaAurora1",
        "Supervisor123",
    ],
)
def test_a_password_easy_to_guess_is_refused(agency, password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="ines", agency=agency))


@pytest.mark.parametrize(
    "password",
    [
        "cavalo certo bateria grampo",
        "ç~é ü 漢字 quatro",
        "x9" * 64,
        "cobranca com três palavras a mais",
    ],
)
def test_any_composition_and_length_is_taken_as_typed(agency, client, password):
    user = User.objects.create(username="nova", agency=agency)
    validate_password(password, user)
    user.set_password(password)
    user.save()

    sign_in(client, user, password)
    assert client.session["_auth_user_id"] == str(user.pk)

    for other in (password[:-1], password.swapcase(), f"{password} "):
        stranger = Client()
        sign_in(stranger, user, other)
        assert "_auth_user_id" not in stranger.session
        cache.clear()


def test_the_present_password_is_needed_for_a_new_one(signed, implementer):
    new = {"password1": "quatro palavras a mais", "password2": "quatro palavras a mais"}

    signed.post("/conta/password/change/", {"oldpassword": "errada", **new})
    implementer.refresh_from_db()
    assert implementer.check_password(PASSWORD)

    signed.post("/conta/password/change/", {"oldpassword": PASSWORD, **new})
    implementer.refresh_from_db()
    assert implementer.check_password(new["password1"])


def test_a_password_may_be_pasted_and_kept_by_a_manager(client):
    page = client.get("/conta/login/").content.decode()

    assert 'type="password"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_guessing_a_password_is_stopped(client, implementer):
    for guess in range(5):
        sign_in(client, implementer, f"palpite-{guess}")

    assert "Muitas tentativas" in sign_in(client, implementer).content.decode()


def test_a_forgotten_password_is_asked_for_without_telling_who_is_here(client, implementer):
    implementer.email = "ines@aurora.example"
    implementer.save()
    answers = [
        client.post("/conta/password/reset/", {"email": email})
        for email in ("ines@aurora.example", "ninguem@aurora.example")
    ]

    assert {(each.status_code, each["Location"]) for each in answers} == {
        (302, "/conta/password/reset/done/")
    }


def test_tokens_are_long_and_never_kept(implementer):
    _, token = AuthToken.objects.create(implementer)
    kept = AuthToken.objects.get()

    assert len(token) == 64
    assert token not in (kept.digest, kept.token_key)
    assert len(kept.digest) == 128


# --- what is written down -------------------------------------------------------------------------


def test_signing_in_and_being_refused_are_logged_without_what_was_typed(client, implementer):
    with structlog.testing.capture_logs() as lines:
        sign_in(client, implementer, "senha-no-campo-errado")
        sign_in(client, implementer)
        client.post("/conta/logout/")

    told = [line for line in lines if line["event"].startswith("auth.")]
    assert [line["event"] for line in told] == ["auth.refused", "auth.signed_in", "auth.signed_out"]
    assert {line["user"] for line in told} == {implementer.pk}
    assert "senha-no-campo-errado" not in str(lines)


def test_a_refusal_of_permission_is_logged(client_for, collector, caplog):
    client_for(collector).get("/implantacao/")

    assert "'code': 403" in caplog.text
    assert f"'user_id': {collector.pk}" in caplog.text


def test_an_error_shows_nothing_of_the_inside(settings, client_for, implementer, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("SELECT segredo FROM tabela")

    monkeypatch.setattr(User, "get_full_name", broken)
    browser = client_for(implementer)
    browser.raise_request_exception = False

    answer = browser.get("/telecobranca/?q=x")

    assert answer.status_code == 500
    assert b"segredo" not in answer.content
    assert b"Traceback" not in answer.content
