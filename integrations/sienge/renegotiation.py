"""Reparcelamento: an agreement as Sienge is asked to write it (SIE-21; MAPPING.md).

What is sent is worked out once and kept; every question afterwards is about exactly that.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cobranca.agreements.limits import MONTHLY, base_month_of
from cobranca.calc.money import ZERO
from cobranca.calc.words import day_text
from cobranca.contracts.erp import (
    ErpRefusalError,
    Renegotiation,
    RenegotiationParcel,
    RenegotiationReceipt,
)
from cobranca.creditors.selectors import value_of
from integrations.core import operations
from integrations.core.errors import PermanentError
from integrations.core.fields import cents, code, day, whole
from integrations.core.operations import Made, Standing
from integrations.core.operations.writer import Order
from integrations.core.streaming import Row
from integrations.sienge import parameters as p
from integrations.sienge.access import Access
from integrations.sienge.config import SYSTEM
from integrations.sienge.mapping.sheet import first
from integrations.sienge.quoting import open_rows
from integrations.sienge.rows import DebitInstallment, Remade, TitleInstallment

CENT = Decimal("0.01")
NO_INTEREST, PRICE = "N", "P"
# Embedded interest amortised, a difference is interest, remade by a financial agreement (2.13).
AMORTISED, DIFFERENCE_IS_INTEREST, REMADE, FINANCIAL_AGREEMENT = "A", "J", "R", "A"


def integrate(access: Access, order: Renegotiation) -> RenegotiationReceipt:
    """Write an agreement into Sienge; asking again with one key writes it once."""
    return operations.integrate(SiengeRenegotiations(access), access.creditor, order)


def undo(access: Access, key: str) -> None:
    """Take out of Sienge what was written under `key`."""
    operations.undo(SiengeRenegotiations(access), access.creditor, key)


class SiengeRenegotiations:
    """Sienge's side of a write: questions and requests, each one call or two."""

    system = SYSTEM

    def __init__(self, access: Access) -> None:
        self._access = access

    def prepare(self, order: Renegotiation) -> Order:
        """Return the body to be sent, with what only Sienge knows: indexer and bearer."""
        rows = open_rows(self._access, order.contract, order.on)
        missing = [number for number in order.installments if number not in rows]
        if missing:
            raise ErpRefusalError(
                f"O Sienge não mostra saldo da(s) parcela(s) {', '.join(map(str, missing))}: "
                "sincronize o devedor e calcule de novo.",
                "selection",
            )
        indexer = _indexer([rows[number] for number in order.installments])
        return {
            "billReceivableId": int(order.contract.external_id),
            "remadeDate": order.on.isoformat(),
            "calculationDate": order.on.isoformat(),
            "installments": "/".join(map(str, order.installments)),
            "builtInterestRule": AMORTISED,
            "interestPresentValue": None,
            "differenceType": DIFFERENCE_IS_INTEREST,
            "operationType": REMADE,
            "remadeType": FINANCIAL_AGREEMENT,
            "remadeDescription": f"{order.title} ({order.key})",
            "confirmLastReadjustmentDateChange": "N",
            "paymentConditions": [self._condition(order, indexer)],
            # Ours: left out of what is sent.
            "expected": [str(parcel.amount) for parcel in order.parcels],
        }

    def _condition(self, order: Renegotiation, indexer: int) -> dict[str, Any]:
        """Return the one payment condition: monthly, of the title's own indexer (AGR-03)."""
        rate = order.monthly_rate_percent
        bearer = self._bearer(order)
        return {
            "conditionTypeId": MONTHLY,
            "totalValue": str(order.financed or sum((e.amount for e in order.parcels), ZERO)),
            "installmentsNumber": len(order.parcels),
            "firstPayment": min(parcel.due_date for parcel in order.parcels).isoformat(),
            **({} if bearer is None else {"bearerId": bearer}),
            "matchMaturities": "N",
            "indexerId": indexer,
            "baseDate": self._base_month(order.on, indexer).isoformat(),
            "interestType": PRICE if rate else NO_INTEREST,
            "interestPercentage": str(rate),
            "monthsGracePeriod": 0,
            "baseDateInterest": None,
        }

    def _base_month(self, on: date, indexer: int) -> date:
        """Return the month before; a retroactive indexer goes as far back as it is set to."""
        agency = self._access.creditor.agency
        told: p.IndexerMonths = value_of(p.INDEXER_BASE_MONTHS, agency=agency)
        return base_month_of(on, dict(told).get(indexer, 1))

    def _bearer(self, order: Renegotiation) -> int | None:
        """Return the bearer of the installments replaced: their boletos come from it."""
        told = _by_number(self._access.client.title_installments(order.contract.external_id))
        found = (told[number] for number in order.installments if number in told)
        for row in found:
            bearer = first(row.carrier_id, row.bearer_id)
            if bearer is not None:
                return whole(bearer, "carrierId")
        return None

    def look(self, order: Order) -> Standing:
        """Ask for the renegotiations of the title: ours has our day and our installments.

        Sienge refuses to renegotiate an installment twice, so there is never another like it.
        """
        title, on = str(order["billReceivableId"]), date.fromisoformat(order["remadeDate"])
        wanted = _numbers(order["installments"])
        made: Made | None = None
        days: list[date] = []
        for row in map(_readable, self._access.client.remade(title)):
            if not _is_of(row, title):
                continue
            remade_on = day(row.remade_date, "remadeDate")
            if remade_on == on and set(_numbers(row.remade_installments_description)) == set(
                wanted
            ):
                made = _made(title, on, row)
            else:
                days.append(remade_on)
        return Standing(made, others=len(days), same_day=days.count(on))

    def send(self, order: Order) -> None:
        """POST /remade-installments; its answer is not believed, what is read afterwards is."""
        body = {name: value for name, value in order.items() if name != "expected"}
        condition = dict(body["paymentConditions"][0])
        for name in ("totalValue", "interestPercentage"):
            condition[name] = Decimal(condition[name])
        self._access.client.remake({**body, "paymentConditions": [condition]})

    def parcels(self, order: Order, made: Made) -> list[RenegotiationParcel]:
        """Read the generated installments; none until the title lists them all."""
        title = str(order["billReceivableId"])
        expected = [Decimal(amount) for amount in order["expected"]]
        told = _by_number(self._access.client.title_installments(title))
        if not made.numbers or any(number not in told for number in made.numbers):
            return []
        if len(made.numbers) != len(expected):
            raise PermanentError(
                f"O Sienge gerou {len(made.numbers)} parcelas em vez de {len(expected)}: "
                "confira o reparcelamento no Sienge."
            )
        rows = sorted(
            (day(told[number].due_date, "dueDate"), number, _balance(told[number]))
            for number in made.numbers
        )
        amounts = _amounts([balance for _, _, balance in rows], expected, made.total)
        return [
            RenegotiationParcel(number, due, amount)
            for (due, number, _), amount in zip(rows, amounts, strict=True)
        ]

    def remove(self, order: Order) -> None:
        """DELETE /remade-installments; one that is not there any more is as good as removed."""
        on = date.fromisoformat(order["remadeDate"])
        self._access.client.undo_remade(str(order["billReceivableId"]), on)


