"""What the simulated ERP knows: plain mutable rows, money in Decimal, days in date."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

ZERO = Decimal("0.00")

REQUESTED, AUTHORISED, ISSUED, CANCELLED = "Solicitado", "Autorizado", "Emitido", "Cancelado"
NORMAL, IN_BILLING, DEFAULTING, SUB_JUDICE = "normal", "inBilling", "defaulting", "subjudice"
COMPLETE, BEING_ENTERED, INCOMPLETE = "Completo", "Em Inclusão", "Incompleto"


@dataclass(slots=True)
class Account:
    """A checking account of a company."""

    number: str
    name: str
    agency: str
    bank: str
    bank_name: str


@dataclass(slots=True)
class Company:
    """A legal entity that owns receivables."""

    id: int
    name: str
    trade_name: str
    cnpj: str
    account: Account


@dataclass(slots=True)
class Enterprise:
    """A building and its cost centre, which share one id."""

    id: int
    company_id: int
    name: str
    cnpj: str
    address: dict[str, str | None]
    created_on: date
    changed_on: date
    kind: str = "1"
    towers: tuple[str, ...] = ("A",)
    keys_on: date | None = None
    enabled: bool = True


@dataclass(slots=True)
class Unit:
    """An apartment, lot or garage of an enterprise."""

    id: int
    enterprise_id: int
    name: str
    price: Decimal
    kind: str = "APARTAMENTO"
    stock: str = "D"
    contract_id: int | None = None
    tower: str = "A"
    floor: str | None = None
    area: Decimal = Decimal("62.5")
    delivery_on: date | None = None
    registry: str | None = None


@dataclass(slots=True)
class Phone:
    """A phone as typed in the ERP, in whatever form."""

    number: str
    main: bool
    kind: str
    note: str | None = None
    idd: str | None = None
    ddd: str | None = None


@dataclass(slots=True)
class Address:
    """An address of a customer; kind is Residencial or Comercial."""

    kind: str
    street: str
    number: str | None
    complement: str | None
    neighbourhood: str | None
    city_id: int | None
    city: str | None
    state: str | None
    postcode: str | None
    mail: bool = True


@dataclass(slots=True)
class Spouse:
    """The husband or wife written inside a customer, who need not be a customer too."""

    name: str
    cpf: str | None
    sex: str
    born_on: date | None = None
    email: str | None = None
    cellphone: str | None = None
    profession: str | None = None


@dataclass(slots=True)
class Procurator:
    """Who signs for a customer."""

    name: str
    cpf: str
    email: str | None
    phone: Phone
    proxy_on: date


@dataclass(slots=True)
class Income:
    """Money a relative brings home."""

    name: str
    kinship: str
    amount: Decimal
    note: str | None = None


@dataclass(slots=True)
class Customer:
    """A natural person or a firm."""

    id: int
    name: str
    is_firm: bool
    created_on: date
    changed_at: datetime
    cpf: str | None = None
    cnpj: str | None = None
    international_id: str | None = None
    active: bool = True
    is_woman: bool | None = None
    email: str | None = None
    born_on: date | None = None
    birth_place: str | None = None
    civil_status: str | None = None
    matrimonial_regime: str | None = None
    married_on: date | None = None
    profession: str | None = None
    identity_card: str | None = None
    mother: str | None = None
    father: str | None = None
    fantasy_name: str | None = None
    contact_name: str | None = None
    technical_manager: str | None = None
    phones: list[Phone] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    spouse: Spouse | None = None
    procurator: Procurator | None = None
    incomes: list[Income] = field(default_factory=list)

    @property
    def document(self) -> str | None:
        """The CPF or CNPJ, digits only."""
        return self.cnpj if self.is_firm else self.cpf


@dataclass(slots=True)
class Holder:
    """A customer's part in a contract."""

    customer_id: int
    main: bool
    spouse: bool
    percent: Decimal


@dataclass(slots=True)
class Terms:
    """What a contract says about delay; a bill without them accrues nothing."""

    fine_percent: Decimal = Decimal("2.0")
    interest_percent: Decimal = Decimal("1.0")
    interest_type: str = "S"
    calculation: str = "M"
    pro_rata_indexer: int | None = None
    daily_interest: Decimal | None = None


@dataclass(slots=True)
class Guarantor:
    """Who answers for a contract besides its holders."""

    id: int
    name: str
    cpf: str
    email: str | None
    profession: str
    born_on: date | None
    address: Address
    phone: Phone


