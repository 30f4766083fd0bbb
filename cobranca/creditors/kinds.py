"""Kinds of parameter that every section uses. What `show` gives, `parse` reads back."""

import re
from urllib.parse import urlsplit

from cobranca.common.errors import DomainError
from cobranca.common.text import plain
from cobranca.creditors.parameters import Kind

_YES = frozenset({"s", "sim"})
_NO = frozenset({"n", "nao"})
_LONGEST_TEXT = 500


def _parse_yes_no(text: str) -> bool:
    answer = plain(text)
    if answer not in _YES | _NO:
        raise DomainError("Informe Sim ou Não (S ou N).")
    return answer in _YES


def _store_yes_no(value: bool) -> str:
    return "S" if value else "N"


def _show_yes_no(value: bool) -> str:
    return "Sim" if value else "Não"


YES_NO: Kind[bool] = Kind("yes_no", _parse_yes_no, _store_yes_no, _show_yes_no, "Sim ou Não")


def _parse_text(text: str) -> str:
    value = text.strip()
    if not value:
        raise DomainError("Informe um texto.")
    if len(value) > _LONGEST_TEXT or not value.isprintable():
        raise DomainError(f"Informe um texto de uma linha, com até {_LONGEST_TEXT} caracteres.")
    return value


TEXT: Kind[str] = Kind("text", _parse_text, str, str, "Texto")


def _parse_secret(text: str) -> str:
    # Blanks at the ends come from copying; a password is never made of line breaks.
    value = text.strip()
    if not value or not value.isprintable():
        raise DomainError("Informe a senha, sem quebras de linha.")
    return value


SECRET: Kind[str] = Kind("secret", _parse_secret, str, lambda _: "••••••", "Guardado cifrado")


def whole(low: int, high: int) -> Kind[int]:
    """Return the kind of a whole number from `low` to `high`, both included."""

    def parse(text: str) -> int:
        typed = text.strip()
        if not re.fullmatch(r"[0-9]{1,12}", typed) or not low <= int(typed) <= high:
            raise DomainError(f"Informe um número inteiro de {low} a {high}.")
        return int(typed)

    return Kind(f"whole_{low}_{high}", parse, str, str, f"Número inteiro de {low} a {high}")


WHOLE: Kind[int] = whole(0, 2_147_483_647)

_CODE = re.compile(r"\S{1,20}")


def _parse_codes(text: str) -> tuple[str, ...]:
    # A stray comma separates too: a real screen of the playbook has "TC;FAT,NF".
    codes = [part.strip().upper() for part in re.split(r"[;,]", text)]
    wrong = [code for code in codes if code and not _CODE.fullmatch(code)]
    if wrong:
        raise DomainError('Informe códigos separados por ponto e vírgula, como "FAT;NF".')
    return tuple(dict.fromkeys(filter(None, codes)))


CODE_LIST: Kind[tuple[str, ...]] = Kind(
    "code_list", _parse_codes, ";".join, ";".join, "Códigos separados por ;"
)


def _parse_url(text: str) -> str:
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        raise DomainError(_URL_HELP) from None
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
        raise DomainError(_URL_HELP)
    if not port_is_fine or re.search(r"\s", address):
        raise DomainError(_URL_HELP)
    return address


_URL_HELP = "Informe um endereço completo, começando por https://, sem usuário nem senha nele."
URL: Kind[str] = Kind("url", _parse_url, str, str, "https://…")


def one_of(name: str, options: tuple[str, ...]) -> Kind[str]:
    """Return the kind of one option out of a few, typed in any case, with or without accents."""
    spelled = {plain(option): option for option in options}
    hint = ", ".join(options)

    def parse(text: str) -> str:
        option = spelled.get(plain(text))
        if option is None:
            raise DomainError(f"Informe um destes: {hint}.")
        return option

    return Kind(name, parse, str, str, hint)
