"""The bulk data: installments with their receipts, and statements bill by bill."""

import msgspec

from integrations.sienge.rows.base import Code, Flag, Money, SiengeRow, Text


class Term(SiengeRow):
    """A payment condition inside another row; `descrition` is how they spell it."""

    id: Code = None


class Receipt(SiengeRow):
    operation_type_id: Code = None
    operation_type_name: Text = None
    gross_amount: Money = None
    net_amount: Money = None
    interest_amount: Money = None
    fine_amount: Money = None
    addition_amount: Money = None
    monetary_correction_amount: Money = None
    discount_amount: Money = None
    payment_date: Text = None
    sequencial_number: Code = None
    # Only whether there are any is asked: left undecoded.
    bank_movements: msgspec.Raw = msgspec.Raw(b"")


class Income(SiengeRow):
    """One receivable installment of the bulk data, with its receipts."""

    company_id: Code = None
    client_id: Code = None
    customer_id: Code = None
    bill_id: Code = None
    receivable_bill_id: Code = None
    bill_receivable_id: Code = None
    installment_id: Code = None
    installment_number: Text = None
    project_id: Code = None
    project_name: Text = None
    document_identification_id: Text = None
    document_identification_name: Text = None
    document_number: Text = None
    document_forecast: Flag = None
    origin_id: Text = None
    main_unit: Text = None
    issue_date: Text = None
    due_date: Text = None
    original_amount: Money = None
    balance_amount: Money = None
    payment_term: Term | str | None = None
    payment_terms: Term | str | None = None
    condition_type_id: Code = None
    receipts: list[Receipt] | Receipt | None = None


class IncomeKey(SiengeRow):
    """What an unreadable installment may still say: which one it is."""

    bill_id: Code = None
    receivable_bill_id: Code = None
    bill_receivable_id: Code = None
    installment_id: Code = None


class ExtractInstallment(SiengeRow):
    id: Code = None
    installment_id: Code = None
    installment_situation: Code = None
    generated_billet: Flag = None
    generated_boleto: Flag = None
    generated_ticket: Flag = None


class OfCompany(SiengeRow):
    id: Code = None


class Extract(SiengeRow):
    """One bill of the bulk statement: which installments have a boleto."""

    bill_receivable_id: Code = None
    receivable_bill_id: Code = None
    bill_id: Code = None
    company: OfCompany | None = None
    installments: list[ExtractInstallment] | ExtractInstallment | None = None
