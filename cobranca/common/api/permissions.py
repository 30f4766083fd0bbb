"""Who may call which resource."""

from typing import Any

from rest_framework import permissions
from rest_framework.request import Request


class AgencyPermission(permissions.DjangoModelPermissions):
    """Signed in, of an agency, and allowed on the model by role (reading included)."""

    perms_map = {
        **permissions.DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
    }

    def has_permission(self, request: Request, view: Any) -> bool:
        """Refuse users without an agency, then ask Django's model permissions."""
        if getattr(request.user, "agency_id", None) is None:
            return False
        return super().has_permission(request, view)
