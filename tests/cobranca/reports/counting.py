"""The same facts counted by plain Python, row by row, written apart from the SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement
from cobranca.common.clock import office_date
from cobranca.contracts.models import Contract
from cobranca.reports.filters import Filters
from tests.cobranca.reports.books import Book

Row = dict[str, Any]


@dataclass
class Counter:
    """Counts a book under filters."""

    book: Book
    filters: Filters

    # --- who is asked for ---------------------------------------------------------------------

    def _of_contract(self, contract: Contract | None) -> bool:
        f = self.filters
        if f.creditor is None and f.branch is None:
            return True
        if contract is None:
            return False
        fits = f.creditor is None or contract.creditor_id == f.creditor
        return fits and (f.branch is None or (contract.branch_id or 0) == f.branch)

    def _of_debtor(self, contract: Contract | None, debtor_id: int) -> bool:
        if contract is not None:
            return self._of_contract(contract)
        own = [each for each in self.book.contracts if each.debtor_id == debtor_id]
        return any(self._of_contract(each) for each in own)

    def _of_person(self, user: User | None) -> bool:
        f = self.filters
        if f.team is not None and (user is None or user.team_id != f.team):
            return False
        return f.collector is None or (user.pk if user else 0) == f.collector

    def _in_period(self, day: date) -> bool:
        return self.filters.start <= day <= self.filters.end

    # --- facts --------------------------------------------------------------------------------

    def open(self) -> Iterator[Row]:
        for row in self.book.installments:
            if row.status not in ("open", "negotiated") or not self._of_contract(row.contract):
                continue
            late = (self.filters.on - row.due_date).days
            yield {
                "key": row.pk,
                "band": band_of(late),
                "amount": max(row.balance - row.credit, Decimal(0)),
                "creditor_id": row.contract.creditor_id,
                "branch_id": row.contract.branch_id,
            }

    def _covered(self) -> dict[tuple[int, int], tuple[date, Decimal]]:
        """What money of the office paid, by contract and number: since when, and how much."""
        found: dict[tuple[int, int], tuple[date, Decimal]] = {}
        for item in self.book.items:
            row = item.installment
            if item.covered_on and not item.agreement.is_integrated and row.status == "settled":
                found[row.contract_id, row.number] = (item.covered_on, item.owed)
        return found

    def _behind(self, contract_id: int, number: int, day: date) -> Agreement | None:
        """The latest integrated agreement that had generated an installment by a day."""
        found = []
        for parcel in self.book.parcels:
            agreement = parcel.agreement
            items = [each for each in self.book.items if each.agreement_id == agreement.pk]
            if parcel.erp_number == number and items[0].contract_id == contract_id:
                found.append((agreement.on, agreement.pk, agreement))
        found.sort(key=lambda each: each[:2])
        before = [each for each in found if each[0] <= day]
        return before[-1][2] if before else None

    def receipts(self) -> Iterator[Row]:
        covered = self._covered()
        for payment in self.book.payments:
            since = covered.get((payment.contract_id, payment.number), (date.max, 0))[0]
            if not payment.is_cash or since <= payment.paid_on:
                continue
            behind = self._behind(payment.contract_id, payment.number, payment.paid_on)
            yield from self._receipt(payment.paid_on, payment.net, payment.contract, behind)
        for received in self.book.received:
            agreement = received.agreement
            if received.reversed_on is None and not agreement.is_integrated:
                items = [each for each in self.book.items if each.agreement_id == agreement.pk]
                contract = items[0].contract
                yield from self._receipt(received.paid_on, received.amount, contract, agreement)

    def _receipt(
        self, day: date, amount: Decimal, contract: Contract, agreement: Agreement | None
    ) -> Iterator[Row]:
        user = agreement.made_by if agreement else None
        if self._in_period(day) and self._of_contract(contract) and self._of_person(user):
            yield {
                "day": day,
                "amount": amount,
                "origin": "agreement" if agreement else "direct",
                "creditor_id": contract.creditor_id,
                "branch_id": contract.branch_id,
                "collector_id": user.pk if user else None,
                "channel": self._channel(agreement) if agreement else None,
            }

    def due(self) -> Iterator[Row]:
        covered = self._covered()
        for row in self.book.installments:
            own = (row.contract_id, row.number)
            since, at_office = covered.get(own, (date.max, Decimal(0)))
            got = at_office + sum(
                payment.gross
                for payment in self.book.payments
                if (payment.contract_id, payment.number) == own
                and payment.is_cash
                and payment.paid_on < since
                and payment.paid_on <= self.filters.on
            )
            is_owed = row.status in ("open", "negotiated")
            owed = max(row.balance - row.credit, Decimal(0)) if is_owed else Decimal(0)
            in_period = self._in_period(row.due_date) and row.due_date <= self.filters.on
            if in_period and (owed or got) and self._of_contract(row.contract):
                yield {"day": row.due_date, "amount": owed + got, "received": got}

    def agreements(self) -> Iterator[Row]:
        for agreement in self.book.agreements:
            items = [each for each in self.book.items if each.agreement_id == agreement.pk]
            contract = items[0].contract if items else None
            if (
                agreement.status in ("active", "settled", "broken")
                and self._in_period(agreement.made_on)
                and self._of_contract(contract)
                and self._of_person(agreement.made_by)
            ):
                yield {
                    "amount": agreement.total,
                    "collector_id": agreement.made_by_id,
                    "channel": self._channel(agreement),
                }

    def _channel(self, agreement: Agreement) -> str:
        last = agreement.made_on
        found = [
            (contact.happened_at, contact.pk, contact.channel)
            for contact in self.book.contacts
            if contact.debtor_id == agreement.debtor_id
            and contact.result.is_effective
            and last - timedelta(days=30) <= office_date(contact.happened_at) <= last
        ]
        return max(found)[2] if found else "none"

    def contacts(self) -> Iterator[Row]:
        for contact in self.book.contacts:
            if (
                self._in_period(office_date(contact.happened_at))
                and self._of_debtor(contact.contract, contact.debtor_id)
                and self._of_person(contact.actor)
            ):
                yield {
                    "day": office_date(contact.happened_at),
                    "channel": contact.channel,
                    "collector_id": contact.actor_id,
                    "effective": "sim" if contact.result.is_effective else "nao",
                }

    def promises(self, *, made: bool = False) -> Iterator[Row]:
        for promise in self.book.promises:
            day = promise.made_on if made else promise.promised_on
            if (
                self._in_period(day)
                and self._of_debtor(promise.contract, promise.debtor_id)
                and self._of_person(promise.actor)
            ):
                is_late = promise.status == "open" and promise.promised_on < self.filters.on
                yield {
                    "day": day,
                    "amount": promise.amount,
                    "status": "late" if is_late else promise.status,
                    "collector_id": promise.actor_id,
                    "channel": promise.record.channel if promise.record else "none",
                }

    def flow(self) -> Iterator[Row]:
        rows = {(row.contract_id, row.number): row for row in self.book.installments}
        told: list[tuple[date | None, Contract, Decimal, str, str]] = []
        for row in self.book.installments:
            day = office_date(row.created_at)
            told.append((day, row.contract, row.principal, "included", "in"))
        for recall in self.book.recalls:
            principal = rows[recall.contract_id, recall.number].principal
            told.append((recall.reopened_on, recall.contract, principal, "reopened", "in"))
            reason = "payment" if recall.note == "Recebida no ERP" else recall.reason
            told.append((recall.recalled_on, recall.contract, principal, reason, "out"))
        for item in self.book.items:
            if item.installment.status == "settled":
                amount = item.installment.principal
                told.append((item.covered_on, item.contract, amount, "settled", "out"))
        for day, contract, amount, move, way in told:
            if day is not None and self._in_period(day) and self._of_contract(contract):
                yield {"day": day, "amount": amount, "move": move, "way": way}


def band_of(late: int) -> str:
    """The band of a number of days late."""
    for code, last in (("0", 0), ("1-30", 30), ("31-60", 60), ("61-90", 90), ("91-180", 180)):
        if late <= last:
            return code
    return "181-360" if late <= 360 else "361"
