"""What a connector hands to the mirror: plain facts, nothing of the ERP's spelling.

Records are tuples on purpose: they go into COPY as they are. External codes are text, money is
Decimal in centavos, a fact the ERP did not tell is None (or "" for text).
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class BranchRecord(NamedTuple):
    """Filial: an enterprise or cost centre that contracts belong to."""

    external_id: str
    name: str
    document: str = ""


class DebtorRecord(NamedTuple):
    """A customer as registered in the ERP; `details` is shown on the tab Dados."""

    external_id: str
    name: str
    document: str = ""
    kind: str = "natural"
    social_name: str = ""
    birth_date: date | None = None
    details: str = "{}"  # JSON object of label → text


class PhoneRecord(NamedTuple):
    """A phone of a customer; `number` is normalised (DDD + number in digits)."""

    debtor: str
    number: str
    kind: str = "other"
    is_main: bool = False
    is_active: bool = True
    note: str = ""


class EmailRecord(NamedTuple):
    """An e-mail of a customer, lower case."""

    debtor: str
    email: str
    is_main: bool = False


class AddressRecord(NamedTuple):
    """An address of a customer."""

    debtor: str
    kind: str
    street: str
    street_number: str = ""
    complement: str = ""
    district: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    is_main: bool = False


class PersonRecord(NamedTuple):
    """Spouse, partner, proxy or reference of a customer."""

    debtor: str
    role: str
    name: str
    document: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""


class ContractRecord(NamedTuple):
    """A title with its holder, as the receivables side of the ERP tells it."""

    external_id: str
    debtor: str
    type_code: str
    type_name: str = ""
    branch: str = ""  # "" for a standalone title
    branch_name: str = ""
    number: str = ""
    document_number: str = ""
    unit: str = ""
    issued_on: date | None = None
    is_sale: bool = True
    # Its installments come with all of their receipts: one that is only here was reversed.
    has_receipts: bool = False


class SaleRecord(NamedTuple):
    """What the commercial side adds to a title: its sales contract."""

    contract: str  # external id of the title
    document_number: str = ""
    branch: str = ""
    unit: str = ""
    unit_id: str = ""
    is_cancelled: bool = False
    cancelled_on: date | None = None
    issued_on: date | None = None


class ProductRecord(NamedTuple):
    """Attributes of the unit sold, by the keys of the contract type."""

    unit_id: str
    attributes: str  # JSON object of attribute key → text


class InstallmentRecord(NamedTuple):
    """A parcela. `is_open` decides whether it belongs to the portfolio."""

    contract: str
    number: int
    due_date: date
    principal: Decimal
    balance: Decimal
    is_open: bool
    label: str = ""
    note: str = ""
    # Why it is closed, as a RecallReason; "" while open or when the ERP does not tell.
    closing: str = ""


class BoletoRecord(NamedTuple):
    """Whether the ERP has a boleto for an installment."""

    contract: str
    number: int
    available: bool


class PaymentRecord(NamedTuple):
    """A receipt: key is (contract, number, paid_on, sequence, kind)."""

    contract: str
    number: int
    paid_on: date
    sequence: int
    kind: str
    is_cash: bool
    gross: Decimal
    net: Decimal
    charges: Decimal
    discount: Decimal


class DoubtRecord(NamedTuple):
    """Something that could not be understood: what it names is left exactly as it is here.

    Without a contract nothing can be shielded one by one, and the load removes nothing at all.
    """

    contract: str = ""
    number: int | None = None
    # All is understood but one of its receipts: none that is only here is taken for reversed.
    of_receipts: bool = False


Record = (
    BranchRecord
    | DebtorRecord
    | PhoneRecord
    | EmailRecord
    | AddressRecord
    | PersonRecord
    | ContractRecord
    | SaleRecord
    | ProductRecord
    | InstallmentRecord
    | BoletoRecord
    | PaymentRecord
    | DoubtRecord
)
