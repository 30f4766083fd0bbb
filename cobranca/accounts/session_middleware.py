"""How long a session lasts.

A session ends some time after the last request (SESSION_IDLE_MINUTES) and, whatever is done in
it, some time after sign-in (SESSION_HOURS). The instants are in the session itself.
"""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse

from cobranca.common import clock

BEGAN, SEEN = "began_at", "seen_at"
# Seconds between two notes of somebody's presence: a page is not a write.
NOTED_EVERY = 300

logger = structlog.get_logger(__name__)


def begin(sender: Any, request: HttpRequest, **_: Any) -> None:
    """Note when somebody signed in."""
    if hasattr(request, "session"):
        request.session[BEGAN] = request.session[SEEN] = _now()


user_logged_in.connect(begin, dispatch_uid="accounts.sessions.begin")


def _now() -> int:
    return int(clock.now().timestamp())


class SessionLimitMiddleware:
    """End sessions that were left alone, or are too old; their user signs in again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer whoever is still signed in as such, and others as strangers."""
        if request.user.is_authenticated:
            _check(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            # What somebody signed in was shown, no browser or proxy keeps.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def _check(request: HttpRequest) -> None:
    now, session = _now(), request.session
    seen = session.get(SEEN)
    if seen is None:  # made before there were limits
        session[BEGAN] = session[SEEN] = now
        return
    is_idle = now - seen > settings.SESSION_IDLE_MINUTES * 60
    if is_idle or now - session.get(BEGAN, seen) > settings.SESSION_COOKIE_AGE:
        logger.info("auth.session_expired", user=request.user.pk, idle=is_idle)
        logout(request)
    elif now - seen > min(NOTED_EVERY, settings.SESSION_IDLE_MINUTES * 6):
        session[SEEN] = now
