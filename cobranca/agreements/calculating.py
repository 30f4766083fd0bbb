"""A calculation as an agreement needs it: with what the creditor's settings say of due dates."""

from dataclasses import replace

from cobranca.agreements.selectors import schedule_defaults
from cobranca.campaigns.calculation import Asked, Calculation, calculate_debt, late_selection
from cobranca.campaigns.pricing import debt_of


def calculate_agreement(debtor_id: int, asked: Asked) -> Calculation:
    """Price a selection for an agreement: due dates move as the creditor's settings say, and a
    first due date that is not told is theirs. Errors as those of `calculate`."""
    debt = debt_of(debtor_id, asked.on, contract_ids=asked.contract_ids)
    chosen = late_selection(debt) if asked.selection is None else asked.selection
    creditor = debt.selected(chosen)[0].contract.creditor
    defaults = schedule_defaults(creditor, asked.plan, asked.on)
    first_due = asked.first_due or defaults.first_due
    told = replace(
        asked, selection=chosen, first_due=first_due, business_days=defaults.business_days
    )
    return calculate_debt(debt, told)
