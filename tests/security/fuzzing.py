"""The API asked for all that its own description allows, and for what it does not.

Schemathesis makes calls up from the schema; each is put to the real WSGI application by two of
its callers, in turn, and undone. A row named in a path is mostly one of the callers' agency.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django_scopes import scopes_disabled
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation

from cobranca.accounts.roles import AUDITOR, COLLECTOR, IMPLEMENTER, SUPERVISOR
from tests.security.planting import Garden
from tests.security.walking import rooms, urls_for

application = get_wsgi_application()  # settings.wsgi would bound every wait of this process

CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
# What is wrong must be refused; of who is refused anyway nothing is learnt.
REFUSING = "negative_data_rejection"
NOBODY = "nobody"
# Whoever may do most asks everything; the others take turns.
OTHERS = (SUPERVISOR, NOBODY, COLLECTOR, AUDITOR)


def api_schema() -> Any:
    """Return the description of the API as Schemathesis reads it, with the application behind."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(described)
    schema.app = application
    load_all_checks()
    return schema


def operations(schema: Any) -> list[APIOperation]:
    """Return every operation of the schema; one that cannot be read is an error."""
    return [found.ok() for found in schema.get_all_operations()]


def rows_of(garden: Garden) -> dict[str, str]:
    """Return path → the key of the garden's row that it leads to."""
    found: dict[str, str] = {}
    with scopes_disabled():
        for addresses in rooms().values():
            for address in addresses:
                if address.route.startswith("api/v1/") and "pk" in address.arguments:
                    for url in urls_for(address, garden):
                        key = re.search(r"/(\d+)/", url)
                        assert key is not None, url
                        found[url.replace(key.group(), "/{id}/", 1)] = key.group(1)
    return found


@contextmanager
def connection_kept() -> Iterator[None]:
    """Let a request run within a transaction of ours, as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@dataclass
class Fuzz:
    """Asks, checks the answers, and counts."""

    tokens: dict[str, str]
    rows: dict[str, str]
    examples: int
    derandomize: bool
    findings: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def ask(self, operation: APIOperation) -> None:
        """Put calls within the description, and outside of it, to one operation."""
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not _takes_input(operation):
                continue
            self._generate(operation, mode)

    def _generate(self, operation: APIOperation, mode: GenerationMode) -> None:
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=self.examples if _takes_input(operation) else 1 + self.examples // 8,
            derandomize=self.derandomize,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def each(case: Case) -> None:
            self._by_two(case, mode)

        each()

    def _by_two(self, case: Case, mode: GenerationMode) -> None:
        turn, row = self.calls[case.operation.label], self.rows.get(case.path)
        if row is not None and turn % 4 != 3:
            case.path_parameters = {"id": row}
        # Which of them begins differs from operation to operation, and is the same every time.
        first = crc32(case.operation.label.encode())
        for who in (IMPLEMENTER, OTHERS[(first + turn) % len(OTHERS)]):
            self._call(case, who, mode)
        self.calls[case.operation.label] += 1

    def _call(self, case: Case, who: str, mode: GenerationMode) -> None:
        token = {"Authorization": f"Token {self.tokens[who]}"} if who in self.tokens else {}
        with connection_kept(), transaction.atomic():
            response = case.call(headers=token)
            transaction.set_rollback(True)
        self.calls[f"{who} {response.status_code}"] += 1
        place = f"{case.operation.label} for {who} ({response.status_code})"
        if who == NOBODY and response.status_code not in (401, 404):
            self.findings[place] = "answered without a token"
        names = [*CHECKED, REFUSING] if mode is GenerationMode.NEGATIVE else CHECKED
        try:
            case.validate_response(response, checks=CHECKS.get_by_names(names), headers=token)
        except FailureGroup as failed:
            told = "; ".join(f"{each.title}: {each.message}" for each in failed.exceptions)
            self.findings.setdefault(place, f"{told[:600]}\n  {case.as_curl_command()[:400]}")


def _takes_input(operation: APIOperation) -> bool:
    return bool(operation.body or operation.query)


def asked(schema: Any, *, part: int, parts: int) -> Iterator[APIOperation]:
    """Return one of several parts of the operations, so that several processes share them."""
    yield from operations(schema)[part::parts]
