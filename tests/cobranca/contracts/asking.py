"""An ERP that stands for any: it counts what it is asked and answers what a test tells it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cobranca.contracts import erp
from cobranca.contracts.erp import SecondCopy, SyncReport

BANK, FREE_FIELD = "341", "1091234567800057123457000"


@dataclass
class Oracle(erp.ErpGateway):
    """One ERP for every creditor of a test."""

    syncs: bool = True
    problem: Exception | None = None
    report: SyncReport = field(default_factory=SyncReport)
    line: str = ""
    pdf: bytes = b"%PDF-1.4 boleto"
    can_issue_second_copy: bool = True
    can_send_statements: bool = True
    asked: list = field(default_factory=list)
    mails: list = field(default_factory=list)

    @property
    def can_sync(self):
        return self.syncs

    def sync(self, contracts, *, now):
        self.asked.append([contract.pk for contract in contracts])
        if self.problem is not None:
            raise self.problem
        return self.report

    def second_copy(self, installment, *, with_pdf):
        self.asked.append((installment.number, with_pdf))
        if self.problem is not None:
            raise self.problem
        return SecondCopy(self.line, self.pdf if with_pdf else b"")

    def mail_second_copy(self, installment, mail):
        self._mail("boleto", mail)

    def mail_statement(self, contract, mail):
        self._mail("extrato", mail)

    def mail_balance(self, contract, mail):
        self._mail("saldo", mail)

    def _mail(self, what, mail):
        self.mails.append((what, mail))
        if self.problem is not None:
            raise self.problem


def line_of(due: date, amount: str = "920.80") -> str:
    """Return a digitable line with right check digits, as a bank would print it."""
    days = (due - date(1997, 10, 7)).days
    factor = days if days <= 9999 else 1000 + (days - 10000) % 9000
    tail = f"{factor:04d}{int(Decimal(amount) * 100):010d}"
    general = _modulo_11(f"{BANK}9{tail}{FREE_FIELD}")
    fields = (f"{BANK}9{FREE_FIELD[:5]}", FREE_FIELD[5:15], FREE_FIELD[15:])
    parts = [f"{each}{_modulo_10(each)}" for each in fields]
    return " ".join([*(f"{part[:5]}.{part[5:]}" for part in parts), str(general), tail])


def _modulo_10(digits: str) -> int:
    products = (int(d) * (2 - n % 2) for n, d in enumerate(reversed(digits)))
    return -sum(product // 10 + product % 10 for product in products) % 10


def _modulo_11(digits: str) -> int:
    check = 11 - sum(int(d) * (2 + n % 8) for n, d in enumerate(reversed(digits))) % 11
    return 1 if check in (10, 11) else check
