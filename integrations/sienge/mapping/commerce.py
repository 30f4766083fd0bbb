"""The commercial side: enterprises, sales contracts, units (MAPPING.md, section 3)."""

import json
from collections.abc import Iterator
from decimal import Decimal

from cobranca.calc.money import to_cents
from cobranca.common.documents import clean_document
from cobranca.common.text import plain
from cobranca.contracts.records import (
    BranchRecord,
    DoubtRecord,
    PersonRecord,
    ProductRecord,
    SaleRecord,
)
from cobranca.debtors.models import PersonRole
from integrations.core.errors import PermanentError
from integrations.core.fields import amount, code, day_or_none, flag, text
from integrations.core.streaming import Row
from integrations.sienge.mapping.sheet import Sheet, as_list, first
from integrations.sienge.rows import (
    CostCenter,
    Enterprise,
    Holder,
    SalesContract,
    SoldUnit,
    Unit,
)

NOT_ISSUED = "Contratos de venda ainda sem título"
_CANCELLED_CODE = "3"
WHOLE_UNIT = "100"

STOCK_WORDS = {
    "D": "Disponível",
    "V": "Vendida",
    "L": "Locada",
    "C": "Reservada",
    "R": "Reserva técnica",
    "E": "Permuta",
    "M": "Mútuo",
    "P": "Proposta",
    "T": "Transferida",
    "G": "Vendida/Terceiros",
    "O": "Vendida em pré-contrato",
}


def branch_from(row: Enterprise | CostCenter) -> BranchRecord:
    """Translate an enterprise, or the cost centre that has its code."""
    document = clean_document(text(row.cnpj))
    return BranchRecord(
        external_id=code(row.id, "id"),
        name=text(row.name, 150) or code(row.id, "id"),
        document=document if len(document) == 14 else "",
    )


def add_branch(sheet: Sheet, row: Row[Enterprise] | Row[CostCenter]) -> None:
    """Add one branch to the sheet."""
    sheet.rows += 1
    if row.value is None:
        sheet.set_aside(row, row.problem, code="bad_branch")
        return
    try:
        sheet.records.append(branch_from(row.value))
    except PermanentError as error:
        sheet.set_aside(row, error.message, code="bad_branch")


def add_sale(sheet: Sheet, row: Row[SalesContract]) -> SaleRecord | None:
    """Add one sales contract and its joint buyers; returns it when it has a title."""
    sheet.rows += 1
    if row.value is None:
        sheet.set_aside(row, row.problem, code="bad_sale")
        return None
    contract = row.value
    bill = first(contract.receivable_bill_id, contract.bill_receivable_id)
    if bill is None:
        sheet.ignored[NOT_ISSUED] += 1
        return None
    try:
        sale = sale_from(contract)
        buyers = list(co_buyers_of(contract))
    except PermanentError as error:
        told = text(bill, 40)
        sheet.set_aside(row, error.message, code="bad_sale", contract=told)
        sheet.records.append(DoubtRecord(told))
        return None
    sheet.records += [sale, *buyers]
    return sale


def title_of_sale(row: Row[SalesContract] | None) -> str:
    """Return the title a sales contract is of; "" when it has none or it cannot be read."""
    if row is None or row.value is None:
        return ""
    try:
        told = first(row.value.receivable_bill_id, row.value.bill_receivable_id)
        return "" if told is None else code(told, "receivableBillId")
    except PermanentError:
        return ""


def sale_from(contract: SalesContract) -> SaleRecord:
    """Translate a sales contract that has a title."""
    unit = main_unit_of(contract)
    cancelled_on = day_or_none(contract.cancellation_date, "cancellationDate")
    return SaleRecord(
        contract=code(
            first(contract.receivable_bill_id, contract.bill_receivable_id), "receivableBillId"
        ),
        document_number=text(contract.number, 40),
        branch="" if contract.enterprise_id is None else code(contract.enterprise_id, "enterprise"),
        unit=text(unit.name, 60) if unit else "",
        unit_id="" if unit is None or unit.id is None else code(unit.id, "salesContractUnits.id"),
        is_cancelled=is_cancelled(contract),
        cancelled_on=cancelled_on,
        issued_on=day_or_none(first(contract.issue_date, contract.contract_date), "issueDate"),
    )


