"""Parties and places as documents name them."""

from typing import cast

from cobranca.creditors.models import Creditor
from cobranca.debtors.contacts import show_address
from cobranca.debtors.models import Address, Debtor


def address_of_creditor(creditor: Creditor) -> str:
    """Return where a creditor is, in one line; "" when it was not told."""
    # Its columns are those of an address.
    return show_address(cast(Address, creditor))


def address_of_debtor(debtor: Debtor) -> str:
    """Return the debtor's address that is believed, the main one first; "" without any."""
    address = Address.objects.filter(debtor=debtor, is_active=True).first()
    return show_address(address) if address else ""


def place_of(creditor: Creditor) -> str:
    """Return where documents of a creditor are signed: Florianópolis/SC; "" when it is not told."""
    return "/".join(part for part in (creditor.city, creditor.state) if part and creditor.city)
