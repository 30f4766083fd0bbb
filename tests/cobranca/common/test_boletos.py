"""Digitable lines: check digits worked by hand, and due dates on both sides of the restart."""

from datetime import date
from decimal import Decimal

import pytest

from cobranca.common.boletos import barcode_of, format_line, read_line
from cobranca.common.errors import DomainError

TODAY = date(2026, 11, 23)
ITAU = "34191.09123 34567.800056 71234.570001 5 16460000019990"


@pytest.mark.parametrize(
    ("line", "barcode"),
    [
        pytest.param(ITAU, "34195164600000199901091234567800057123457000", id="Itaú"),
        pytest.param(
            "00190.00009 01238.798001 00012.345179 1 16460000019990",
            "00191164600000199900000001238798000001234517",
            id="Banco do Brasil",
        ),
        pytest.param(
            "23790.54808 90000.001231 45000.144803 8 16460000019990",
            "23798164600000199900548090000001234500014480",
            id="Bradesco",
        ),
        pytest.param(
            "03399.18997 77500.000003 12345.501014 5 16460000019990",
            "03395164600000199909189977500000001234550101",
            id="Santander",
        ),
    ],
)
def test_a_line_tells_amount_and_due_date(line, barcode):
    slip = read_line(line, on=TODAY)

    assert (slip.amount, slip.due_date) == (Decimal("199.90"), date(2026, 11, 30))
    assert slip.bank == line[:3]
    assert barcode_of(slip.line) == barcode
    assert format_line(slip.line) == line


@pytest.mark.parametrize(
    ("line", "due", "amount"),
    [
        # Lines of real boletos, from before the restart.
        ("23790.87709 60000.174718 42006.560009 5 68890000007700", date(2016, 8, 17), "77.00"),
        ("03399.12347 56700.000005 00033.701012 1 71190000003223", date(2017, 4, 4), "32.23"),
    ],
)
def test_a_line_of_before_the_restart_is_read_in_its_time(line, due, amount):
    slip = read_line(line, on=date(2018, 1, 2))

    assert (slip.due_date, slip.amount) == (due, Decimal(amount))


def line_with(factor: int, amount: int = 19990) -> str:
    """Return Itaú's line with another factor, its general digit by the textbook."""
    tail = f"{factor:04d}{amount:010d}"
    digits = "3419" + tail + "1091234567800057123457000"
    weights = (2, 3, 4, 5, 6, 7, 8, 9) * 6
    total = sum(int(d) * w for d, w in zip(reversed(digits), weights, strict=False))
    general = 11 - total % 11
    general = 1 if general in (0, 10, 11) else general
    return f"34191.09123 34567.800056 71234.570001 {general} {tail}"


@pytest.mark.parametrize(
    ("factor", "on", "due"),
    [
        pytest.param(9999, date(2025, 2, 22), date(2025, 2, 21), id="the last of the first cycle"),
        pytest.param(1000, date(2025, 2, 20), date(2025, 2, 22), id="the first of the second"),
        pytest.param(1001, date(2025, 2, 22), date(2025, 2, 23), id="and the one after it"),
        pytest.param(1000, date(2000, 7, 1), date(2000, 7, 3), id="the same digits in 2000"),
        pytest.param(1646, TODAY, date(2026, 11, 30), id="ahead"),
        pytest.param(9500, TODAY, date(2023, 10, 11), id="years ago"),
        pytest.param(1000, date(2049, 10, 14), date(2049, 10, 14), id="the second restart"),
        pytest.param(7308, TODAY, None, id="neither lately nor soon: cannot be paid"),
        pytest.param(0, TODAY, None, id="payable at sight"),
    ],
)
def test_a_factor_stands_for_the_day_within_the_window(factor, on, due):
    assert read_line(line_with(factor), on=on).due_date == due


def test_a_line_without_an_amount_says_none():
    assert read_line(line_with(1646, amount=0), on=TODAY).amount is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (ITAU.replace("34191.09123", "34191.09124"), "1º campo"),
        (ITAU.replace("34567.800056", "34567.800057"), "2º campo"),
        (ITAU.replace("71234.570001", "71234.570002"), "3º campo"),
        (ITAU.replace(" 5 ", " 6 "), "verificador geral"),
        (ITAU.replace("19990", "19991"), "verificador geral"),
        (ITAU[:-1], "tem 46"),
        ("", "tem 0"),
        ("8" + "0" * 47, "conta ou tributo"),
        (ITAU.replace("5 1646", "x 1646"), "não são números"),
        (ITAU.replace("3", "٣"), "não são números"),
    ],
)
def test_a_line_that_was_mistyped_is_refused_in_words(line, why):
    with pytest.raises(DomainError, match=why):
        read_line(line, on=TODAY)


def test_one_wrong_digit_is_always_seen():
    digits = read_line(ITAU, on=TODAY).line
    for place, digit in enumerate(digits):
        for other in set("0123456789") - {digit}:
            wrong = digits[:place] + other + digits[place + 1 :]
            with pytest.raises(DomainError):
                read_line(wrong, on=TODAY)
