"""Small books made at random: whatever happened to a portfolio within four months."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from cobranca.accounts.models import Agency, Team, User
from cobranca.accounts.roles import COLLECTOR
from cobranca.agreements.models import (
    Agreement,
    AgreementInstallment,
    AgreementItem,
    AgreementPayment,
)
from cobranca.campaigns.models import Quote
from cobranca.contracts.models import Contract, Installment, Payment, Recall
from cobranca.creditors.models import Branch, Creditor
from cobranca.dunning.models import ContactRecord, ContactResult, Promise
from tests import factories

ON = date(2026, 11, 18)
EARLIEST = -130
NAMES = ("Bianca Prado", "Célio Antunes", "Dalva Nunes")


@dataclass
class Book:
    """Everything that was made, as objects that Python can count by itself."""

    agency: Agency
    creditors: list[Creditor] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    collectors: list[User] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    installments: list[Installment] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    recalls: list[Recall] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    items: list[AgreementItem] = field(default_factory=list)
    parcels: list[AgreementInstallment] = field(default_factory=list)
    received: list[AgreementPayment] = field(default_factory=list)
    contacts: list[ContactRecord] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)


class Maker:
    """Writes a book from a seed, within the agency's scope."""

    def __init__(self, agency: Agency, seed: int, contracts: int = 5) -> None:
        self.book, self.chance = Book(agency), Random(seed)
        self._people()
        self._debts(contracts)
        for _ in range(contracts):
            self._agreement()
        contacts = [self._contact() for _ in range(contracts * 5)]
        self.book.contacts = ContactRecord.objects.bulk_create(contacts)
        promises = [self._promise() for _ in range(contracts * 3)]
        self.book.promises = Promise.objects.bulk_create(promises)

    def _day(self, latest: int = 0) -> date:
        return ON + timedelta(days=self.chance.randint(EARLIEST, latest))

    def _instant(self) -> datetime:
        # The last hour of a day here is the next day in Greenwich.
        at = time(self.chance.choice((0, 9, 15, 23)), self.chance.randint(0, 59))
        return datetime.combine(self._day(), at, timezone.get_current_timezone())

    def _money(self, most: int = 200_000) -> Decimal:
        return Decimal(self.chance.randint(1, most)) / 100

    def _people(self) -> None:
        book, agency = self.book, self.book.agency
        book.teams = [Team.objects.create(agency=agency, name=name) for name in ("Norte", "Sul")]
        for number, name in enumerate(NAMES):
            user = factories.make_user(agency, COLLECTOR, name.split()[0].lower())
            user.first_name, user.last_name = name.split()
            user.team = book.teams[number] if number < len(book.teams) else None
            user.save()
            book.collectors.append(user)
        for number, name in enumerate(("Aurora Incorporações", "Boa Vista Urbanismo")):
            creditor = factories.make_creditor(
                agency, trade_name=name, creditor_type="SIENGE", external_code=str(number + 1)
            )
            book.creditors.append(creditor)
            book.branches += [factories.make_branch(creditor) for _ in range(2)]
        self.results = [
            ContactResult.objects.create(
                agency=agency, code=f"r{good}", label=label, is_effective=good
            )
            for good, label in ((True, "Falou com o devedor"), (False, "Não atende"))
        ]

    def _somebody(self) -> User | None:
        return self.chance.choice([*self.book.collectors, None])

    def _debts(self, contracts: int) -> None:
        for _ in range(contracts):
            creditor = self.chance.choice(self.book.creditors)
            own = [branch for branch in self.book.branches if branch.creditor_id == creditor.pk]
            debtor = factories.make_debtor(self.book.agency)
            contract = factories.make_contract(
                creditor, debtor, branch=self.chance.choice([*own, None])
            )
            self.book.contracts.append(contract)
            for number in range(1, self.chance.randint(2, 6)):
                self._installment(contract, number)

    def _installment(self, contract: Contract, number: int) -> None:
        status = self.chance.choice(("open", "open", "open", "negotiated", "settled", "recalled"))
        principal = self._money()
        row = factories.make_installment(
            contract,
            number,
            due_date=ON + timedelta(days=self.chance.choice((-400, -200, -61, -60, -31, -1, 0, 9)))
            if self.chance.random() < 0.5
            else self._day(30),
            principal=principal,
            balance=principal if status != "recalled" else Decimal(0),
            credit=self.chance.choice((Decimal(0), principal, principal / 2)).quantize(
                Decimal("0.01")
            ),
            status=status,
            created_at=self._instant(),
        )
        self.book.installments.append(row)
        if status == "recalled" or self.chance.random() < 0.1:
            self._recall(row)
        for sequence in range(self.chance.choice((0, 0, 1, 2))):
            self.book.payments.append(
                Payment.objects.create(
                    agency=row.agency,
                    contract=contract,
                    number=number,
                    paid_on=self._day(),
                    sequence=sequence,
                    kind="Recebimento",
                    is_cash=self.chance.random() < 0.8,
                    gross=(gross := self._money()),
                    net=gross + self._money(900),
                )
            )

    def _recall(self, row: Installment) -> None:
        self.book.recalls.append(
            Recall.objects.create(
                agency=row.agency,
                contract=row.contract,
                number=row.number,
                reason=self.chance.choice(("reconciliation", "payment", "termination", "sem_docs")),
                note=self.chance.choice(("Recebida no ERP", "Não consta mais no ERP")),
                recalled_on=self._day(),
                reopened_on=self.chance.choice((None, None, self._day())),
            )
        )

    def _agreement(self) -> None:
        book, chance = self.book, self.chance
        contract, made_on = chance.choice(book.contracts), self._day()
        total = self._money()
        common: dict[str, Any] = {"agency": book.agency, "debtor": contract.debtor}
        quote = Quote.objects.create(
            **common, on=made_on, total=total, engine="1", inputs={}, result={}, statement={}
        )
        agreement = Agreement.objects.create(
            **common,
            number=len(book.agreements) + 1,
            creditor=contract.creditor,
            quote=quote,
            status=chance.choice(("active", "settled", "broken", "proposal", "cancelled")),
            is_integrated=chance.random() < 0.4,
            on=made_on,
            made_on=made_on,
            updated_debt=total,
            agreed=total,
            total=total,
            made_by=self._somebody(),
        )
        book.agreements.append(agreement)
        mine = [row for row in book.installments if row.contract_id == contract.pk]
        taken = {item.installment_id for item in book.items}
        for position, row in enumerate(row for row in mine if row.pk not in taken):
            book.items.append(
                AgreementItem.objects.create(
                    agency=book.agency,
                    agreement=agreement,
                    contract=contract,
                    installment=row,
                    position=position,
                    owed=row.principal,
                    covered_on=chance.choice((None, self._day())),
                )
            )
        if not [item for item in book.items if item.agreement_id == agreement.pk]:
            return
        for number in range(2):
            self._parcel(agreement, number, mine)

    def _parcel(self, agreement: Agreement, number: int, mine: list[Installment]) -> None:
        chance, amount = self.chance, self._money()
        parcel = AgreementInstallment.objects.create(
            agency=agreement.agency,
            agreement=agreement,
            number=number,
            due_date=self._day(),
            amount=amount,
            erp_number=chance.choice(mine).number
            if agreement.is_integrated and number == 0
            else None,
        )
        self.book.parcels.append(parcel)
        if chance.random() < 0.7:
            self.book.received.append(
                AgreementPayment.objects.create(
                    agency=agreement.agency,
                    agreement=agreement,
                    parcel=parcel,
                    paid_on=self._day(),
                    amount=self._money(),
                    reversed_on=chance.choice((None, None, ON)),
                )
            )

    def _contact(self) -> ContactRecord:
        contract = self.chance.choice(self.book.contracts)
        return ContactRecord(
            agency=self.book.agency,
            debtor=contract.debtor,
            contract=self.chance.choice((contract, None)),
            channel=self.chance.choice(("call", "whatsapp", "email")),
            result=self.chance.choice(self.results),
            actor=self._somebody(),
            happened_at=self._instant(),
        )

    def _promise(self) -> Promise:
        contract = self.chance.choice(self.book.contracts)
        return Promise(
            agency=self.book.agency,
            debtor=contract.debtor,
            contract=self.chance.choice((contract, None)),
            record=self.chance.choice([*self.book.contacts, None]),
            promised_on=self._day(30),
            amount=self._money(),
            status=self.chance.choice(("open", "kept", "broken", "cancelled")),
            actor=self._somebody(),
            made_on=self._day(),
        )


def make_book(agency: Agency, seed: int, contracts: int = 5) -> Book:
    """Write a book; the same seed writes the same one."""
    return Maker(agency, seed, contracts).book
