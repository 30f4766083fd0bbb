"""What systems announced, processed now, in the foreground."""

import json
from dataclasses import asdict
from time import monotonic, sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.common import clock
from integrations.core.inbox.processing import ELSEWHERE, process
from integrations.core.inbox.report import Report

# A worker that was rung for may be at it: what it has not taken is taken after it.
PATIENCE_SECONDS = 60


class Command(BaseCommand):
    """Prints {taken, done, unmatched, failed, parked, waiting, message}; exit 0."""

    help = "Processa agora os avisos (webhooks) que esperam, também os que tentariam mais tarde."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options of 90-interfaces.md."""
        parser.add_argument("--json", action="store_true", help="resumo em JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Process every agency's announcements and print what came of them."""
        report = Report()
        for agency in Agency.objects.filter(is_active=True).order_by("pk"):
            with scope(agency=agency):
                report += self._process(agency)
        told = json.dumps(asdict(report), ensure_ascii=False)
        self.stdout.write(told if options["json"] else report.sentence)

    def _process(self, agency: Agency) -> Report:
        """Process an agency's announcements, after whoever is at them just now."""
        deadline = monotonic() + PATIENCE_SECONDS
        report = process(agency, clock=clock.now, everything=True)
        while report.message == ELSEWHERE and monotonic() < deadline:
            sleep(0.2)
            report = process(agency, clock=clock.now, everything=True)
        return report
