"""Sign-in rules for allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest


class ClosedSignUpAdapter(DefaultAccountAdapter):
    """Nobody signs up: users are made by an implementer."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: str) -> AbstractBaseUser | None:
        """Refuse users of an agency that was switched off."""
        user = super().authenticate(request, **credentials)
        agency = getattr(user, "agency", None)
        return None if agency is not None and not agency.is_active else user
