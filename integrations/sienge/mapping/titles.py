"""One title from REST answers: bill, installments, statement, renegotiations (MAPPING.md, 5).

The same records as the bulk gives, but for receipts: a statement tells no sequence to key them
by, so they are only asked why an installment is closed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from cobranca.calc.money import ZERO
from cobranca.contracts.records import (
    BoletoRecord,
    ContractRecord,
    DoubtRecord,
    InstallmentRecord,
    Record,
)
from cobranca.contracts.states import RecallReason
from integrations.core.connector import Issue
from integrations.core.errors import PermanentError
from integrations.core.fields import cents, code, day, day_or_none, flag, text, whole
from integrations.core.streaming import Row
from integrations.sienge.config import Filters
from integrations.sienge.mapping.income import SALE_DOCUMENT
from integrations.sienge.mapping.receipts import (
    UnknownSettlementError,
    closing_of,
    settlement_named,
)
from integrations.sienge.mapping.sheet import Sheet, as_list, first
from integrations.sienge.rows import (
    Remade,
    Statement,
    StatementBill,
    StatementInstallment,
    Title,
    TitleInstallment,
)

T = TypeVar("T")


@dataclass(frozen=True)
class TitleAnswers:
    """What REST tells of one title, each answer as it came."""

    title: Row[Title]
    installments: Sequence[Row[TitleInstallment]]
    statement: Row[Statement] | None
    remade: Sequence[Row[Remade]] = ()


@dataclass
class Told:
    """What was told of a title that decides whether its sales contract is looked at."""

    customer: str = ""
    is_sale: bool = False
    has_open: bool = False
    closings: set[str] = field(default_factory=set)

    def note(self, records: Iterable[Record]) -> None:
        """Take note of what one more answer said of the title."""
        for record in records:
            if isinstance(record, ContractRecord):
                self.customer, self.is_sale = record.debtor, record.is_sale
            elif isinstance(record, InstallmentRecord):
                self.has_open |= record.is_open
                if not record.is_open:
                    self.closings.add(record.closing)

    @property
    def may_be_cancelled(self) -> bool:
        """Tell whether all is closed, and something by other than payment."""
        ended = self.closings - {RecallReason.PAYMENT.value, RecallReason.RENEGOTIATION.value}
        return self.is_sale and not self.has_open and bool(ended)


def gone_title(contract: str) -> ContractRecord:
    """Return the record of a title that the ERP no longer has: nothing of it stands."""
    return ContractRecord(external_id=contract, debtor="", type_code="")


def doubt_title(sheet: Sheet, contract: str, message: str) -> None:
    """Leave a whole title as it is here, and say why."""
    sheet.records.append(DoubtRecord(contract))
    sheet.issues.append(Issue("bad_title", message, contract))


def add_title(sheet: Sheet, contract: str, answers: TitleAnswers, filters: Filters) -> Told | None:
    """Add one title with all its installments; None when a filter or a bad answer keeps it out."""
    sheet.rows += 1 + len(answers.installments)
    title = answers.title
    if title.value is None:
        doubt_title(sheet, contract, title.problem)
        return None
    try:
        rule = left_out_by(title.value, filters)
        if rule:
            sheet.ignored[rule] += 1
            return None
        record = contract_from(title.value, contract)
        reader = _Installments(sheet, contract, answers, filters)
    except PermanentError as error:
        sheet.set_aside(title, error.message, contract=contract)
        sheet.records.append(DoubtRecord(contract))
        return None
    before = len(sheet.records)
    sheet.records.append(record)
    reader.add_all()
    told = Told()
    told.note(sheet.records[before:])
    return told


def add_boletos_of(sheet: Sheet, contract: str, rows: Iterable[Row[TitleInstallment]]) -> None:
    """Add which open installments of a title have a boleto; a row that cannot be read is skipped:
    what else is told of it was read elsewhere.
    """
    for row in rows:
        try:
            installment = _understood(row)
            if _not_negative(installment.balance_due, "balanceDue") > 0:
                boleto = BoletoRecord(contract, _number(row), _has_boleto(installment))
                sheet.records.append(boleto)
        except PermanentError as error:
            sheet.set_aside(row, error.message, code="bad_boleto", contract=contract)


def holder_of(row: Row[Title]) -> str:
    """Return the customer a title names; "" when that cannot be read."""
    try:
        title = _understood(row)
        return code(first(title.customer_id, title.client_id), "customerId")
    except PermanentError:
        return ""


def left_out_by(title: Title, filters: Filters) -> str:
    """Return the rule that keeps a title out, as the loads have it; "" if none does."""
    company = filters.company if title.company_id is None else code(title.company_id, "companyId")
    if company in filters.companies:
        return f"Empresa a ignorar: {company}"
    if company != filters.company:
        return "Parcela de outra empresa"
    document = type_code_of(title)
    return f"Tipo de contrato ignorado: {document}" if document in filters.documents else ""


def contract_from(title: Title, contract: str) -> ContractRecord:
    """Translate the title; its branch is the commercial side's to tell."""
    document = type_code_of(title)
    return ContractRecord(
        external_id=contract,
        debtor=code(first(title.customer_id, title.client_id), "customerId"),
        type_code=document,
        number=contract,
        document_number=text(title.document_number, 40),
        unit=text(title.unity_name, 60),
        issued_on=day_or_none(title.issue_date, "issueDate"),
        is_sale=document == SALE_DOCUMENT,
    )


