"""What is known of one person when a contact is decided."""

from datetime import datetime, timedelta

from django.db.models import Q

from cobranca.calc.contact_law import Block
from cobranca.common import clock
from cobranca.common.text import plain
from cobranca.debtors.models import Address, BlockSource, ContactBlock, Debtor, Phone
from cobranca.dunning.models import ContactAttempt
from cobranca.dunning.states import Channel

# Caps look back a week by the person's calendar; a day more for clocks that differ.
LOOKED_BACK = timedelta(days=8)
_DAY = timedelta(days=1)


def residence_of(debtor_id: int) -> tuple[str, str]:
    """Return UF and city (in plain letters) of the main address that has a state, else nothing."""
    rows = Address.objects.filter(debtor=debtor_id, is_active=True).exclude(state="")
    found = rows.order_by("-is_main", "id").values_list("state", "city").first()
    return (found[0], plain(found[1])) if found else ("", "")


def main_phone(debtor_id: int) -> Phone | None:
    """Return the number a debtor is called at when none is named."""
    return Phone.objects.filter(debtor=debtor_id, is_active=True).order_by("-is_main", "id").first()


def blocks_of(debtor: Debtor, at: datetime) -> tuple[Block, ...]:
    """Return the blocks that count now or later; a person made anonymous is closed for good."""
    today = clock.office_date(at)
    alive = Q(ends_on__isnull=True) | Q(ends_on__gte=today - _DAY)
    rows = ContactBlock.objects.filter(alive, debtor=debtor, lifted_at__isnull=True)
    found = tuple(_block(row) for row in rows.select_related("phone"))
    if debtor.anonymised_at is None:
        return found
    since = clock.office_date(debtor.anonymised_at)
    return (Block("general", since, source="Dados anonimizados"), *found)


def _block(row: ContactBlock) -> Block:
    return Block(
        scope=row.scope,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        number=row.phone.number if row.phone else "",
        source=row.get_source_display(),
        is_register=row.source == BlockSource.REGISTER,
    )


def earlier_contacts(debtor_id: int, at: datetime) -> tuple[tuple[datetime, str], ...]:
    """Return the contacts that were permitted in the days before `at`, and any after it."""
    rows = ContactAttempt.objects.filter(
        debtor=debtor_id, is_allowed=True, at__gt=at - LOOKED_BACK
    ).exclude(channel=Channel.LETTER)
    return tuple(rows.order_by("at").values_list("at", "channel"))
