"""Sienge's rows as they come: their names, every field optional, spellings of 6.1 accepted.

A type is as wide as what tenants were seen to send: ids as numbers or text, flags as booleans or
S/N, a single object where a list is documented. Meaning is the mapper's.
"""

from decimal import Decimal
from typing import Any

import msgspec

Code = int | str | None
# Nothing is decided by it, so nothing it may be refuses the row.
Text = Any
Flag = bool | str | int | None
Money = Decimal | None


class SiengeRow(msgspec.Struct, rename="camel"):
    """Base of all rows: camelCase there, snake_case here."""


class Named(SiengeRow):
    """Something with a code and a name: company, payment condition, document type, indexer."""

    id: Code = None
    name: Text = None
    description: Text = None
    trade_name: Text = None


class Enterprise(SiengeRow):
    id: Code = None
    name: Text = None
    commercial_name: Text = None
    cnpj: Text = None
    company_id: Code = None


class CostCenter(SiengeRow):
    id: Code = None
    name: Text = None
    cnpj: Text = None
    id_company: Code = None


class Phone(SiengeRow):
    number: Text = None
    ddd: Text = None
    idd: Text = None
    main: Flag = None
    type: Text = None
    note: Text = None


class Address(SiengeRow):
    type: Text = None
    street_name: Text = None
    number: Text = None
    complement: Text = None
    neighborhood: Text = None
    city: Text = None
    state: Text = None
    zip_code: Text = None
    mail: Flag = None


class Spouse(SiengeRow):
    name: Text = None
    cpf: Text = None
    email: Text = None
    cellphone_number: Text = None
    business_phone: Text = None


class Procurator(SiengeRow):
    name: Text = None
    cpf: Text = None
    email: Text = None
    phones: list[Phone] | Phone | None = None


class FamilyIncome(SiengeRow):
    kins_name: Text = None
    kinship: Text = None


class Customer(SiengeRow):
    id: Code = None
    person_type: Text = None
    name: Text = None
    social_name: Text = None
    fantasy_name: Text = None
    cpf: Text = None
    cnpj: Text = None
    international_id: Text = None
    email: Text = None
    birth_date: Text = None
    establishment_date: Text = None
    birth_place: Text = None
    nationality: Text = None
    civil_status: Text = None
    matrimonial_regime: Text = None
    profession: Text = None
    sex: Text = None
    father_name: Text = None
    mother_name: Text = None
    number_identity_card: Text = None
    issuing_body: Text = None
    state_registration_number: Text = None
    client_type: Text = None
    activity_description: Text = None
    site: Text = None
    note: Text = None
    contact_name: Text = None
    technical_manager: Text = None
    phones: list[Phone] | Phone | None = None
    addresses: list[Address] | Address | None = None
    spouse: Spouse | list[Spouse] | None = None
    procurators: list[Procurator] | Procurator | None = None
    family_income: list[FamilyIncome] | FamilyIncome | None = None


class Holder(SiengeRow):
    id: Code = None
    customer_id: Code = None
    name: Text = None
    main: Flag = None
    spouse: Flag = None
    participation_percentage: Money = None


class SoldUnit(SiengeRow):
    id: Code = None
    name: Text = None
    main: Flag = None
    participation_percentage: Money = None


class PaymentCondition(SiengeRow):
    installments_number: Code = None


class SalesContract(SiengeRow):
    id: Code = None
    company_id: Code = None
    enterprise_id: Code = None
    receivable_bill_id: Code = None
    bill_receivable_id: Code = None
    number: Text = None
    situation: Text = None
    issue_date: Text = None
    contract_date: Text = None
    cancellation_date: Text = None
    sales_contract_customers: list[Holder] | Holder | None = None
    sales_contract_units: list[SoldUnit] | SoldUnit | None = None
    payment_conditions: list[PaymentCondition] | PaymentCondition | None = None


class Unit(SiengeRow):
    id: Code = None
    enterprise_id: Code = None
    name: Text = None
    property_type: Text = None
    private_area: Money = None
    legal_registration_number: Text = None
    commercial_stock: Text = None


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


class Metadata(SiengeRow):
    count: int | str | None = None
    limit: int | str | None = None


class Envelope(SiengeRow):
    """The wrapping of lists; a single resource may come in it or bare."""

    result_set_metadata: Metadata | None = None
    results: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
