"""A phone with an authenticator app, for tests."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.test import Client

from cobranca.accounts.models import User
from tests.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """Return what the app shows now, or so many periods of 30 s later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_factor(user: User) -> list[str]:
    """Set a second factor up as if on the screen; return the recovery codes."""
    TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user).get_unused_codes()


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post("/conta/login/", {"login": user.username, "password": password})


def give(client: Client, typed: str) -> Any:
    return client.post("/conta/2fa/authenticate/", {"code": typed})


def secret_shown(client: Client) -> str:
    """Return the secret that the set-up page put into the session."""
    return str(client.session[SECRET_SESSION_KEY])


def stored_secret(user: User) -> str:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return decrypt(row.data["secret"])
