"""Agreements in several states, to look at."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement
from cobranca.agreements.services import Receipt, make_agreement, pay_agreement
from cobranca.calc.discounts import DiscountRequest, Percent
from cobranca.campaigns.calculation import Asked, calculate
from cobranca.common import clock
from cobranca.debtors.models import Debtor


def build_agreements(debtors: list[Debtor], actor: User) -> Agreement:
    """Make a proposal, one that waits, one in cash and one in parcels, partly paid: the last."""
    today = clock.today()
    _agree(debtors[5], actor, mode="proposal")
    _agree(debtors[6], actor, discounts=DiscountRequest(principal=Percent(Decimal(15))))
    _agree(debtors[7], actor)
    made = _agree(
        debtors[8],
        actor,
        plan="instalments",
        parts=6,
        down_payment=Decimal("1500.00"),
        first_due=today + timedelta(days=30),
        discounts=DiscountRequest(charges=Percent(Decimal(50))),
        expenses=Decimal("35.90"),
    )
    pay_agreement(
        agreement_id=made.pk,
        receipt=Receipt(paid_on=today, amount=Decimal("1500.00"), means="PIX"),
        actor=actor,
        on=today,
    )
    return made


def _agree(debtor: Debtor, actor: User, mode: str = "active", **asked: Any) -> Agreement:
    on = clock.today()
    made = calculate(debtor.pk, Asked(on=on, **asked))
    words = "Combinado por telefone: paga a entrada hoje por PIX."
    return make_agreement(made, actor=actor, on=on, mode=mode, description=words)
