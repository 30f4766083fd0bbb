"""A year in the ERP: what its users do each day, chosen by a seed from what there is to do."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.flows.year.paper import Bill, money

# Settlements besides the plain receipt that people choose from (playbook 7.5).
KINDS = (
    "Abatimento de Adiantamento",
    "Adiantamento",
    "Bonificação",
    "Cancelamento",
    "Outros",
    "Outros com Resíduo",
    "Por Bens",
    "Promoção",
    "Sorteio",
    "Substituição",
)
MONEY = ("Recebimento", "Adiantamento")


@dataclass(frozen=True)
class Action:
    """One action of the control API; unannounced when no webhook tells of it."""

    name: str
    arguments: dict[str, Any]
    is_announced: bool = True


Choice = Callable[["Script", list[Bill]], Action | None]


class Script:
    """Chooses actions; the same seed and the same book give the same choices."""

    def __init__(self, seed: int, company: int) -> None:
        self.seed = seed
        self.random = random.Random(f"year:{seed}")
        self.company = company
        self.day = date.min
        self._touched: set[int] = set()
        # Titles with a living agreement: what becomes of them is told elsewhere.
        self.held: set[int] = set()

    def actions(self, day: date, bills: list[Bill], wanted: int) -> list[Action]:
        """Return what is done on a day, each to another title than the ones before."""
        if day != self.day:
            self.day, self._touched = day, set()
        usable = [
            bill
            for bill in bills
            if bill["complete"] and not bill["forecast"] and not _over(bill)
            if bill["bill"] not in self.held
        ]
        made: list[Action] = []
        for _ in range(wanted * 10):
            if len(made) == wanted:
                break
            weights = [weight for weight, _ in CHOICES]
            choice = self.random.choices(CHOICES, weights)[0][1]
            fresh = [bill for bill in usable if bill["bill"] not in self._touched]
            action = choice(self, fresh) if fresh else None
            if action:
                self._touched.add(action.arguments.get("bill", 0))
                made.append(action)
        return made

    def installment(
        self, bills: list[Bill], wanted: Callable[[dict[str, Any]], bool]
    ) -> tuple[int, dict[str, Any]] | None:
        """Return some installment of some title; the soonest due of those wanted there."""
        self.random.shuffle(bills)
        for bill in bills[:8]:
            rows = [row for row in bill["installments"] if wanted(row)]
            if rows:
                return bill["bill"], min(rows, key=lambda row: (row["due_on"], row["id"]))
        return None

    def soon(self, days: int = 90) -> str:
        return (self.day + timedelta(days=self.random.randrange(1, days))).isoformat()


def _over(bill: Bill) -> bool:
    return bill["contract_situation"] == "Cancelado"


def _is_open(row: dict[str, Any]) -> bool:
    return money(row["balance"]) > 0


def _pays(operation: str | None = None, **more: Any) -> Choice:
    def choose(script: Script, bills: list[Bill]) -> Action | None:
        found = script.installment(bills, _is_open)
        if found is None:
            return None
        kind = operation or script.random.choice(KINDS)
        arguments = {"bill": found[0], "installment": found[1]["id"], "operation": kind, **more}
        if "share" in arguments:
            share = arguments.pop("share")
            amount = (money(found[1]["balance"]) * share / 100).quantize(Decimal("0.01"))
            if amount <= 0:
                return None
            arguments["amount"] = str(amount)
        return Action("pay", arguments, is_announced=kind in MONEY)

    return choose


def _can_go_back(row: dict[str, Any]) -> bool:
    last = row["receipts"][-1] if row["receipts"] else None
    return (
        last is not None
        and last["operation_name"] not in ("Reparcelamento", "Distrato", "Estorno")
        and money(row["balance"]) + money(last["gross"]) <= money(row["original"])
        and "Estorno" not in {r["operation_name"] for r in row["receipts"]}
    )


def _reverse(script: Script, bills: list[Bill]) -> Action | None:
    found = script.installment(bills, _can_go_back)
    if found is None:
        return None
    kept = script.random.random() < 0.4
    arguments = {"bill": found[0], "installment": found[1]["id"], "estorno": kept}
    return Action("reverse_receipt", arguments, is_announced=False)


def _change(field: str) -> Choice:
    def choose(script: Script, bills: list[Bill]) -> Action | None:
        found = script.installment(bills, _is_open)
        if found is None:
            return None
        row = found[1]
        value = {
            "due_on": script.soon(),
            "amount": str(money(row["original"]) + 37),
            "condition": script.random.choice(("PM", "PI", "RN", "CH")),
        }[field]
        arguments = {"bill": found[0], "installment": row["id"], field: value}
        return Action("change_installment", arguments)

    return choose


def _on_installment(name: str, *, is_announced: bool = True) -> Choice:
    def choose(script: Script, bills: list[Bill]) -> Action | None:
        found = script.installment(bills, _is_open)
        if found is None:
            return None
        arguments = {"bill": found[0], "installment": found[1]["id"]}
        return Action(name, arguments, is_announced=is_announced)

    return choose


def _remove_installment(script: Script, bills: list[Bill]) -> Action | None:
    several = [bill for bill in bills if len(bill["installments"]) > 2]
    found = script.installment(several, lambda row: _is_open(row) and not row["receipts"])
    return found and Action("remove_installment", {"bill": found[0], "installment": found[1]["id"]})


def _add_installment(script: Script, bills: list[Bill]) -> Action | None:
    bill = script.random.choice(bills)
    return Action(
        "add_installment", {"bill": bill["bill"], "due_on": script.soon(), "amount": "321.09"}
    )


def _renegotiate(script: Script, bills: list[Bill]) -> Action | None:
    """Put the three that are due soonest into a few new ones."""
    found = script.installment(bills, _is_open)
    if found is None:
        return None
    bill = next(bill for bill in bills if bill["bill"] == found[0])
    open_ones = sorted(
        (row for row in bill["installments"] if _is_open(row)), key=lambda row: row["due_on"]
    )
    chosen = [row["id"] for row in open_ones[:3]]
    parts = script.random.randint(2, 6)
    return Action("renegotiate", {"bill": found[0], "installments": chosen, "parts": parts})


def _undo(script: Script, bills: list[Bill]) -> Action | None:
    def untouched(bill: Bill) -> bool:
        made = set(bill["remakings"][-1]["generated"])
        rows = [row for row in bill["installments"] if row["id"] in made]
        return len(rows) == len(made) and not any(row["receipts"] for row in rows)

    found = [bill for bill in bills if bill["remakings"] and untouched(bill)]
    return (
        Action("undo_renegotiation", {"bill": script.random.choice(found)["bill"]})
        if found
        else None
    )


def _contract(bills: list[Bill]) -> list[Bill]:
    return [bill for bill in bills if bill["contract"] and bill["open"]]


def _cancel(script: Script, bills: list[Bill]) -> Action | None:
    found = _contract(bills)
    bill = script.random.choice(found)["bill"] if len(found) > 8 else None
    return Action("cancel_contract", {"bill": bill}) if bill else None


def _cede(script: Script, bills: list[Bill]) -> Action | None:
    found = _contract(bills)
    if len(found) < 2:
        return None
    one, other = script.random.sample(found, 2)
    if one["customer"] == other["customer"]:
        return None
    return Action("cede", {"bill": one["bill"], "customer": other["customer"]})


def _sell(script: Script, bills: list[Bill]) -> Action | None:
    bill = script.random.choice(_contract(bills) or bills)
    if bill["enterprise"] is None:
        return None
    return Action(
        "new_contract",
        {
            "customer": bill["customer"],
            "enterprise": bill["enterprise"],
            "installments": script.random.randint(6, 30),
            "amount": str(script.random.randrange(300, 2000)),
        },
        is_announced=False,
    )


def _avulso(script: Script, bills: list[Bill]) -> Action | None:
    bill = script.random.choice(bills)
    arguments = {"customer": bill["customer"], "company": script.company, "amount": "777.70"}
    return Action("new_avulso", arguments, is_announced=False)


def _remove_bill(script: Script, bills: list[Bill]) -> Action | None:
    singles = [bill for bill in bills if not bill["contract"] and bill["open"]]
    return (
        Action("remove_bill", {"bill": script.random.choice(singles)["bill"]}) if singles else None
    )


CHOICES: tuple[tuple[int, Choice], ...] = (
    (340, _pays("Recebimento")),
    (90, _pays("Recebimento", share=40)),
    (40, _pays("Recebimento", share=70, closes=True)),
    (40, _pays()),
    (20, _pays(share=30)),
    (45, _reverse),
    (40, _change("due_on")),
    (25, _change("amount")),
    (10, _change("condition")),
    (70, _on_installment("register_boleto")),
    (15, _remove_installment),
    (20, _add_installment),
    (35, _renegotiate),
    (20, _undo),
    (8, _cancel),
    (12, _cede),
    (30, _sell),
    (15, _avulso),
    (4, _remove_bill),
)
