"""What the office has, read from its tables in the words of the paper model."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Sum

from cobranca.contracts.models import Event, Installment, Payment
from cobranca.creditors.models import Creditor
from tests.flows.year.paper import Bill, Heard, Line, Paper, money

OWED = ("open", "negotiated")
_COLUMNS = ("number", "status", "due_date", "principal", "balance", "note", "has_boleto")


def book_here(creditor: Creditor) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Return every installment of every contract, under its title and holder."""
    rows = Installment.objects.filter(contract__creditor=creditor).values_list(
        "contract__external_id", "contract__external_debtor", *_COLUMNS
    )
    return {(f"{bill}@{holder}", row[0]): tuple(row[1:]) for bill, holder, *row in rows}


def book_on_paper(paper: Paper) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Return the same from the paper."""
    return {
        (heard.key, number): (
            row.status,
            row.due,
            row.principal,
            row.balance,
            row.note,
            row.boleto,
        )
        for heard in _all(paper)
        for number, row in heard.rows.items()
    }


def receipts_here(creditor: Creditor) -> dict[tuple[str, int], Decimal]:
    """Return what was received of each installment, reversals taken off."""
    sums = (
        Payment.objects.filter(contract__creditor=creditor, contract__is_current=True)
        .values_list("contract__external_id", "contract__external_debtor", "number")
        .annotate(total=Sum("gross"))
        .order_by()
    )
    return {(f"{bill}@{holder}", number): total for bill, holder, number, total in sums if total}


def receipts_on_paper(paper: Paper) -> dict[tuple[str, int], Decimal]:
    return {
        (heard.key, number): total
        for heard in paper.current.values()
        for number, receipts in heard.receipts.items()
        if (total := sum((money(r["gross"]) for r in receipts.values()), Decimal(0)))
    }


def owed_here(creditor: Creditor) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Return what is owed here, whoever holds it."""
    rows = Installment.objects.filter(
        contract__creditor=creditor, contract__is_current=True, status__in=OWED
    ).values_list("contract__external_id", "number", "due_date", "principal", "balance", "note")
    return {(int(bill), number): tuple(rest) for bill, number, *rest in rows}


def owed_there(bills: list[Bill]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Return what is owed in the ERP."""
    return {
        (bill["bill"], row["id"]): (
            date.fromisoformat(row["due_on"]),
            money(row["original"]),
            money(row["balance"]),
            row["condition"].strip(),
        )
        for bill in bills
        if bill["complete"] and not bill["forecast"] and bill["contract_situation"] != "Cancelado"
        for row in bill["installments"]
        if money(row["balance"]) > 0
    }


def timeline_since(creditor: Creditor, last: int) -> tuple[int, dict[str, list[Line]]]:
    """Return the last event and what each contract's timeline gained, in order."""
    told: dict[str, list[Line]] = {}
    rows = (
        Event.objects.filter(id__gt=last, contract__creditor=creditor)
        .order_by("id")
        .values_list(
            "id", "contract__external_id", "contract__external_debtor", "kind", "title", "text"
        )
    )
    for number, bill, holder, kind, title, text in rows:
        last = number
        told.setdefault(f"{bill}@{holder}", []).append(_line(kind, title, text))
    return last, {key: _recalls_sorted(lines) for key, lines in told.items()}


def _recalls_sorted(lines: list[Line]) -> list[Line]:
    """Return the lines with recalls that follow one another sorted: their order says nothing."""
    return [
        line
        for is_recall, run in groupby(lines, key=lambda line: line[0] == "recall")
        for line in (sorted(run) if is_recall else run)
    ]


def _line(kind: str, title: str, text: str) -> Line:
    if kind == "agreement":
        return (kind, title)
    reader = _reversal if title.startswith("Estorno") else _READERS.get(kind)
    return reader(text) if reader else (kind, title, text)


def _import(text: str) -> Line:
    found = re.search(r": (\d+) parcela\(s\), R\$ ([\d.,]+)", text)
    if found:
        return ("included", int(found[1]), _reais(found[2]))
    return ("updated", _numbers(text.rpartition("parcela(s) ")[2]))


def _recall(text: str) -> Line:
    return ("recall", text.splitlines()[0], _numbers(_after(text, "Parcela(s): ")))


def _transfer(text: str) -> Line:
    words = [word for word in ("finalizado", "recebido") if word in text]
    return ("transfer", words[0] if words else "aviso")


def _payment(text: str) -> Line:
    found = re.search(
        r"Parcela: ?(\d+) Valor Original: R\$ ([\d.,]+) Valor Pago: R\$ ([\d.,]+)"
        r" Saldo Parcial: R\$ ([\d.,]+)",
        text,
    )
    assert found, text
    return ("direct_payment", int(found[1]), *map(_reais, found.groups()[1:]))


def _reversal(text: str) -> Line:
    found = re.search(r"Valor: R\$ ([\d.,]+)\n.*\nParcela: ?(\d+) .*Saldo: R\$ ([\d.,]+)", text)
    assert found, text
    return ("reversal", int(found[2]), _reais(found[1]), _reais(found[3]))


def _after(text: str, mark: str) -> str:
    return text.partition(mark)[2].splitlines()[0]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(number) for number in re.findall(r"\d+", text)))


def _reais(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


_READERS: dict[str, Callable[[str], Line]] = {
    "import": _import,
    "recall": _recall,
    "transfer": _transfer,
    "direct_payment": _payment,
    "reopen": lambda text: ("reopen", _numbers(_after(text, "Parcela(s): "))),
    "sync": lambda text: ("sync", _numbers(_after(text, "Parcela(s): "))),
    "payment": lambda text: ("payment", _numbers(_after(text, "Parcela(s): "))),
    "breach": lambda text: ("breach",),
}


def _all(paper: Paper) -> Iterator[Heard]:
    yield from paper.current.values()
    yield from paper.former.values()


def difference(here: dict[Any, Any], there: dict[Any, Any]) -> str:
    """Return the first rows that differ, readable."""
    keys = sorted(here.keys() | there.keys(), key=str)
    lines = [
        f"  {key}: here {here.get(key)}\n  {' ' * len(str(key))}  wanted {there.get(key)}"
        for key in keys
        if here.get(key) != there.get(key)
    ]
    return "\n".join([f"{len(lines)} rows differ:", *lines[:8]])
