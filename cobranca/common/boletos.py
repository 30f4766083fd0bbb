"""The digitable line of a boleto: checked digit by digit, and what it says of amount and day.

Layout and check digits are FEBRABAN's (reference, files-and-payments 3.1 to 3.3).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cobranca.common.errors import DomainError

_LENGTH = 47
_BARCODE_BASE = date(1997, 10, 7)
# Factors have four digits: after 9999 (21/02/2025) they began again at 1000, and always will.
_CYCLE = 9000
# FEBRABAN's window around the day a line is read: a factor stands for the day within it.
_BACK, _AHEAD = timedelta(days=3000), timedelta(days=5500)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Slip:
    """What a digitable line says. `amount` and `due_date` are None where it leaves them open."""

    line: str
    bank: str
    amount: Decimal | None
    due_date: date | None


def read_line(text: str, *, on: date) -> Slip:
    """Read a digitable line as on the day `on`; DomainError when it is none or was mistyped.

    The day matters: the same four digits stood for another due date 9.000 days ago.
    """
    line = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch("[0-9]*", line):
        raise DomainError("A linha digitável tem caracteres que não são números.")
    if len(line) == _LENGTH + 1 and line.startswith("8"):
        raise DomainError("Esta linha é de conta ou tributo, não de boleto bancário.")
    if len(line) != _LENGTH:
        raise DomainError(f"A linha digitável deve ter {_LENGTH} números; esta tem {len(line)}.")
    _check(line)
    cents = Decimal(line[37:])
    return Slip(
        line=line,
        bank=line[:3],
        amount=cents * _CENT if cents else None,
        due_date=_due_date(int(line[33:37]), on),
    )


def format_line(line: str) -> str:
    """Return 00000.00000 00000.000000 00000.000000 0 00000000000000; anything else as it came."""
    if len(line) != _LENGTH:
        return line
    return (
        f"{line[:5]}.{line[5:10]} {line[10:15]}.{line[15:21]} {line[21:26]}.{line[26:32]}"
        f" {line[32]} {line[33:]}"
    )


def barcode_of(line: str) -> str:
    """Return the 44 digits of the barcode that a digitable line spells."""
    return line[:4] + line[32:] + line[4:9] + line[10:20] + line[21:31]


def _check(line: str) -> None:
    fields = (line[:10], line[10:21], line[21:32])
    for number, field in enumerate(fields, start=1):
        if _modulo_10(field[:-1]) != int(field[-1]):
            raise DomainError(f"O {number}º campo da linha digitável não confere.")
    barcode = barcode_of(line)
    if _modulo_11(barcode[:4] + barcode[5:]) != int(barcode[4]):
        raise DomainError("O dígito verificador geral da linha digitável não confere.")


def _modulo_10(digits: str) -> int:
    """Weights 2, 1, 2, 1… from the right; the digits of each product are added."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 - place % 2)
        total += product // 10 + product % 10
    return -total % 10


def _modulo_11(digits: str) -> int:
    """Weights 2 to 9 again and again from the right; 0, 10 and 11 become 1."""
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(digits)))
    check = 11 - total % 11
    return 1 if check in (10, 11) else check


def _due_date(factor: int, on: date) -> date | None:
    """Return the day a factor stands for; None when it stands for none that can be paid."""
    if not factor:
        return None
    day = _BARCODE_BASE + timedelta(days=factor)
    while day < on - _BACK:
        day += timedelta(days=_CYCLE)
    return day if day <= on + _AHEAD else None
