"""Enterprises, units and sales contracts."""

from integrations.sienge.rows.base import Code, Flag, Money, SiengeRow, Text


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
