import json
from datetime import date
from decimal import Decimal

import pytest

from cobranca.calc.charges import Charges, ChargeTerms
from cobranca.calc.discounts import Ceilings, DiscountRequest, Percent, Value
from cobranca.calc.quote import Item, Order, quote
from cobranca.calc.schedule import plan
from cobranca.calc.statement import statement, to_json

ON = date(2021, 11, 19)
ALL = Ceilings(Decimal(100), Decimal(100), Decimal(100), Decimal(100))
BRACKET = "Campanha Padrão, faixa 1 a 9999"


def item(key, due, effective_due, **changes):
    fields = {
        "original": Decimal("1000.00"), "fee_percent": Decimal(10), "ceilings": ALL,
        "terms": ChargeTerms(Decimal("2.000000"), Decimal("1.000000")),
        "origin": {"charges": BRACKET, "fee": BRACKET, "discounts": BRACKET},
    } | changes  # fmt: skip
    return Item(key, "295", str(key), due, effective_due, **fields)


LATE = item(1, date(2021, 6, 30), date(2021, 6, 30))
FROM_ERP = item(
    5, date(2021, 10, 30), date(2021, 11, 1), terms=None,
    charges=Charges(Decimal("0.00"), Decimal("29.45")), origin={"charges": "ERP Sienge"},
)  # fmt: skip
COMING = item(
    6, date(2021, 11, 30), date(2021, 11, 30), early_discount=Decimal("9.40"),
    origin={"early_discount": "ERP Sienge"},
)  # fmt: skip


def explain(*items, schedule=None, expenses="0", **discounts):
    order = Order(items, ON, DiscountRequest(**discounts), Decimal(expenses))
    return statement(order, quote(order), schedule)


def steps_of(made, title):
    return {step.label: step for s in made.sections if s.title == title for step in s.steps}


def test_every_figure_of_a_late_installment_is_explained():
    steps = steps_of(explain(LATE), "Contrato 295, parcela 1")

    assert [(step.label, step.formula, step.shown) for step in steps.values()] == [
        ("Vencimento efetivo", "30/06/2021, o próprio vencimento", "30/06/2021"),
        ("Atraso", "dias corridos de 30/06/2021 a 19/11/2021", "142 dias"),
        ("Valor original", "saldo da parcela", "R$ 1.000,00"),
        ("Multa", "R$ 1.000,00 × 2,00%", "R$ 20,00"),
        ("Juros", "R$ 1.000,00 × 1,00% ÷ 30 × 142 dias", "R$ 47,33"),
        ("Honorários", "R$ 1.067,33 × 10,00%", "R$ 106,73"),
        ("Total da parcela", "R$ 1.000,00 + R$ 67,33 + R$ 106,73", "R$ 1.174,06"),
    ]
    assert steps["Juros"].origin == BRACKET
    assert steps["Juros"].rounding == "ao centavo, meio centavo para cima"
    assert "CAL-04" in steps["Juros"].source


def test_a_moved_due_date_says_why():
    steps = steps_of(explain(FROM_ERP), "Contrato 295, parcela 5")
    holiday = item(7, date(2021, 11, 2), date(2021, 11, 3))
    moved = steps_of(explain(holiday), "Contrato 295, parcela 7")

    assert steps["Vencimento efetivo"].formula == (
        "30/10/2021 é sábado: passa ao próximo dia útil, 01/11/2021"
    )
    assert steps["Atraso"].shown == "18 dias"
    assert (
        "02/11/2021 é feriado ou dia sem expediente: passa" in moved["Vencimento efetivo"].formula
    )


def test_what_the_erp_said_is_said_to_be_its():
    steps = steps_of(explain(FROM_ERP), "Contrato 295, parcela 5")

    assert steps["Juros"].formula == "valor informado pelo ERP"
    assert steps["Juros"].origin == "ERP Sienge"
    assert steps["Juros"].result == Decimal("29.45")


def test_interest_on_the_penalty_shows_both():
    terms = ChargeTerms(Decimal(2), Decimal(1), interest_on_penalty=True)
    steps = steps_of(explain(item(1, LATE.due, LATE.due, terms=terms)), "Contrato 295, parcela 1")

    assert steps["Juros"].formula == "(R$ 1.000,00 + R$ 20,00) × 1,00% ÷ 30 × 142 dias"


def test_correction_names_its_index_and_the_floor():
    origin = {
        "correction": "Campanha Padrão",
        "index": "IGP-M de 06/2021 a 10/2021: fator 1,014900",
    }
    corrected = item(1, LATE.due, LATE.due, correction=Decimal("14.90"), origin=origin)
    steps = steps_of(explain(corrected), "Contrato 295, parcela 1")

    assert steps["Correção monetária"].formula == (
        "R$ 1.000,00 × (fator − 1), nunca abaixo de zero: " + origin["index"]
    )
    assert steps["Correção monetária"].origin == "Campanha Padrão"
    assert "REsp 1.265.580" in steps["Correção monetária"].source
    assert steps["Principal"].shown == "R$ 1.014,90"
    assert steps["Multa"].formula == "R$ 1.014,90 × 2,00%"


def test_a_correction_of_the_erp_is_its_own():
    corrected = item(
        1, LATE.due, LATE.due, correction=Decimal("14.90"), origin={"correction": "ERP Sienge"}
    )
    step = steps_of(explain(corrected), "Contrato 295, parcela 1")["Correção monetária"]

    assert (step.formula, step.origin) == ("acréscimo ao valor original", "ERP Sienge")
    assert "CAL-05" in step.source


