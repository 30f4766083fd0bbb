"""What every operation of the API shares, added to its description: errors, idempotency."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_list_serializer

from cobranca.common.api.idempotency import HEADER, REPLAYED
from cobranca.common.api.problems import CONTENT_TYPE, TITLES

REFUSALS = (400, 401, 403, 404, 406, 409, 413, 415, 422, 429)
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

# How the description says that a number has two decimals.
CENTS = r"\.\d{0,2}"

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

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Tell whether a list is answered; a view without rows answers one thing, whatever its
        action is called."""
        from cobranca.common.api.views import Listed, Lists

        told = self.get_response_serializers() if serializer is None else serializer
        if isinstance(told, dict) and told:
            told = next(iter(told.values()))
        if isinstance(self.view, Lists | Listed) or is_list_serializer(told):
            return bool(super()._is_list_view(serializer))
        return False

    def get_description(self) -> str:
        """Return what the resource is."""
        return str(getattr(self.view, "about", ""))


def declare_common_parts(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Declare the errors of every operation and the header of every POST."""
    parts = result.setdefault("components", {})
    for name, schema in parts.get("schemas", {}).items():
        if schema.get("type") == "object":
            schema.pop("description", None)  # the docstring of a serializer
            _describe(schema, is_input=name.endswith("Request"))
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
    result["tags"] = _tags(result)
    return result


def _describe(schema: dict[str, Any], *, is_input: bool) -> None:
    """Show how money is spelled; say that inputs take nothing else."""
    for column in schema.get("properties", {}).values():
        if column.get("format") == "time":
            # JSON Schema's time has a zone; ours is the office's.
            column |= {"pattern": r"^\d{2}:\d{2}(:\d{2})?", "examples": ["08:00:00"]}
            del column["format"]
        if any(not {"type", "$ref", "enum"} & set(each) for each in column.get("oneOf", ())):
            del column["oneOf"]  # anything, null included
        if column.get("format") == "decimal" and CENTS in column.get("pattern", ""):
            column["examples"] = ["1095.58"]
        if is_input and column.get("format") == "decimal" and column.get("type") == "string":
            column["type"] = ["string", "number"]  # read to the cent either way
    if is_input and "properties" in schema:
        schema.setdefault("additionalProperties", False)


def _tags(result: dict[str, Any]) -> list[dict[str, str]]:
    """Return the resources, each with what it is."""
    about: dict[str, str] = {}
    for _, _, operation in _operations(result):
        for tag in operation["tags"]:
            about.setdefault(tag, operation["description"])
    return [{"name": tag, "description": told} for tag, told in sorted(about.items())]


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in result["paths"].items():
        for method in METHODS:
            if method in operations:
                yield path, method, operations[method]


def _statuses(path: str, method: str, operation: dict[str, Any]) -> Iterator[int]:
    """Yield how an operation may refuse."""
    yield from (401, 403, 406, 429)
    told = [each for each in operation.get("parameters", ()) if each["in"] != "path"]
    if told or "requestBody" in operation:
        yield 400
    if "{" in path or any(each.get("required") and each["name"] == "debtor" for each in told):
        yield 404
    if "requestBody" in operation:
        yield from (413, 415)
    if method != "get" or _is_made_now(operation):
        yield 409
    if method == "post":
        yield 422


def _is_made_now(operation: dict[str, Any]) -> bool:
    """Tell whether an answer is a file made for it, which may not be possible now."""
    contents = [each.get("content", {}) for each in operation["responses"].values()]
    return any("application/pdf" in content for content in contents)


def _name(status: int) -> str:
    return f"{HTTPStatus(status).phrase.title().replace(' ', '')}Problem"


def _response(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": TITLES[status], "content": {CONTENT_TYPE: {"schema": schema}}}
