"""Agreements of the office in the story: made here, written into the ERP, paid or undone there."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cobranca.agreements.models import Agreement
from cobranca.agreements.states import AgreementStatus
from cobranca.agreements.tasks_erp import send_waiting
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Installment
from tests.flows.agreeing import agree, deliver, make_campaign, make_supervisor
from tests.flows.office import Office
from tests.flows.year.paper import Bill

PARTS = 3
# A debtor who keeps to it pays each on its day; another has it undone in the ERP after so long.
PATIENCE = timedelta(days=75)


@dataclass
class Deal:
    """One agreement and what is going to become of it."""

    agreement: Agreement
    bill: int
    originals: list[int]
    dues: dict[int, date]
    keeps: bool
    made_on: date
    paid: list[int] = field(default_factory=list)
    is_over: bool = False


@dataclass
class Desk:
    """Where agreements are made, all of them integrated."""

    office: Office
    traveller: Any
    deals: list[Deal] = field(default_factory=list)

    def __post_init__(self) -> None:
        make_campaign(self.office)
        self.actor = make_supervisor(self.office)

    @property
    def alive(self) -> list[Deal]:
        return [deal for deal in self.deals if not deal.is_over]

    def make(self, bills: list[Bill]) -> Deal | None:
        """Agree with somebody who is late and was never renegotiated; None when there is nobody."""
        contract, originals = self._candidate(bills)
        if contract is None:
            return None
        try:
            agreement = agree(self.office, contract, self.actor, parts=PARTS)
        except DomainError:
            return None  # the ERP did not tell what is owed: another day
        self._insist(agreement)
        assert agreement.status == AgreementStatus.ACTIVE, agreement.reason
        dues = {p.erp_number: p.due_date for p in agreement.parcels.order_by("number")}
        keeps = len(self.deals) % 3 != 0
        bill = int(contract.external_id)
        deal = Deal(agreement, bill, originals, dues, keeps, self.office.day)
        self.deals.append(deal)
        return deal

    def _candidate(self, bills: list[Bill]) -> tuple[Contract | None, list[int]]:
        """Return a contract and what is late of it: of one indexer, as the ERP wants it."""
        late = Installment.objects.filter(status="open", due_date__lt=self.office.day)
        for bill in bills:
            contract = Contract.objects.filter(
                external_id=str(bill["bill"]), is_current=True, creditor=self.office.creditor
            ).first()
            if contract is None or bill["remade"] or not contract.debtor.document:
                continue
            numbers = set(late.filter(contract=contract).values_list("number", flat=True))
            indexers = {row["indexer"] for row in bill["installments"] if row["id"] in numbers}
            if len(numbers) > 1 and len(indexers) == 1:
                return contract, sorted(numbers)
        return None, []

    def _insist(self, agreement: Agreement) -> None:
        """Let what goes on by itself go on, while the ERP does not answer."""
        for _ in range(10):
            if agreement.status != AgreementStatus.WAITING:
                return
            self.traveller.shift(timedelta(minutes=6))
            send_waiting()
            deliver()
            agreement.refresh_from_db()

    def check(self) -> None:
        """Hold each agreement against what became of it."""
        for deal in self.deals:
            found = Agreement.objects.get(pk=deal.agreement.pk)
            paid = found.parcels.filter(status="paid").values_list("erp_number", flat=True)
            wanted = "active" if not deal.is_over else "settled" if deal.keeps else "broken"
            assert (found.status, sorted(paid)) == (wanted, deal.paid), (found, found.reason)
            if wanted == "broken":
                assert found.reason == (
                    "Quebra automática: Identificado que o acordo está quebrado na API Sienge"
                )

    @staticmethod
    def conclude() -> None:
        """Do what the worker does with what was published."""
        deliver()
