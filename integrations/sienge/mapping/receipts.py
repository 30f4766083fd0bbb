"""Receipts of an installment: what kind each is, and why a closed installment closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cobranca.common.text import plain
from cobranca.contracts.records import PaymentRecord
from cobranca.contracts.states import RecallReason
from integrations.core.errors import PermanentError
from integrations.core.fields import cents, cents_or_zero, day, text, whole
from integrations.sienge.rows import Receipt


@dataclass(frozen=True)
class Settlement:
    """One of Sienge's settlement types. `is_cash` is None where the tenant decides:
    there, only what moved a bank account is money.
    """

    name: str
    is_cash: bool | None
    closing: str


_PAID = RecallReason.PAYMENT.value
_REMADE = RecallReason.RENEGOTIATION.value
_REVERSAL = "Estorno"
_SETTLEMENTS = (
    Settlement("Recebimento", True, _PAID),
    Settlement("Adiantamento", True, _PAID),
    # Consumes an advance that was counted when it came.
    Settlement("Abatimento de Adiantamento", False, _PAID),
    Settlement("Por Bens", False, _PAID),
    Settlement("Outros", None, _PAID),
    Settlement("Outros com Resíduo", None, _PAID),
    Settlement("Promoção", False, _PAID),
    Settlement("Bonificação", False, _PAID),
    Settlement("Sorteio", False, _PAID),
    Settlement("Cancelamento", False, RecallReason.CREDITOR_REQUEST.value),
    Settlement("Reparcelamento", False, _REMADE),
    Settlement("Repactuação", False, _REMADE),
    Settlement("Substituição", False, _REMADE),
    Settlement("Distrato", False, RecallReason.TERMINATION.value),
    # Reopens what it reverses: it closes nothing, and takes away what it reverses.
    Settlement(_REVERSAL, None, ""),
)
_BY_NAME = {plain(settlement.name): settlement for settlement in _SETTLEMENTS}
_CLOSINGS = {settlement.name: settlement.closing for settlement in _SETTLEMENTS}
# Ids stand in only for a name that is not told (4.2 of the reference).
_NAMES_BY_ID = {
    2: "Recebimento",
    3: "Cancelamento",
    4: "Reparcelamento",
    5: "Substituição",
    7: "Distrato",
    8: "Abatimento de Adiantamento",
    10: "Adiantamento",
    11: "Por Bens",
    12: "Outros",
    14: "Promoção",
    22: "Estorno",
}
# Of two that end an installment on one day, the stronger says why.
_STRENGTH = [_PAID, RecallReason.CREDITOR_REQUEST.value, _REMADE, RecallReason.TERMINATION.value]


class UnknownSettlementError(PermanentError):
    """A settlement type nobody has seen: set aside, never guessed."""


def settlement_of(receipt: Receipt) -> Settlement:
    """Return the type of a receipt, by its name whatever its accents and case."""
    name = text(receipt.operation_type_name)
    if not name and receipt.operation_type_id is not None:
        name = _NAMES_BY_ID.get(whole(receipt.operation_type_id, "operationTypeId"), "")
    return settlement_named(name)


def settlement_named(name: str) -> Settlement:
    """Return the type called so, whatever its accents and case."""
    found = _named(name)
    if found is None:
        raise UnknownSettlementError("Tipo de baixa desconhecido (operationTypeName).")
    return found


@lru_cache(maxsize=256)
def _named(name: str) -> Settlement | None:
    return _BY_NAME.get(plain(name))


def payment_from(receipt: Receipt, contract: str, number: int, position: int) -> PaymentRecord:
    """Translate one receipt; `position` stands in for a sequence that is not told."""
    settlement = settlement_of(receipt)
    told = receipt.sequencial_number
    gross = cents(receipt.gross_amount, "grossAmount")
    charges = (
        cents_or_zero(receipt.interest_amount, "interestAmount")
        + cents_or_zero(receipt.fine_amount, "fineAmount")
        + cents_or_zero(receipt.addition_amount, "additionAmount")
        + cents_or_zero(receipt.monetary_correction_amount, "monetaryCorrectionAmount")
    )
    payment = PaymentRecord(
        contract=contract,
        number=number,
        paid_on=day(receipt.payment_date, "paymentDate"),
        sequence=position if told is None else whole(told, "sequencialNumber"),
        kind=settlement.name,
        is_cash=_moved_money(receipt) if settlement.is_cash is None else settlement.is_cash,
        gross=gross,
        net=gross if receipt.net_amount is None else cents(receipt.net_amount, "netAmount"),
        charges=charges,
        discount=cents_or_zero(receipt.discount_amount, "discountAmount"),
    )
    return _taken_away(payment) if settlement.name == _REVERSAL else payment


def _taken_away(payment: PaymentRecord) -> PaymentRecord:
    """Return a reversal with every amount negative, as some tenants tell it and some do not."""
    return payment._replace(
        gross=-abs(payment.gross),
        net=-abs(payment.net),
        charges=-abs(payment.charges),
        discount=-abs(payment.discount),
    )


def closing_reason(payments: Sequence[PaymentRecord]) -> str:
    """Return why an installment without balance is closed: what its last receipt says.

    "" when no receipt tells.
    """
    return closing_of((payment.paid_on, payment.kind) for payment in payments)


def closing_of(receipts: Iterable[tuple[date, str]]) -> str:
    """Return why receipts, told by day and name of their type, close what they settle."""
    ends = [
        (paid_on, _STRENGTH.index(reason), reason)
        for paid_on, kind in receipts
        if (reason := _CLOSINGS[kind])
    ]
    last: tuple[date, int, str] | None = max(ends, default=None)
    return last[2] if last else ""


def _moved_money(receipt: Receipt) -> bool:
    return bytes(receipt.bank_movements).strip() not in (b"", b"null", b"[]")
