"""Telephones and addresses of a debtor, told to Sienge (SIE-24; playbook, section 8).

The customer is read, both books are merged, and the whole is put back: doing it again changes
nothing, so a lost answer is tried again. What Sienge was told is marked (`external_id`), unless
somebody changed it here meanwhile: that is news again.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from cobranca.contracts.services import wait_for_mirror
from cobranca.debtors.contacts import place_fingerprint
from cobranca.debtors.models import Address, Debtor, DebtorReference, Phone, Source
from integrations.core.errors import PermanentError, RefusedError
from integrations.core.fields import text
from integrations.sienge import rows as r
from integrations.sienge.access import Access
from integrations.sienge.creditor_type import CODE as CREDITOR_TYPE
from integrations.sienge.mapping.contacts import number_of
from integrations.sienge.mapping.outgoing import (
    OurAddress,
    OurPhone,
    address_to_send,
    code_of,
    merge_phones,
    place_of,
)
from integrations.sienge.mapping.sheet import as_list

_PLACE = ("street", "street_number", "complement", "district", "city", "state", "postal_code")
_ADDRESSES = {"R": "Endereço residencial", "C": "Endereço comercial"}


@dataclass(frozen=True)
class _Ours:
    """How a debtor stands here, as it was read before anything was sent."""

    phones: list[Phone]
    addresses: list[Address]
    sources: frozenset[str]

    def is_news(self, contact: Phone | Address) -> bool:
        return contact.source in self.sources and not contact.external_id

    @property
    def contacts(self) -> list[Phone | Address]:
        return [*self.phones, *self.addresses]

    def has_phones_of(self, customer: str) -> bool:
        """Tell whether a customer is known to have telephones over there."""
        return any(p.is_active and p.external_id == customer for p in self.phones)

    @property
    def has_news(self) -> bool:
        return any(map(self.is_news, self.contacts))

    def told_phones(self) -> list[OurPhone]:
        return [
            OurPhone(p.number, p.kind, p.note, p.is_active, p.is_main, self.is_news(p))
            for p in self.phones
        ]

    def told_addresses(self) -> list[OurAddress]:
        return [
            OurAddress(
                fingerprint=a.fingerprint,
                kind=a.kind,
                place={name: getattr(a, name) for name in _PLACE},
                is_active=a.is_active,
                is_main=a.is_main,
                is_news=self.is_news(a),
                # The ERP's own came when it was first read; ours stands since it was changed.
                since=a.created_at if a.source == Source.ERP else a.updated_at,
            )
            for a in self.addresses
        ]


@dataclass
class _Told:
    """What customers were told, and what they have after it."""

    words: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    # Addresses that made room: Sienge has one of each kind.
    replaced: set[str] = field(default_factory=set)
    main: str = ""


def push(access: Access, debtor: Debtor) -> list[str]:
    """Tell every customer that is this debtor what is new here; returns it in sentences."""
    ours, told = _ours(access, debtor), _Told()
    if not ours.has_news:
        return []
    codes = _codes(debtor)
    for code in codes:
        customer = _customer(access, code)
        if customer is not None:
            _push_to(access, code, customer, ours, told)
    if codes and not told.customers:
        raise RefusedError(f"O cliente {codes[0]} não existe mais no Sienge.", "customer gone")
    if told.customers:
        _confirm(debtor, ours, told)
    return told.words


def _ours(access: Access, debtor: Debtor) -> _Ours:
    sources = {Source.USER, Source.HYGIENE} if access.config.pushes_hygiene else {Source.USER}
    return _Ours(
        list(Phone.objects.filter(debtor=debtor)),
        list(Address.objects.filter(debtor=debtor)),
        frozenset(source.value for source in sources),
    )


def _codes(debtor: Debtor) -> list[str]:
    found = DebtorReference.objects.filter(debtor=debtor, system=CREDITOR_TYPE)
    return list(found.order_by("pk").values_list("external_id", flat=True))


def _customer(access: Access, code: str) -> r.Customer | None:
    row = access.client.customer(code)
    if row is not None and row.value is None:
        raise PermanentError(f"O cadastro do cliente {code} no Sienge não pôde ser lido.")
    return row.value if row else None


def _push_to(access: Access, code: str, customer: r.Customer, ours: _Ours, told: _Told) -> None:
    """Send phones and addresses; when one is refused the other is sent all the same."""
    refusals: list[RefusedError] = []
    for push_one in (_push_phones, _push_addresses):
        try:
            push_one(access, code, customer, ours, told)
        except RefusedError as error:
            refusals.append(error)
    if refusals:
        raise refusals[0]
    told.customers.append(code)


def _push_phones(access: Access, code: str, customer: r.Customer, ours: _Ours, told: _Told) -> None:
    theirs, note = as_list(customer.phones), access.config.filters.inactive_note
    if customer.phones is None and ours.has_phones_of(code):
        # Not told is not none: the list sent would erase those over there.
        raise PermanentError(f"O Sienge não informou os telefones do cliente {code}.")
    merged = merge_phones(theirs, ours.told_phones(), note)
    if merged is None:
        told.numbers.update(map(number_of, theirs))
        return
    access.client.put_phones(code, merged.lines)
    told.numbers.update(merged.numbers)
    told.main = told.main or merged.main
    told.words.append(f"Telefones do cliente {code}: {', '.join(merged.words)}.")


def _push_addresses(
    access: Access, code: str, customer: r.Customer, ours: _Ours, told: _Told
) -> None:
    theirs, modified = as_list(customer.addresses), _modified(customer)
    for kind, noun in _ADDRESSES.items():
        current = {place_fingerprint(place_of(a)) for a in theirs if code_of(a) == kind}
        found = address_to_send(kind, theirs, ours.told_addresses(), modified)
        if found is None:
            told.places |= current
            continue
        address, body = found
        access.client.put_address(code, kind, body)
        told.places.add(address.fingerprint)
        told.replaced |= current
        street = ", ".join(filter(None, (body["streetName"], body["number"])))
        told.words.append(f"{noun} do cliente {code}: {street}.")


def _modified(customer: r.Customer) -> datetime | None:
    """Return when a customer was last changed there: the instant, else the start of the day."""
    told = text(customer.modified_at_date_time) or text(customer.modified_at)
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


@transaction.atomic
def _confirm(debtor: Debtor, ours: _Ours, told: _Told) -> None:
    """Mark what Sienge has now as it stands here, unless it was changed here meanwhile."""
    wait_for_mirror(debtor.agency_id)
    Debtor.objects.select_for_update(of=("self",)).get(pk=debtor.pk)  # as changes by people do
    for contact in filter(ours.is_news, ours.contacts):
        if _has_it(contact, told):
            same = {"pk": contact.pk, "updated_at": contact.updated_at}
            type(contact).objects.filter(**same).update(
                external_id=told.customers[0], updated_at=Now()
            )
    gone = Address.objects.filter(debtor=debtor, source=Source.ERP, is_active=True)
    gone.filter(fingerprint__in=told.replaced - told.places).update(
        is_active=False, is_main=False, updated_at=Now()
    )
    _choose_main(Phone.objects.filter(debtor=debtor, number=told.main))
    if told.replaced:
        _choose_main(Address.objects.filter(debtor=debtor, fingerprint__in=told.places))


def _choose_main(candidates: QuerySet[Any]) -> None:
    """Make the first that serves the main one, where the debtor is left without any."""
    chosen = candidates.filter(is_active=True).first()
    if chosen is not None:
        active = type(chosen).objects.filter(debtor=chosen.debtor_id, is_active=True)
        if not active.filter(is_main=True).exists():
            active.filter(pk=chosen.pk).update(is_main=True)


def _has_it(contact: Phone | Address, told: _Told) -> bool:
    """Tell whether Sienge has a piece of contact data as it stands here."""
    if isinstance(contact, Phone):  # one that was given up stands there with its note, or not
        return not contact.is_active or contact.number in told.numbers
    return contact.is_active == (contact.fingerprint in told.places)
