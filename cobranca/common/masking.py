"""Secrets and personal data kept out of logs."""

import re
from typing import Any

SECRET_NAMES = re.compile(
    r"(senha|password|secret|token|authorization|api[_-]?key|cookie|sessionid)", re.IGNORECASE
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
