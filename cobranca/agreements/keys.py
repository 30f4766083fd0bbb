"""How an agreement is named towards the ERP, whatever becomes of its number."""

from cobranca.agreements.models import Agreement

_PREFIX = "agreement-"


def key_of(agreement: Agreement) -> str:
    """Return the key under which the ERP is asked to write an agreement."""
    return f"{_PREFIX}{agreement.pk}"


def agreement_id_of(key: str) -> int | None:
    """Return which agreement a key names; None when it names none."""
    number = key.removeprefix(_PREFIX)
    return int(number) if number != key and number.isdigit() else None
