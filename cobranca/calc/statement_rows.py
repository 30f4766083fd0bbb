"""Memória de cálculo of one installment: from its due date to what is to be paid for it."""

from collections.abc import Iterator
from decimal import Decimal

from cobranca.calc.discounts import row_ceiling
from cobranca.calc.money import percent_of, to_cents
from cobranca.calc.order import Item, Order
from cobranca.calc.quote import Line, Totals
from cobranca.calc.steps import CUT, HALF_UP, Section, Step, signed_sum
from cobranca.calc.words import WEEKDAYS, day_text, days_text, percentage, reais

SATURDAY = 5

LATE_RULE = "CAL-04; Código Civil, art. 132, § 1º; Lei 7.089/1983"
CHARGES_RULE = "CAL-04; manual da integração, 7.2.1"
ERP_CHARGES_RULE = "CAL-05; manual da integração, 7.2.5"
CORRECTION_RULE = "CAL-05; manual da integração, 7.2.4"
INDEX_RULE = "CAL-12; manual da integração, 7.2.4; STJ, REsp 1.265.580/RS"
FEE_RULE = "CAL-06; manual da integração, 7.2.6"
DISCOUNT_RULE = "CAL-10"
EARLY_RULE = "CAL-09; CDC, art. 52, § 2º; manual da integração, 7.2.3"


def installment_section(item: Item, line: Line, order: Order, totals: Totals) -> Section:
    """Return the steps of one installment of `order`."""
    return Section(
        item.name,
        (
            *_delay(item, line, order),
            *_principal(item, line),
            *_charges(item, line),
            *_fee(item, line),
            *_discounts(item, line, totals),
            _net(line),
        ),
    )


def _delay(item: Item, line: Line, order: Order) -> Iterator[Step]:
    yield Step(
        "Vencimento efetivo",
        _why_moved(item),
        (("Vencimento", item.due),),
        item.effective_due,
        origin=item.origin.get("effective_due", "calendário"),
        source=LATE_RULE,
    )
    days = f"{day_text(item.effective_due)} a {day_text(order.on)}"
    not_late = f"{day_text(order.on)}: sem atraso, sem encargos nem honorários"
    yield Step(
        "Atraso",
        f"dias corridos de {days}" if line.days_late else not_late,
        (("Data do cálculo", order.on), ("Vencimento efetivo", item.effective_due)),
        line.days_late,
        source=LATE_RULE,
    )


def _why_moved(item: Item) -> str:
    due = day_text(item.due)
    if item.effective_due == item.due:
        return f"{due}, o próprio vencimento"
    weekday = item.due.weekday()
    reason = WEEKDAYS[weekday] if weekday >= SATURDAY else "feriado ou dia sem expediente"
    return f"{due} é {reason}: passa ao próximo dia útil, {day_text(item.effective_due)}"


def _principal(item: Item, line: Line) -> Iterator[Step]:
    origin = item.origin
    yield Step(
        "Valor original", "saldo da parcela", (), line.original, "", origin.get("original", "")
    )
    if not line.correction and "correction" not in origin:
        return
    yield _correction(item, line)
    yield Step(
        "Principal",
        f"{reais(line.original)} + {reais(line.correction)}",
        (("Valor original", line.original), ("Correção monetária", line.correction)),
        line.principal,
        source=CORRECTION_RULE,
    )


def _correction(item: Item, line: Line) -> Step:
    index = item.origin.get("index")
    formula = f"{reais(line.original)} × (fator − 1), nunca abaixo de zero: {index}"
    return Step(
        "Correção monetária",
        formula if index else "acréscimo ao valor original",
        (("Valor original", line.original),),
        line.correction,
        HALF_UP if index else "",
        item.origin.get("correction", ""),
        INDEX_RULE if index else CORRECTION_RULE,
    )


