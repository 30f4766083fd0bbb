"""How a creditor's and a branch's own data are spelled; a field at fault is named."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import validate_email

from cobranca.common.documents import parse_document
from cobranca.common.errors import DomainError
from cobranca.common.phones import parse_phone
from cobranca.common.places import STATES, parse_postal_code
from cobranca.creditors.models import Branch, Creditor
from cobranca.creditors.types import creditor_type

MAX_LOGO_BYTES = 512 * 1024
# A picture is what its first bytes say, whatever its name.
_PICTURES = {
    "png": (b"\x89PNG\r\n\x1a\n", 0),
    "jpg": (b"\xff\xd8\xff", 0),
    "jpeg": (b"\xff\xd8\xff", 0),
    "webp": (b"WEBP", 8),
}


def normalise_creditor(creditor: Creditor) -> None:
    """Bring a creditor's fields to their stored spelling, or refuse the first one at fault."""
    creditor.document = parse_document(creditor.document)
    creditor.legal_name = required(creditor.legal_name, "legal_name", "Informe a razão social.")
    creditor.postal_code = parse_postal_code(creditor.postal_code)
    creditor.state = parse_state(creditor.state)
    creditor.phone = parse_phone(creditor.phone)
    creditor.email = parse_email(creditor.email)
    creditor.external_code = parse_external_code(creditor.creditor_type, creditor.external_code)


def normalise_branch(branch: Branch) -> None:
    """Bring a branch's fields to their stored spelling, or refuse the first one at fault."""
    branch.name = required(branch.name, "name", "Informe o nome da filial.")
    branch.code = parse_branch_code(branch.creditor, branch.code)
    if branch.document:
        branch.document = parse_document(branch.document)


def required(text: str, field: str, message: str) -> str:
    """Return `text` without blanks at its ends; nothing left is refused."""
    if not text.strip():
        raise DomainError(message, field)
    return text.strip()


def parse_state(text: str) -> str:
    """Return a UF in upper case ("" stays "")."""
    state = text.strip().upper()
    if state and state not in STATES:
        raise DomainError("UF inválida: são duas letras, como SC.", "state")
    return state


def parse_email(text: str) -> str:
    """Return an e-mail address in lower case ("" stays "")."""
    address = text.strip().lower()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise DomainError("E-mail inválido.", "email") from error
    return address


def parse_external_code(type_code: str, text: str) -> str:
    """Return the creditor's code as its ERP spells it; a creditor of a type needs one."""
    if not type_code:
        return text.strip()
    message = "Informe o código do credor no ERP."
    code = required(text, "external_code", message)
    return _parsed(creditor_type(type_code).parse_code, code, "external_code")


def parse_branch_code(creditor: Creditor, text: str) -> str:
    """Return the branch's code as the creditor's ERP spells it."""
    code = required(text, "code", "Informe o código da filial.")
    if not creditor.creditor_type:
        return code
    return _parsed(creditor_type(creditor.creditor_type).parse_branch_code, code, "code")


def _parsed(parse: Callable[[str], str], text: str, field: str) -> str:
    try:
        return parse(text)
    except DomainError as error:
        raise DomainError(error.message, field) from error


def check_logo(file: File) -> None:
    """Refuse a logo that is too large or is not the picture its name says."""
    if file.size > MAX_LOGO_BYTES:
        raise DomainError("Logo grande demais: até 512 KB.", "logo")
    extension = (file.name or "").rpartition(".")[2].lower()
    signature, offset = _PICTURES.get(extension, (b"", -1))
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    if offset < 0 or start[offset : offset + len(signature)] != signature:
        raise DomainError("Logo inválido: use uma imagem PNG, JPG ou WebP.", "logo")
