"""What the office asks of a creditor's ERP, whichever it is.

`integrations.core` installs the one resolver at start-up; a creditor whose ERP has no connector,
or a connector that cannot do what is asked, gets a gateway that refuses with a clear sentence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn

from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Installment
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor


class ErpRefusalError(DomainError):
    """The ERP, or the lack of one, refuses what was asked; the message says why."""


class ErpUnreachableError(DomainError):
    """The ERP could not be asked, or its answer was lost; the message says since when or why.

    `retry_after`: before so many seconds it will not answer either.
    """

    def __init__(self, message: str, field: str = "", retry_after: float = 0) -> None:
        super().__init__(message, field)
        self.retry_after = retry_after


class ErpUnconfirmedError(ErpUnreachableError):
    """What was asked left, and no answer came: the ERP may have done it."""


@dataclass(frozen=True, slots=True)
class ErpInstallment:
    """What the ERP says of one installment on a date.

    `charges` are penalty and interest together (the ERP's additional value); `early_discount` is
    what it takes off for being paid before it is due. All in reais, to the cent.
    """

    number: int
    original: Decimal
    correction: Decimal
    charges: Decimal
    early_discount: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class ErpQuote:
    """A contract's present debt. Without late-payment terms the campaign's charges apply."""

    has_late_terms: bool
    rows: Sequence[ErpInstallment]


@dataclass(frozen=True, slots=True)
class RenegotiationParcel:
    """One parcel to be written into the ERP."""

    number: int
    due_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Renegotiation:
    """An agreement as it is to be written into the ERP; `key` names it whatever happens.

    `financed` is what the parcels repay, before any interest of theirs; `title` is what people
    over there will read.
    """

    key: str
    contract: Contract
    installments: Sequence[int]
    on: date
    base_month: date
    monthly_rate_percent: Decimal
    down_payment: Decimal
    parcels: Sequence[RenegotiationParcel]
    discount: Decimal
    financed: Decimal = Decimal("0.00")
    title: str = ""


@dataclass(frozen=True, slots=True)
class RenegotiationReceipt:
    """What the ERP made of it: its own code, and the installments it generated, in order of date.

    Without `parcels` the ERP did not tell them: the next reading of the title brings them.
    `read_at` is when the ERP was asked: what was read of the title before is older than this.
    """

    external_id: str
    parcels: Sequence[RenegotiationParcel] = ()
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What reading titles anew changed here, in installments."""

    included: int = 0
    updated: int = 0
    recalled: int = 0
    reopened: int = 0

    @property
    def changed(self) -> bool:
        """Tell whether anything a collector sees is different now."""
        return bool(self.included or self.updated or self.recalled or self.reopened)


def total(reports: Sequence[SyncReport]) -> SyncReport:
    """Return what several readings changed together."""
    return SyncReport(
        included=sum(each.included for each in reports),
        updated=sum(each.updated for each in reports),
        recalled=sum(each.recalled for each in reports),
        reopened=sum(each.reopened for each in reports),
    )


@dataclass(frozen=True, slots=True)
class SecondCopy:
    """A boleto as the ERP issued it: the digitable line as it is written there, and the paper.

    `pdf` is empty where only the line was asked for.
    """

    line: str
    pdf: bytes = b""


@dataclass(frozen=True, slots=True)
class Mail:
    """What the ERP is asked to send to a customer, and to whom (several with ";")."""

    to: str
    subject: str = ""
    message: str = ""


class ErpGateway:
    """What an ERP may be asked; a connector overrides what its ERP can do, the rest refuses.

    All of it waits for the network: never within a transaction, never while a page is built.
    Each may raise ErpRefusalError (the ERP said no: nothing was done) or ErpUnreachableError (try
    later; what was asked may have been done, and asking again is safe).
    """

    can_issue_second_copy: bool = False
    can_send_statements: bool = False

    @property
    def can_quote(self) -> bool:
        """Tell whether this ERP can be asked what is owed; it takes an access that is set up."""
        return False

    @property
    def can_integrate(self) -> bool:
        """Tell whether agreements can be written into this ERP."""
        return False

    @property
    def can_push_contacts(self) -> bool:
        """Tell whether the office wants its contact data told to this ERP, and it can be."""
        return False

    @property
    def can_sync(self) -> bool:
        """Tell whether opening a debtor reads the contracts anew; the office decides it."""
        return False

    def quote(self, contract: Contract, on: date) -> ErpQuote:
        """Return what the ERP says is owed of `contract` if paid on `on`."""
        self.refuse()

    def integrate(self, order: Renegotiation) -> RenegotiationReceipt:
        """Write an agreement into the ERP; asking again with one key writes it once."""
        self.refuse()

    def finish(self, key: str) -> None:
        """Note that what was written under `key` is in our own books too.

        The only one that asks nobody: it is called in the transaction that writes our books.
        """

    def is_resting(self, key: str) -> bool:
        """Tell whether what is written under `key` failed so lately that it is left alone for a
        while: by whoever asks by itself, not by people. Asks nobody."""
        return False

    def undo(self, key: str) -> None:
        """Take out of the ERP what `integrate` wrote under `key`; nothing when nothing was."""
        self.refuse()

    def sync(self, contracts: Sequence[Contract], *, now: datetime) -> SyncReport:
        """Read contracts of one debtor anew and make ours equal to them (SIE-13)."""
        self.refuse()

    def second_copy(self, installment: Installment, *, with_pdf: bool) -> SecondCopy:
        """Return the boleto that the ERP has for an installment (SIE-23)."""
        self.refuse()

    def mail_second_copy(self, installment: Installment, mail: Mail) -> None:
        """Have the ERP send an installment's boleto."""
        self.refuse()

    def mail_statement(self, contract: Contract, mail: Mail) -> None:
        """Have the ERP send the statement of a contract's customer (SIE-26)."""
        self.refuse()

    def mail_balance(self, contract: Contract, mail: Mail) -> None:
        """Have the ERP send the present debit balance of a contract's customer (SIE-26)."""
        self.refuse()

    def push_contacts(self, debtor: Debtor) -> Sequence[str]:
        """Make phones and addresses over there what they are here (SIE-24).

        Returns what was sent, in sentences; nothing when the ERP had it all.
        """
        self.refuse()

    def refuse(self) -> NoReturn:
        """Say that this creditor's ERP cannot do it."""
        raise ErpRefusalError("O ERP deste credor não oferece isto.", "mode")


@dataclass(frozen=True, slots=True)
class NullGateway(ErpGateway):
    """The gateway of a creditor without an ERP."""

    creditor: Creditor

    def refuse(self) -> NoReturn:
        """Say that there is no ERP."""
        raise ErpRefusalError(
            f"O credor {self.creditor} não tem integração com ERP para isto. "
            "Salve o acordo sem integrar ou fale com o implementador.",
            "mode",
        )


Resolver = Callable[[Creditor], ErpGateway | None]
_resolvers: list[Resolver] = []


def install(resolver: Resolver) -> None:
    """Make `resolver` the one that finds gateways."""
    _resolvers[:] = [resolver]


def gateway_for(creditor: Creditor) -> ErpGateway:
    """Return the gateway to a creditor's ERP; one that refuses when there is none."""
    found = _resolvers[0](creditor) if _resolvers else None
    return found or NullGateway(creditor)
