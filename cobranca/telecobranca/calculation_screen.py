"""The calculation screen put together: the debt, what was typed, what it comes to, in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement
from cobranca.agreements.selectors import schedule_defaults
from cobranca.agreements.services.authority import why_wait
from cobranca.agreements.wording import values_text
from cobranca.calc.money import ZERO
from cobranca.calc.rates import annual_equivalent
from cobranca.calc.words import percentage, reais
from cobranca.campaigns.calculation import Calculation, calculate_debt, late_selection
from cobranca.campaigns.pricing import Debt, debt_of
from cobranca.campaigns.states import PlanKind
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import gateway_for
from cobranca.contracts.freshness import freshness_of
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from cobranca.telecobranca.calculation_forms import (
    CalculationForm,
    amount_text,
    asked_of,
)
from cobranca.telecobranca.calculation_table import (
    NOTHING,
    Group,
    Row,
    groups_of,
    rows_of,
    split_text,
    sums_of,
)

GENERAL = "general"
# Where errors are shown: a rule about anything else is said above the table.
FIELDS = tuple(CalculationForm.base_fields)


@dataclass(frozen=True)
class Age:
    """How old what is shown is: the ERP's answer for the day, else the creditor's last load."""

    label: str
    at: datetime | None
    hours: int


@dataclass
class Screen:
    """What the templates show. `calculation` is None while something keeps it from being made."""

    debtor: Debtor
    form: CalculationForm
    debt: Debt
    calculation: Calculation | None = None
    selected: Collection[int] = ()
    errors: dict[str, str] = field(default_factory=dict)
    # Of what was selected before, how many rows can no longer be.
    dropped: int = 0

    @property
    def is_ok(self) -> bool:
        return self.calculation is not None

    @property
    def on(self) -> date:
        return self.debt.on

    @cached_property
    def rows(self) -> list[Row]:
        """Every owed installment, soonest due first."""
        return rows_of(self.debt, self.calculation, set(self.selected))

    @property
    def contracts(self) -> list[Contract]:
        """The contracts there are rows of, in the order of the table."""
        return list({row.contract.pk: row.contract for row in self.debt.rows}.values())

    @property
    def chosen_contract(self) -> str:
        """Key of the one contract shown; "" for all."""
        told = str(self.form["contract"].value() or "")
        return told if told in {str(contract.pk) for contract in self.contracts} else ""

    @property
    def shown_count(self) -> int:
        """How many rows may be selected of the contract shown, or of all."""
        only = self.chosen_contract
        return sum(
            row.is_selectable for row in self.debt.rows if only in ("", str(row.contract.pk))
        )

    @property
    def selected_count(self) -> int:
        return len(self.selected)

    @property
    def has_correction(self) -> bool:
        return bool(self.calculation and self.calculation.quote.totals.correction)

    @cached_property
    def sums(self) -> dict[str, str]:
        """The foot of the table and the figures below the discounts."""
        return sums_of(self.calculation)

    @property
    def charges_split(self) -> str:
        return split_text(self.calculation.quote.totals) if self.calculation else ""

    @property
    def early_discount(self) -> str:
        """The deságio within the discount; "" when there is none."""
        early = self.calculation.quote.totals.early_discount if self.calculation else ZERO
        return amount_text(early) if early else ""

    @property
    def minimum(self) -> str:
        return amount_text(self.calculation.quote.minimum) if self.calculation else NOTHING

    @property
    def groups(self) -> list[Group]:
        """The discounts: what each may be at most, and what it comes to now."""
        return groups_of(self.form, self.calculation, self.errors)

    @property
    def error_names(self) -> tuple[str, ...]:
        """Every place where an error may stand."""
        return (GENERAL, *FIELDS)

    @property
    def typed_on(self) -> str:
        return self._typed_day("on")

    @property
    def typed_first_due(self) -> str:
        return self._typed_day("first_due")

    def _typed_day(self, name: str) -> str:
        day = self.form.cleaned_data.get(name)
        return f"{day:%d/%m/%Y}" if day else str(self.form[name].value() or "")

    @property
    def is_cash(self) -> bool:
        return self.calculation is None or self.calculation.asked.plan == PlanKind.CASH

    @property
    def rate(self) -> str:
        """What paying in parcels costs (CDC art. 52, II); "" for nothing."""
        percent = self.calculation.schedule.monthly_percent if self.calculation else ZERO
        if not percent:
            return ""
        return f"{percentage(percent)} ao mês ({percentage(annual_equivalent(percent))} ao ano)"

    @property
    def next_payment(self) -> str:
        """The down payment, else the first parcel: what "Baixar pagamento" records."""
        if self.calculation is None:
            return ""
        schedule = self.calculation.schedule
        return reais(schedule.down_payment or schedule.parcels[0].amount)

    @property
    def payments(self) -> str:
        """What is paid when: "R$ 615,48 + 5x R$ 615,46"."""
        if self.calculation is None:
            return ""
        schedule = self.calculation.schedule
        down = [schedule.down_payment] if schedule.down_payment else []
        return values_text([*down, *(parcel.amount for parcel in schedule.parcels)])

    @property
    def seen_total(self) -> str:
        """What is to be paid, as shown: saving something else is refused."""
        return str(self.calculation.schedule.total) if self.calculation else ""

    @property
    def creditor(self) -> Creditor | None:
        """Whose debt is selected; of nothing selected, whose is owed longest."""
        chosen = set(self.selected)
        rows = [row for row in self.debt.rows if row.installment.pk in chosen] or self.debt.rows
        return rows[0].contract.creditor if rows else None

    @property
    def cannot_integrate(self) -> str:
        """Why "Integrar ERP" is not offered; "" when it is."""
        creditor = self.creditor
        if creditor is None or gateway_for(creditor).can_integrate:
            return ""
        return f"O credor {creditor} não tem ERP que receba acordos."

    @property
    def cannot_issue(self) -> str:
        """Why "Emitir boleto" is not offered; "" when it is."""
        rows = self.calculation.rows if self.calculation else []
        if any(row.installment.has_boleto for row in rows):
            return ""
        return "Nenhuma das parcelas selecionadas tem boleto emitido no ERP."

    def age(self) -> Age:
        """Tell how old the balances shown are: the oldest of them."""
        asked = [row.erp.fetched_at for row in self.debt.rows if row.erp is not None]
        if asked:
            return Age("Saldo do ERP", min(asked), hours=1)
        creditors = {row.contract.creditor_id for row in self.debt.rows}
        loads = freshness_of(creditors)
        at = min(loads.values()) if loads and set(loads) >= creditors else None
        return Age("Carga do credor", at, hours=26)

    def why_wait(self, actor: User) -> str:
        """Say why the agreement would wait for approval; "" when it would not."""
        if self.calculation is None or self.creditor is None:
            return ""
        totals = self.calculation.quote.totals
        draft = Agreement(
            creditor=self.creditor, updated_debt=totals.updated, discount=totals.typed_discount
        )
        return why_wait(draft, actor)


def screen_of(
    debtor: Debtor, data: Mapping[str, Any], *, today: date, is_first: bool = False
) -> Screen:
    """Calculate what `data` asks for; what keeps it from being calculated is in `errors`.

    `is_first`: the page is opened, perhaps from an old address: what can no longer be selected is
    left out instead of refused.
    """
    form = CalculationForm(data)
    form.is_valid()
    debt = debt_of(debtor.pk, form.cleaned_data.get("on") or today)
    screen = Screen(debtor, form, debt)
    screen.selected = _selection(screen, is_first)
    if form.errors:
        screen.errors = {name: str(errors[0]) for name, errors in form.errors.items()}
        return screen
    try:
        screen.calculation = calculate_screen(screen)
    except DomainError as error:
        told = error.field if error.field in FIELDS else GENERAL
        screen.errors = {told: error.message}
    return screen


def _selection(screen: Screen, is_first: bool) -> Collection[int]:
    chosen = screen.form.cleaned_data.get("selection")
    if chosen is None:
        return late_selection(screen.debt)
    if not is_first:
        return chosen
    free = {row.installment.pk for row in screen.debt.rows if row.is_selectable}
    screen.dropped = len(set(chosen) - free)
    return [key for key in chosen if key in free]


def calculate_screen(screen: Screen) -> Calculation:
    """Calculate what a valid form asks for, by the settings of whose debt it is."""
    told = screen.form.cleaned_data
    if screen.creditor is None or not screen.selected:
        raise DomainError("Selecione ao menos uma parcela.", "selection")
    settings = schedule_defaults(screen.creditor, told["plan"], told["on"])
    asked = asked_of(
        told,
        screen.selected,
        first_due=settings.first_due,
        business_days=settings.business_days,
    )
    return calculate_debt(screen.debt, asked)