def test_an_installment_not_due_shows_its_early_payment_and_no_charges():
    steps = steps_of(explain(COMING), "Contrato 295, parcela 6")

    assert list(steps) == [
        "Vencimento efetivo", "Atraso", "Valor original", "Deságio por antecipação",
        "Total da parcela",
    ]  # fmt: skip
    assert steps["Total da parcela"].formula == "R$ 1.000,00 − R$ 9,40"
    assert steps["Deságio por antecipação"].origin == "ERP Sienge"


def test_the_residue_of_the_fee_is_shown_where_it_fell():
    first = item(1, LATE.due, LATE.due, terms=None, charges=Charges(interest=Decimal("95.58")))
    second = item(2, LATE.due, LATE.due, terms=None, charges=Charges(interest=Decimal("79.42")))
    third = item(3, LATE.due, LATE.due, terms=None, charges=Charges(interest=Decimal("29.45")))
    made = explain(first, second, third)

    fee = steps_of(made, "Contrato 295, parcela 1")["Honorários"]

    # 109,558 + 107,942 + 102,945 = 320,445, cut; rows give 320,45.
    assert fee.rounding.endswith("R$ 109,56; diferença do total truncado: -R$ 0,01")
    assert fee.shown == "R$ 109,55"
    assert steps_of(made, "Totais")["Honorários"].formula == "soma exata das parcelas, 320,4450"


def test_discounts_tell_ceilings_and_how_they_were_spread():
    made = explain(LATE, FROM_ERP, charges=Percent(Decimal(80)), principal=Value(Decimal(100)))

    discounts = steps_of(made, "Descontos")
    row = steps_of(made, "Contrato 295, parcela 1")

    assert discounts["Desconto em encargos"].formula == "R$ 96,78 × 80,00%"
    assert discounts["Desconto em encargos"].shown == "R$ 77,42"
    assert discounts["Desconto em principal"].formula == "informado no cálculo"
    assert discounts["Ordem do desconto em encargos"].inputs == (
        ("Juros", Decimal("76.78")), ("Multa", Decimal("0.64")),
    )  # fmt: skip
    assert row["Desconto: multa"].inputs[0] == ("Teto da parcela", Decimal("20.00"))
    assert row["Desconto: principal"].shown == "R$ 50,00"
    assert row["Desconto: principal"].origin == BRACKET
    assert "Desconto: honorários" not in row


def test_a_final_value_tells_what_it_was_divided_into():
    step = steps_of(explain(LATE, final_value=Decimal("1000.00")), "Descontos")

    assert step["Descontos pelo valor final"].formula.startswith("R$ 1.174,06 − R$ 1.000,00,")
    assert ("Honorários", Decimal("106.73")) in step["Descontos pelo valor final"].inputs


def test_totals_end_in_the_total_of_the_agreement():
    made = explain(LATE, COMING, expenses="50.00", fee=Percent(Decimal(100)))

    total = steps_of(made, "Totais")["Total do acordo"]

    assert total.formula == "R$ 2.174,06 − R$ 116,13 + R$ 50,00"
    assert total.shown == "R$ 2.107,93"


@pytest.mark.parametrize(
    ("percent", "formula", "interest", "rounding"),
    [("0", "R$ 3.692,78 ÷ 6", "0.00", "centavos truncados; diferença da divisão: R$ 0,02"),
     ("2", "R$ 3.692,78 × i ÷ (1 − (1 + i)^−6), i = 2,00% ao mês", "262.78",
      "ao centavo, meio centavo para cima")],
)  # fmt: skip
def test_the_parcels_are_explained(percent, formula, interest, rounding):
    schedule = plan(Decimal("4000.00"), 6, Decimal("307.22"), date(2021, 12, 10), Decimal(percent))
    steps = steps_of(explain(LATE, schedule=schedule), "Parcelamento")

    assert steps["Entrada"].shown == "R$ 307,22"
    assert steps["Valor parcelado"].formula == "R$ 4.000,00 − R$ 307,22"
    assert steps["Parcela 1"].formula == formula
    assert steps["Parcela 1"].rounding == rounding
    assert steps["Parcela 6"].inputs[-1] == ("Saldo", Decimal("0.00"))
    assert steps["Total a pagar"].inputs[-1] == ("Juros do parcelamento", Decimal(interest))
    assert sum(steps[f"Parcela {n}"].result for n in range(1, 7)) == (
        schedule.total - schedule.down_payment
    )


def test_as_json_every_figure_is_text_exact_and_as_shown():
    made = explain(LATE, COMING)

    data = made.to_json()

    assert data == to_json(made) == json.loads(json.dumps(data))
    delay, interest = data["sections"][0]["steps"][1], data["sections"][0]["steps"][4]
    assert (delay["value"], delay["shown"]) == ("142", "142 dias")
    assert delay["inputs"][0] == {
        "label": "Data do cálculo", "value": "2021-11-19", "shown": "19/11/2021"
    }  # fmt: skip
    assert (interest["value"], interest["shown"]) == ("47.33", "R$ 47,33")


def test_a_calculation_without_discounts_has_no_section_for_them():
    assert [section.title for section in explain(LATE).sections] == [
        "Contrato 295, parcela 1", "Totais",
    ]  # fmt: skip
