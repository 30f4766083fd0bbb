"""Rows of the bulk /income: titles, their installments and receipts (MAPPING.md, section 1)."""

from decimal import Decimal

import msgspec

from cobranca.contracts.records import (
    ContractRecord,
    DoubtRecord,
    InstallmentRecord,
    PaymentRecord,
)
from integrations.core.errors import PermanentError
from integrations.core.fields import cents, code, day, day_or_none, flag, text, whole
from integrations.core.streaming import Row
from integrations.sienge.config import Filters
from integrations.sienge.mapping.receipts import (
    UnknownSettlementError,
    closing_reason,
    payment_from,
)
from integrations.sienge.mapping.sheet import Sheet, as_list, first
from integrations.sienge.rows import Income, IncomeKey, Term

SALE_ORIGIN = "CO"
SALE_DOCUMENT = "CT"
_key = msgspec.json.Decoder(IncomeKey)


class IncomeMapper:
    """Maps the rows of one whole answer; remembers which titles it has told of already."""

    def __init__(self, filters: Filters) -> None:
        self._filters = filters
        # Title → whether an open installment named its holder.
        self._told: dict[str, bool] = {}

    def add(self, sheet: Sheet, row: Row[Income]) -> str:
        """Add one row to the sheet; returns the customer it needs here, "" if none."""
        sheet.rows += 1
        if row.value is None:
            self._doubt(sheet, row, row.problem)
            return ""
        try:
            return self._add(sheet, row, row.value)
        except PermanentError as error:
            self._doubt(sheet, row, error.message)
            return ""

    def _add(self, sheet: Sheet, row: Row[Income], income: Income) -> str:
        rule = left_out_by(income, self._filters)
        if rule:
            sheet.ignored[rule] += 1
            return ""
        contract = bill_of(income)
        number = whole(income.installment_id, "installmentId")
        balance = balance_of(income)
        payments = self._payments(sheet, row, contract, number)
        installment = installment_from(income, contract, number, balance, payments)
        title = self._title(income, contract, is_open=installment.is_open)
        if title is not None:
            sheet.records.append(title)
        sheet.records.append(installment)
        sheet.records.extend(payments)
        return title.debtor if title is not None and installment.is_open else ""

    def _title(self, income: Income, contract: str, *, is_open: bool) -> ContractRecord | None:
        """Return the title once, and once more when an open installment names its holder.

        After a transfer the installments already paid may keep the old holder's name: who owes
        is who owes what is open, and the mirror believes the last record.
        """
        told = self._told.get(contract)
        if told or (told is False and not is_open):
            return None
        self._told[contract] = is_open
        return contract_from(income, contract)

    def _payments(
        self, sheet: Sheet, row: Row[Income], contract: str, number: int
    ) -> list[PaymentRecord]:
        if row.value is None or row.value.receipts is None:
            return []
        payments = []
        for position, receipt in enumerate(as_list(row.value.receipts)):
            try:
                payments.append(payment_from(receipt, contract, number, position))
            except PermanentError as error:
                kind = "unknown_receipt" if isinstance(error, UnknownSettlementError) else "receipt"
                sheet.set_aside(
                    row, error.message, code=kind, contract=contract, installment=str(number)
                )
                # It may be one that was understood before: it was not taken back.
                sheet.records.append(DoubtRecord(contract, number, of_receipts=True))
        return payments

    def _doubt(self, sheet: Sheet, row: Row[Income], message: str) -> None:
        """Set a row aside and leave what it names as it is here."""
        contract, number = key_of(row)
        told = "" if number is None else str(number)
        sheet.set_aside(row, message, contract=contract, installment=told)
        sheet.records.append(DoubtRecord(contract, number if contract else None))


def left_out_by(income: Income, filters: Filters) -> str:
    """Return the rule that keeps a row out, as a sentence for the screen; "" if none does."""
    company = filters.company if income.company_id is None else code(income.company_id, "companyId")
    if company in filters.companies:
        return f"Empresa a ignorar: {company}"
    if company != filters.company:
        return "Parcela de outra empresa"
    if flag(income.document_forecast, "documentForecast"):
        return "Documento de previsão"
    document = type_code_of(income)
    if document in filters.documents:
        return f"Tipo de contrato ignorado: {document}"
    condition = condition_of(income)
    if condition.upper() in filters.payment_conditions:
        return f"Condição de pagamento ignorada: {condition}"
    return ""


def installment_from(
    income: Income,
    contract: str,
    number: int,
    balance: Decimal,
    payments: list[PaymentRecord],
) -> InstallmentRecord:
    """Translate the installment; it is open while anything is owed on it."""
    is_open = balance > 0
    return InstallmentRecord(
        contract=contract,
        number=number,
        due_date=day(income.due_date, "dueDate"),
        principal=_not_negative(cents(income.original_amount, "originalAmount"), "originalAmount"),
        balance=balance,
        is_open=is_open,
        label=text(income.installment_number, 20),  # display text: "7" or "1/2", never a key
        note=condition_of(income)[:40],
        closing="" if is_open else closing_reason(payments),
    )


def contract_from(income: Income, contract: str) -> ContractRecord:
    """Translate the title an installment belongs to. Only sales have a branch."""
    document = type_code_of(income)
    origin = text(income.origin_id).upper()
    # A row without origin is a sale when its document is a sales contract.
    is_sale = origin == SALE_ORIGIN if origin else document == SALE_DOCUMENT
    has_branch = is_sale and income.project_id is not None
    return ContractRecord(
        external_id=contract,
        debtor=code(first(income.client_id, income.customer_id), "clientId"),
        type_code=document,
        type_name=text(income.document_identification_name, 80),
        branch=code(income.project_id, "projectId") if has_branch else "",
        branch_name=text(income.project_name, 150) if has_branch else "",
        number=contract,
        document_number=text(income.document_number, 40),
        unit=text(income.main_unit, 60),
        issued_on=day_or_none(income.issue_date, "issueDate"),
        is_sale=is_sale,
        has_receipts=True,
    )


def bill_of(income: Income | IncomeKey) -> str:
    """Return the title's code under any of its names."""
    return code(
        first(income.bill_id, income.receivable_bill_id, income.bill_receivable_id), "billId"
    )


def balance_of(income: Income) -> Decimal:
    """Return what is still owed, in centavos."""
    return _not_negative(cents(income.balance_amount, "balanceAmount"), "balanceAmount")


def type_code_of(income: Income) -> str:
    """Return the document type without its padding."""
    document = text(income.document_identification_id).upper()
    if not document or len(document) > 20:
        raise PermanentError("Campo documentIdentificationId ausente ou inválido.")
    return document


def condition_of(income: Income) -> str:
    """Return the payment condition's code under any of its names."""
    term = first(income.payment_term, income.payment_terms, income.condition_type_id)
    return text(term.id if isinstance(term, Term) else term)


def title_of_income(row: Row[Income]) -> str:
    """Return the title a row is of; "" when that cannot be read."""
    try:
        return key_of(row)[0] if row.value is None else bill_of(row.value)
    except PermanentError:
        return ""


def key_of(row: Row[Income]) -> tuple[str, int | None]:
    """Return what can still be read of a bad row's key."""
    try:
        key = _key.decode(row.raw)
        contract = bill_of(key)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, PermanentError):
        return "", None
    try:
        return contract, whole(key.installment_id, "installmentId")
    except PermanentError:
        return contract, None


def _not_negative(value: Decimal, name: str) -> Decimal:
    if value < 0:
        raise PermanentError(f"Campo {name} negativo.")
    return value
