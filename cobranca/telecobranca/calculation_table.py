"""The figures of the calculation screen as text: rows, sums, discounts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import localize

from cobranca.calc.quote import Line
from cobranca.campaigns.calculation import Calculation
from cobranca.campaigns.items import DebtRow
from cobranca.campaigns.pricing import Debt
from cobranca.telecobranca.calculation_forms import DISCOUNTS, CalculationForm, amount_text

NOTHING = "0,00"
SUMS = ("original", "correction", "charges", "fee", "updated", "discount", "expenses", "total")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, as text; figures are zeros until it is selected."""

    key: str
    contract_key: str
    contract: str
    label: str
    due: str
    is_locked: bool
    is_late: bool
    is_selected: bool
    original: str
    delay: str
    correction: str = NOTHING
    charges: str = NOTHING
    fee: str = NOTHING
    total: str = NOTHING
    split: str = ""


@dataclass(frozen=True)
class Group:
    """One line of the discounts box."""

    name: str
    label: str
    value: str
    unit: str
    error: str
    most: str
    given: str

    @property
    def field(self) -> str:
        return f"discount_{self.name}"


def rows_of(debt: Debt, made: Calculation | None, chosen: Collection[int]) -> list[Row]:
    """Return every owed installment as text, in the order of the debt."""
    lines = {line.key: line for line in made.quote.lines} if made else {}
    return [_row(row, lines.get(row.installment.pk), chosen) for row in debt.rows]


def _row(row: DebtRow, line: Line | None, chosen: Collection[int]) -> Row:
    installment = row.installment
    told: dict[str, Any] = {
        "key": str(installment.pk),
        "contract_key": str(row.contract.pk),
        "contract": row.contract.number,
        "label": str(installment),
        "due": f"{installment.due_date:%d/%m/%Y}",
        "is_locked": not row.is_selectable,
        "is_late": row.delay > 0,
        "is_selected": installment.pk in chosen,
        "original": amount_text(line.original if line else installment.owed),
        "delay": localize(row.days_late),
    }
    if line is not None:
        told |= {
            "correction": amount_text(line.correction),
            "charges": amount_text(line.charges),
            "fee": amount_text(line.fee),
            "total": amount_text(line.updated),
            "split": split_text(line),
        }
    return Row(**told)


def sums_of(made: Calculation | None) -> dict[str, str]:
    """Return the sums of a calculation by name; zeros when there is none."""
    if made is None:
        return dict.fromkeys(SUMS, NOTHING)
    return {name: amount_text(getattr(made.quote.totals, name)) for name in SUMS}


def split_text(figures: Any) -> str:
    """Write what the ERP's and the playbook's screens do: Multa (0,00) + Juros (95,58)."""
    penalty, interest = amount_text(figures.penalty), amount_text(figures.interest)
    return f"Multa ({penalty}) + Juros ({interest})"


def groups_of(
    form: CalculationForm, made: Calculation | None, errors: Mapping[str, str]
) -> list[Group]:
    """Return the discounts: what was typed, what each may be at most, what it comes to."""
    return [_group(name, label, form, made, errors) for name, label in DISCOUNTS.items()]


def _group(
    name: str,
    label: str,
    form: CalculationForm,
    made: Calculation | None,
    errors: Mapping[str, str],
) -> Group:
    told = {
        "name": name,
        "label": label,
        "value": form[f"discount_{name}"].value() or "",
        "unit": form[f"discount_{name}_as"].value() or "",
        "error": errors.get(f"discount_{name}", ""),
    }
    if made is None:
        return Group(**told, most="", given="")
    totals = made.quote.totals
    given = {
        "charges": totals.discount_penalty + totals.discount_interest,
        "principal": totals.discount_principal,
        "fee": totals.discount_fee,
    }[name]
    most = f"{getattr(made.quote.max_percents, name):.4f}".rstrip("0").rstrip(".").replace(".", ",")
    return Group(**told, most=most, given=amount_text(given) if given else "")
