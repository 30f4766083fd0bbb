"""What every page's frame needs to know of who is looking."""

from typing import Any

from django.http import HttpRequest

from cobranca.accounts.roles import role_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the role and the agency of the signed-in user."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"role": "", "agency": None}
    return {"role": role_of(user), "agency": user.agency}
