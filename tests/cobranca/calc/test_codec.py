import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cobranca.calc.charges import Charges, ChargeTerms
from cobranca.calc.codec import (
    ENGINE,
    fingerprint,
    order_from_json,
    order_to_json,
    quote_fingerprint,
    quote_to_json,
)
from cobranca.calc.discounts import Ceilings, DiscountRequest, Percent, Value
from cobranca.calc.errors import CalcError
from cobranca.calc.quote import Item, Order, quote

DUE = date(2021, 6, 30)
TERMS = ChargeTerms(Decimal("2.000000"), Decimal("1.000000"), interest_on_penalty=True)
PLAIN = Item(1, "295", "1", DUE, DUE, Decimal("1000.00"), terms=TERMS)
RICH = Item(
    key=2,
    contract="295/A",
    label="151 (reforço)",
    due=date(2021, 10, 30),
    effective_due=date(2021, 11, 1),
    original=Decimal("10000.00"),
    correction=Decimal("12.34"),
    charges=Charges(Decimal("0.00"), Decimal("247.18")),
    fee_percent=Decimal("10.000000"),
    ceilings=Ceilings(Decimal("5.5"), Decimal(100), Decimal("100.00"), Decimal("0.000001")),
    early_discount=Decimal("1E+1"),
    origin={"charges": "ERP Sienge", "fee": "Campanha Padrão, faixa 0 a 30"},
)
ORDERS = [
    pytest.param(Order((PLAIN,), date(2021, 11, 19)), id="plain"),
    pytest.param(
        Order(
            (PLAIN, RICH),
            date(2021, 11, 19),
            DiscountRequest(Percent(Decimal("0.5000")), Value(Decimal("1.10"))),
            Decimal("35.50"),
        ),
        id="discounts and expenses",
    ),
    pytest.param(
        Order((RICH,), date(2021, 11, 19), DiscountRequest(final_value=Decimal("11100.00"))),
        id="final value",
    ),
]


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_comes_back_equal_and_is_priced_alike(order):
    order = replace(order, items=tuple(replace(i, ceilings=loose(i)) for i in order.items))

    again = order_from_json(json.loads(json.dumps(order_to_json(order))))

    assert again == order
    assert order_to_json(again) == order_to_json(order)  # zeros at the end included
    assert quote(again) == quote(order)
    assert quote_fingerprint(again, quote(again)) == quote_fingerprint(order, quote(order))


def loose(item):
    """Ceilings that allow the discounts above; written in as many decimals as they were."""
    return replace(item.ceilings, principal=Decimal("100.0"), interest=Decimal("100.00"))


def test_a_quote_as_json_has_money_as_text_and_what_it_adds_up_to():
    data = quote_to_json(
        quote(Order((replace(RICH, fee_percent=Decimal(10)),), date(2021, 11, 19)))
    )

    assert data["engine"] == ENGINE
    assert data["lines"][0] == {
        "key": 2, "days_late": 18, "original": "10000.00", "correction": "12.34",
        "penalty": "0.00", "interest": "247.18", "fee": "1025.95",
        "discount_principal": "0.00", "discount_penalty": "0.00", "discount_interest": "0.00",
        "discount_fee": "0.00", "early_discount": "10.00", "principal": "10012.34",
        "charges": "247.18", "updated": "11285.47", "typed_discount": "0.00",
        "discount": "10.00", "net": "11275.47",
    }  # fmt: skip
    assert data["totals"]["total"] == "11275.47"
    assert data["totals"]["expenses"] == "0.00"
    assert data["ceilings"] == {"charges": "247.18", "principal": "550.67", "fee": "0.00"}
    assert data["max_percents"]["charges"] == "100.0000"
    assert json.loads(json.dumps(data)) == data


def test_the_fingerprint_does_not_depend_on_the_order_of_keys():
    data = order_to_json(Order((RICH,), date(2021, 11, 19)))

    assert fingerprint(dict(reversed(data.items()))) == fingerprint(data)


def test_the_fingerprint_is_this_one_for_ever():
    """Quotes stored years ago are compared with it: it may change with a new engine only."""
    data = order_to_json(Order((PLAIN,), date(2021, 11, 19)))

    assert fingerprint(data) == ("4f0dc7ef1a1a42064f29be9f9486fb0867729ce4140eae4c4539e3f6bd20647c")


def test_one_centavo_changes_the_fingerprint():
    order = Order((PLAIN,), date(2021, 11, 19))
    other = replace(order, expenses=Decimal("0.01"))

    assert quote_fingerprint(order, quote(order)) != quote_fingerprint(other, quote(other))


def test_an_order_of_other_rules_is_refused():
    data = order_to_json(Order((PLAIN,), date(2021, 11, 19)))

    with pytest.raises(CalcError, match="outra versão") as refusal:
        order_from_json(data | {"engine": "0"})

    assert refusal.value.field == "engine"
