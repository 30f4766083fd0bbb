"""What happens at the door: sign-ins go to the log, what changes how somebody signs in also to
the trail of the agency."""

from typing import Any

import structlog
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.http import HttpRequest

from cobranca.accounts.models import User
from cobranca.accounts.sessions import end_sessions
from cobranca.accounts.two_factor import FACTORS
from cobranca.common import trail

logger = structlog.get_logger(__name__)


def connect() -> None:
    """Listen; called once, when the applications are ready."""
    _listen(auth.user_logged_in, _signed_in)
    _listen(auth.user_logged_out, _signed_out)
    _listen(auth.user_login_failed, _refused)
    _listen(account.password_changed, _password_changed)
    _listen(account.password_reset, _password_changed)
    _listen(mfa.authenticator_added, _factor_added)
    _listen(mfa.authenticator_removed, _factor_removed)
    _listen(mfa.authenticator_reset, _codes_made)
    _listen(mfa.authenticator_used, _factor_used)
    _listen(mfa.authentication_failed, _factor_failed)


def _listen(signal: Any, receiver: Any) -> None:
    signal.connect(receiver, dispatch_uid=f"accounts.{receiver.__name__}")


def _signed_in(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    logger.info("auth.signed_in", user=user.pk, agency=user.agency_id)


def _signed_out(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        logger.info("auth.signed_out", user=user.pk, agency=user.agency_id)


def _refused(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    """Say whose door it was, never what was typed: passwords are typed into the wrong field."""
    name = credentials.get("username") or ""
    user = User.objects.filter(username=name).first()
    logger.warning("auth.refused", user=user.pk if user else None)


def _password_changed(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Note it, and end the other sessions: whoever knew the old one is out."""
    changes = {"senha": trail.SECRET_CHANGED}
    trail.record("user.password_changed", user, user, agency=user.agency, changes=changes)
    end_sessions(user, but=request.session.session_key)


def _factor_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Note it, and end the other sessions: a password opened them."""
    if authenticator.type not in FACTORS:
        return
    _record("user.two_factor_set_up", user, user, authenticator)
    end_sessions(user, but=request.session.session_key)


def _factor_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    if authenticator.type in FACTORS:
        _record("user.two_factor_removed", user, user, authenticator)
        end_sessions(user, but=request.session.session_key)


def _codes_made(sender: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    _record("user.recovery_codes_made", user, user, authenticator)


def _factor_used(sender: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    logger.info("auth.second_factor", user=user.pk, factor=authenticator.type)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _record("user.recovery_code_used", user, user, authenticator)


def _factor_failed(sender: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    logger.warning("auth.second_factor_refused", user=user.pk, factor=authenticator.type)
    _record("user.two_factor_failed", user, None, authenticator)


NAMES = {
    Authenticator.Type.TOTP: "Aplicativo autenticador",
    Authenticator.Type.WEBAUTHN: "Chave de segurança",
    Authenticator.Type.RECOVERY_CODES: "Códigos de recuperação",
}


def _record(action: str, user: User, actor: User | None, factor: Authenticator) -> None:
    """Write a line about someone's second factor; its secret is never in it."""
    changes = {"duas etapas": NAMES[Authenticator.Type(factor.type)]}
    trail.record(action, user, actor, agency=user.agency, changes=changes)
