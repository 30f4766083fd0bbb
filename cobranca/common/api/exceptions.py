"""Refusals that REST framework has no class for."""

from rest_framework import status
from rest_framework.exceptions import APIException


class Conflict(APIException):
    """The state of things does not allow it; the same call may work later."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "A situação atual não permite esta operação."
    default_code = "conflict"


class TooLarge(APIException):
    """The body is larger than any resource needs."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "Corpo grande demais."
    default_code = "too_large"


class ReusedKey(APIException):
    """An Idempotency-Key came back with another body."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "Esta Idempotency-Key já foi usada com outro conteúdo: use uma chave nova."
    default_code = "reused_key"
