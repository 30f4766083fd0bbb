"""Clock, limits, faults, calls and journal, each alone."""

from datetime import date

import pytest

from integrations.sandbox.calls import CallLog
from integrations.sandbox.clock import Clock
from integrations.sandbox.faults import BadFault, FaultBoard
from integrations.sandbox.journal import Journal, StateMismatch
from integrations.sandbox.limits import DailyQuota, MinuteWindow
from integrations.sandbox.messages import Request
from integrations.sandbox.registry import SIMULATORS, build
from integrations.sandbox.simulator import Options

TODAY = date(2026, 11, 19)


# --- clock ----------------------------------------------------------------------------------------


def test_a_clock_stands_where_it_was_set_and_moves_by_days():
    clock = Clock(TODAY)
    clock.advance(2)

    assert clock.today() == date(2026, 11, 21)
    assert clock.is_fixed
    clock.set(None)
    assert not clock.is_fixed


def test_instants_of_a_day_follow_each_other():
    clock = Clock(TODAY)
    first, second = clock.tick(), clock.tick()

    assert first < second
    assert first.date() == second.date() == TODAY


# --- limits ---------------------------------------------------------------------------------------


def test_a_minute_window_slides():
    now = [100.0]
    window = MinuteWindow(2, lambda: now[0])

    assert [window.take(), window.take(), window.take()] == [True, True, False]
    assert (window.remaining, window.reset_seconds) == (0, 61)
    now[0] = 159.9
    assert not window.take()
    now[0] = 160.0
    assert window.take()


def test_a_quota_blocks_or_only_counts_and_begins_again_each_day():
    blocking, counting = DailyQuota(1, blocks=True), DailyQuota(1, blocks=False)

    assert [blocking.take(TODAY), blocking.take(TODAY)] == [True, False]
    assert [counting.take(TODAY), counting.take(TODAY)] == [True, True]
    assert (blocking.remaining, counting.remaining) == (0, 0)
    assert blocking.take(date(2026, 11, 20))


# --- faults ---------------------------------------------------------------------------------------


def request(path="/a", method="GET", **query):
    return Request(method, path, {name: [value] for name, value in query.items()}, {})


def test_a_fault_matches_path_method_and_page():
    board = FaultBoard(1)
    fault = board.add({"kind": "500", "path": "^/a$", "method": "get", "offset": 10})

    assert fault.matches(request(offset="10"))
    assert not fault.matches(request(offset="0"))
    assert not fault.matches(request())
    assert not fault.matches(request(method="POST", offset="10"))
    assert not fault.matches(request("/ab", offset="10"))


def test_the_first_page_is_at_offset_zero_even_when_not_said():
    fault = FaultBoard(1).add({"kind": "500", "offset": 0})

    assert fault.matches(request())


def test_a_fault_that_does_not_match_is_not_counted():
    board = FaultBoard(1)
    fault = board.add({"kind": "500", "path": "/b", "nth": 1})

    assert board.firing(request("/a")) == []
    assert board.firing(request("/b")) == [fault]
    assert (fault.seen, fault.fired) == (1, 1)


def test_an_unknown_kind_names_those_there_are():
    with pytest.raises(BadFault, match="cut-body"):
        FaultBoard(1).add({"kind": "x"})


# --- calls ----------------------------------------------------------------------------------------


def test_calls_are_counted_and_forgotten():
    log = CallLog()
    log.record("rest", "GET /a", path="/a", query="", status=200)
    log.record("rest", "GET /a", path="/a", query="", status=500)

    assert log.describe() == {"total": 2, "totals": {"rest": 2}, "rest": {"GET /a": 2}}
    log.reset()
    assert log.describe() == {"total": 0, "totals": {}}


# --- journal --------------------------------------------------------------------------------------


def test_a_journal_gives_back_what_was_written(tmp_path):
    journal = Journal(tmp_path / "new")
    journal.open({"seed": 1, "on": TODAY})
    journal.append({"a": 1})

    again = Journal(tmp_path / "new")
    again.open({"seed": 1, "on": TODAY})

    assert again.born_on() == TODAY
    assert list(again.replay()) == [{"a": 1}]


def test_replaying_writes_nothing(tmp_path):
    journal = Journal(tmp_path)
    journal.open({"on": TODAY})
    journal.append({"a": 1})
    for _ in journal.replay():
        journal.append({"b": 1})

    assert list(journal.replay()) == [{"a": 1}]


def test_another_header_is_refused(tmp_path):
    Journal(tmp_path).open({"seed": 1})

    with pytest.raises(StateMismatch):
        Journal(tmp_path).open({"seed": 2})


def test_without_a_directory_nothing_is_kept():
    journal = Journal(None)
    journal.open({"seed": 1})
    journal.append({"a": 1})

    assert journal.born_on() is None
    assert list(journal.replay()) == []


# --- registry -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SIMULATORS))
def test_every_simulator_can_be_built(name):
    simulator = build(name, Options(contracts=3, on=TODAY))

    assert simulator.name == name
    assert simulator.state()["sandbox"] == name
    simulator.close()


def test_an_unknown_simulator_is_an_error():
    with pytest.raises(KeyError):
        build("nada", Options())
