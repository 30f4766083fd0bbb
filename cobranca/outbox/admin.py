"""What waits to leave, and what a person decides about it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from cobranca.common import clock
from cobranca.common.admin import ReadOnlyAdmin
from cobranca.common.errors import DomainError
from cobranca.outbox import services
from cobranca.outbox.models import OutboxEvent


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Deliveries of the agency: parked ones are tried again or given up."""

    list_display = ("topic", "idempotency_key", "status", "attempts", "due_at", "error")
    list_filter = ("status", "topic")
    search_fields = ("idempotency_key", "error")
    actions = ("retry_selected", "discard_selected")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Tell who may decide about a delivery."""
        return request.user.has_perm("outbox.change_outboxevent")

    @admin.action(description="Tentar outra vez", permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> None:
        """Try parked deliveries again."""
        self._each(request, queryset, services.retry, now=clock.now())

    @admin.action(description="Descartar", permissions=["retry"])
    def discard_selected(self, request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> None:
        """Give deliveries up."""
        self._each(request, queryset, services.discard)

    def _each(self, request: HttpRequest, events: QuerySet[Any], move: Any, **when: Any) -> None:
        done = 0
        for event in events:
            try:
                move(event_id=event.pk, actor=request.user, **when)
                done += 1
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
        if done:
            self.message_user(request, f"Saídas alteradas: {done}.", messages.SUCCESS)
