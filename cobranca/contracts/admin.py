"""Reasons for recalls that the agency adds to the built-in ones."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cobranca.common.admin import BrazilianAdmin
from cobranca.contracts.models import AgencyRecallReason


@admin.register(AgencyRecallReason)
class AgencyRecallReasonAdmin(BrazilianAdmin):
    """Motivos de devolução."""

    list_display = ("code", "label")
    search_fields = ("code", "label")
    fields = ("code", "label")