def type_code_of(title: Title) -> str:
    """Return the document type without its padding."""
    document = text(title.document_id).upper()
    if not document or len(document) > 20:
        raise PermanentError("Campo documentId ausente ou inválido.")
    return document


class _Installments:
    """Joins the lines of a title with those of its statement."""

    def __init__(
        self, sheet: Sheet, contract: str, answers: TitleAnswers, filters: Filters
    ) -> None:
        self._sheet, self._contract, self._filters = sheet, contract, filters
        self._rows = answers.installments
        self._lines = dict(_lines_of(answers.statement, contract))
        self._remade = set(_remade_of(answers.remade))

    def add_all(self) -> None:
        """Add every installment; a bad one is set aside and left as it is here."""
        for row in self._rows:
            number: int | None = None
            try:
                number = _number(row)
                self._add(row, _understood(row), number)
            except PermanentError as error:
                named = "" if number is None else str(number)
                self._sheet.set_aside(
                    row, error.message, contract=self._contract, installment=named
                )
                self._sheet.records.append(DoubtRecord(self._contract, number))

    def _add(self, row: Row[TitleInstallment], installment: TitleInstallment, number: int) -> None:
        condition = text(first(installment.condition_type_id, installment.condition_type))
        if condition.upper() in self._filters.payment_conditions:
            self._sheet.ignored[f"Condição de pagamento ignorada: {condition}"] += 1
            return
        record = self._record(row, installment, number, condition)
        self._sheet.records.append(record)
        if record.is_open:
            boleto = BoletoRecord(self._contract, number, _has_boleto(installment))
            self._sheet.records.append(boleto)

    def _record(
        self, row: Row[TitleInstallment], told: TitleInstallment, number: int, condition: str
    ) -> InstallmentRecord:
        balance = _not_negative(told.balance_due, "balanceDue")
        line = self._lines.get(number)
        is_open = balance > 0
        if line is None and is_open:
            raise PermanentError("O extrato não traz esta parcela em aberto.")
        return InstallmentRecord(
            contract=self._contract,
            number=number,
            due_date=day(told.due_date, "dueDate"),
            principal=_not_negative(line.original_value, "originalValue") if line else ZERO,
            balance=balance,
            is_open=is_open,
            label=text(first(line and line.installment_number, told.installment_number), 20),
            note=condition[:40],
            closing="" if is_open else self._closing(row, line, number),
        )

    def _closing(
        self, row: Row[TitleInstallment], line: StatementInstallment | None, number: int
    ) -> str:
        """Return why an installment is closed: its last receipt, or a renegotiation of it."""
        told: list[tuple[date, str]] = []
        for receipt in as_list(line.receipts) if line else []:
            try:
                settlement = settlement_named(text(receipt.receipt_type))
                told.append((day(receipt.receipt_date, "receiptDate"), settlement.name))
            except PermanentError as error:
                kind = "unknown_receipt" if isinstance(error, UnknownSettlementError) else "receipt"
                self._sheet.set_aside(
                    row,
                    error.message,
                    code=kind,
                    contract=self._contract,
                    installment=str(number),
                )
        remade = RecallReason.RENEGOTIATION.value if number in self._remade else ""
        return closing_of(told) or remade


def _understood(row: Row[T]) -> T:
    if row.value is None:
        raise PermanentError(row.problem)
    return row.value


def _number(row: Row[TitleInstallment]) -> int:
    told = _understood(row)
    return whole(first(told.installment_id, told.id), "installmentId")


def _lines_of(
    statement: Row[Statement] | None, contract: str
) -> Iterator[tuple[int, StatementInstallment]]:
    """Yield the statement's lines of one title: it may come with others of the customer."""
    if statement is None:
        return
    for bill in as_list(_understood(statement).bills_receivable):
        if _bill_of(bill) == contract:
            for line in as_list(bill.installments):
                yield whole(first(line.installment_id, line.id), "installmentId"), line


def _bill_of(bill: StatementBill | Remade) -> str:
    told = first(bill.bill_receivable_id, bill.receivable_bill_id, bill.bill_id)
    return code(told, "billReceivableId")


def _remade_of(remade: Iterable[Row[Remade]]) -> Iterator[int]:
    """Yield the installments that renegotiations replaced: "2, 3, 4, 5" as text."""
    for row in remade:
        if row.value is not None:
            told = text(row.value.remade_installments_description)
            yield from (int(number) for number in re.findall(r"\d{1,9}", told))


def _has_boleto(told: TitleInstallment) -> bool:
    flagged = first(told.generated_boleto, told.generated_ticket, told.generated_billet)
    return flag(flagged, "generatedBoleto")


def _not_negative(value: object, name: str) -> Decimal:
    found = cents(value, name)
    if found < 0:
        raise PermanentError(f"Campo {name} negativo.")
    return found
