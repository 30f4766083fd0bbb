"""The law of contact as one office is held to it: rules, holidays, its own days off and policy."""

from datetime import date, datetime, time, timedelta

from cobranca.calc.contact_law import NATIONAL, OFFICE, Hours, Law, Policy, StateRule
from cobranca.common import clock
from cobranca.common.text import plain
from cobranca.dunning.models import ContactPolicy, ContactRule, HolidayScope, LegalHoliday
from cobranca.dunning.states import Channel
from cobranca.scheduling.models import Holiday

# Days around an instant whose holidays are read: the search for the next permitted one ends there.
BEFORE, AHEAD = timedelta(days=10), timedelta(days=410)
_DAYS = ("weekday", "saturday", "sunday", "holiday")


def read_law(agency_id: int, at: datetime) -> Law:
    """Return the law around an instant for one agency: four queries."""
    since, until = clock.office_date(at) - BEFORE, clock.office_date(at) + AHEAD
    rules = ContactRule.objects.filter(is_active=True, valid_from__lte=until)
    holidays = _legal_holidays(since, until)
    days = Holiday.objects.filter(agency=agency_id, day__range=(since, until))
    holidays[OFFICE] = dict(days.values_list("day", "name"))
    row = ContactPolicy.objects.filter(agency=agency_id).first()
    return Law(tuple(rule_of(row) for row in rules), holidays, policy_of(row or ContactPolicy()))


def _legal_holidays(since: date, until: date) -> dict[str, dict[date, str]]:
    # Of whole years, so that it is seen which ones are loaded.
    found: dict[str, dict[date, str]] = {}
    years = (date(since.year, 1, 1), date(until.year, 12, 31))
    rows = LegalHoliday.objects.filter(is_active=True, day__range=years)
    for scope, state, city, day, name in rows.values_list("scope", "state", "city", "day", "name"):
        found.setdefault(_place(scope, state, city), {})[day] = name
    return found


def _place(scope: str, state: str, city: str) -> str:
    if scope == HolidayScope.NATIONAL:
        return NATIONAL
    return state if scope == HolidayScope.STATE else f"{state}/{plain(city)}"


def rule_of(row: ContactRule) -> StateRule:
    """Return a row as the decision reads it."""
    channels = (Channel.CALL, Channel.SMS, Channel.WHATSAPP, Channel.EMAIL)
    hours = {day: _hours(getattr(row, f"{day}_from"), getattr(row, f"{day}_to")) for day in _DAYS}
    return StateRule(
        state=row.state,
        norm=row.norm,
        channels=frozenset(str(each) for each in channels if getattr(row, f"covers_{each}")),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        certainty=row.get_certainty_display(),
        recording_required=row.recording_required,
        **hours,
    )


def _hours(start: time | None, end: time | None) -> Hours | None:
    return Hours(start, end) if start is not None and end is not None else None


def policy_of(row: ContactPolicy) -> Policy:
    """Return what an office adds as the decision reads it."""
    channels = (Channel.SMS, Channel.WHATSAPP, Channel.EMAIL)
    return Policy(
        windowed=frozenset(str(each) for each in channels if getattr(row, f"window_for_{each}")),
        earliest=row.earliest,
        latest=row.latest,
        daily_cap=row.daily_cap,
        weekly_cap=row.weekly_cap,
        minutes_between=row.minutes_between,
    )
