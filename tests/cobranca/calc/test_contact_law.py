"""Cases of reference/erps.md 6.1 and 6.2, worked out by hand. Times are UTC: Brasília is 3 h
behind. 23/11/2026 is a Monday, 21/11 a Saturday, 20/11 (Consciência Negra) a Friday."""

from datetime import date, datetime, time, timedelta

import pytest

from cobranca.calc.contact_law import (
    AREA_CODE_STATE,
    Asked,
    Block,
    Hours,
    Law,
    Policy,
    StateRule,
    decide,
    verdicts,
)
from cobranca.calc.contact_places import zones_of
from cobranca.calc.legal_calendar import easter, legal_days
from cobranca.common.phones import DDDS
from cobranca.common.places import STATES

CALLS = frozenset({"call"})


def norm(state, weekday, saturday, channels=CALLS, since=date(2000, 1, 1), until=None):
    hours = Hours(time(weekday[0]), time(weekday[1]))
    rest = Hours(time(saturday[0]), time(saturday[1])) if saturday else None
    return StateRule(state, f"Lei {state}", channels, hours, rest, None, None, since, until)


NORMS = (
    norm("", (8, 20), (8, 14)),
    norm("SP", (8, 20), (8, 14)),
    norm("RJ", (9, 19), None),
    norm("ES", (8, 19), None),
    norm("AL", (8, 20), (8, 14), frozenset({"call", "sms"})),
    norm("AM", (8, 18), None),
)
HOLIDAYS: dict[str, dict[date, str]] = {"SP/campinas": {date(2026, 12, 8): "Padroeira"}}
for _year in (2026, 2027):
    for _day in legal_days(_year):
        HOLIDAYS.setdefault(_day.state, {})[_day.day] = _day.name
LAW = Law(NORMS, HOLIDAYS)
FREE_MESSAGES = Law(NORMS, HOLIDAYS, Policy(windowed=frozenset()))
SP, RJ, AL, AM = "11988887777", "21988887777", "82988887777", "92988887777"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(
    ("home", "number", "moment", "rule"),
    [
        pytest.param("SP", SP, "2026-11-23T11:00", "", id="SP opens at 8"),
        pytest.param("SP", SP, "2026-11-23T10:59:59", "window:SP", id="not a second before"),
        pytest.param("SP", SP, "2026-11-23T22:59:59", "", id="SP until 20"),
        pytest.param("SP", SP, "2026-11-23T23:00", "window:SP", id="the end is exclusive"),
        pytest.param("SP", SP, "2026-11-21T16:59", "", id="SP Saturday until 14"),
        pytest.param("SP", SP, "2026-11-21T17:00", "window:SP", id="SP Saturday from 14"),
        pytest.param("SP", SP, "2026-11-22T15:00", "window:SP", id="never on Sunday"),
        pytest.param("SP", SP, "2026-11-20T15:00", "holiday:SP", id="national holiday"),
        pytest.param("SP", SP, "2026-07-09T15:00", "holiday:SP", id="holiday of SP"),
        pytest.param("MG", "31988887777", "2026-07-09T15:00", "", id="elsewhere a working day"),
        pytest.param("MG", SP, "2026-07-09T15:00", "holiday:SP", id="but not by a number of SP"),
        pytest.param("RJ", RJ, "2026-11-23T11:30", "window:RJ", id="RJ from 9"),
        pytest.param("RJ", RJ, "2026-11-23T22:00", "window:RJ", id="RJ until 19"),
        pytest.param("RJ", RJ, "2026-11-21T15:00", "window:RJ", id="RJ no Saturday"),
        pytest.param("RJ", SP, "2026-11-21T15:00", "window:RJ", id="residence RJ, number SP"),
        pytest.param("SP", RJ, "2026-11-21T15:00", "window:RJ", id="residence SP, number RJ"),
        pytest.param("SP", SP, "2026-02-17T15:00", "holiday:SP", id="Carnaval is closed"),
        pytest.param("SP", SP, "2026-02-18T15:00", "holiday:SP", id="Ash Wednesday"),
        pytest.param("SP", SP, "2026-06-04T15:00", "holiday:SP", id="Corpus Christi"),
        pytest.param("SP", SP, "2026-04-03T15:00", "holiday:SP", id="Good Friday"),
        pytest.param("ES", "27988887777", "2026-04-13T15:00", "holiday:ES", id="Penha"),
        pytest.param("AM", AM, "2026-11-23T12:59", "window:AM", id="AM: 7 h in its west"),
        pytest.param("AM", AM, "2026-11-23T13:00", "", id="AM from 8 by both clocks"),
        pytest.param("AM", AM, "2026-11-23T22:00", "window:AM", id="AM until 18 in Manaus"),
        pytest.param("AC", "68988887777", "2026-11-23T12:59", "window:BR", id="AC is UTC-5"),
        pytest.param("AC", "68988887777", "2026-11-24T00:59", "", id="AC until 20 there"),
        pytest.param("AC", SP, "2026-11-23T23:30", "window:SP", id="AC by a number of SP"),
        pytest.param("", "", "2026-11-23T12:59", "window:BR", id="unknown: 8 in Acre too"),
        pytest.param("", "", "2026-11-23T13:00", "", id="unknown: by every clock"),
        pytest.param("", "", "2026-11-23T23:00", "window:BR", id="unknown: 20 in Brasília"),
        pytest.param("", AM, "2026-11-23T22:00", "window:AM", id="only the area code known"),
        pytest.param("", RJ, "2026-11-23T11:30", "window:RJ", id="the code's norm binds"),
        pytest.param("SP", "08007771234", "2026-11-23T15:00", "", id="0800 has no area code"),
    ],
)  # fmt: skip
def test_calls(home, number, moment, rule):
    decision = decide(LAW, Asked("call", home, "", number), at(moment))

    assert decision.is_allowed == (rule == "")
    if rule:
        assert decision.rule == rule


