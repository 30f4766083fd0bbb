"""Who must sign in with a second factor, and whether they did.

Whoever may change settings must, where REQUIRE_TWO_FACTOR says so; of supervisors each agency
decides by a parameter. Parameters stand in a room above this one, which installs the question.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.internal.flows.trust import is_trusted_browser
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from cobranca.accounts.models import Agency

CHANGES_SETTINGS = "creditors.change_parametervalue"
SUPERVISES = "accounts.change_team"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

AsksSupervisors = Callable[[Agency], bool]
_asks_supervisors: list[AsksSupervisors] = []


def install(asks_supervisors: AsksSupervisors) -> None:
    """Make this the one that says whether an agency asks its supervisors for a second factor."""
    _asks_supervisors[:] = [asks_supervisors]


class Standing(Enum):
    """Where someone signed in stands with their second factor."""

    CLEAR = "clear"
    MUST_SET_UP = "must_set_up"
    MUST_SHOW = "must_show"


def is_required_of(user: Any) -> bool:
    """Tell whether someone may work only with a second factor."""
    if not settings.REQUIRE_TWO_FACTOR:
        return False
    if user.has_perm(CHANGES_SETTINGS):
        return True
    agency = user.agency
    return agency is not None and user.has_perm(SUPERVISES) and _asks_supervisors[0](agency)


def has_factor(user: Any) -> bool:
    """Tell whether someone set a second factor up; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def is_missing(user: Any) -> bool:
    """Tell whether someone must have a second factor and has none."""
    return is_required_of(user) and not has_factor(user)


def standing(request: HttpRequest) -> Standing:
    """Return where whoever is signed in stands.

    A session made before the factor was set up elsewhere must show it too: a password alone
    opens nothing.
    """
    if not is_required_of(request.user):
        return Standing.CLEAR
    if not has_factor(request.user):
        return Standing.MUST_SET_UP
    return Standing.CLEAR if _was_shown(request) else Standing.MUST_SHOW


def _was_shown(request: HttpRequest) -> bool:
    user: Any = request.user
    records = get_authentication_records(request, user)
    return any(each["method"] == "mfa" for each in records) or is_trusted_browser(request, user)
