"""What the office may ask of a creditor's Sienge; each subject is its own module.

A `can_…` is switched on where the subject is done; until then it refuses.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from cobranca.contracts.erp import (
    ErpGateway,
    ErpQuote,
    Mail,
    Renegotiation,
    RenegotiationReceipt,
    SecondCopy,
    SyncReport,
)
from cobranca.contracts.models import Contract, Installment
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from integrations.core import operations
from integrations.core.budget import Priority
from integrations.sienge import (
    contacts_out,
    quoting,
    renegotiation,
    second_copy,
    statements,
    syncing,
)
from integrations.sienge.access import AT_THE_DESK, Access, in_office_words, open_access
from integrations.sienge.config import is_connected, syncs_on_open, wants_contact_data


class SiengeGateway(ErpGateway):
    """One creditor's Sienge. Making it costs nothing: it connects when it is asked."""

    can_issue_second_copy = True
    can_send_statements = True

    def __init__(self, creditor: Creditor) -> None:
        self._creditor = creditor

    @property
    def can_quote(self) -> bool:
        """Tell whether Sienge can be asked what is owed: once its access is set up."""
        return is_connected(self._creditor.agency)

    @property
    def can_integrate(self) -> bool:
        """Tell whether agreements can be written into Sienge: once its access is set up."""
        return is_connected(self._creditor.agency)

    @property
    def can_sync(self) -> bool:
        """Tell whether opening a debtor reads it in Sienge, by the agency's parameter."""
        return syncs_on_open(self._creditor.agency)

    @property
    def can_push_contacts(self) -> bool:
        """Tell whether the agency wants its contact data told to Sienge."""
        return wants_contact_data(self._creditor.agency)

    def quote(self, contract: Contract, on: date) -> ErpQuote:
        """Return what Sienge says is owed of `contract` if paid on `on`."""
        with self._asking(Priority.AGREEMENTS) as access:
            return quoting.quote(access, contract, on)

    def integrate(self, order: Renegotiation) -> RenegotiationReceipt:
        """Write an agreement into Sienge; asking again with one key writes it once."""
        with self._asking(Priority.AGREEMENTS) as access:
            return renegotiation.integrate(access, order)

    def finish(self, key: str) -> None:
        """Note that what was written under `key` is in our own books too; asks nobody."""
        operations.finish(self._creditor, key)

    def is_resting(self, key: str) -> bool:
        """Tell whether what is written under `key` is left alone for a while; asks nobody."""
        return operations.is_resting(self._creditor, key)

    def undo(self, key: str) -> None:
        """Take out of Sienge what `integrate` wrote under `key`; nothing when nothing was."""
        with self._asking(Priority.AGREEMENTS) as access:
            renegotiation.undo(access, key)

    def sync(self, contracts: Sequence[Contract], *, now: datetime) -> SyncReport:
        """Read contracts of one debtor anew and make ours equal to them (SIE-13)."""
        with self._asking(Priority.LOADS, in_background=True) as access:
            return syncing.sync(access, contracts, now=now)

    def second_copy(self, installment: Installment, *, with_pdf: bool) -> SecondCopy:
        """Return the boleto that Sienge has for an installment (SIE-23)."""
        with self._asking(Priority.AGREEMENTS) as access:
            return second_copy.fetch(access, installment, with_pdf=with_pdf)

    def mail_second_copy(self, installment: Installment, mail: Mail) -> None:
        """Have Sienge send an installment's boleto."""
        with self._asking(Priority.AGREEMENTS) as access:
            second_copy.mail(access, installment, mail)

    def mail_statement(self, contract: Contract, mail: Mail) -> None:
        """Have Sienge send the statement of a contract's customer (SIE-26)."""
        with self._asking(Priority.REGISTRATION) as access:
            statements.mail_statement(access, contract, mail)

    def mail_balance(self, contract: Contract, mail: Mail) -> None:
        """Have Sienge send the present debit balance of a contract's customer (SIE-26)."""
        with self._asking(Priority.REGISTRATION) as access:
            statements.mail_balance(access, contract, mail)

    def push_contacts(self, debtor: Debtor) -> Sequence[str]:
        """Make phones and addresses in Sienge what they are here (SIE-24)."""
        with self._asking(Priority.REGISTRATION, in_background=True) as access:
            return contacts_out.push(access, debtor)

    @contextmanager
    def _asking(self, priority: Priority, *, in_background: bool = False) -> Iterator[Access]:
        patience = None if in_background else AT_THE_DESK
        with in_office_words():
            yield open_access(self._creditor, priority, patience)