def test_a_municipal_holiday_counts_for_those_who_live_there():
    noon = at("2026-12-08T15:00")

    assert not decide(LAW, Asked("call", "SP", "campinas", SP), noon).is_allowed
    assert decide(LAW, Asked("call", "SP", "santos", SP), noon).is_allowed


def test_the_law_of_alagoas_covers_sms_whatever_the_office_does():
    sunday = at("2026-11-22T15:00")

    assert decide(FREE_MESSAGES, Asked("sms", "AL", "", AL), sunday).rule == "window:AL"
    assert decide(FREE_MESSAGES, Asked("sms", "SP", "", AL), sunday).rule == "window:AL"
    assert decide(FREE_MESSAGES, Asked("sms", "SP", "", SP), sunday).is_allowed
    assert decide(FREE_MESSAGES, Asked("whatsapp", "AL", "", AL), sunday).is_allowed


def test_by_caution_messages_keep_the_hours_of_calls_and_say_that_it_is_the_offices_wish():
    decision = decide(LAW, Asked("whatsapp", "SP", "", SP), at("2026-11-22T15:00"))

    assert decision.rule == "window:SP"
    assert "política da assessoria, pelo horário da Lei SP" in decision.reason


def test_email_and_letters_are_free_of_hours():
    sunday = at("2026-11-22T15:00")

    assert decide(LAW, Asked("email", "RJ"), sunday).is_allowed
    assert decide(LAW, Asked("letter", "RJ"), sunday).is_allowed


def test_a_refusal_names_norm_and_place_and_when_it_ends():
    decision = decide(LAW, Asked("call", "RJ", "", SP), at("2026-11-20T22:30"))

    assert decision.rule == "holiday:RJ"
    assert decision.reason == (
        "Feriado em RJ, Dia da Consciência Negra (20/11): "
        "não se permitem ligações de cobrança (Lei RJ)."
    )
    assert decision.next_at == at("2026-11-23T12:00")  # Monday, 9 h: Saturday is closed in RJ


def test_a_permission_says_until_when():
    decision = decide(LAW, Asked("call", "SP", "", RJ), at("2026-11-23T15:00"))

    assert decision.until == at("2026-11-23T22:00")
    assert decision.reason == "Permitido até 19:00 no DDD (RJ) (Lei RJ)."


def test_a_norm_counts_from_its_first_to_its_last_day():
    old = norm("MT", (8, 20), (8, 14), until=date(2026, 11, 22))
    new = norm("MT", (8, 18), (8, 12), since=date(2026, 11, 24))
    law = Law((*NORMS, old, new), HOLIDAYS)
    asked = Asked("call", "MT", "", "65988887777")

    assert decide(law, asked, at("2026-11-23T23:30")).is_allowed  # between: the default, 19:30
    assert decide(law, asked, at("2026-11-24T22:30")).rule == "window:MT"  # 18:30


