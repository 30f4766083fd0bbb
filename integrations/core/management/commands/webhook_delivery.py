"""One announcement: how it stands, tried again, or given up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cobranca.accounts.console import add_user, person, row_in_scope, tell
from cobranca.common import clock
from integrations.core.inbox.moves import people
from integrations.core.models import WebhookDelivery


class Command(BaseCommand):
    help = "Mostra um aviso (webhook) recebido, manda processá-lo de novo ou o descarta."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delivery", type=int, required=True, help="número do aviso")
        wanted = parser.add_mutually_exclusive_group()
        wanted.add_argument("--retry", action="store_true")
        wanted.add_argument("--discard", action="store_true")
        add_user(parser)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do what was asked and say how the announcement now stands."""
        with row_in_scope(WebhookDelivery, options["delivery"]) as row:
            if options["retry"] or options["discard"]:
                move = people.retry if options["retry"] else people.discard
                actor = person(options["user"], row.agency)
                move(delivery_id=row.pk, actor=actor, now=clock.now())
            row.refresh_from_db()
        told = {
            name: getattr(row, name)
            for name in ("id", "event", "status", "outcome", "error", "attempts", "due_at")
        }
        sentence = f"Aviso {row.pk} ({row.event}): {row.get_status_display()}. {row.error}"
        tell(self, told, sentence.strip(), as_json=options["json"])
