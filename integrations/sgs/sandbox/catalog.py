"""The series this central bank publishes: what they are, since when, and when they come out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Series:
    """One series. Changes are drawn between `low` and `high` hundredths of a per cent.

    A month comes out on day `day_out` of the month `months_later` after it.
    """

    code: int
    name: str
    first: date
    low: int = -40
    high: int = 130
    months_later: int = 1
    day_out: int = 10
    is_daily: bool = False


SERIES = {
    series.code: series
    for series in (
        Series(188, "INPC", date(1979, 4, 1), low=-20),
        Series(189, "IGP-M", date(1989, 6, 1), low=-75, months_later=0, day_out=28),
        Series(192, "INCC-DI", date(1944, 2, 1), low=5, high=120, day_out=6),
        Series(433, "IPCA", date(1980, 1, 1), low=-20),
        Series(7456, "INCC-M", date(1994, 9, 1), low=5, high=120, months_later=0, day_out=26),
        # Daily ones are here for the rule of ten years, and to be mistaken for monthly ones.
        Series(11, "Taxa Selic diária", date(1986, 6, 4), low=2, high=6, is_daily=True),
        Series(12, "CDI diário", date(1986, 3, 6), low=2, high=6, is_daily=True),
    )
}