def _indexer(rows: Sequence[DebitInstallment]) -> int:
    """Return the title's own indexer; the limit is one (playbook 7.3.2)."""
    found = {whole(row.indexer_code, "indexerCode") for row in rows}
    if len(found) > 1:
        named = ", ".join(str(indexer) for indexer in sorted(found))
        raise ErpRefusalError(
            f"As parcelas têm indexadores diferentes no Sienge ({named}): integre em separado.",
            "selection",
        )
    return found.pop()


def _amounts(
    balances: Sequence[Decimal], expected: Sequence[Decimal], total: Decimal | None
) -> Sequence[Decimal]:
    """Return what each parcel was generated with: the balances, while nothing was paid of them.

    What was paid meanwhile is missing from their sum; Sienge rounds its parcels for itself.
    """
    missing = ZERO if total is None else total - sum(balances, ZERO)
    if not missing:
        return balances
    if sum(expected, ZERO) == total:
        return expected
    pairs = list(zip(balances, expected, strict=True))
    paid = [at for at, (balance, amount) in enumerate(pairs)
            if abs(balance + missing - amount) <= CENT * len(pairs)]  # fmt: skip
    if len(paid) == 1:
        return [balance + missing * (at in paid) for at, balance in enumerate(balances)]
    if all(balances):
        return balances
    raise PermanentError("Os valores gerados não conferem com o reparcelamento no Sienge.")


def _balance(row: TitleInstallment) -> Decimal:
    return cents(row.balance_due, "balanceDue")


def _made(title: str, on: date, row: Remade) -> Made:
    value = row.generated_value
    return Made(
        external_id=f"{title} de {day_text(on)}",
        numbers=_numbers(row.generated_installments_description),
        total=None if value is None else cents(value, "generatedValue"),
    )


def _numbers(told: object) -> list[int]:
    """Read numbers of installments joined by commas or slashes."""
    return [int(number) for number in re.findall(r"\d+", str(told or ""), re.ASCII)]


def _is_of(row: Remade, title: str) -> bool:
    told = first(row.receivable_bill_id, row.bill_receivable_id, row.bill_id)
    return told is None or code(told, "receivableBillId") == title


def _readable(row: Row[Remade]) -> Remade:
    if row.value is None:
        raise PermanentError(f"Reparcelamento ilegível: {row.problem}")
    return row.value


def _by_number(rows: Sequence[Row[TitleInstallment]]) -> dict[int, TitleInstallment]:
    found = {}
    for row in rows:
        if row.value is None:
            raise PermanentError(f"Parcela ilegível: {row.problem}")
        found[whole(first(row.value.installment_id, row.value.id), "installmentId")] = row.value
    return found
