"""When collection contact is permitted, as a table of minutes: written from reference/erps.md
6.1 by another method than the product's and sharing no code with it.

A day of a state is a number of 1440 bits, one a minute by the wall clock. Clocks are whole hours
behind UTC (no summer time since 2019).
"""

from datetime import date, datetime, timedelta
from functools import cache

EASTERS = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16),
           2029: (4, 1), 2030: (4, 21)}  # fmt: skip
NATIONAL = ["01-01", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "11-20", "12-25"]
BY_STATE = {"SP": ["07-09"], "RJ": ["04-23"], "AL": ["06-24", "06-29", "09-16", "11-30"],
            "AM": ["09-05", "12-08"]}  # fmt: skip
# Carnaval (two days), Ash Wednesday, Good Friday, Corpus Christi.
MOVING = [-48, -47, -46, -2, 60]
# Monday to Friday and Saturday, in hours; nothing on Sundays and holidays.
HOURS = {"": ((8, 20), (8, 14)), "SP": ((8, 20), (8, 14)), "RJ": ((9, 19), None),
         "ES": ((8, 19), None), "AL": ((8, 20), (8, 14)), "AM": ((8, 18), None)}  # fmt: skip
BEHIND = {"AM": (4, 5), "MT": (4,), "MS": (4,), "RO": (4,), "RR": (4,), "AC": (5,), "": (3, 4, 5)}
DDD = {
    "SP": range(11, 20), "RJ": (21, 22, 24), "ES": (27, 28), "MG": (31, 32, 33, 34, 35, 37, 38),
    "PR": range(41, 47), "SC": (47, 48, 49), "RS": (51, 53, 54, 55), "DF": (61,), "GO": (62, 64),
    "TO": (63,), "MT": (65, 66), "MS": (67,), "AC": (68,), "RO": (69,),
    "BA": (71, 73, 74, 75, 77), "SE": (79,), "PE": (81, 87), "AL": (82,), "PB": (83,), "RN": (84,),
    "CE": (85, 88), "PI": (86, 89), "PA": (91, 93, 94), "AM": (92, 97), "RR": (95,), "AP": (96,),
    "MA": (98, 99),
}  # fmt: skip
STATE_OF = {str(code): state for state, codes in DDD.items() for code in codes}


def minutes(start: int, end: int) -> int:
    """Return the bits of the minutes from `start` up to, not including, `end`."""
    return ((1 << (end - start)) - 1) << start if end > start else 0


WHOLE_DAY = minutes(0, 1440)


@cache
def holidays(state: str, year: int) -> frozenset[date]:
    month, day = EASTERS[year]
    found = {date(year, month, day) + timedelta(days) for days in MOVING}
    if state == "ES":
        found.add(date(year, month, day) + timedelta(8))
    for text in NATIONAL + BY_STATE.get(state, []):
        found.add(date.fromisoformat(f"{year}-{text}"))
    return frozenset(found)


@cache
def day_bits(state: str, day: date) -> int:
    """Return the minutes at which a state's norm lets a debtor be called on a day."""
    weekdays, saturdays = HOURS.get(state, HOURS[""])
    if day in holidays(state, day.year) or day.isoweekday() == 7:
        return 0
    hours = saturdays if day.isoweekday() == 6 else weekdays
    return minutes(hours[0] * 60, hours[1] * 60) if hours else 0


def is_open(state: str, clock_of: str, utc: datetime, office: int = WHOLE_DAY) -> bool:
    """Tell whether a state's norm permits a UTC instant by every clock of `clock_of`."""
    for behind in BEHIND.get(clock_of, (3,)):
        local = utc - timedelta(hours=behind)
        bits = day_bits(state, local.date()) & office
        if not bits >> (local.hour * 60 + local.minute) & 1:
            return False
    return True


def may_reach(
    channel: str, home: str, number: str, utc: datetime, extended: set[str], office: int = WHOLE_DAY
) -> bool:
    """Tell whether windows permit a contact; `extended` are the channels that the office holds
    to the hours of calls, `office` the minutes at which it works."""
    if channel == "letter":
        return True
    dialled = STATE_OF.get(number[:2], "") if channel != "email" else ""
    asked = [(home, home or dialled)]
    if dialled and dialled != home:
        asked.append((dialled, dialled))
    for state, clock_of in asked:
        binds = channel == "call" or channel in extended or (channel == "sms" and state == "AL")
        if binds and not is_open(state, clock_of, utc, office):
            return False
    return True