def is_cancelled(contract: SalesContract) -> bool:
    """Tell whether the contract was cancelled: tenants tell it by word, code or date."""
    situation = plain(text(contract.situation))
    is_told = situation.startswith("cancelad") or situation == _CANCELLED_CODE
    return is_told or bool(text(contract.cancellation_date))


def main_unit_of(contract: SalesContract) -> SoldUnit | None:
    """Return the unit that stands for the contract: the main one, else the first."""
    units = as_list(contract.sales_contract_units)
    mains = [unit for unit in units if flag(unit.main, "salesContractUnits.main")]
    return next(iter([*mains, *units]), None)


def share_of(contract: SalesContract) -> str:
    """Return which part of its unit the contract sells, in percent as people write it."""
    unit = main_unit_of(contract)
    if unit is None or unit.participation_percentage is None:
        return WHOLE_UNIT
    return _number(unit.participation_percentage)


def installments_foreseen(contract: SalesContract) -> int:
    """Return how many installments the contract says it has, for the progress bar."""
    told = [text(item.installments_number) for item in as_list(contract.payment_conditions)]
    return sum(int(number) for number in told if number.isascii() and number.isdigit())


def co_buyers_of(contract: SalesContract) -> Iterator[PersonRecord]:
    """Yield those who bought together with the main holder, as people around him."""
    holders = as_list(contract.sales_contract_customers)
    mains = [holder for holder in holders if flag(holder.main, "salesContractCustomers.main")]
    main = next(iter([*mains, *holders]), None)
    if main is None:
        return
    debtor = code(first(main.id, main.customer_id), "salesContractCustomers.id")
    for name, holder in {text(h.name, 150): h for h in holders if h is not main}.items():
        if name:
            role = PersonRole.CO_BUYER.value
            yield PersonRecord(debtor, role, name, note=_buyer_note(holder))


def product_from(unit: Unit, shares: dict[str, str]) -> ProductRecord:
    """Translate a unit into the attributes of contract type CT (playbook 6.5)."""
    unit_id = code(unit.id, "id")
    stock = text(unit.commercial_stock).upper()
    attributes = {
        "code": unit_id,
        "product_name": text(unit.name, 150),
        "private_area": "" if unit.private_area is None else _number(unit.private_area),
        "participation_percent": shares.get(unit_id, WHOLE_UNIT),
        "property_type": text(unit.property_type, 80),
        "registration": text(unit.legal_registration_number, 80),
        "commercial_stock": STOCK_WORDS.get(stock, stock[:40]),
    }
    told = {key: value for key, value in attributes.items() if value}
    return ProductRecord(unit_id, json.dumps(told, ensure_ascii=False))


def add_unit(sheet: Sheet, row: Row[Unit], shares: dict[str, str]) -> None:
    """Add one unit to the sheet."""
    sheet.rows += 1
    if row.value is None:
        sheet.set_aside(row, row.problem, code="bad_unit")
        return
    try:
        sheet.records.append(product_from(row.value, shares))
    except PermanentError as error:
        sheet.set_aside(row, error.message, code="bad_unit")


def _buyer_note(holder: Holder) -> str:
    share = holder.participation_percentage
    told = [
        "cônjuge" if flag(holder.spouse, "salesContractCustomers.spouse") else "",
        f"{_number(share)} %" if share else "",
    ]
    return " · ".join(filter(None, told))


def _number(value: Decimal) -> str:
    """Write a measure as people do: 62,5 and 100, without what binary fractions left behind."""
    rounded = to_cents(amount(value, "number"))
    return f"{rounded:f}".rstrip("0").rstrip(".").replace(".", ",")
