"""A small ERP's book on paper, and the mirror run on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from cobranca.contracts import mirror
from cobranca.contracts.mirror import MirrorJob, Outcome
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.records import (
    BranchRecord,
    ContractRecord,
    DebtorRecord,
    InstallmentRecord,
    PaymentRecord,
    Record,
)
from cobranca.creditors.models import Creditor

TODAY = date(2026, 11, 21)
DUE = date(2026, 1, 10)
NOON = datetime(2026, 11, 21, 15, tzinfo=UTC)
runs = count(910_000)
readings = count(1)
NOTHING = Decimal("0.00")


def customer(code: str, document: str = "", name: str = "") -> DebtorRecord:
    return DebtorRecord(code, name or f"CLIENTE {code}", document)


def title(code: str, holder: str, **changes: Any) -> ContractRecord:
    values = {
        "external_id": code,
        "debtor": holder,
        "type_code": "CT",
        "type_name": "CONTRATO",
        "branch": "42",
        "branch_name": "RESIDENCIAL",
        "number": code,
        "document_number": f"V-{code}",
        "unit": f"AP {code}",
        "has_receipts": True,
    }
    return ContractRecord(**(values | changes))


def parcel(contract: str, number: int, balance: str = "100.00", **changes: Any):
    amount = Decimal(balance)
    values = {
        "contract": contract,
        "number": number,
        "due_date": DUE,
        "principal": Decimal("100.00"),
        "balance": amount,
        "is_open": amount > 0,
        "label": str(number),
        "note": "PM",
    }
    return InstallmentRecord(**(values | changes))


def receipt(contract: str, number: int, net: str = "100.00", **changes: Any) -> PaymentRecord:
    amount = Decimal(net)
    values = {
        "contract": contract,
        "number": number,
        "paid_on": DUE,
        "sequence": 1,
        "kind": "Recebimento",
        "is_cash": True,
        "gross": amount,
        "net": amount,
        "charges": NOTHING,
        "discount": NOTHING,
    }
    return PaymentRecord(**(values | changes))


@dataclass
class Mirror:
    """Runs the mirror for one creditor, each time as a run of its own."""

    creditor: Creditor
    rules: dict[str, Any] = field(default_factory=dict)

    def load(
        self, *records: Record, full: bool = True, dry_run: bool = False, **rules: Any
    ) -> Outcome:
        run = next(runs)
        mirror.prepare(run)
        self.stage(run, records)
        try:
            return mirror.apply(self.job(run, full, **rules), dry_run=dry_run)
        finally:
            mirror.discard(run)

    def read(
        self, *records: Record, minutes: int = 0, dry_run: bool = False, **rules: Any
    ) -> Outcome:
        """Read titles one by one, by a webhook unless told otherwise, so long after noon."""
        run = -next(readings)
        values = {"source": "Webhook", **rules}
        mirror.prepare(run)
        mirror.stage(run, 1, records)
        try:
            job = self.job(
                run, False, titles=True, read_at=NOON + timedelta(minutes=minutes), **values
            )
            return mirror.apply(job, dry_run=dry_run)
        finally:
            mirror.discard(run)

    def open(self, *records: Record, **rules: Any) -> Outcome:
        """Read the titles of a debtor whom somebody opened."""
        return self.read(*records, source=mirror.OPENING, **rules)

    def stage(self, run: int, records: Iterable[Record]) -> None:
        mirror.stage(run, 1, [BranchRecord("42", "RESIDENCIAL"), *records])

    def job(self, run: int, full: bool, **rules: Any) -> MirrorJob:
        values: dict[str, Any] = {
            "source": "Carga Sienge",
            "recall_limit_percent": Decimal(100),
            **self.rules,
            **rules,
        }
        return MirrorJob(
            run=run,
            agency=self.creditor.agency_id,
            creditor=self.creditor.pk,
            system="SIENGE",
            on=TODAY,
            full=full,
            **values,
        )


def open_book(creditor: Creditor) -> set[tuple[str, str, int, date, Decimal, str]]:
    """Return what is open here: holder, contract, number, due date, balance, note."""
    rows = Installment.objects.filter(contract__creditor=creditor, status="open").values_list(
        "contract__external_debtor",
        "contract__external_id",
        "number",
        "due_date",
        "balance",
        "note",
    )
    return set(rows)


def contract(code: str, **filters: Any) -> Contract:
    return Contract.objects.get(external_id=code, is_current=True, **filters)
