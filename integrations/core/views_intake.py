"""The door for announcements: /webhooks/<system>/<agency>/ (SIE-15).

Answers, the first that applies:
405 another method than POST · 404 no such system or agency · 401 no token, or a wrong one ·
411 a body whose end cannot be told · 413 more than 64 KiB, unread · 400 not a JSON object, not an
announcement, broken off · 503 the database does not answer · 200 stored, now or before.
Nothing of a refused body is kept, and a token is never written anywhere.
"""

import hashlib
import json

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from cobranca.common import clock
from integrations.core import registry
from integrations.core.inbox import bell
from integrations.core.inbox.bodies import body_of
from integrations.core.inbox.moves import storing
from integrations.core.inbox.moves.storing import Knock
from integrations.core.inbox.refusals import Refusal
from integrations.core.inbox.understanding import Reader, RefusedBodyError, understand

logger = structlog.get_logger(__name__)

NOT_POST = Refusal(405, "Método não aceito")
UNKNOWN = Refusal(404, "Endereço desconhecido")
DENIED = Refusal(401, storing.DENIED)
NOT_NOW = Refusal(503, "Tente de novo daqui a pouco")
STORED = b'{"status": "ok"}'


@csrf_exempt
def intake(request: HttpRequest, system: str, agency_id: str) -> HttpResponse:
    """Store one announcement and answer; it is processed afterwards."""
    entry = registry.entry_of_system(system)
    token = _token(request)
    knock = Knock(system, int(agency_id), _hash(token), _told_size(request))
    if request.method != "POST":
        return _answer(knock, NOT_POST)
    if entry is None or entry.read_webhook is None:
        return _answer(knock, UNKNOWN)
    try:
        return _take_in(request, entry.read_webhook, knock, token)
    except DatabaseError as error:
        logger.error("webhook.not_stored", system=system, error=type(error).__name__)
        return _answer(knock, NOT_NOW)


def _take_in(request: HttpRequest, reader: Reader, knock: Knock, token: str) -> HttpResponse:
    body = body_of(request)
    if isinstance(body, Refusal):
        return _refuse(knock, body)
    try:
        parcel = understand(knock.system, reader, _headers(request), body, token)
    except RefusedBodyError as error:
        return _refuse(knock, Refusal(400, error.reason))
    if knock.token_hash is None:
        return _refuse(knock, DENIED)
    answer = storing.store(knock, parcel, now=clock.now())
    if not answer.is_let_in:
        return _refuse(knock, DENIED)
    if answer.is_news:
        bell.ring(knock.agency_id)
    return _response(STORED, 200, "application/json")


def _refuse(knock: Knock, refusal: Refusal) -> HttpResponse:
    """Turn away; who has no right to be here hears that before anything else."""
    answer = storing.refuse(knock, refusal.status, refusal.reason, now=clock.now())
    if not answer.is_known:
        return _answer(knock, UNKNOWN)
    return _answer(knock, refusal if answer.is_let_in else DENIED)


def _answer(knock: Knock, refusal: Refusal) -> HttpResponse:
    logger.warning(
        "webhook.refused",
        system=knock.system[:20],
        agency=knock.agency_id,
        status=refusal.status,
        reason=refusal.reason,
        size=knock.size,
    )
    problem = {"type": "about:blank", "title": refusal.reason, "status": refusal.status}
    body = json.dumps(problem, ensure_ascii=False).encode()
    response = _response(body, refusal.status, "application/problem+json")
    for name, value in refusal.headers.items():
        response.headers[name] = value
    return response


def _response(body: bytes, status: int, content_type: str) -> HttpResponse:
    """Return an answer whose end is known, or the server would send it in pieces."""
    length = {"Content-Length": str(len(body))}
    return HttpResponse(body, status=status, content_type=content_type, headers=length)


def _token(request: HttpRequest) -> str:
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _hash(token: str) -> str | None:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest() if token else None


def _told_size(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or ""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else 0


def _headers(request: HttpRequest) -> dict[str, str]:
    """Return the headers but for the credentials, which no connector needs to see."""
    return {
        name[5:].replace("_", "-").lower(): value
        for name, value in request.META.items()
        if name.startswith("HTTP_") and name not in ("HTTP_AUTHORIZATION", "HTTP_COOKIE")
    }
