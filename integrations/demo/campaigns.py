"""How the demonstration's offices charge: a campaign a creditor, as somebody would type it."""

from datetime import date
from decimal import Decimal

from cobranca.accounts.models import User
from cobranca.campaigns import services
from cobranca.campaigns.models import Campaign, CashBracket, InstalmentBracket
from cobranca.creditors.models import Creditor

NAME = "Carteira própria"
VALID_FROM = date(2021, 1, 1)
FEE, PENALTY, INTEREST = Decimal(10), Decimal(2), Decimal(1)
# Delay from and to; most that may be forgiven of penalty, interest and fee, of the principal.
CASH = (
    (-9999, 0, 0, 0),
    (1, 30, 20, 0),
    (31, 90, 50, 0),
    (91, 180, 80, 5),
    (181, 9999, 100, 10),
)
# Parcels from and to; least down payment; rate a month. An agreement written into the ERP has no
# down payment: the first bracket lets one be made.
INSTALMENTS = ((2, 6, 0, "0.00"), (7, 12, 10, "1.00"), (13, 60, 20, "1.50"))


def ensure_campaign(creditor: Creditor, actor: User) -> None:
    """Give a creditor its campaign, once."""
    if Campaign.objects.filter(creditor=creditor).exists():
        return
    campaign = services.save_campaign(
        campaign=Campaign(
            agency=creditor.agency,
            creditor=creditor,
            name=NAME,
            valid_from=VALID_FROM,
            is_portal=True,
            early_annual_percent=Decimal(6),
        ),
        actor=actor,
    )
    services.save_brackets(
        campaign=campaign,
        cash=[_cash(*row) for row in CASH],
        instalments=[_instalments(*row) for row in INSTALMENTS],
        actor=actor,
    )


def _cash(first: int, last: int, charges: int, principal: int) -> CashBracket:
    return CashBracket(
        delay_from=first,
        delay_to=last,
        penalty_percent=PENALTY,
        monthly_interest_percent=INTEREST,
        fee_percent=FEE,
        max_discount_principal=Decimal(principal),
        max_discount_penalty=Decimal(charges),
        max_discount_interest=Decimal(charges),
        max_discount_fee=Decimal(charges) / 2,
    )


def _instalments(first: int, last: int, down_payment: int, rate: str) -> InstalmentBracket:
    return InstalmentBracket(
        parts_from=first,
        parts_to=last,
        min_down_payment_percent=Decimal(down_payment),
        monthly_rate_percent=Decimal(rate),
        max_discount_penalty=Decimal(50),
        max_discount_interest=Decimal(50),
    )
