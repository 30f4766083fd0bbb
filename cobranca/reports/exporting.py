"""Lists and tables as files: CSV streamed, XLSX written to disk; each export is audited."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from cobranca.common import clock
from cobranca.common.downloads import BOM, XLSX, disarmed
from cobranca.common.errors import DomainError

# What a sheet of Excel holds, its head apart.
MOST_ROWS = 1_048_575
LINES_AT_ONCE = 500
Cells = Sequence[Any]


def csv_stream(name: str, header: Sequence[str], rows: Iterable[Cells]) -> HttpResponseBase:
    """Answer with `name`.csv as it is read; formulas are disarmed."""
    response = StreamingHttpResponse(
        _csv_parts(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _csv_parts(header: Sequence[str], rows: Iterable[Cells]) -> Iterator[str]:
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(header)
    for number, cells in enumerate(rows, start=1):
        writer.writerow([written(cell) for cell in cells])
        if number % LINES_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def written(cell: Any) -> str:
    """Return a cell as a Brazilian spreadsheet reads it; text cannot become a formula."""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, datetime):
        return f"{clock.office_time(cell):%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return disarmed(cell)


def xlsx_file(name: str, header: Sequence[str], rows: Iterable[Cells]) -> HttpResponseBase:
    """Answer with `name`.xlsx: numbers and days as such, text that cannot become a formula."""
    # The response closes it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        _fill(book, header, rows)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def check_size(count: int) -> None:
    """Refuse a sheet that Excel could not hold."""
    if count > MOST_ROWS:
        raise DomainError(
            "A lista passa do que uma planilha comporta: exporte em CSV ou escolha outros filtros."
        )


def _fill(book: Any, header: Sequence[str], rows: Iterable[Cells]) -> None:
    sheet = book.add_worksheet("Dados")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, book.add_format({"bold": True}))
    money = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                sheet.write_number(number, place, cell, money)
            elif isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif isinstance(cell, date) and not isinstance(cell, datetime):
                sheet.write_datetime(number, place, cell, day)
            elif cell is not None:
                text = written(cell) if isinstance(cell, datetime) else str(cell)
                sheet.write_string(number, place, text)
