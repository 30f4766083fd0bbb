"""Errors as RFC 9457 problems, in Portuguese."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError
from django.http import Http404
from psycopg import errors as postgres
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

from cobranca.common.api.exceptions import Conflict
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.common.patience import BUSY, is_refusal

CONTENT_TYPE = "application/problem+json"
# Errors of an input as a whole, and not of one of its fields.
WHOLE = "non_field_errors"
TITLES = {
    400: "Dados inválidos",
    401: "Não autenticado",
    403: "Sem permissão",
    404: "Não encontrado",
    405: "Método não permitido",
    406: "Formato de resposta não disponível",
    409: "Conflito",
    413: "Conteúdo grande demais",
    415: "Formato não aceito",
    422: "Chave de idempotência já usada",
    429: "Muitas chamadas",
    500: "Erro interno",
}


def problem(
    status: int, detail: str = "", errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return the body of an error."""
    title = TITLES.get(status, "Erro")
    found = errors or {}
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "errors": found,
    }


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error as a problem; what nobody foresaw is left to Django's own handler."""
    known = _api_error(error)
    response = exception_handler(known, context)
    if response is None:
        return None
    errors: dict[str, list[str]] = {}
    if isinstance(known, exceptions.ValidationError):
        errors = by_field(known.detail)
    response.data = problem(response.status_code, _detail(known, errors), errors)
    response.content_type = CONTENT_TYPE
    return response


def _api_error(error: Exception) -> Exception:
    """Return the error as REST framework knows it.

    A rule broken at a field is wrong input (400); one without a field is about the present
    state of things (409).
    """
    if isinstance(error, DomainError):
        return _from_domain(error)
    if isinstance(error, Http404):
        return exceptions.NotFound("Não encontrado.")
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, ModelError):
        return exceptions.ValidationError(as_serializer_error(error))
    if isinstance(error, IntegrityError):
        return _from_database(error)
    return Conflict(BUSY) if is_refusal(error) else error


def _from_domain(error: DomainError) -> exceptions.APIException:
    if error.field:
        return exceptions.ValidationError({error.field: [error.message]})
    if isinstance(error, NotFoundError):
        return exceptions.NotFound(error.message)
    return Conflict(error.message)


def _from_database(error: IntegrityError) -> Exception:
    """Say what two calls at once ran into; any other broken constraint is a fault of ours."""
    if isinstance(error.__cause__, postgres.UniqueViolation):
        return Conflict("Já existe um registro com estes dados.")
    if isinstance(error.__cause__, postgres.ForeignKeyViolation):
        return Conflict("Há registros ligados a este.")
    return error


def _detail(error: Exception, errors: dict[str, list[str]]) -> str:
    if isinstance(error, exceptions.Throttled):
        return f"Limite de chamadas atingido: tente de novo em {error.wait or 1:.0f} s."
    if WHOLE in errors:
        return errors[WHOLE][0]
    if errors:
        return f"Confira: {', '.join(errors)}."
    return str(getattr(error, "detail", ""))


def by_field(detail: Any) -> dict[str, list[str]]:
    """Return nested errors as one list of sentences per field, nested names joined by dots."""
    found: dict[str, list[str]] = {}
    for name, sentence in _sentences(detail, ""):
        found.setdefault(name or WHOLE, []).append(sentence)
    return found


def _sentences(detail: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for key, inner in detail.items():
            own = "" if key in (WHOLE, NON_FIELD_ERRORS) else str(key)
            yield from _sentences(inner, ".".join(filter(None, (name, own))))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            # Rows of a table are told apart by their number.
            own = str(number) if isinstance(inner, dict) else ""
            yield from _sentences(inner, ".".join(filter(None, (name, own))))
    else:
        yield name, str(detail)
