"""What the office asks of a creditor's ERP, whichever it is.

`integrations.core` installs the one resolver at start-up; a creditor whose ERP has no connector,
or a connector that cannot do what is asked, gets a gateway that refuses with a clear sentence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NoReturn, Protocol

from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Creditor


class ErpRefusalError(DomainError):
    """The ERP, or the lack of one, refuses what was asked; the message says why."""


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
    """An agreement as it is to be written into the ERP; `key` names it whatever happens."""

    key: str
    contract: Contract
    installments: Sequence[int]
    on: date
    base_month: date
    monthly_rate_percent: Decimal
    down_payment: Decimal
    parcels: Sequence[RenegotiationParcel]
    discount: Decimal


@dataclass(frozen=True, slots=True)
class RenegotiationReceipt:
    """What the ERP answered: its own code of the renegotiation."""

    external_id: str


class ErpGateway(Protocol):
    """What an ERP may be asked. Each may raise ErpRefusalError; none is called while a page is
    built."""

    @property
    def can_quote(self) -> bool:
        """Tell whether the ERP tells the present debt of a contract."""

    @property
    def can_integrate(self) -> bool:
        """Tell whether agreements can be written into the ERP."""

    def quote(self, contract: Contract, on: date) -> ErpQuote:
        """Return what the ERP says is owed of `contract` if paid on `on`."""

    def integrate(self, order: Renegotiation) -> RenegotiationReceipt:
        """Write an agreement into the ERP; asking twice with one key writes it once."""


@dataclass(frozen=True, slots=True)
class NullGateway:
    """The gateway of a creditor without an ERP."""

    creditor: Creditor
    can_quote: bool = False
    can_integrate: bool = False

    def quote(self, contract: Contract, on: date) -> ErpQuote:
        """Refuse."""
        self._refuse()

    def integrate(self, order: Renegotiation) -> RenegotiationReceipt:
        """Refuse."""
        self._refuse()

    def _refuse(self) -> NoReturn:
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
