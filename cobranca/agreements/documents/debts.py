"""Demonstrativo de débito: what somebody owes on a day, installment by installment."""

from collections.abc import Iterable
from datetime import date

from cobranca.agreements.documents import rows
from cobranca.agreements.documents.paper import Document, Heading, put_on_paper
from cobranca.agreements.documents.people import address_of_debtor
from cobranca.agreements.documents.priced import Priced
from cobranca.calc.order import Item
from cobranca.calc.quote import Line
from cobranca.calc.words import day_text
from cobranca.contracts.models import Installment
from cobranca.contracts.states import InstallmentStatus

# What of the rules' words says where an installment's figures come from.
ORIGINS = ("original", "correction", "charges")


def debt_statement(priced: Priced, *, on: date) -> Document:
    """Return the debt statement of a calculation, issued on `on`.

    It says which campaign, index or ERP the figures come from, until when they hold, and how many
    installments are left out because an agreement holds them.
    """
    totals = priced.prices.totals
    heading = Heading("Demonstrativo de débito", "", f"Posição em {day_text(priced.on)}")
    context = {
        "debtor": priced.debtor,
        "debtor_address": address_of_debtor(priced.debtor),
        "contracts": priced.contracts,
        "on": priced.on,
        "totals": totals,
        "table": rows.table_of(list(_rows(priced)), _columns(priced)),
        "origins": _origins(priced.order.items),
        "in_agreement": _in_agreement(priced),
    }
    name = f"demonstrativo-{priced.on:%Y-%m-%d}"
    return put_on_paper(
        "debt_statement", heading, priced.creditor, name=name, on=on, context=context
    )


def _columns(priced: Priced) -> list[rows.Column]:
    totals = priced.prices.totals
    several = len(priced.contracts) > 1
    optional = [(rows.CORRECTION, totals.correction), (rows.PENALTY, totals.penalty)]
    return [
        *([rows.CONTRACT] if several else []),
        rows.LABEL,
        rows.DUE,
        rows.DAYS,
        rows.ORIGINAL,
        *(column for column, total in optional if total),
        rows.INTEREST,
        *([rows.FEE] if totals.fee else []),
        *([rows.DISCOUNT] if totals.discount else []),
        rows.TOTAL,
    ]


def _rows(priced: Priced) -> Iterable[rows.PricedRow]:
    return map(_row, priced.order.items, priced.prices.lines)


def _row(item: Item, line: Line) -> rows.PricedRow:
    return rows.PricedRow(
        contract=item.contract,
        label=item.label,
        due=item.due,
        days_late=line.days_late,
        original=line.original,
        correction=line.correction,
        penalty=line.penalty,
        interest=line.interest,
        fee=line.fee,
        discount=line.discount,
        total=line.net,
    )


def _origins(items: Iterable[Item]) -> list[str]:
    """Return where the figures come from, each once, in the order they appear."""
    told = (item.origin.get(name, "") for item in items for name in ORIGINS)
    return [text for text in dict.fromkeys(told) if text and text != "Sem índice"]


def _in_agreement(priced: Priced) -> int:
    return Installment.objects.filter(
        contract__debtor=priced.debtor,
        contract__creditor=priced.creditor,
        status=InstallmentStatus.NEGOTIATED,
    ).count()
