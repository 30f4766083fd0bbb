"""Files "mês;valor" of an index, and which values make sense. Pure: no database, no clock."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO

from cobranca.campaigns.states import IndexKind

PLACES = 8
_LARGEST = Decimal(10) ** 10
_NOTHING_LEFT = Decimal(-100)
_MONTH = re.compile(r"(?:01/)?(?P<m1>\d{1,2})/(?P<y1>\d{4})|(?P<y2>\d{4})-(?P<m2>\d{2})(?:-01)?")
# Decimals after a comma, thousands in groups of three after dots: 1.234,56. A lone dot could be
# either, so it is refused.
_NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+(?=,))(,\d+)?")
EARLIEST = date(1900, 1, 1)


def shown_month(month: date) -> str:
    """Return a month as people write it: 03/2024."""
    return f"{month:%m/%Y}"


def shown_value(value: Decimal) -> str:
    """Return a value as people write it, without needless zeros: 0,59 and 1234,5678."""
    text = f"{value:.{PLACES}f}".rstrip("0")
    whole, _, places = text.partition(".")
    return f"{whole},{places:0<2}"


def parse_month(text: str) -> date | None:
    """Return the first day of "03/2024", "2024-03" or "01/03/2024"; None for anything else."""
    found = _MONTH.fullmatch(text.strip())
    if not found:
        return None
    month, year = found["m1"] or found["m2"], found["y1"] or found["y2"]
    try:
        return date(int(year), int(month), 1)
    except ValueError:
        return None


def parse_value(text: str) -> Decimal | None:
    """Return "0,59", "-0,12" or "1.234,56" exactly; None for anything else."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return None
    return Decimal(stripped.replace(".", "").replace(",", "."))


def check_value(kind: str, month: date, value: Decimal) -> str:
    """Return what is wrong with a month's value; "" when nothing is."""
    if month.day != 1 or month < EARLIEST:
        return "mês inválido: informe o primeiro dia do mês."
    if not value.is_finite() or abs(value) >= _LARGEST:
        return "valor grande demais."
    if value != round(value, PLACES):
        return f"valor com mais de {PLACES} casas decimais."
    if kind == IndexKind.LEVEL and value <= 0:
        return "um número-índice é maior que zero."
    if kind == IndexKind.VARIATION and value <= _NOTHING_LEFT:
        return "uma variação mensal é maior que -100 %."
    return ""


def parse_csv(data: bytes, kind: str) -> tuple[dict[date, Decimal], list[str]]:
    """Return the values of a file and, for each bad line, a sentence with its number."""
    values: dict[date, Decimal] = {}
    lines: dict[date, int] = {}
    problems: list[str] = []
    for number, cells in _lines(text_of(data)):
        month, value, problem = _read(cells, kind)
        if not problem and month in lines:
            problem = f"o mês {shown_month(month)} já está na linha {lines[month]}."
        if problem:
            problems.append(f"linha {number}: {problem}")
        else:
            values[month], lines[month] = value, number
    return values, problems


def text_of(data: bytes) -> str:
    """Return the text of a file, written by a spreadsheet of any age."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that say something, with their numbers; a title line is left out."""
    is_first = True
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in next(csv.reader(StringIO(line), delimiter=";"), [])]
        if not any(cells):
            continue
        if not (is_first and not any(map(str.isdigit, line))):
            yield number, cells
        is_first = False


def _read(cells: list[str], kind: str) -> tuple[date, Decimal, str]:
    """Return month, value and what is wrong with them ("" for nothing)."""
    nothing = (EARLIEST, Decimal(0))
    told = [cell for cell in cells if cell]
    if len(told) != 2 or cells[:2] != told:
        return *nothing, "são esperadas duas colunas, mês;valor."
    month, value = parse_month(told[0]), parse_value(told[1])
    if month is None:
        return *nothing, f"mês inválido ({told[0][:20]}): use MM/AAAA ou AAAA-MM."
    if value is None:
        return *nothing, f"valor inválido ({told[1][:20]}): use vírgula nos decimais."
    return month, value, check_value(kind, month, value)