def _charges(item: Item, line: Line) -> Iterator[Step]:
    if not line.days_late:
        return
    if item.charges is not None:
        origin = item.origin.get("charges", "ERP")
        for label, amount in (("Multa", line.penalty), ("Juros", line.interest)):
            yield Step(label, "valor informado pelo ERP", (), amount, "", origin, ERP_CHARGES_RULE)
    elif item.terms is not None:
        origin = item.origin.get("charges", "campanha")
        yield Step(
            "Multa",
            f"{reais(line.principal)} × {percentage(item.terms.penalty_percent)}",
            (
                ("Principal", line.principal),
                ("Multa", percentage(item.terms.penalty_percent)),
            ),
            line.penalty,
            HALF_UP,
            origin,
            CHARGES_RULE,
        )
        yield _interest(item, line, origin)


def _interest(item: Item, line: Line, origin: str) -> Step:
    terms = item.terms
    on_penalty = terms is not None and terms.interest_on_penalty
    rate = percentage(terms.monthly_interest_percent) if terms is not None else ""
    base = reais(line.principal)
    if on_penalty:
        base = f"({base} + {reais(line.penalty)})"
    inputs = [("Principal", line.principal), ("Multa", line.penalty)]
    return Step(
        "Juros",
        f"{base} × {rate} ÷ 30 × {days_text(line.days_late)}",
        (*inputs[: 1 + on_penalty], ("Juros ao mês", rate), ("Atraso", line.days_late)),
        line.interest,
        HALF_UP,
        origin,
        CHARGES_RULE,
    )


def fee_base(line: Line) -> Decimal:
    """Return the updated debt that the fee of a late line is a percentage of."""
    return line.principal + line.charges


def _fee(item: Item, line: Line) -> Iterator[Step]:
    if not line.days_late or not item.fee_percent:
        return
    base = fee_base(line)
    rounded = to_cents(percent_of(base, item.fee_percent))
    residue = line.fee - rounded
    rounding = HALF_UP
    if residue:
        rounding = f"{HALF_UP}: {reais(rounded)}; diferença do total truncado: {reais(residue)}"
    yield Step(
        "Honorários",
        f"{reais(base)} × {percentage(item.fee_percent)}",
        (("Dívida atualizada", base), ("Honorários", percentage(item.fee_percent))),
        line.fee,
        rounding,
        item.origin.get("fee", ""),
        FEE_RULE,
    )


def _discounts(item: Item, line: Line, totals: Totals) -> Iterator[Step]:
    ceilings, room = item.ceilings, line.principal - line.early_discount
    parts = (
        ("honorários", line.fee, ceilings.fee, line.fee, "discount_fee"),
        ("juros", line.interest, ceilings.interest, line.interest, "discount_interest"),
        ("multa", line.penalty, ceilings.penalty, line.penalty, "discount_penalty"),
        ("principal", line.principal, ceilings.principal, room, "discount_principal"),
    )
    for label, amount, percent, most, name in parts:
        if not getattr(totals, name) or not amount:
            continue
        ceiling = row_ceiling(amount, percent, most)
        yield Step(
            f"Desconto: {label}",
            f"parte de {reais(getattr(totals, name))}, em proporção ao teto da parcela",
            (
                ("Teto da parcela", ceiling),
                ("Teto da faixa", percentage(percent)),
                ("Desconto de todas as parcelas", getattr(totals, name)),
            ),
            getattr(line, name),
            f"{CUT}; o resto vai às primeiras parcelas com espaço no teto",
            item.origin.get("discounts", ""),
            DISCOUNT_RULE,
        )
    if line.early_discount:
        yield _early(item, line)


def _early(item: Item, line: Line) -> Step:
    limited = line.early_discount < item.early_discount
    return Step(
        "Deságio por antecipação",
        "até o valor do principal" if limited else "valor de hoje da parcela a vencer",
        (("Deságio informado", item.early_discount),),
        line.early_discount,
        origin=item.origin.get("early_discount", ""),
        source=EARLY_RULE,
    )


def _net(line: Line) -> Step:
    terms = (
        ("+", line.principal),
        ("+", line.charges),
        ("+", line.fee),
        ("−", line.typed_discount),
        ("−", line.early_discount),
    )
    names = ("Principal", "Encargos", "Honorários", "Descontos", "Deságio")
    inputs = tuple((name, amount) for name, (_, amount) in zip(names, terms, strict=True) if amount)
    return Step("Total da parcela", signed_sum(terms), inputs, line.net)
