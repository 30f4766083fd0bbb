"""A million random contacts against a table of permitted minutes that shares nothing with the
product: not one is permitted that the table forbids. CI tries CONTACT_ATTEMPTS of them."""

import os
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cobranca.calc.contact_law import (
    NATIONAL,
    Asked,
    Block,
    Hours,
    Law,
    Policy,
    decide,
    is_permitted,
)
from cobranca.calc.legal_calendar import legal_days
from cobranca.dunning.lawbook import rule_of
from cobranca.dunning.seeds import NORMS, row_of
from tests.cobranca.dunning.permitted_minutes import (
    BEHIND,
    DDD,
    STATE_OF,
    WHOLE_DAY,
    may_reach,
    minutes,
)

ATTEMPTS = int(os.environ.get("CONTACT_ATTEMPTS", "30000"))
CHANNELS = ["call"] * 5 + ["sms", "sms", "whatsapp", "email", "letter"]
SCOPES = ["general", "phone", "sms", "whatsapp", "email"]
HOMES = ["", *DDD, "RJ", "AL", "AM", "ES", "AC"]
FIRST = datetime(2024, 1, 3, tzinfo=UTC)
LENGTH = int((datetime(2030, 12, 31, tzinfo=UTC) - FIRST).total_seconds())
EDGES = [hour * 3600 for hour in (0, 8, 9, 10, 14, 17, 18, 19, 20)]


def law_of(policy: Policy) -> Law:
    """Return the law that the product ships with."""
    holidays: dict[str, dict[date, str]] = {}
    for year in range(2024, 2031):
        for each in legal_days(year):
            holidays.setdefault(each.state or NATIONAL, {})[each.day] = each.name
    rules = [row_of(norm) for norm in NORMS if norm.is_active]
    return Law(tuple(rule_of(row) for row in rules), holidays, policy)


@dataclass(frozen=True)
class Office:
    """A policy twice: as the product reads it, and as the table does."""

    law: Law
    extended: set[str]
    bits: int
    caps: tuple[int, int, int] | None


def office(extended: set[str], opens: int = 0, shuts: int = 24, caps=None) -> Office:
    policy = Policy(
        windowed=frozenset(extended),
        earliest=time(opens) if opens else None,
        latest=time(shuts) if shuts < 24 else None,
    )
    if caps:
        policy = replace(policy, daily_cap=caps[0], weekly_cap=caps[1], minutes_between=caps[2])
    return Office(law_of(policy), extended, minutes(opens * 60, shuts * 60), caps)


def offices() -> list[Office]:
    return [
        office({"sms", "whatsapp"}),
        office(set()),
        office({"sms", "whatsapp", "email"}, 9, 18),
        office({"sms", "whatsapp"}, caps=(2, 4, 90)),
    ]


@dataclass(frozen=True)
class Case:
    asked: Asked
    at: datetime
    office: Office


def make_case(dice: random.Random, known: list[Office]) -> Case:
    at = FIRST + timedelta(seconds=dice.randrange(LENGTH))
    home = dice.choice(HOMES)
    if dice.random() < 0.5:  # at an edge of a window, or a second from it
        behind = BEHIND.get(home, (3,))[0]
        midnight = at.replace(hour=0, minute=0, second=0)
        second = dice.choice(EDGES) + behind * 3600 + dice.choice((-60, -1, 0, 1))
        at = midnight + timedelta(seconds=second)
    number = dice.choice(["", "08007771234", f"{dice.choice(list(STATE_OF))}988887777"])
    blocks = tuple(make_block(dice, at, number) for _ in range(dice.choice((0, 0, 0, 1, 2))))
    chosen = dice.choice(known)
    earlier = make_earlier(dice, at) if chosen.caps else ()
    asked = Asked(dice.choice(CHANNELS), home, "", number, dice.random() > 0.02, blocks, earlier)
    return Case(asked, at, chosen)


def make_block(dice: random.Random, at: datetime, number: str) -> Block:
    scope = dice.choice(SCOPES)
    starts = at.date() + timedelta(days=dice.randrange(-9, 9))
    ends = None if dice.random() < 0.2 else starts + timedelta(days=dice.randrange(8))
    is_narrow = scope not in ("general", "email") and dice.random() < 0.5
    narrowed = dice.choice([number or "1", "11911112222"]) if is_narrow else ""
    return Block(scope, starts, ends, narrowed, is_register=dice.random() < 0.3)


def make_earlier(dice: random.Random, at: datetime) -> tuple[tuple[datetime, str], ...]:
    moments = sorted(
        at - timedelta(minutes=dice.randrange(1, 8 * 1440)) for _ in range(dice.randrange(6))
    )
    return tuple((moment, dice.choice(CHANNELS)) for moment in moments)


# --- the table's own answer -----------------------------------------------------------------------


