"""Rows for tests, built by plain functions: what is not said is plausible and unique."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import IMPLEMENTER
from cobranca.campaigns.models import Campaign, CashBracket, InstalmentBracket
from cobranca.contracts.models import Contract, Installment, Negotiation
from cobranca.creditors.models import Branch, ContractType, Creditor
from cobranca.debtors.models import Debtor

PASSWORD = "segredo-de-teste-1"
# Real check digits; as many different documents as a test needs.
_numbers: Iterator[int] = count(1)


def next_number() -> int:
    """Return a number no other row of this process was given."""
    return next(_numbers)


def cpf(number: int) -> str:
    """Return a valid CPF, in digits, made from `number`."""
    digits = f"{number:09d}"
    for length in (10, 11):
        total = sum(
            int(digit) * weight for digit, weight in zip(digits, range(length, 1, -1), strict=True)
        )
        digits += str(total * 10 % 11 % 10)
    return digits


def cnpj(number: int) -> str:
    """Return a valid CNPJ, in digits, made from `number`."""
    digits = f"{number:08d}0001"
    for weights in ("543298765432", "6543298765432"):
        total = sum(int(d) * int(w) for d, w in zip(digits, weights, strict=True))
        digits += str((11 - total % 11) % 11 % 10)
    return digits


def make_agency(name: str = "", **fields: Any) -> Agency:
    number = next_number()
    return Agency.objects.create(
        name=name or f"Assessoria {number}", document=cnpj(number), **fields
    )


def make_user(agency: Agency | None, role: str = IMPLEMENTER, username: str = "") -> User:
    """Create someone who signs in with PASSWORD."""
    user = User(
        username=username or f"{role.lower()}{next_number()}",
        agency=agency,
        is_staff=role != "Cobrador",
    )
    user.set_password(PASSWORD)
    user.save()
    user.groups.add(Group.objects.get(name=role))
    return user


def make_creditor(agency: Agency, **fields: Any) -> Creditor:
    number = next_number()
    given = {
        "document": cnpj(number),
        "legal_name": f"Incorporadora {number} Ltda",
        "trade_name": f"Incorporadora {number}",
    }
    return _saved(Creditor(agency=agency, **{**given, **fields}))


def make_branch(creditor: Creditor, **fields: Any) -> Branch:
    number = next_number()
    given = {"code": str(number), "name": f"Residencial {number}"}
    return _saved(Branch(agency=creditor.agency, creditor=creditor, **{**given, **fields}))


def make_contract_type(agency: Agency, code: str = "CT", **fields: Any) -> ContractType:
    given = {"name": "Contrato de venda", "creditor_type": "SIENGE"}
    return _saved(ContractType(agency=agency, code=code, **{**given, **fields}))


def make_debtor(agency: Agency, **fields: Any) -> Debtor:
    number = next_number()
    given = {"document": cpf(number), "name": f"Devedora {number} da Silva"}
    return _saved(Debtor(agency=agency, **{**given, **fields}))


def make_contract(creditor: Creditor, debtor: Debtor, **fields: Any) -> Contract:
    given: dict[str, Any] = {"number": str(next_number())}
    if "contract_type" not in fields:
        given["contract_type"] = _contract_type_of(creditor.agency)
    given["external_id"] = fields.get("number", given["number"])
    contract = Contract(
        agency=creditor.agency, creditor=creditor, debtor=debtor, **{**given, **fields}
    )
    _saved(contract)
    _saved(Negotiation(agency=contract.agency, contract=contract, number=1))
    return contract


def make_installment(contract: Contract, number: int = 1, **fields: Any) -> Installment:
    given = {"due_date": date(2026, 3, 10), "principal": Decimal("1000.00"), "label": f"{number}/1"}
    given["balance"] = fields.get("principal", given["principal"])
    return _saved(
        Installment(agency=contract.agency, contract=contract, number=number, **{**given, **fields})
    )


def make_campaign(creditor: Creditor, **fields: Any) -> Campaign:
    """Create a campaign in force since 2020, without brackets."""
    given = {"name": f"Campanha {next_number()}", "valid_from": date(2020, 1, 1)}
    return _saved(Campaign(agency=creditor.agency, creditor=creditor, **{**given, **fields}))


def make_cash_bracket(campaign: Campaign, **fields: Any) -> CashBracket:
    """Create a bracket à vista for any delay: 2 % penalty, 1 % a month, fee of 10 %."""
    given = {
        "penalty_percent": Decimal(2),
        "monthly_interest_percent": Decimal(1),
        "fee_percent": Decimal(10),
    }
    return _saved(CashBracket(agency=campaign.agency, campaign=campaign, **{**given, **fields}))


def make_instalment_bracket(campaign: Campaign, **fields: Any) -> InstalmentBracket:
    """Create a bracket of the parcelado for any delay and 2 to 180 parcels, without juros."""
    return _saved(InstalmentBracket(agency=campaign.agency, campaign=campaign, **fields))


def _contract_type_of(agency: Agency) -> ContractType:
    # The plain manager: a factory may be called outside of any agency's scope.
    found = ContractType._base_manager.filter(agency=agency, code="CT").first()
    return found or make_contract_type(agency)


def _saved(row: Any) -> Any:
    row.save()
    return row
