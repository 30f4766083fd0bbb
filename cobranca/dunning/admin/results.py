"""What a contact may end in, by agency."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cobranca.common.admin import BrazilianAdmin
from cobranca.dunning.models import ContactResult


@admin.register(ContactResult)
class ContactResultAdmin(BrazilianAdmin):
    """Resultados de contato."""

    list_display = (
        "position", "label", "is_effective", "wants_promise", "wants_callback",
        "inactivates_phone", "pause_hours", "is_active",
    )  # fmt: skip
    list_display_links = ("label",)
    list_filter = ("is_active",)
    search_fields = ("code", "label")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the code of a result in use: programs name it so."""
        return ("code",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: what was recorded names it. One that is not wanted any more is switched off."""
        return False
