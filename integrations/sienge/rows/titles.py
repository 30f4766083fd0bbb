"""Titles one by one: what they are, what is owed of each, statements and renegotiations."""

from integrations.sienge.rows.base import Code, Flag, Money, SiengeRow, Text


class Title(SiengeRow):
    """A receivable bill; its collection situation is four flags."""

    receivable_bill_id: Code = None
    bill_receivable_id: Code = None
    bill_id: Code = None
    customer_id: Code = None
    client_id: Code = None
    company_id: Code = None
    document_id: Text = None
    document_number: Text = None
    issue_date: Text = None
    receivable_bill_value: Money = None
    pay_off_date: Text = None
    unity_name: Text = None
    note: Text = None
    normal: Flag = None
    in_billing: Flag = None
    defaulting: Flag = None
    subjudice: Flag = None
    sub_judice: Flag = None
    sub_judicie: Flag = None


class TitleInstallment(SiengeRow):
    """An installment as its title lists it: `balance_due` is original, 0 when settled."""

    receivable_bill_id: Code = None
    bill_receivable_id: Code = None
    bill_id: Code = None
    installment_id: Code = None
    id: Code = None
    installment_number: Text = None
    carrier_id: Code = None
    bearer_id: Code = None
    condition_type_id: Text = None
    condition_type: Text = None
    due_date: Text = None
    balance_due: Money = None
    generated_boleto: Flag = None
    generated_ticket: Flag = None
    generated_billet: Flag = None


class StatementReceipt(SiengeRow):
    calculation_date: Text = None
    receipt_date: Text = None
    receipt_value: Money = None
    interest_value: Money = None
    additional_value: Money = None
    discount_value: Money = None
    net_receipt_value: Money = None
    receipt_type: Text = None
    account_number: Text = None
    credit_date: Text = None
    # Only whether there are any is asked.
    bank_movements: Text = None


class StatementInstallment(SiengeRow):
    """An installment of a statement: `current_balance` is corrected to the day, 0 when settled."""

    installment_id: Code = None
    id: Code = None
    installment_number: Text = None
    due_date: Text = None
    condition_type: Text = None
    condition_type_id: Text = None
    original_value: Money = None
    current_balance: Money = None
    interest_percent: Money = None
    generated_billet: Flag = None
    generated_boleto: Flag = None
    generated_ticket: Flag = None
    receipts: list[StatementReceipt] | StatementReceipt | None = None


class StatementBill(SiengeRow):
    """A title of a statement: `document_id` is its number, `document_code` its type."""

    bill_receivable_id: Code = None
    receivable_bill_id: Code = None
    bill_id: Code = None
    cost_center_id: Code = None
    fine_percent: Money = None
    interest_percent: Money = None
    document_id: Text = None
    document_code: Text = None
    sub_judice: Flag = None
    installments: list[StatementInstallment] | StatementInstallment | None = None


class Statement(SiengeRow):
    """A customer's statement. The specification draws a single bill where several come."""

    bills_receivable: list[StatementBill] | StatementBill | None = None


class Remade(SiengeRow):
    """A renegotiation: installments as text, "2, 3, 4"."""

    receivable_bill_id: Code = None
    bill_receivable_id: Code = None
    bill_id: Code = None
    remade_date: Text = None
    customer_description: Text = None
    remade_installments_description: Text = None
    remade_value: Money = None
    generated_installments_description: Text = None
    generated_value: Money = None


class DebitReceipt(SiengeRow):
    receipt_id: Code = None
    receipt_date: Text = None
    receipt_value: Money = None


class DebitInstallment(SiengeRow):
    """What is owed of an installment on a day: `additional_value` is fine and interest."""

    installment_id: Code = None
    id: Code = None
    installment_number: Text = None
    due_date: Text = None
    original_value: Money = None
    monetary_correction_value: Money = None
    adjusted_value: Money = None
    late_payment_interest: Money = None
    additional_value: Money = None
    current_balance: Money = None
    condition_type: Text = None
    indexer_code: Code = None
    indexer_name: Text = None
    base_date_of_correction: Text = None
    generated_boleto: Flag = None
    generated_ticket: Flag = None
    generated_billet: Flag = None
    receipts: list[DebitReceipt] | DebitReceipt | None = None


class DebitBalance(SiengeRow):
    """A title's present debt. The buckets are not to be trusted: look at the due dates."""

    bill_receivable_id: Code = None
    receivable_bill_id: Code = None
    bill_id: Code = None
    document_id: Text = None
    paid_installments: list[DebitInstallment] | DebitInstallment | None = None
    due_installments: list[DebitInstallment] | DebitInstallment | None = None
    payable_installments: list[DebitInstallment] | DebitInstallment | None = None


class Boleto(SiengeRow):
    """A second copy: a link of minutes and the digitable line, with blanks and dots."""

    url_report: Text = None
    digitable_number: Text = None
