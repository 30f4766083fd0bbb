"""Reasons for recalls that the agency adds to the built-in ones."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from cobranca.accounts.access import actor_of
from cobranca.common.admin import BrazilianAdmin
from cobranca.common.forms import AgencyForm
from cobranca.contracts.models import AgencyRecallReason
from cobranca.contracts.reasons import save_recall_reason
from cobranca.contracts.states import RecallReason


class RecallReasonForm(AgencyForm):
    """A reason of the agency's own."""

    class Meta:
        model = AgencyRecallReason
        fields = ("code", "label")

    def clean_code(self) -> str:
        """Refuse the codes of the built-in reasons."""
        code = str(self.cleaned_data["code"])
        if code in RecallReason.values:
            raise ValidationError("Este código é de um motivo do sistema: escolha outro.")
        return code


@admin.register(AgencyRecallReason)
class AgencyRecallReasonAdmin(BrazilianAdmin):
    """Motivos de devolução."""

    form = RecallReasonForm
    list_display = ("code", "label")
    search_fields = ("code", "label")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the service."""
        save_recall_reason(reason=obj, actor=actor_of(request))
