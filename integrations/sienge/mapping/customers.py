"""Rows of /customers: debtors with everything their page shows (MAPPING.md, section 2)."""

import json
from collections.abc import Iterator
from datetime import date

from cobranca.common.documents import clean_document, is_valid_document
from cobranca.common.phones import normalize_phone
from cobranca.common.text import plain
from cobranca.contracts.records import DebtorRecord, PersonRecord
from cobranca.debtors.models import PersonKind, PersonRole
from integrations.core.errors import PermanentError
from integrations.core.fields import code, day_or_none, text
from integrations.core.streaming import Row
from integrations.sienge.mapping.contacts import (
    addresses_of,
    emails_of,
    is_email,
    number_of,
    phones_of,
)
from integrations.sienge.mapping.sheet import Sheet, as_list
from integrations.sienge.rows import Customer, FamilyIncome, Procurator, Spouse

# Tab "Dados": label → their field, in the order shown.
DETAILS = {
    "Profissão": "profession",
    "Estado civil": "civil_status",
    "Regime de bens": "matrimonial_regime",
    "Sexo": "sex",
    "Nacionalidade": "nationality",
    "Naturalidade": "birth_place",
    "RG": "number_identity_card",
    "Órgão emissor": "issuing_body",
    "Pai": "father_name",
    "Mãe": "mother_name",
    "Documento estrangeiro": "international_id",
    "Inscrição estadual": "state_registration_number",
    "Abertura": "establishment_date",
    "Ramo de atividade": "activity_description",
    "Tipo de cliente": "client_type",
    "Site": "site",
    "Observação": "note",
}
USELESS_PHONES = "Telefones sem formato utilizável"
USELESS_EMAILS = "E-mails sem formato utilizável"


def add_customer(sheet: Sheet, row: Row[Customer], inactive_note: str = "") -> str:
    """Add one customer to the sheet; returns its code, "" when the row was set aside."""
    sheet.rows += 1
    if row.value is None:
        sheet.set_aside(row, row.problem, code="bad_customer")
        return ""
    customer = row.value
    try:
        debtor = debtor_from(customer)
    except PermanentError as error:
        sheet.set_aside(row, error.message, code="bad_customer")
        return ""
    if _document_told(customer) and not debtor.document:
        message = f"Documento inválido no cadastro do cliente {debtor.external_id}."
        sheet.set_aside(row, message, code="invalid_document")
    sheet.records.append(debtor)
    _add_contacts(sheet, customer, debtor.external_id, inactive_note)
    sheet.records.extend(people_of(customer, debtor.external_id))
    return debtor.external_id


def debtor_from(customer: Customer) -> DebtorRecord:
    """Translate the registration; a document that is not one is left out, not the customer."""
    name = text(customer.name, 150) or text(customer.fantasy_name, 150)
    if not name:
        raise PermanentError("Campo name ausente ou inválido.")
    is_legal = is_company(customer)
    return DebtorRecord(
        external_id=code(customer.id, "id"),
        name=name,
        document=valid_document(_document_told(customer)),
        kind=PersonKind.LEGAL.value if is_legal else PersonKind.NATURAL.value,
        social_name=text(customer.fantasy_name if is_legal else customer.social_name, 150),
        birth_date=None if is_legal else _birth_date(customer),
        details=json.dumps(details_of(customer), ensure_ascii=False),
    )


def is_company(customer: Customer) -> bool:
    """Tell a company from a person: by the word, else by which document there is."""
    word = plain(text(customer.person_type))
    if word[:1] in ("f", "j"):
        return word[0] == "j"
    return bool(text(customer.cnpj)) and not text(customer.cpf)


def details_of(customer: Customer) -> dict[str, str]:
    """Return what the tab Dados shows, without what was not told."""
    told = {label: text(getattr(customer, field), 200) for label, field in DETAILS.items()}
    return {label: value for label, value in told.items() if value}


def people_of(customer: Customer, debtor: str) -> Iterator[PersonRecord]:
    """Yield the people around a customer, each role and name once."""
    found = {(person.role, person.name): person for person in _people(customer, debtor)}
    yield from found.values()


def valid_document(told: str) -> str:
    """Return a CPF or CNPJ in digits, or "" when its check digits are wrong."""
    document = clean_document(told)
    return document if is_valid_document(document) else ""


def _document_told(customer: Customer) -> str:
    own, other = customer.cpf, customer.cnpj
    if is_company(customer):
        own, other = other, own
    return text(own) or text(other)


def _birth_date(customer: Customer) -> date | None:
    try:
        return day_or_none(customer.birth_date, "birthDate")
    except PermanentError:
        return None


def _add_contacts(sheet: Sheet, customer: Customer, debtor: str, inactive_note: str) -> None:
    phones, bad_phones = phones_of(customer, debtor, inactive_note)
    emails, bad_emails = emails_of(customer, debtor)
    sheet.records.extend([*phones, *emails, *addresses_of(customer, debtor)])
    if bad_phones:
        sheet.ignored[USELESS_PHONES] += bad_phones
    if bad_emails:
        sheet.ignored[USELESS_EMAILS] += bad_emails


def _people(customer: Customer, debtor: str) -> Iterator[PersonRecord]:
    for spouse in as_list(customer.spouse):
        yield from _spouse(spouse, debtor)
    for procurator in as_list(customer.procurators):
        yield from _procurator(procurator, debtor)
    for income in as_list(customer.family_income):
        yield from _relative(income, debtor)
    contact, manager = text(customer.contact_name, 150), text(customer.technical_manager, 150)
    if contact:
        yield PersonRecord(debtor, PersonRole.REFERENCE.value, contact, note="Contato")
    if manager:
        role = PersonRole.PARTNER.value
        yield PersonRecord(debtor, role, manager, note="Responsável técnico")


def _spouse(spouse: Spouse, debtor: str) -> Iterator[PersonRecord]:
    numbers = (text(spouse.cellphone_number), text(spouse.business_phone))
    yield from _person(
        debtor,
        PersonRole.SPOUSE,
        text(spouse.name, 150),
        document=valid_document(text(spouse.cpf)),
        phone=next(filter(None, map(normalize_phone, numbers)), ""),
        email=_email(spouse.email),
    )


def _procurator(procurator: Procurator, debtor: str) -> Iterator[PersonRecord]:
    numbers = map(number_of, as_list(procurator.phones))
    yield from _person(
        debtor,
        PersonRole.PROXY,
        text(procurator.name, 150),
        document=valid_document(text(procurator.cpf)),
        phone=next(filter(None, numbers), ""),
        email=_email(procurator.email),
    )


def _relative(income: FamilyIncome, debtor: str) -> Iterator[PersonRecord]:
    kinship = text(income.kinship, 80)
    yield from _person(debtor, PersonRole.REFERENCE, text(income.kins_name, 150), note=kinship)


def _person(debtor: str, role: PersonRole, name: str, **facts: str) -> Iterator[PersonRecord]:
    """Yield a person who has a name; their forms are sent empty for those who have none."""
    if name:
        yield PersonRecord(debtor, role.value, name, **facts)


def _email(told: object) -> str:
    email = text(told).lower()
    return email if is_email(email) else ""
