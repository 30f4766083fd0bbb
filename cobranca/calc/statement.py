"""Memória de cálculo: every figure of a quote with its formula, inputs, rounding and origin.

`steps.py` has its form, `statement_rows.py` the part of each installment (CAL-13).
"""

from collections.abc import Iterator
from decimal import Decimal

from cobranca.calc.discounts import Asked, Percent
from cobranca.calc.money import EXACT, ZERO, percent_of, to_cents
from cobranca.calc.order import Order
from cobranca.calc.quote import Quote, Totals
from cobranca.calc.schedule import Schedule
from cobranca.calc.statement_rows import (
    DISCOUNT_RULE,
    EARLY_RULE,
    FEE_RULE,
    fee_base,
    installment_section,
)
from cobranca.calc.steps import CUT, HALF_UP, Section, Statement, Step, signed_sum, to_json
from cobranca.calc.words import number, percentage, reais

__all__ = ["Section", "Statement", "Step", "statement", "to_json"]

TOTAL_RULE = "CAL-10; CAL-11"
PARCELS_RULE = "AGR-02; manual da integração, 7.3"
TYPED = "informado no cálculo"


def statement(order: Order, quoted: Quote, schedule: Schedule | None = None) -> Statement:
    """Explain `quoted`, the quote of `order`, and the parcels it is to be paid in.

    A section per installment, one of the discounts, one of the totals, one of the parcels.
    """
    sections = [
        installment_section(item, line, order, quoted.totals)
        for item, line in zip(order.items, quoted.lines, strict=True)
    ]
    discounts = tuple(_discounts(order, quoted))
    if discounts:
        sections.append(Section("Descontos", discounts))
    sections.append(Section("Totais", tuple(_totals(order, quoted))))
    if schedule is not None:
        sections.append(Section("Parcelamento", tuple(_schedule(schedule))))
    return Statement(tuple(sections))


def _discounts(order: Order, quoted: Quote) -> Iterator[Step]:
    totals, request, most = quoted.totals, order.discounts, quoted.ceilings
    percents = quoted.max_percents
    if request.final_value is not None:
        yield _final_value(quoted, request.final_value)
        return
    charges = totals.discount_penalty + totals.discount_interest
    groups = (
        ("encargos", request.charges, totals.charges, charges, most.charges, percents.charges),
        ("principal", request.principal, totals.principal, totals.discount_principal,
         most.principal, percents.principal),
        ("honorários", request.fee, totals.fee, totals.discount_fee, most.fee, percents.fee),
    )  # fmt: skip
    for label, asked, base, value, ceiling, percent in groups:
        if value:
            limit = f"{reais(ceiling)} ({percentage(percent)})"
            yield _group(label, asked, base, value, limit)
    if charges:
        yield _charges_order(totals)


def _group(label: str, asked: Asked, base: Decimal, value: Decimal, limit: str) -> Step:
    formula, rounding = TYPED, ""
    if isinstance(asked, Percent):
        formula, rounding = f"{reais(base)} × {percentage(asked.percent)}", HALF_UP
        if value < to_cents(percent_of(base, asked.percent)):
            rounding = f"{HALF_UP}, até a soma dos tetos das parcelas"
    return Step(
        f"Desconto em {label}",
        formula,
        (("Base", base), ("Máximo", limit)),
        value,
        rounding,
        TYPED,
        DISCOUNT_RULE,
    )


def _charges_order(totals: Totals) -> Step:
    interest, penalty = totals.discount_interest, totals.discount_penalty
    return Step(
        "Ordem do desconto em encargos",
        "primeiro os juros, depois a multa",
        (("Juros", interest), ("Multa", penalty)),
        interest + penalty,
        source=DISCOUNT_RULE,
    )


