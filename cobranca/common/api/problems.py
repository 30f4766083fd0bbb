"""Errors as RFC 9457 problems, in Portuguese."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from cobranca.common.errors import DomainError, NotFoundError

TITLES = {
    400: "Dados inválidos",
    401: "Não autenticado",
    403: "Sem permissão",
    404: "Não encontrado",
    405: "Método não permitido",
    415: "Formato não aceito",
    429: "Muitas chamadas",
}


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer errors as RFC 9457 problems, in Portuguese, with errors by field."""
    if isinstance(error, DomainError):
        error = _from_domain(error)
    elif isinstance(error, Http404):
        error = exceptions.NotFound("Não encontrado.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _problem(response.status_code, response.data)
    response.content_type = "application/problem+json"
    return response


def _from_domain(error: DomainError) -> exceptions.APIException:
    if isinstance(error, NotFoundError):
        return exceptions.NotFound(error.message)
    detail = {error.field: [error.message]} if error.field else [error.message]
    return exceptions.ValidationError(detail)


def _problem(status: int, data: Any) -> dict[str, Any]:
    errors = data if isinstance(data, dict) and "detail" not in data else {}
    if isinstance(data, list):
        errors = {"non_field_errors": data}
    detail = data.get("detail") if isinstance(data, dict) else None
    first = next(iter(errors.values()), "") if errors else ""
    return {
        "type": "about:blank",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": str(detail or (first[0] if isinstance(first, list) and first else first)),
        "errors": errors,
    }
