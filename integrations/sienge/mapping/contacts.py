"""Phones, e-mails and addresses of a customer."""

import re

from cobranca.common.phones import normalize_phone, phone_kind
from cobranca.common.places import STATES
from cobranca.common.text import digits, plain
from cobranca.contracts.records import AddressRecord, EmailRecord, PhoneRecord
from cobranca.debtors.models import AddressKind, PhoneKind
from integrations.core.errors import PermanentError
from integrations.core.fields import flag, text
from integrations.sienge.mapping.sheet import as_list
from integrations.sienge.rows import Address, Customer, Phone

# What their users write beside a number they gave up (playbook 8.1 writes "Inativo-Cobmais").
INACTIVE_NOTE = "inativ"
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_LONGEST_FOREIGN = 15


def phones_of(
    customer: Customer, debtor: str, inactive_note: str = ""
) -> tuple[list[PhoneRecord], int]:
    """Return a customer's phones, each number once, and how many were of no use.

    `inactive_note` is what the office has written beside numbers it gave up.
    """
    found: dict[str, PhoneRecord] = {}
    skipped = 0
    for phone in as_list(customer.phones):
        record = phone_from(phone, debtor, inactive_note)
        if record is None:
            skipped += bool(digits(text(phone.number)))
            continue
        twin = found.get(record.number)
        found[record.number] = _merged(twin, record) if twin else record
    return list(found.values()), skipped


def phone_from(phone: Phone, debtor: str, inactive_note: str = "") -> PhoneRecord | None:
    """Translate one phone; None when no number can be made of it."""
    number = number_of(phone)
    if not number:
        return None
    note = text(phone.note, 80)
    return PhoneRecord(
        debtor=debtor,
        number=number,
        kind=phone_kind_of(text(phone.type), number),
        is_main=is_yes(phone.main),
        is_active=not is_given_up(note, inactive_note),
        note=note,
    )


def is_given_up(note: str, inactive_note: str = "") -> bool:
    """Tell whether a note says that the number does not serve."""
    told = plain(note)
    ours = plain(inactive_note).strip()
    return INACTIVE_NOTE in told or bool(ours and ours in told)


def number_of(phone: Phone) -> str:
    """Return DDD and number, or a foreign number as its digits; "" when neither can be made."""
    country, raw = digits(text(phone.idd)), text(phone.number)
    if country and country != "55":
        foreign = country + digits(raw)
        return foreign if digits(raw) and len(foreign) <= _LONGEST_FOREIGN else ""
    area = digits(text(phone.ddd)).lstrip("0")
    local = digits(raw)
    return (normalize_phone(area + local) if area and len(local) <= 9 else "") or normalize_phone(
        raw
    )


def emails_of(customer: Customer, debtor: str) -> tuple[list[EmailRecord], int]:
    """Return a customer's e-mails, the first as the main one, and how many were of no use."""
    told = [part.lower() for part in re.split(r"[;,\s]+", text(customer.email)) if part]
    good = [email for email in dict.fromkeys(told) if is_email(email)]
    records = [EmailRecord(debtor, email, is_main=not at) for at, email in enumerate(good)]
    return records, len(set(told)) - len(good)


def is_email(address: str) -> bool:
    """Tell whether `address` has the shape of one."""
    return len(address) <= 150 and bool(_EMAIL.fullmatch(address))


def addresses_of(customer: Customer, debtor: str) -> list[AddressRecord]:
    """Return a customer's addresses; one without a street is none."""
    found = [address_from(address, debtor) for address in as_list(customer.addresses)]
    return [address for address in found if address.street]


def address_from(address: Address, debtor: str) -> AddressRecord:
    """Translate one address."""
    state = text(address.state).upper()
    postal_code = digits(text(address.zip_code))
    return AddressRecord(
        debtor=debtor,
        kind=_address_kind(text(address.type)),
        street=text(address.street_name, 150),
        street_number=text(address.number, 20),
        complement=text(address.complement, 80),
        district=text(address.neighborhood, 80),
        city=text(address.city, 80),
        state=state if state in STATES else "",
        postal_code=postal_code if len(postal_code) == 8 else "",
        is_main=is_yes(address.mail),
    )


def _merged(one: PhoneRecord, other: PhoneRecord) -> PhoneRecord:
    """Return one record of a number told twice: active and main if either is."""
    better = other if other.is_active and not one.is_active else one
    return better._replace(is_main=one.is_main or other.is_main)


def phone_kind_of(told: str, number: str) -> str:
    """Return the kind of a telephone, by their word or its number."""
    word = plain(told)
    if word.startswith("ce"):  # Celular, CE
        return PhoneKind.MOBILE.value
    if word.startswith("co"):  # Comercial, CO
        return PhoneKind.WORK.value
    if word.startswith("re"):  # Residencial, RE
        return PhoneKind.HOME.value
    return phone_kind(number)


def _address_kind(told: str) -> str:
    word = plain(told)
    if word.startswith("r"):
        return AddressKind.HOME.value
    return AddressKind.WORK.value if word.startswith("c") else AddressKind.OTHER.value


def is_yes(value: object) -> bool:
    """Return a flag of contact data; what makes no sense is no, and spoils nothing."""
    try:
        return flag(value, "flag")
    except PermanentError:
        return False