def _final_value(quoted: Quote, final: Decimal) -> Step:
    totals = quoted.totals
    return Step(
        "Descontos pelo valor final",
        f"{reais(totals.total + totals.typed_discount)} − {reais(final)},"
        " na ordem honorários, juros, multa, principal, cada um até o seu teto",
        (
            ("Valor final", final),
            ("Valor final mínimo", quoted.minimum),
            ("Honorários", totals.discount_fee),
            ("Juros", totals.discount_interest),
            ("Multa", totals.discount_penalty),
            ("Principal", totals.discount_principal),
        ),
        totals.typed_discount,
        origin=TYPED,
        source=DISCOUNT_RULE,
    )


def _totals(order: Order, quoted: Quote) -> Iterator[Step]:
    totals = quoted.totals
    yield Step(
        "Principal",
        "soma das parcelas",
        (("Valor original", totals.original), ("Correção monetária", totals.correction)),
        totals.principal,
    )
    yield Step(
        "Encargos",
        "soma das parcelas",
        (("Multa", totals.penalty), ("Juros", totals.interest)),
        totals.charges,
    )
    if totals.fee:
        yield _total_fee(order, quoted)
    yield Step(
        "Atualizado",
        signed_sum((("+", totals.principal), ("+", totals.charges), ("+", totals.fee))),
        (("Principal", totals.principal), ("Encargos", totals.charges), ("Honorários", totals.fee)),
        totals.updated,
    )
    if totals.discount:
        yield Step(
            "Desconto",
            signed_sum((("+", totals.typed_discount), ("+", totals.early_discount))),
            (("Descontos", totals.typed_discount), ("Deságio", totals.early_discount)),
            totals.discount,
            source=f"{DISCOUNT_RULE}; {EARLY_RULE}",
        )
    yield Step(
        "Total do acordo",
        signed_sum((("+", totals.updated), ("−", totals.discount), ("+", totals.expenses))),
        (
            ("Atualizado", totals.updated),
            ("Desconto", totals.discount),
            ("Despesas", totals.expenses),
        ),
        totals.total,
        source=TOTAL_RULE,
    )


def _total_fee(order: Order, quoted: Quote) -> Step:
    whole = ZERO
    for item, line in zip(order.items, quoted.lines, strict=True):
        if line.days_late:
            whole = EXACT.add(whole, percent_of(fee_base(line), item.fee_percent))
    return Step(
        "Honorários",
        f"soma exata das parcelas, {number(whole)}",
        (("Soma exata", number(whole)),),
        quoted.totals.fee,
        f"{CUT}; a diferença fica na primeira parcela com honorários",
        source=FEE_RULE,
    )


def _schedule(schedule: Schedule) -> Iterator[Step]:
    if schedule.down_payment:
        yield Step("Entrada", TYPED, (), schedule.down_payment, source=PARCELS_RULE)
    yield Step(
        "Valor parcelado",
        signed_sum(
            (
                ("+", schedule.financed + schedule.down_payment),
                ("−", schedule.down_payment),
            )
        ),
        (("Entrada", schedule.down_payment),),
        schedule.financed,
        source=PARCELS_RULE,
    )
    yield from _parcels(schedule)
    yield Step(
        "Total a pagar",
        "entrada mais parcelas",
        (("Entrada", schedule.down_payment), ("Juros do parcelamento", schedule.interest)),
        schedule.total,
        source=PARCELS_RULE,
    )


def _parcels(schedule: Schedule) -> Iterator[Step]:
    count, rate = len(schedule.parcels), percentage(schedule.monthly_percent)
    formula, rounding = f"{reais(schedule.financed)} ÷ {count}", CUT
    if schedule.monthly_percent:
        formula = f"{reais(schedule.financed)} × i ÷ (1 − (1 + i)^−{count}), i = {rate} ao mês"
        rounding = HALF_UP
    for parcel, row in zip(schedule.parcels, schedule.amortization, strict=True):
        residue = parcel.amount - schedule.parcels[-1].amount
        rest = f"; diferença da divisão: {reais(residue)}" if residue else ""
        yield Step(
            f"Parcela {parcel.number}",
            formula,
            (
                ("Vencimento", parcel.due),
                ("Juros", row.interest),
                ("Amortização", row.amortization),
                ("Saldo", row.balance),
            ),
            parcel.amount,
            rounding + rest,
            source=PARCELS_RULE,
        )
