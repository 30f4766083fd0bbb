"""Who of an agency's people may use the API."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class OfTheHouse(BasePermission):
    """Nobody of an external office: screens show them their office's debtors alone, REST all."""

    message = "Escritórios terceirizados trabalham pelas telas: a API não é para eles."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Refuse whoever works in an external team."""
        return not getattr(request.user, "is_outside", False)
