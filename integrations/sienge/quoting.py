"""Saldo devedor presente: what Sienge says is owed of a title on a day (SIE-20; MAPPING.md)."""

from datetime import date
from decimal import Decimal

from cobranca.calc.money import ZERO
from cobranca.contracts.erp import ErpInstallment, ErpQuote, ErpRefusalError
from cobranca.contracts.models import Contract
from cobranca.creditors.selectors import value_of
from integrations.core.errors import PermanentError
from integrations.core.fields import cents, cents_or_zero, code, day, whole
from integrations.core.streaming import Row
from integrations.sienge import parameters as p
from integrations.sienge.access import Access
from integrations.sienge.mapping.sheet import as_list, first
from integrations.sienge.rows import DebitBalance, DebitInstallment

# Correction and additions are rounded each for itself, their sum only once.
LOST_BY_ROUNDING = Decimal("0.01")


def quote(access: Access, contract: Contract, on: date) -> ErpQuote:
    """Return what is owed of a contract if paid on `on`; nothing when Sienge shows no debt."""
    rows = open_rows(access, contract, on)
    return ErpQuote(
        has_late_terms=any(_shows_late_terms(row, on) for row in rows.values()),
        rows=[_installment(number, row, on) for number, row in sorted(rows.items())],
    )


def open_rows(access: Access, contract: Contract, on: date) -> dict[int, DebitInstallment]:
    """Return the open installments of a contract's title by number, corrected to `on`.

    Both buckets are taken, for which is which is uncertain; what is paid is left out. A row that
    cannot be read spoils the answer: a debt that is short of one installment is a wrong debt.
    """
    document = contract.debtor.document
    if not document:
        raise ErpRefusalError(
            f"{contract.debtor} não tem CPF nem CNPJ no cadastro, e o Sienge só informa o saldo "
            "pelo documento: complete o cadastro e calcule de novo."
        )
    told = access.client.debit_balance(
        document,
        contract.external_id,
        on,
        annual_correction=value_of(p.ANNUAL_CORRECTION, agency=access.creditor.agency),
    )
    return {
        whole(first(row.installment_id, row.id), "installmentId"): row
        for bill in map(_readable, told)
        if _is_of(bill, contract)
        for bucket in (bill.due_installments, bill.payable_installments)
        for row in as_list(bucket)
    }


def _readable(row: Row[DebitBalance]) -> DebitBalance:
    if row.value is None:
        raise PermanentError(f"Saldo devedor ilegível: {row.problem}")
    return row.value


def _is_of(bill: DebitBalance, contract: Contract) -> bool:
    """Tell the contract's own title: a person may owe several, and the filter may be ignored."""
    told = first(bill.bill_receivable_id, bill.receivable_bill_id, bill.bill_id)
    return code(told, "billReceivableId") == contract.external_id


def _shows_late_terms(row: DebitInstallment, on: date) -> bool:
    """Tell whether a title has late-payment terms by what one of its installments says.

    `latePaymentInterest` is fine plus monthly interest, in percent: nothing where the terms are
    "Nenhum". Additions to what is late say the same where the percentage is not told.
    """
    if cents_or_zero(row.late_payment_interest, "latePaymentInterest") > 0:
        return True
    added = cents_or_zero(row.additional_value, "additionalValue")
    return added > 0 and day(row.due_date, "dueDate") < on


def _installment(number: int, row: DebitInstallment, on: date) -> ErpInstallment:
    """Split what pays an installment off into what it is made of.

    Correction and additions are told; when the balance is less than they add up to, what is
    missing was paid already or, before the due date, is Sienge's discount for paying early.
    """
    original = cents(row.original_value, "originalValue")
    correction = _correction(row, original)
    charges = cents_or_zero(row.additional_value, "additionalValue")
    short = _balance(row, original + correction + charges) - (original + correction + charges)
    if ZERO < short <= LOST_BY_ROUNDING:
        charges += short
    less = max(-short, ZERO)
    is_early = day(row.due_date, "dueDate") > on
    return ErpInstallment(
        number=number,
        original=original if is_early else original - less,
        correction=correction,
        charges=charges,
        early_discount=less if is_early else ZERO,
    )


def _correction(row: DebitInstallment, original: Decimal) -> Decimal:
    if row.monetary_correction_value is None and row.adjusted_value is not None:
        return cents(row.adjusted_value, "adjustedValue") - original
    return cents_or_zero(row.monetary_correction_value, "monetaryCorrectionValue")


def _balance(row: DebitInstallment, whole_debt: Decimal) -> Decimal:
    """Return what Sienge says is owed; all of it where it does not say."""
    if row.current_balance is None:
        return whole_debt
    return cents(row.current_balance, "currentBalance")