def test_of_two_norms_in_force_both_bind():
    later = norm("SP", (10, 19), (8, 14))
    law = Law((*NORMS, later), HOLIDAYS)

    assert not decide(law, Asked("call", "SP", "", SP), at("2026-11-23T12:30")).is_allowed
    assert decide(law, Asked("call", "SP", "", SP), at("2026-11-23T13:00")).until == at(
        "2026-11-23T22:00"
    )


def test_a_year_without_holidays_is_closed():
    decision = decide(LAW, Asked("call", "SP", "", SP), at("2028-03-01T15:00"))

    assert (decision.rule, decision.next_at) == ("calendar:missing", None)
    assert "2028" in decision.reason


def test_without_any_rule_nothing_is_permitted():
    decision = decide(Law((), HOLIDAYS), Asked("call", "SP", "", SP), at("2026-11-23T15:00"))

    assert (decision.is_allowed, decision.next_at) == (False, None)


def test_the_offices_hours_only_narrow():
    early = Policy(earliest=time(7), latest=time(21))
    late = Policy(earliest=time(10), latest=time(17))
    asked = Asked("call", "RJ", "", RJ)

    wide, narrow = Law(NORMS, HOLIDAYS, early), Law(NORMS, HOLIDAYS, late)

    assert decide(wide, asked, at("2026-11-23T11:30")).rule == "window:RJ"
    assert decide(narrow, asked, at("2026-11-23T12:30")).rule == "policy:hours"
    assert decide(narrow, asked, at("2026-11-23T13:00")).until == at("2026-11-23T20:00")


# --- blocks ---------------------------------------------------------------------------------------

MONDAY, SUNDAY = at("2026-11-23T15:00"), date(2026, 11, 22)
ALL = "call sms whatsapp email letter"


@pytest.mark.parametrize(
    ("block", "closed"),
    [
        pytest.param(Block("general", date(2026, 1, 1)), ALL, id="general"),
        pytest.param(Block("phone", date(2026, 1, 1)), "call", id="calls"),
        pytest.param(Block("phone", date(2026, 1, 1), number=SP), "call", id="this number"),
        pytest.param(Block("phone", date(2026, 1, 1), number=RJ), "", id="another number"),
        pytest.param(
            Block("phone", date(2026, 1, 1), is_register=True), "call sms whatsapp", id="register"
        ),
        pytest.param(Block("sms", date(2026, 1, 1)), "sms", id="SMS"),
        pytest.param(Block("whatsapp", date(2026, 1, 1)), "whatsapp", id="WhatsApp"),
        pytest.param(Block("email", date(2026, 1, 1)), "email", id="e-mail"),
        pytest.param(Block("general", date(2026, 11, 24)), "", id="from tomorrow"),
        pytest.param(Block("general", date(2026, 1, 1), SUNDAY), "", id="until yesterday"),
        pytest.param(
            Block("email", date(2026, 1, 1), date(2026, 11, 23)), "email", id="until today"
        ),
    ],
)  # fmt: skip
def test_blocks_close_their_channels(block, closed):
    refused = {
        channel
        for channel in ("call", "sms", "whatsapp", "email", "letter")
        if not decide(LAW, Asked(channel, "SP", "", SP, blocks=(block,)), MONDAY).is_allowed
    }

    assert refused == set(closed.split())


def test_a_block_without_end_never_opens_and_one_with_end_opens_after_it():
    forever = Asked("call", "SP", "", SP, blocks=(Block("general", date(2026, 1, 1)),))
    a_week = Block("general", date(2026, 1, 1), date(2026, 11, 27))

    assert decide(LAW, forever, MONDAY).next_at is None
    ending = decide(LAW, Asked("call", "SP", "", SP, blocks=(a_week,)), MONDAY)
    assert ending.next_at == at("2026-11-28T11:00")  # Saturday, 8 h


def test_a_block_to_come_ends_the_permission():
    block = Block("general", date(2026, 11, 24))

    decision = decide(LAW, Asked("email", "SP", blocks=(block,)), MONDAY)

    assert decision.until == at("2026-11-24T03:00")