@dataclass(slots=True)
class Contract:
    """A sales contract; `bill_id` is empty until it is issued."""

    id: int
    number: str
    company_id: int
    enterprise_id: int
    signed_on: date
    value: Decimal
    created_on: date
    changed_on: date
    situation: str = ISSUED
    issued_on: date | None = None
    bill_id: int | None = None
    holders: list[Holder] = field(default_factory=list)
    unit_ids: list[int] = field(default_factory=list)
    terms: Terms = field(default_factory=Terms)
    correction_type: str = "M"
    delivery_on: date | None = None
    keys_on: date | None = None
    cancelled_on: date | None = None
    cancelled_value: Decimal | None = None
    cancel_reason: str | None = None
    is_remade: bool = False
    guarantors: list[Guarantor] = field(default_factory=list)
    broker_ids: tuple[int, ...] = ()
    external_id: str | None = None

    @property
    def main_customer_id(self) -> int:
        """The customer whose name is on the bill."""
        return next(holder.customer_id for holder in self.holders if holder.main)


@dataclass(slots=True)
class Condition:
    """A line of the payment plan; installments of one line share it."""

    code: str
    base_on: date
    first_on: date
    count: int
    total: Decimal
    sequence: int
    indexer_id: int = 0
    bearer_id: int = 1
    interest_type: str = "N"
    interest_percent: Decimal = ZERO


@dataclass(slots=True)
class Receipt:
    """A settlement of part of an installment; no bank movement when no money moved.

    `gross` is what leaves the original balance; the other parts come on top of it.
    """

    sequence: int
    operation_id: int
    gross: Decimal
    paid_on: date
    calculated_on: date
    correction: Decimal = ZERO
    interest: Decimal = ZERO
    fine: Decimal = ZERO
    discount: Decimal = ZERO
    movement_id: int | None = None

    @property
    def value(self) -> Decimal:
        """The corrected principal received."""
        return self.gross + self.correction

    @property
    def additions(self) -> Decimal:
        """Fine and interest for delay."""
        return self.fine + self.interest

    @property
    def net(self) -> Decimal:
        """What entered: value plus additions less discount."""
        return self.value + self.additions - self.discount


@dataclass(slots=True)
class Installment:
    """One due date of a bill; `balance` is the original value still open."""

    id: int
    due_on: date
    original: Decimal
    balance: Decimal
    condition: Condition
    changed_on: date
    has_boleto: bool = False
    is_negativated: bool = False
    receipts: list[Receipt] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether something is still owed."""
        return self.balance > 0

    @property
    def situation(self) -> str:
        """0 open, 1 partially received, 2 received, as the bulk extract has it."""
        if not self.is_open:
            return "2"
        return "1" if self.balance < self.original else "0"


@dataclass(slots=True)
class Remaking:
    """A renegotiation: which installments ended and which began."""

    bill_id: int
    remade_on: date
    replaced: dict[int, Decimal]
    replaced_value: Decimal
    generated_ids: list[int]
    generated_value: Decimal
    description: str | None = None
    # How many readings do not find it yet.
    unseen_for: int = 0


@dataclass(slots=True)
class Activity:
    """A change of the bill's collection situation; N, C, J or I."""

    on: date
    situation: str
    note: str | None


@dataclass(slots=True)
class Bill:
    """A receivable bill (título) with its installments by id."""

    id: int
    company_id: int
    customer_id: int
    document_type: str
    document_number: str
    issued_on: date
    enterprise_id: int | None = None
    contract_id: int | None = None
    unit_ids: list[int] = field(default_factory=list)
    origin: str = "CO"
    registration: str = COMPLETE
    is_forecast: bool = False
    situation: str = NORMAL
    note: str | None = None
    terms: Terms | None = None
    annual_correction: bool = False
    revoked_on: date | None = None
    installments: dict[int, Installment] = field(default_factory=dict)
    remakings: list[Remaking] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether some installment is still owed."""
        return any(installment.is_open for installment in self.installments.values())

    @property
    def paid_off_on(self) -> date | None:
        """The day of the last settlement, when nothing is owed any more."""
        if self.is_open:
            return None
        receipts = (r for i in self.installments.values() for r in i.receipts)
        return max((receipt.paid_on for receipt in receipts), default=None)

    @property
    def value(self) -> Decimal:
        """Sum of the original values that renegotiations did not add."""
        generated = {number for remaking in self.remakings for number in remaking.generated_ids}
        parts = (i.original for i in self.installments.values() if i.id not in generated)
        return sum(parts, start=ZERO)


@dataclass(slots=True)
class Hook:
    """A subscription to events."""

    id: str
    url: str
    token: str | None
    events: list[str]


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail the ERP was asked to send; what is attached is only named."""

    kind: str
    to: tuple[str, ...]
    subject: str
    text: str
    on: date
    customer_id: int | None = None
    bill_id: int | None = None
    installment_id: int | None = None
    attachment: str | None = None


@dataclass(slots=True)
class Event:
    """Something subscribers would be told; ids only, as in the real deliveries."""

    sequence: int
    id: str
    name: str
    body: dict[str, object]
    on: date
