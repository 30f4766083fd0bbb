"""How campaigns and brackets read in the trail of changes."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cobranca.campaigns.brackets import FILTERS
from cobranca.campaigns.models import Bracket, Campaign
from cobranca.campaigns.selectors import FilterChoices
from cobranca.common import trail

CAMPAIGN_FIELDS = (
    "creditor", "name", "valid_from", "valid_to", "priority", "is_active", "is_portal",
    "contract_type_ids", "branch_ids", "index", "early_annual_percent",
)  # fmt: skip
CASH_FIELDS = (
    "delay_from", "delay_to", "penalty_percent", "monthly_interest_percent", "fee_percent",
    "max_discount_principal", "max_discount_penalty", "max_discount_interest", "max_discount_fee",
    "pass_on_principal", "pass_on_penalty", "pass_on_interest", "pass_on_fee",
    "contract_type_ids", "branch_ids",
)  # fmt: skip
INSTALMENT_FIELDS = (
    "delay_from", "delay_to", "parts_from", "parts_to", "allows_down_payment",
    "min_down_payment_percent", "monthly_rate_percent",
    "max_discount_principal", "max_discount_penalty", "max_discount_interest", "max_discount_fee",
    "contract_type_ids", "branch_ids",
)  # fmt: skip
Changes = dict[str, list[str]]


def percent(value: Decimal) -> str:
    """Return a percentage as people write it: 2,00 and 0,033333."""
    text = f"{value:.6f}".rstrip("0")
    whole, _, places = text.partition(".")
    return f"{whole},{places:0<2}"


def seen_campaign(campaign: Campaign | None, choices: FilterChoices) -> dict[str, str]:
    """Return what the trail compares of a stored campaign; nothing for a new one."""
    return {} if campaign is None else _seen(campaign, CAMPAIGN_FIELDS, choices)


def _seen(row: Any, fields: Sequence[str], choices: FilterChoices) -> dict[str, str]:
    shown = trail.snapshot(row, [name for name in fields if name not in FILTERS])
    for name in fields:
        label, value = str(row._meta.get_field(name).verbose_name), getattr(row, name)
        if isinstance(value, Decimal):
            shown[label] = percent(value)
        elif name in FILTERS:
            shown[label] = choices.labels(name, value)
    return shown


def table_changes(
    table: str,
    before: Mapping[int, Bracket],
    after: Iterable[Bracket],
    fields: Sequence[str],
    choices: FilterChoices,
) -> Changes:
    """Return what changed in a table of brackets, each change by the bracket's name."""
    kept = list(after)
    changes: Changes = {}
    for row in kept:
        old = before.get(row.pk)
        name = f"{table} {old or row}"
        if old is None:
            changes[_unused(name, changes)] = [trail.EMPTY, _in_words(row, fields, choices)]
            continue
        differs = trail.differences(_seen(old, fields, choices), _seen(row, fields, choices))
        changes |= {_unused(f"{name} · {label}", changes): pair for label, pair in differs.items()}
    gone = set(before) - {row.pk for row in kept}
    for pk in sorted(gone):
        name = _unused(f"{table} {before[pk]}", changes)
        changes[name] = [_in_words(before[pk], fields, choices), trail.EMPTY]
    return changes


def _in_words(row: Bracket, fields: Sequence[str], choices: FilterChoices) -> str:
    """Return a bracket's own figures, without those that are nought or not filtered."""
    zero = {percent(Decimal(0)), "Todos"}
    seen = _seen(row, [name for name in fields if not name.endswith(("_from", "_to"))], choices)
    return "; ".join(f"{label} {text}" for label, text in seen.items() if text not in zero) or "0"


def _unused(name: str, taken: Mapping[str, Any]) -> str:
    """Return `name`, with a number after it while another change has it: filters may differ."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
