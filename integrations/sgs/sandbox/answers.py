"""What the bank says when it does not answer with values."""

from integrations.sandbox.messages import HTML, Reply

_BUSINESS = "br.gov.bcb.pec.sgs.comum.excecoes.SGSNegocioException"
_PAGE = (
    '<?xml version="1.0" encoding="pt-br"?><!DOCTYPE html>'
    "<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
)


def error(status: int, detail: str) -> Reply:
    """Return an error of the service itself, in its envelope."""
    told = {"statusCode": status, "detail": f"{_BUSINESS}: {detail}"}
    return Reply(status=status, payload={"erro": told})


def none_found() -> Reply:
    """Return what is said of a period without values."""
    return error(404, "Value(s) not found")


def range_refused(status: int = 406) -> Reply:
    """Return the refusal of more than ten years."""
    limit = "O sistema aceita uma janela de consulta de, no máximo, 10 anos"
    body = {"error": f"{limit} em séries de periodicidade diária", "message": "Informe dataInicial"}
    return Reply(status=status, payload=body)


def page(status: int, title: str) -> Reply:
    """Return a page of the gateway in front of the service."""
    return Reply(status=status, raw=_PAGE.format(title=title).encode(), content_type=HTML)


def invalid_request() -> Reply:
    """Return the page that comes, with status 200, for unknown series and under load."""
    return page(200, "Requisição inválida!")
