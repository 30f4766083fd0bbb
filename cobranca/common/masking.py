"""Secrets and personal data kept out of logs."""

import re
from typing import Any

SECRET_NAMES = re.compile(
    r"(senha|password|secret|token|authorization|api[_-]?key|cookie|sessionid)", re.IGNORECASE
)
# In text that is not (or no longer) whole JSON, a secret is found by the name before it.
NAMED_SECRET = re.compile(
    rf'({SECRET_NAMES.pattern}[\w-]{{0,40}}"?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[^\s,;&<>]+)',
    re.IGNORECASE,
)
_CPF = re.compile(r"\b(\d{3})\.?\d{3}\.?\d{3}-?(\d{2})\b")
_CNPJ = re.compile(r"\b(\w{2})\.?\w{3}\.?\w{3}/\w{4}-?(\d{2})\b")
_EMAIL = re.compile(r"\b([\w.+-])[\w.+-]*@([\w-]+\.[\w.-]+)\b")
MASK = "•••"


def mask_text(text: str) -> str:
    """Hide the middle of every CPF, CNPJ and e-mail found in `text`."""
    text = _CPF.sub(r"\1.•••.•••-\2", text)
    text = _CNPJ.sub(r"\1.•••.•••/••••-\2", text)
    return _EMAIL.sub(r"\1•••@\2", text)


def mask_document(document: str) -> str:
    """Show the ends of a CPF or CNPJ, enough to recognise it with its owner on the line."""
    if len(document) == 11:
        return f"{document[:3]}.•••.•••-{document[-2:]}"
    if len(document) == 14:
        return f"{document[:2]}.•••.•••/••••-{document[-2:]}"
    return MASK if document else ""


def redact(value: Any) -> Any:
    """Return a copy of a decoded payload with what looks like a secret replaced."""
    if isinstance(value, dict):
        return {
            key: MASK if SECRET_NAMES.search(str(key)) else redact(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact(inner) for inner in value]
    return value


def mask_event(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Mask one structured log event: secrets by key, documents and e-mails by shape."""
    masked = redact(event)
    return {
        key: mask_text(value) if isinstance(value, str) else value for key, value in masked.items()
    }


# Names, birth dates, addresses, phones by the name they stand under in an ERP's JSON; contracts,
# units and enterprises keep theirs, or nobody could tell one call from another.
_PERSONAL = re.compile(
    r'("(?:\w*(?:clientname|customername|receivername|nome|cpf|cnpj|phone|fone|celular|e?mail'
    r"|street|address|logradouro|neighborhood|bairro|zipcode|cep|birth|mother|father|profession"
    r')\w*|name|number|document|rg)"\s*:\s*)"((?:[^"\\]|\\.)*)"?',
    re.IGNORECASE,
)
# "number" is a phone's as well as a contract's: what has a phone's digits is taken for one.
_PHONE = re.compile(r"[+(]?\d[\d\s().-]{6,}\d")
_AMBIGUOUS = '"number"'


def mask_personal(text: str) -> str:
    """Hide whom an ERP's request or answer is about: who may see that is the caller's to know."""
    return mask_text(_PERSONAL.sub(_masked, text))


def _masked(found: re.Match[str]) -> str:
    name, value = found[1], found[2]
    if not value or (name.lower().startswith(_AMBIGUOUS) and not _PHONE.fullmatch(value)):
        return found[0]
    return f'{name}"{MASK}"'
