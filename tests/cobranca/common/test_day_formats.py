"""Days where no template says how, as in the admin's lists."""

from datetime import date, datetime

from django.utils.formats import date_format


def test_a_day_is_dd_mm_aaaa_where_nobody_says_how() -> None:
    assert date_format(date(1991, 3, 11)) == "11/03/1991"
    assert date_format(datetime(2026, 11, 22, 8, 10), "DATETIME_FORMAT") == "22/11/2026 08:10"
