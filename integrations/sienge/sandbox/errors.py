"""Errors as the API words them: Portuguese free text without stable codes."""

from integrations.sandbox.messages import Reply

_TEXTS = {
    400: ("Dados inválidos", "A requisição contém dados inválidos"),
    401: ("Credenciais inválidas", "Usuário ou senha de API inválidos"),
    403: ("Recurso não autorizado", "O usuário de API não tem permissão para este recurso"),
    404: ("Registro não encontrado", "Nenhum registro encontrado"),
    415: ("Content-Type não suportado", "Envie o corpo como application/json"),
    422: ("Regra de negócio violada", "A operação não é permitida"),
    429: ("Limite de requisições excedido", "Limite de requisições excedido, tente mais tarde"),
    500: ("Erro interno", "Ocorreu um erro interno no servidor"),
    503: ("Serviço indisponível", "Serviço em manutenção, tente mais tarde"),
}


class ApiError(Exception):
    """A request the API refuses, with the status and the words it uses."""

    def __init__(
        self,
        status: int,
        developer: str | None = None,
        client: str | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(status, developer)
        self.reply = problem(status, developer, client, errors)


def problem(
    status: int,
    developer: str | None = None,
    client: str | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Reply:
    """Return the standard error body for a status."""
    standard = _TEXTS.get(status, _TEXTS[500])
    body: dict[str, object] = {
        "status": status,
        "developerMessage": developer or standard[0],
        "clientMessage": client or standard[1],
    }
    if errors:
        body["errors"] = errors
    return Reply(status=status, payload=body)


def missing(name: str) -> ApiError:
    """Return the refusal of a request without a required query parameter."""
    return ApiError(
        400,
        f"Parâmetro obrigatório {name} ausente",
        f"Você deve informar o query param {name}",
    )


def malformed(name: str, value: str) -> ApiError:
    """Return the refusal of a query parameter that cannot be read."""
    return ApiError(400, f"Parâmetro {name} inválido: {value}", f"Valor inválido para {name}")


def invalid_field(field: str, message: str) -> ApiError:
    """Return the refusal of one field of a body."""
    return ApiError(400, errors=[{"field": field, "message": message}])
