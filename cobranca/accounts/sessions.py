"""Ending sessions."""

from typing import Any

from allauth.usersessions.models import UserSession


def end_sessions(user: Any, *, but: str | None = None) -> int:
    """End the sessions of someone, all but the one with key `but`; return how many."""
    found = UserSession.objects.filter(user=user)
    ended = [session for session in found if session.session_key != but]
    for session in ended:
        session.end()
    return len(ended)
