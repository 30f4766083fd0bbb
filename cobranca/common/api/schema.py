"""What every operation of the API shares, added to its description: errors, idempotency."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema

from cobranca.common.api.idempotency import HEADER, REPLAYED
from cobranca.common.api.problems import CONTENT_TYPE, TITLES

REFUSALS = (400, 401, 403, 404, 409, 413, 415, 422, 429)
METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Um erro (RFC 9457).",
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Dados inválidos"]},
        "status": {"type": "integer", "examples": [400]},
        "detail": {"type": "string", "examples": ["Confira: document."]},
        "errors": {
            "type": "object",
            "description": "Mensagens por campo.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "examples": [{"document": ["CPF ou CNPJ inválido: confira os dígitos."]}],
        },
    },
    "required": ["type", "title", "status", "detail", "errors"],
}
KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Uma chave nova por operação (um UUID, por exemplo). Repetida em 24 horas com "
    f"o mesmo conteúdo, dá a mesma resposta, com o cabeçalho {REPLAYED}: true.",
    "schema": {"type": "string", "maxLength": 200},
}

SUMMARIES = {
    "list": "Listar",
    "retrieve": "Consultar",
    "create": "Incluir",
    "update": "Alterar",
    "partial_update": "Alterar alguns campos",
    "destroy": "Excluir",
}


class Description(AutoSchema):
    """Describes operations in Portuguese; docstrings are for those who read the code."""

    def get_summary(self) -> str | None:
        """Return what the operation does."""
        return SUMMARIES.get(getattr(self.view, "action", ""))

    def get_description(self) -> str:
        """Return what the resource is."""
        return str(getattr(self.view, "about", ""))


def declare_common_parts(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Declare the errors of every operation and the header of every POST."""
    parts = result.setdefault("components", {})
    for schema in parts.get("schemas", {}).values():
        if schema.get("type") == "object":
            schema.pop("description", None)  # the docstring of a serializer
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    parts["responses"] = {_name(status): _response(status) for status in REFUSALS}
    for path, method, operation in _operations(result):
        for response in operation["responses"].values():
            response["description"] = "Resposta" if "content" in response else "Sem conteúdo"
        if method == "post":
            operation.setdefault("parameters", []).append(KEY_PARAMETER)
        for status in _statuses(path, method, operation):
            reference = {"$ref": f"#/components/responses/{_name(status)}"}
            operation["responses"].setdefault(str(status), reference)
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in result["paths"].items():
        for method in METHODS:
            if method in operations:
                yield path, method, operations[method]


def _statuses(path: str, method: str, operation: dict[str, Any]) -> Iterator[int]:
    """Yield how an operation may refuse."""
    yield from (401, 403, 429)
    told = [each for each in operation.get("parameters", ()) if each["in"] != "path"]
    if told or "requestBody" in operation:
        yield 400
    if "{" in path:
        yield 404
    if "requestBody" in operation:
        yield from (413, 415)
    if method != "get":
        yield 409
    if method == "post":
        yield 422


def _name(status: int) -> str:
    return f"{HTTPStatus(status).phrase.title().replace(' ', '')}Problem"


def _response(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": TITLES[status], "content": {CONTENT_TYPE: {"schema": schema}}}
