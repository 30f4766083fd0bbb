"""Multa and juros de mora worked out here, when the ERP has no terms of its own."""

from dataclasses import dataclass
from decimal import Decimal

from cobranca.calc.money import EXACT, ZERO, percent_of, to_cents

# Per cent, of a month of thirty days.
PERCENT_DAYS = Decimal(3000)


@dataclass(frozen=True, slots=True)
class ChargeTerms:
    """Multa and monthly juros as percentages; whether juros also run on the multa."""

    penalty_percent: Decimal
    monthly_interest_percent: Decimal
    interest_on_penalty: bool = False


@dataclass(frozen=True, slots=True)
class Charges:
    """Encargos: multa and juros, in centavos."""

    penalty: Decimal = ZERO
    interest: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.penalty + self.interest


NO_CHARGES = Charges()


def late_charges(base: Decimal, days_late: int, terms: ChargeTerms) -> Charges:
    """Return the multa and juros de mora on `base` (original + correction), `days_late` days on.

    Multa = base × %, once late; juros simple, pro rata die: base × % a month × days ÷ 30, on base +
    multa when the terms say so. Each is rounded once, at its end, half up. Nothing is owed up to
    and including the effective due date (0 days). CAL-04, playbook 7.2.1.
    """
    if days_late <= 0:
        return NO_CHARGES
    penalty = to_cents(percent_of(base, terms.penalty_percent))
    bearing = base + penalty if terms.interest_on_penalty else base
    product = EXACT.multiply(
        EXACT.multiply(bearing, terms.monthly_interest_percent), Decimal(days_late)
    )
    return Charges(penalty, to_cents(EXACT.divide(product, PERCENT_DAYS)))