def table_permits(case: Case) -> bool:
    asked, at = case.asked, case.at
    home, dialled = asked.state, STATE_OF.get(asked.number[:2], "")
    if asked.channel in ("email", "letter"):
        dialled = ""
    if not asked.is_number_active:
        return False
    clocks = set(BEHIND.get(home or dialled, (3,)))
    clocks |= set(BEHIND.get(dialled, (3,))) if dialled else set()
    days = [(at - timedelta(hours=behind)).date() for behind in clocks]
    if any(closes(block, asked, day) for block in asked.blocks for day in days):
        return False
    number = asked.number if dialled else ""
    if not may_reach(asked.channel, home, number, at, case.office.extended, case.office.bits):
        return False
    first_clock = BEHIND.get(home or dialled, (3,))[0]
    return case.office.caps is None or below_caps(case, first_clock)


def closes(block: Block, asked: Asked, day: date) -> bool:
    if day < block.starts_on or (block.ends_on and day > block.ends_on):
        return False
    if block.number and block.number != asked.number:
        return False
    closed = {
        "general": {"call", "sms", "whatsapp", "email", "letter"},
        "phone": {"call", "sms", "whatsapp"} if block.is_register else {"call"},
    }
    return asked.channel in closed.get(block.scope, {block.scope})


def below_caps(case: Case, behind: int) -> bool:
    a_day, a_week, gap = case.office.caps
    if case.asked.channel == "letter":
        return True
    here = timedelta(hours=behind)
    today = (case.at - here).date().toordinal()
    ages = [
        today - (when - here).date().toordinal()
        for when, by in case.asked.earlier
        if by != "letter"
    ]
    if ages.count(0) >= a_day or sum(age < 7 for age in ages) >= a_week:
        return False
    if case.asked.channel == "email":
        return True
    last = [when for when, by in case.asked.earlier if by in ("call", "sms", "whatsapp")]
    return all((case.at - when).total_seconds() >= gap * 60 for when in last)


# --- tests ----------------------------------------------------------------------------------------


def compared(count: int, seed: int, known: list[Office]) -> dict[str, list[Case]]:
    """Return the cases in which product and table differ, by who permits, and how many agree."""
    dice = random.Random(seed)
    found: dict[str, list[Case]] = {"false permission": [], "false refusal": [], "permitted": []}
    for _ in range(count):
        case = make_case(dice, known)
        product, table = is_permitted(case.office.law, case.asked, case.at), table_permits(case)
        if product and table:
            found["permitted"].append(case)
        elif product != table:
            found["false permission" if product else "false refusal"].append(case)
    return found


def test_no_random_contact_is_permitted_that_the_table_forbids():
    found = compared(ATTEMPTS, 2026, offices())

    assert found["false permission"] == []
    assert found["false refusal"] == []
    assert 0.1 < len(found["permitted"]) / ATTEMPTS < 0.9  # the dice try both


def test_a_norm_read_wrongly_would_be_found():
    """The negative control: an hour too many in Rio is seen among a few thousand contacts."""
    known = office({"sms", "whatsapp"})
    wrong = tuple(
        replace(rule, weekday=Hours(time(9), time(20))) if rule.state == "RJ" else rule
        for rule in known.law.rules
    )
    careless = replace(known, law=Law(wrong, known.law.holidays, known.law.policy))

    found = compared(3000, 7, [careless])

    assert found["false permission"]
    assert all("RJ" in (c.asked.state, c.asked.dialled) for c in found["false permission"])


def test_the_full_decision_says_the_same_and_when_it_is_permitted_again():
    dice, known = random.Random(99), offices()
    for _ in range(min(ATTEMPTS // 10, 20_000)):
        case = make_case(dice, known)
        law, asked = case.office.law, case.asked

        decision = decide(law, asked, case.at)

        assert decision.is_allowed == is_permitted(law, asked, case.at)
        if decision.until is not None:
            last = decision.until - timedelta(seconds=1)
            assert is_permitted(law, asked, max(last, case.at)), case
            assert not is_permitted(law, asked, decision.until), case
        if decision.next_at is not None:
            assert decision.next_at > case.at
            assert table_permits(replace(case, at=decision.next_at)), case
            before = decision.next_at - timedelta(seconds=1)
            assert not table_permits(replace(case, at=before)), case


@pytest.mark.parametrize("year", range(2024, 2031))
def test_the_tables_holidays_are_the_products(year):
    from tests.cobranca.dunning.permitted_minutes import holidays

    for state in ("", "SP", "RJ", "ES", "AL", "AM"):
        ours = {each.day for each in legal_days(year) if each.state in ("", state)}
        assert ours == holidays(state, year)


def test_the_whole_day_is_1440_minutes():
    assert WHOLE_DAY.bit_count() == 1440
