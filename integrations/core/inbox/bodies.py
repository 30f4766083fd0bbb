"""Reading a request's body, never more of it than an announcement may have."""

import structlog
from django.http import HttpRequest

from integrations.core.inbox.refusals import Refusal
from integrations.core.inbox.understanding import BODY_LIMIT

logger = structlog.get_logger(__name__)

TOO_LARGE = Refusal(413, "Corpo maior que 64 KiB")
BROKEN = Refusal(400, "O corpo não chegou inteiro")
BAD_LENGTH = Refusal(400, "Content-Length sem sentido")
NO_END = Refusal(411, "Falta o Content-Length")


def body_of(request: HttpRequest) -> bytes | Refusal:
    """Return the whole body, or why it is not read."""
    try:
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            return _chunked(request)
        return _measured(request)
    except Exception as error:  # noqa: BLE001  each server has errors of its own for a bad body
        logger.info("webhook.unreadable", error=type(error).__name__)
        return BROKEN


def _measured(request: HttpRequest) -> bytes | Refusal:
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not (told.isascii() and told.isdigit()):
        return BAD_LENGTH
    length = told.lstrip("0")
    if len(length) > len(str(BODY_LIMIT)) or int(length or "0") > BODY_LIMIT:
        return TOO_LARGE
    body: bytes = request.read()
    return body if len(body) == int(length or "0") else BROKEN


def _chunked(request: HttpRequest) -> bytes | Refusal:
    """Read what comes in pieces, where the server says where it ends; Django would read nothing."""
    if not request.META.get("wsgi.input_terminated"):
        return NO_END
    body: bytes = request.META["wsgi.input"].read(BODY_LIMIT + 1)
    return TOO_LARGE if len(body) > BODY_LIMIT else body
