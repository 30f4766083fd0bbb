"""A debtor with something to agree on, and agreements made of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from cobranca.accounts.models import User
from cobranca.agreements.calculating import calculate_agreement
from cobranca.agreements.models import Agreement
from cobranca.agreements.services import Receipt, make_agreement, pay_agreement
from cobranca.calc.discounts import DiscountRequest, Percent
from cobranca.campaigns.calculation import Asked, Calculation
from cobranca.campaigns.models import Campaign
from cobranca.campaigns.states import PlanKind
from cobranca.contracts.models import Contract, Event, Installment
from cobranca.creditors.models import Creditor, ParameterValue
from cobranca.creditors.parameters import Parameter
from tests import factories

TODAY = date(2026, 3, 16)
HUNDRED = Decimal(100)
CEILINGS = {
    "max_discount_principal": HUNDRED,
    "max_discount_penalty": HUNDRED,
    "max_discount_interest": HUNDRED,
    "max_discount_fee": HUNDRED,
}


def make_plain_campaign(creditor: Creditor, **rates: Any) -> Campaign:
    """Create a campaign that charges nothing unless told, and forgives anything."""
    campaign = factories.make_campaign(creditor)
    free = {"penalty_percent": 0, "monthly_interest_percent": 0, "fee_percent": 0}
    factories.make_cash_bracket(campaign, **CEILINGS, **{**free, **rates})
    factories.make_instalment_bracket(campaign, **CEILINGS)
    return campaign


def make_book(contract: Contract, amounts: list[str]) -> list[Installment]:
    """Create installments of a contract, one a month, the last due before TODAY."""
    months = [(TODAY.month - len(amounts) + number) % 12 + 1 for number in range(len(amounts))]
    return [
        factories.make_installment(
            contract,
            number,
            label="",
            due_date=date(TODAY.year if month <= TODAY.month else TODAY.year - 1, month, 10),
            principal=Decimal(amount),
        )
        for number, (month, amount) in enumerate(zip(months, amounts, strict=True), start=1)
    ]


def price(contract: Contract, **asked: Any) -> Calculation:
    """Price the debt of a contract's debtor, all that is late unless told otherwise."""
    discount = asked.pop("discount", None)
    if discount is not None:
        asked["discounts"] = DiscountRequest(principal=Percent(Decimal(discount)))
    if "parts" in asked:
        asked.setdefault("plan", PlanKind.INSTALMENTS)
    return calculate_agreement(contract.debtor_id, Asked(**{"on": TODAY, **asked}))


def agree(contract: Contract, actor: User, mode: str = "active", **asked: Any) -> Agreement:
    """Make an agreement about all that is late, unless told otherwise."""
    how = {name: asked.pop(name) for name in ("description", "template") if name in asked}
    return make_agreement(price(contract, **asked), actor=actor, on=TODAY, mode=mode, **how)


def pay(agreement: Agreement, actor: User, amount: str | None = None, **told: Any) -> Any:
    """Record money for an agreement, today unless told otherwise."""
    on = told.pop("on", TODAY)
    given = {"paid_on": on, "amount": Decimal(amount) if amount else None}
    receipt = Receipt(**{**given, **told})
    return pay_agreement(agreement_id=agreement.pk, receipt=receipt, actor=actor, on=on)


def fresh(agreement: Agreement) -> Agreement:
    """Read an agreement again."""
    return Agreement.objects.get(pk=agreement.pk)


def statuses(contract: Contract) -> list[str]:
    """Return the states of a contract's installments, in order."""
    return list(contract.installments.order_by("number").values_list("status", flat=True))


def owed(contract: Contract) -> list[Decimal]:
    """Return what is owed of a contract's installments, in order."""
    return [row.owed for row in contract.installments.order_by("number")]


def last_event(kind: str) -> Event:
    return Event.objects.filter(kind=kind).order_by("-pk")[0]


def set_parameter(parameter: Parameter[Any], value: str, creditor: Creditor) -> None:
    ParameterValue.objects.update_or_create(
        agency=creditor.agency, creditor=creditor, section=parameter.section, key=parameter.key,
        defaults={"value": value},
    )  # fmt: skip
