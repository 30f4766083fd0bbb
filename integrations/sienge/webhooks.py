"""What Sienge announces: codes only, named as each event has them (reference, 3.1 to 3.4)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from integrations.core.connector import Announcement
from integrations.core.errors import PermanentError
from integrations.core.fields import code, text, whole
from integrations.core.registry import Announced

# Names of one and the same thing (reference, 1.8); `sale` is asked which title it is of.
_CONTRACT = ("receivableBillId", "billReceivableId", "billId", "titleNumber", "numberTitle")
_INSTALLMENT = ("installmentId",)
_SALE = ("salesContractId",)
_CUSTOMER = ("customerId", "clientId")

# Events that only make sense with a code; others, unknown ones too, are kept as they come.
_NEEDS: dict[str, tuple[str, ...]] = {
    "RECEIPT_PROCESSED": _CONTRACT,
    "RECEIVABLE_INSTALLMENT_CREATED": _CONTRACT,
    "RECEIVABLE_INSTALLMENT_UPDATED": _CONTRACT,
    "RECEIVABLE_INSTALLMENT_REMOVED": _CONTRACT,
    "PAYMENT_SLIP_REGISTERED": _CONTRACT,
    "BOOK_COLLECTION_CONFIRMED": _CONTRACT,
    "UPDATE_RECEIVABLE_BILL_SITUATION": _CONTRACT,
    "ASSIGNMENT_RIGHTS_AGREEMENT_UPDATED": _CONTRACT,
    "SALES_CONTRACT_CANCELED": _SALE,
}
# The boleto is told by its title's installments only, never by the bulk data.
BOLETO_EVENTS = frozenset({"PAYMENT_SLIP_REGISTERED", "BOOK_COLLECTION_CONFIRMED"})
# Receipts of other kinds, reversals and renegotiations are announced by nothing (3.2).
ANNOUNCED = Announced(
    receipt="RECEIPT_PROCESSED",
    receipt_kinds=("Recebimento", "Adiantamento"),
    installment_created="RECEIVABLE_INSTALLMENT_CREATED",
    contract_cancelled="SALES_CONTRACT_CANCELED",
)
_decoder = msgspec.json.Decoder()


def read_webhook(headers: Mapping[str, str], body: bytes) -> Announcement:
    """Understand a delivery; ValueError when it is none of Sienge's.

    The event is named in the headers only. `x-sienge-id` is the event's own and the same when it
    is delivered again.
    """
    event = headers.get("x-sienge-event", "").strip()
    if not event:
        raise ValueError("no x-sienge-event")
    told = _decoder.decode(body)
    if not isinstance(told, dict):
        raise ValueError("not an object")
    try:
        found = Announcement(
            event=event,
            key=headers.get("x-sienge-id", "").strip(),
            hook=headers.get("x-sienge-hook-id", "").strip(),
            contract=_code(told, _CONTRACT),
            installment=_number(told),
            sale=_code(told, _SALE),
            customer=_code(told, _CUSTOMER),
        )
    except PermanentError as error:
        raise ValueError(error.message) from error
    if event in _NEEDS and not _code(told, _NEEDS[event]):
        raise ValueError("the code of what it is about is missing")
    return found


def _code(told: dict[str, Any], names: tuple[str, ...]) -> str:
    """Return a code under any of its names; "" when none is told.

    Of several titles (only their collection situation is announced so, which nothing here
    depends on) the first is read again at once, the others by the daily load.
    """
    value = next((told[name] for name in names if told.get(name) is not None), None)
    several = value if isinstance(value, list) else [] if value is None else [value]
    found = [code(item, names[0]) for item in several]
    return found[0] if found else ""


def _number(told: dict[str, Any]) -> int | None:
    value = told.get(_INSTALLMENT[0])
    return None if value is None or not text(value) else whole(value, _INSTALLMENT[0])
