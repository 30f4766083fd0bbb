"""The three kinds of contact data, described once: fields, identity, validation, words."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cobranca.common.errors import DomainError
from cobranca.common.phones import format_phone, parse_phone
from cobranca.common.places import STATES, format_postal_code, parse_postal_code
from cobranca.common.text import ACCENTED, PLAIN
from cobranca.debtors.models import Address, AddressKind, EmailAddress, Phone, PhoneKind

Contact = Phone | EmailAddress | Address
Values = dict[str, Any]

_PLAIN = str.maketrans(ACCENTED, PLAIN)


@dataclass(frozen=True)
class ContactKind:
    """One kind of contact data.

    `fields` are what a person may type; `identity` tells one from another within a debtor and
    `identity_field` is the input at fault when it is already there.
    """

    slug: str
    model: type[Phone] | type[EmailAddress] | type[Address]
    noun: str
    fields: tuple[str, ...]
    identity: str
    identity_field: str
    clean: Callable[[Mapping[str, Any]], Values]
    show: Callable[[Any], str]


def place_fingerprint(place: Mapping[str, Any]) -> str:
    """Return what two spellings of one place share; the mirror's SQL computes the same."""
    parts = (place["street"], place["street_number"], place["complement"], place["postal_code"])
    plain = "|".join(parts).lower().translate(_PLAIN)
    return hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest()


def _clean_phone(values: Mapping[str, Any]) -> Values:
    number = parse_phone(str(values.get("number") or ""), "number")
    if not number:
        raise DomainError("Informe o telefone com DDD.", "number")
    return {"number": number, "kind": _choice(values, "kind", PhoneKind.values)}


def _clean_email(values: Mapping[str, Any]) -> Values:
    email = str(values.get("email") or "").strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError("E-mail inválido: confira, como nome@empresa.com.br.", "email") from error
    if len(email) > 150:
        raise DomainError("E-mail longo demais: até 150 letras.", "email")
    return {"email": email}


def _clean_address(values: Mapping[str, Any]) -> Values:
    texts = ("street", "street_number", "complement", "district", "city")
    place: Values = {name: " ".join(str(values.get(name) or "").split()) for name in texts}
    if not place["street"]:
        raise DomainError("Informe o logradouro.", "street")
    place["state"] = str(values.get("state") or "").upper()
    if place["state"] and place["state"] not in STATES:
        raise DomainError("UF desconhecida.", "state")
    place["postal_code"] = parse_postal_code(str(values.get("postal_code") or ""))
    place["kind"] = _choice(values, "kind", AddressKind.values)
    return place | {"fingerprint": place_fingerprint(place)}


def _choice(values: Mapping[str, Any], name: str, known: list[str]) -> str:
    chosen = str(values.get(name) or "other")
    if chosen not in known:
        raise DomainError("Tipo desconhecido.", name)
    return chosen


def _show_phone(phone: Phone) -> str:
    return f"{format_phone(phone.number)} · {phone.get_kind_display()}"


def show_address(address: Address) -> str:
    """Return Rua das Flores, 100, apto 12 · Centro · Joinville/SC · 89200-000."""
    street = ", ".join(
        part for part in (address.street, address.street_number, address.complement) if part
    )
    city = "/".join(part for part in (address.city, address.state) if part)
    parts = (street, address.district, city, format_postal_code(address.postal_code))
    return " · ".join(part for part in parts if part)


_COMMON = ("is_main", "note")
PHONE = ContactKind(
    "telefones", Phone, "Telefone", ("number", "kind", *_COMMON), "number", "number",
    _clean_phone, _show_phone,
)  # fmt: skip
EMAIL = ContactKind(
    "emails", EmailAddress, "E-mail", ("email", *_COMMON), "email", "email", _clean_email, str
)
ADDRESS = ContactKind(
    "enderecos", Address, "Endereço",
    ("kind", "street", "street_number", "complement", "district", "city", "state", "postal_code",
     *_COMMON),
    "fingerprint", "street", _clean_address, show_address,
)  # fmt: skip
KINDS: dict[str, ContactKind] = {kind.slug: kind for kind in (PHONE, ADDRESS, EMAIL)}


def kind_of(contact: Contact) -> ContactKind:
    """Return the kind that `contact` is of."""
    return next(kind for kind in KINDS.values() if isinstance(contact, kind.model))
