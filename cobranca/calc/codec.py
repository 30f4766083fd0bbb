"""Orders and quotes as JSON, exactly: money is text, and what was saved can be recomputed."""

import hashlib
import json
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from cobranca.calc.charges import Charges, ChargeTerms
from cobranca.calc.discounts import Asked, Ceilings, DiscountRequest, Percent, Value
from cobranca.calc.errors import CalcError
from cobranca.calc.money import to_cents
from cobranca.calc.order import Item, Order
from cobranca.calc.quote import Amounts, GroupFigures, Quote

# Version of the rules. Whatever changes a figure is a new engine beside this one, never an edit of
# it: quotes keep the engine they were made by.
ENGINE = "1"

Json = dict[str, Any]

DERIVED = ("principal", "charges", "updated", "typed_discount", "discount", "net")


def order_to_json(order: Order) -> Json:
    """Return all that `order` says; `order_from_json` gives back an equal one."""
    discounts = order.discounts
    return {
        "engine": ENGINE,
        "on": order.on.isoformat(),
        "expenses": str(order.expenses),
        "discounts": {
            "charges": _asked_to_json(discounts.charges),
            "principal": _asked_to_json(discounts.principal),
            "fee": _asked_to_json(discounts.fee),
            "final_value": _text(discounts.final_value),
        },
        "items": [_item_to_json(item) for item in order.items],
    }


def order_from_json(data: Json) -> Order:
    """Return the order that `order_to_json` wrote.

    Raises CalcError when it was written for rules that this version does not have.
    """
    if data.get("engine") != ENGINE:
        raise CalcError("Este cálculo foi feito por outra versão das regras.", "engine")
    discounts = data["discounts"]
    return Order(
        items=tuple(_item_from_json(row) for row in data["items"]),
        on=date.fromisoformat(data["on"]),
        discounts=DiscountRequest(
            charges=_asked_from_json(discounts["charges"]),
            principal=_asked_from_json(discounts["principal"]),
            fee=_asked_from_json(discounts["fee"]),
            final_value=_decimal(discounts["final_value"]),
        ),
        expenses=Decimal(data["expenses"]),
    )


def quote_to_json(quoted: Quote) -> Json:
    """Return a quote with its sums, every amount as text with two decimals."""
    totals = quoted.totals
    return {
        "engine": ENGINE,
        "on": quoted.on.isoformat(),
        "lines": [
            {"key": line.key, "days_late": line.days_late, **_amounts_to_json(line)}
            for line in quoted.lines
        ],
        "totals": {
            **_amounts_to_json(totals),
            "expenses": _money(totals.expenses),
            "total": _money(totals.total),
        },
        "minimum": _money(quoted.minimum),
        "ceilings": _group_to_json(quoted.ceilings),
        "max_percents": _group_to_json(quoted.max_percents),
    }


def fingerprint(data: Json) -> str:
    """Return the sha256 of `data` as canonical JSON: keys sorted, no spaces, UTF-8.

    The same whatever order keys were written or read back in.
    """
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def quote_fingerprint(order: Order, quoted: Quote) -> str:
    """Return the fingerprint of a calculation: what went in and what came out."""
    return fingerprint({"order": order_to_json(order), "quote": quote_to_json(quoted)})


def _item_to_json(item: Item) -> Json:
    return {
        "key": item.key,
        "contract": item.contract,
        "label": item.label,
        "due": item.due.isoformat(),
        "effective_due": item.effective_due.isoformat(),
        "original": str(item.original),
        "correction": str(item.correction),
        "charges": _charges_to_json(item.charges),
        "terms": _terms_to_json(item.terms),
        "fee_percent": str(item.fee_percent),
        "ceilings": _decimals_to_json(item.ceilings),
        "early_discount": str(item.early_discount),
        "origin": dict(item.origin),
    }


def _item_from_json(data: Json) -> Item:
    return Item(
        key=data["key"],
        contract=data["contract"],
        label=data["label"],
        due=date.fromisoformat(data["due"]),
        effective_due=date.fromisoformat(data["effective_due"]),
        original=Decimal(data["original"]),
        correction=Decimal(data["correction"]),
        charges=_charges_from_json(data["charges"]),
        terms=_terms_from_json(data["terms"]),
        fee_percent=Decimal(data["fee_percent"]),
        ceilings=Ceilings(**{name: Decimal(text) for name, text in data["ceilings"].items()}),
        early_discount=Decimal(data["early_discount"]),
        origin=dict(data["origin"]),
    )


def _charges_to_json(charges: Charges | None) -> Json | None:
    return None if charges is None else _decimals_to_json(charges)


def _charges_from_json(data: Json | None) -> Charges | None:
    if data is None:
        return None
    return Charges(Decimal(data["penalty"]), Decimal(data["interest"]))


def _terms_to_json(terms: ChargeTerms | None) -> Json | None:
    if terms is None:
        return None
    return {
        "penalty_percent": str(terms.penalty_percent),
        "monthly_interest_percent": str(terms.monthly_interest_percent),
        "interest_on_penalty": terms.interest_on_penalty,
    }


def _terms_from_json(data: Json | None) -> ChargeTerms | None:
    if data is None:
        return None
    return ChargeTerms(
        Decimal(data["penalty_percent"]),
        Decimal(data["monthly_interest_percent"]),
        data["interest_on_penalty"],
    )


def _asked_to_json(asked: Asked) -> Json | None:
    if asked is None:
        return None
    if isinstance(asked, Percent):
        return {"percent": str(asked.percent)}
    return {"value": str(asked.amount)}


def _asked_from_json(data: Json | None) -> Asked:
    if data is None:
        return None
    if "percent" in data:
        return Percent(Decimal(data["percent"]))
    return Value(Decimal(data["value"]))


def _decimals_to_json(each: Ceilings | Charges) -> Json:
    return {f.name: str(getattr(each, f.name)) for f in fields(each)}


def _amounts_to_json(amounts: Amounts) -> Json:
    names = (*(f.name for f in fields(Amounts)), *DERIVED)
    return {name: _money(getattr(amounts, name)) for name in names}


def _group_to_json(figures: GroupFigures) -> Json:
    return {f.name: str(getattr(figures, f.name)) for f in fields(figures)}


def _money(amount: Decimal) -> str:
    return str(to_cents(amount))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
