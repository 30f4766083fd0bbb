"""What every page's frame needs to know of who is looking."""

from typing import Any

from django.http import HttpRequest

from cobranca.accounts.held import HeldPermissions
from cobranca.accounts.roles import first_role, role_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the role, the agency and the permissions of the signed-in user."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"role": "", "agency": None}
    user.get_all_permissions()  # which every page asks for, and which brings the roles along
    groups = getattr(user, "_group_names", None)
    role = role_of(user) if groups is None else first_role(groups)
    return {"role": role, "agency": user.agency, "perms": HeldPermissions(user)}
