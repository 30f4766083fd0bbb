"""Who may call which resource."""

from typing import Any

from rest_framework import permissions
from rest_framework.request import Request

VERBS = {
    "GET": "view",
    "HEAD": "view",
    "POST": "add",
    "PUT": "change",
    "PATCH": "change",
    "DELETE": "delete",
}


class AgencyPermission(permissions.BasePermission):
    """Signed in, of an agency that is active, and allowed by role (reading included)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Refuse users without an agency, then ask for what the view needs.

        What a view does not offer at all is left to it to say (405).
        """
        agency = getattr(request.user, "agency", None)
        if agency is None or not agency.is_active:
            return False
        if view.action is None or request.method not in VERBS:
            return True
        return bool(request.user.has_perms(needed(view, request.method or "")))


def needed(view: Any, method: str) -> tuple[str, ...]:
    """Return the permissions an action needs: those it names, else its verb on the model."""
    named: dict[str, tuple[str, ...]] = view.needs
    if view.action in named:
        return named[view.action]
    meta = view.model._meta
    return (f"{meta.app_label}.{VERBS[method]}_{meta.model_name}",)