# --- caps -----------------------------------------------------------------------------------------

CAPPED = Law(NORMS, HOLIDAYS, Policy(daily_cap=2, weekly_cap=3, minutes_between=60))


def asked_after(*earlier: tuple[str, str], channel: str = "call") -> Asked:
    contacts = tuple((at(moment), by) for moment, by in earlier)
    return Asked(channel, "SP", "", SP, earlier=contacts)


def test_an_hour_must_pass_between_contacts():
    decision = decide(CAPPED, asked_after(("2026-11-23T14:30", "sms")), MONDAY)

    assert decision.rule == "cap:interval"
    assert decision.next_at == at("2026-11-23T15:30")


def test_an_email_that_was_asked_for_in_a_call_need_not_wait():
    asked = asked_after(("2026-11-23T14:59", "call"), channel="email")

    assert decide(CAPPED, asked, MONDAY).is_allowed


def test_so_many_a_day_by_the_persons_calendar():
    asked = asked_after(("2026-11-23T11:00", "call"), ("2026-11-23T12:30", "email"))

    decision = decide(CAPPED, asked, MONDAY)

    assert decision.rule == "cap:day"
    assert decision.next_at == at("2026-11-24T11:00")


def test_so_many_in_seven_days():
    asked = asked_after(
        ("2026-11-17T15:00", "call"), ("2026-11-18T15:00", "call"), ("2026-11-19T15:00", "sms")
    )

    decision = decide(CAPPED, asked, MONDAY)

    assert decision.rule == "cap:week"
    assert decision.next_at == at("2026-11-24T11:00")  # that of Tuesday 17 is a week old then


def test_letters_neither_count_nor_wait():
    letters = asked_after(*[("2026-11-23T14:59", "letter")] * 5)

    assert decide(CAPPED, letters, MONDAY).is_allowed
    many = [("2026-11-23T14:59", "call")] * 5
    assert decide(CAPPED, asked_after(*many, channel="letter"), MONDAY).is_allowed


def test_an_inactive_number_is_never_called():
    decision = decide(LAW, Asked("call", "SP", "", SP, is_number_active=False), MONDAY)

    assert (decision.rule, decision.next_at) == ("number:inactive", None)


def test_every_limit_says_what_it_found():
    said = verdicts(CAPPED, asked_after(("2026-11-23T11:00", "call")), MONDAY)

    assert [each.code for each in said] == ["window:SP", "cap:interval", "cap:day", "cap:week"]
    assert all(each.holds for each in said)


# --- places and days ------------------------------------------------------------------------------


def test_every_area_code_is_of_a_state_and_every_state_has_one():
    assert set(AREA_CODE_STATE) == DDDS
    assert set(AREA_CODE_STATE.values()) == set(STATES)


def test_clocks_of_states():
    behind = {
        state: {zone.utcoffset(datetime(2026, 7, 1)) for zone in zones_of(state)}
        for state in STATES
    }
    west = {"MT", "MS", "RO", "RR"}

    assert all(behind[state] == {timedelta(hours=-4)} for state in west)
    assert behind["AM"] == {timedelta(hours=-4), timedelta(hours=-5)}
    assert behind["AC"] == {timedelta(hours=-5)}
    rest = set(STATES) - west - {"AM", "AC"}
    assert all(behind[state] == {timedelta(hours=-3)} for state in rest)


def test_noronha_is_an_hour_ahead():
    asked = Asked("call", "PE", "fernando de noronha", "81988887777")

    assert not decide(LAW, asked, at("2026-11-23T22:00")).is_allowed
    assert decide(LAW, asked, at("2026-11-23T21:59")).is_allowed


@pytest.mark.parametrize("year", [1999, 2008, 2019, 2024, 2027, 2030, 2038])
def test_movable_days_are_those_of_the_holidays_library(year):
    import holidays

    known = holidays.country_holidays("BR", years=year, categories=("public", "optional"))

    assert easter(year) - timedelta(days=2) in known
    assert easter(year) - timedelta(days=47) in known
    assert easter(year) + timedelta(days=60) in known


def test_the_day_of_black_awareness_is_national_since_2024():
    names = {year: {each.name for each in legal_days(year)} for year in (2023, 2024)}

    assert "Dia da Consciência Negra" not in names[2023]
    assert "Dia da Consciência Negra" in names[2024]
