"""A tiny ERP in memory: announces as told, answers from a dictionary, fails on demand."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Lock

import msgspec

from cobranca.accounts.models import Agency
from cobranca.contracts.models import Contract
from cobranca.contracts.records import ContractRecord, InstallmentRecord
from cobranca.contracts.states import RecallReason
from cobranca.creditors.models import ContractType, Creditor
from integrations.core.connector import Announcement, Page
from integrations.core.models import WebhookDelivery, WebhookSubscription
from integrations.core.registry import ConnectorEntry
from tests import factories

SYSTEM, KIND = "tiny", "TINY"
TOKEN = "t0ken-of-the-tests-zqxtoken"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DUE = date(2026, 3, 10)


def read_webhook(headers: Mapping[str, str], body: bytes) -> Announcement:
    """Understand `{"title": "5600", "installment": 2}`, as a careless connector would."""
    told = msgspec.json.decode(body)
    return Announcement(
        event=headers.get("x-event", ""),
        key=headers.get("x-id", ""),
        hook=headers.get("x-hook", ""),
        contract=told.get("title", ""),
        installment=told.get("installment"),
        sale=told.get("sale", ""),
    )


@dataclass
class Book:
    """What the ERP has: balances by title and installment; and how it behaves."""

    titles: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    sales: dict[str, str] = field(default_factory=dict)
    # Called with the titles before each reading; whatever it raises is the ERP's answer.
    before: list[Callable[[Sequence[str]], None]] = field(default_factory=list)
    readings: list[tuple[str, ...]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def times_read(self, title: str) -> int:
        """Return in how many readings a title was asked for."""
        return sum(title in titles for titles in self.readings)


@dataclass
class Connector:
    """Reads titles whole."""

    book: Book
    creditor: Creditor

    def read_titles(
        self, titles: Sequence[str], *, receipts: bool, boletos: Collection[str] = ()
    ) -> Iterator[Page]:
        with self.book.lock:
            self.book.readings.append(tuple(titles))
        for call in self.book.before:
            call(titles)
        known = [title for title in titles if title in self.book.titles]
        yield Page("titles", [_contract(title) for title in known], {})
        yield Page(
            "installments",
            [
                _installment(title, number, balance)
                for title in known
                for number, balance in self.book.titles[title].items()
            ],
            {},
        )

    def title_of_sale(self, sale: str) -> str:
        for call in self.book.before:
            call([f"sale {sale}"])
        return self.book.sales.get(sale, "")


def _contract(title: str) -> ContractRecord:
    return ContractRecord(external_id=title, debtor=f"holder-{title}", type_code="CT", number=title)


def _installment(title: str, number: int, balance: Decimal) -> InstallmentRecord:
    return InstallmentRecord(
        contract=title,
        number=number,
        label=f"{number}/1",
        due_date=DUE,
        principal=Decimal(1000),
        balance=balance,
        is_open=balance > 0,
        closing="" if balance > 0 else RecallReason.PAYMENT,
    )


def entry_for(book: Book) -> ConnectorEntry:
    return ConnectorEntry(
        system=SYSTEM,
        creditor_type=KIND,
        label="Tiny",
        layouts=(("carga_tiny", "Carga Tiny"),),
        make=lambda creditor, **_: Connector(book, creditor),
        read_webhook=read_webhook,
    )


def subscribe(agency: Agency, token: str = TOKEN, old: str = "") -> WebhookSubscription:
    subscription = WebhookSubscription(
        agency=agency,
        system=SYSTEM,
        token=token,
        token_hash=sha256(token),
        old_token_hash=sha256(old) if old else "",
    )
    subscription.save()
    return subscription


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_title(
    creditor: Creditor, title: str, *balances: str, book: Book | None = None
) -> Contract:
    """Create a contract with open installments here and, given a book, the same over there."""
    contract = factories.make_contract(
        creditor,
        factories.make_debtor(creditor.agency),
        number=title,
        external_debtor=f"holder-{title}",
        contract_type=_contract_type(creditor.agency),
    )
    for number, balance in enumerate(balances or ("1000.00",), start=1):
        factories.make_installment(contract, number, balance=Decimal(balance), due_date=DUE)
    if book is not None:
        numbers = enumerate(balances or ("1000.00",), start=1)
        book.titles[title] = {number: Decimal(balance) for number, balance in numbers}
    return contract


def _contract_type(agency: Agency) -> ContractType:
    found = ContractType.objects.filter(agency=agency, code="CT", creditor_type=KIND).first()
    return found or factories.make_contract_type(agency, creditor_type=KIND)


def received(agency: Agency, number: int | str, **fields: object) -> WebhookDelivery:
    """Put an announcement into the inbox as intake would have."""
    given = {"event": "PAID", "received_at": NOW, "due_at": NOW, "body": "{}", "system": SYSTEM}
    row = WebhookDelivery(agency=agency, key=str(number), **{**given, **fields})
    row.save(force_insert=True)
    return row
