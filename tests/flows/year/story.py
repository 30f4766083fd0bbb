"""The year driven day by day: what the ERP's users do, what the office hears, what it has."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any
from zoneinfo import ZoneInfo

from cobranca.common import clock
from integrations.sandbox.dates import is_business_day
from integrations.sienge.parameters import SYNC_CONTACT_DATA
from tests.flows.office import Office
from tests.flows.year import reading
from tests.flows.year.contacts import HALF_AN_HOUR, Contacts
from tests.flows.year.desk import PATIENCE, Desk
from tests.flows.year.noise import HOURS_UNTIL_EVENING, Noise, patiently
from tests.flows.year.opening import Opening
from tests.flows.year.paper import Announced, Bill, How, Line, Paper
from tests.flows.year.script import Action, Script
from tests.flows.year.webhooks import Webhooks

SUNDAY = 6
DAYS_BETWEEN_DEALS = timedelta(days=12)
# After these the tables are read even where the timelines gained nothing.
DAILY = ("the load", "the batimento", "the webhooks")
DAYS_BETWEEN_TELEPHONES = 3
# Payments are read by the day they were made on: a month back at first, then a week of overlap.
FIRST_LOOK, OVERLAP = timedelta(days=30), timedelta(days=7)


@dataclass
class Year:
    """An office beside its ERP, a script and the paper that both are held against."""

    office: Office
    script: Script
    traveller: Any
    webhooks: Webhooks
    noise: Noise | None = None
    desk: Desk | None = None
    opening: Opening | None = None
    contacts: Contacts | None = None
    payments_read_on: date | None = None
    last_deal: date = date.min
    paper: Paper = field(default_factory=Paper)
    told: dict[str, list[Line]] = field(default_factory=dict)
    spent: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    # What was told, by the way it was heard.
    lines: Counter[str] = field(default_factory=Counter)
    last_event: int = 0
    history: dict[int, list[str]] = field(default_factory=dict)
    # Since when titles are known here, and the last installment each had then.
    known_since: dict[int, date] = field(default_factory=dict)
    came_with: dict[int, int] = field(default_factory=dict)
    _bills: list[Bill] | None = None

    @property
    def day(self) -> date:
        return self.office.day

    def begin(self) -> None:
        """Take in the portfolio for the first time."""
        self.load(full=True)
        self.webhooks.subscribe()
        self.desk = Desk(self.office, self.traveller)
        self.opening = Opening(self.office, self.desk.actor, self.script.seed)
        self.contacts = Contacts(self.office, self.desk.actor, self.script.seed)
        self.office.configure(SYNC_CONTACT_DATA, "Sim")
        if self.noise:
            self.noise.begin()

    def live(self, days: int) -> None:
        for _ in range(days):
            self.office.next_day()
            self.live_a_day()

    def end(self) -> None:
        """Let all that is late arrive and one good load be made; then both books are equal."""
        if self.noise:
            self.noise.end()
        self.office.next_day()
        self.at(7)
        self.webhooks.deliver(everything=True)
        self.process()
        self.load(full=True)
        assert not self.webhooks.waiting()
        self.check_equal_books()
        if self.desk:
            self.desk.check()

    def live_a_day(self) -> None:
        """Night in the ERP, the load of the morning, a day in the ERP; then the books are held.

        What no webhook tells happens at night, so that the evening finds both books equal.
        """
        is_sunday, works = self.day.weekday() == SUNDAY, is_business_day(self.day)
        dies = self.noise.victim() if self.noise else ""
        if works or is_sunday:
            self.act(1, announced_only=False)
            self.change_telephones_there()
            self.at(7, 30 if is_sunday else 0)
            self.load(full=is_sunday, kills=dies == "load")
        if works:
            self.bargain()
            self.act(1, announced_only=True)
        self.at(10)
        self.read_payments(kills=dies == "payments")
        if works:
            self.act(1, announced_only=True)
            self.at(14)
            self.open_debtors(kills=dies == "opening")
            self.at(16)
            self.change_telephones_here(kills=dies == "push")
            self.at(18)
            self.announce(kills=dies == "webhooks")
        if self.noise is None and (works or is_sunday):
            self.check_equal_books()

    def read_payments(self, *, kills: bool = False) -> None:
        """“Sienge Pagamentos”, every day at ten (SIE-19, SIE-30)."""
        with self.timed("payments"):
            if kills and self.noise:
                self.noise.kill_a_worker("payments", clock.now())
            run = patiently(self.office, layout="sienge_pagamentos")
        if run.status == "done":
            last = self.payments_read_on
            since = (last or self.day - FIRST_LOOK) - OVERLAP
            self.payments_read_on = self.day
            titles = set(self.paper.current)
            self.hear(How.PAYMENTS, Announced(titles=titles, paid_since=since))
        else:
            assert self.noise, run.message
            self.noise.failed_loads += 1
        self.conclude()
        self.check("the payments")

    def open_debtors(self, *, kills: bool = False) -> None:
        """Open a debtor of whose titles something was changed just now, and one by chance."""
        assert self.opening
        for is_changed in (True, False):
            debtor = self.opening.choose()
            if debtor is None:
                continue
            if is_changed:
                own = self.opening.bills_of(debtor, self.bills())
                for action in self.script.actions(self.day, own, 1):
                    self.do(action)
            self.open(debtor, kills=kills and is_changed)

    def open(self, debtor: int, *, kills: bool) -> None:
        assert self.opening
        began = clock.now()
        with self.timed("openings"):
            self.opening.request(debtor)
            if kills and self.noise:
                self.noise.kill_a_worker(f"opening {debtor}", clock.now())
                # Its lease has to run out.
                self.traveller.shift(timedelta(minutes=3))
            row = self.opening.carry_out(debtor)
        assert self.noise or row.status == "done", row.message
        self.hear(How.OPENING, self.opening.read(began))
        self.conclude()
        self.check("an opening")
        # An ERP that was silent to one is not asked for another at once.
        self.traveller.shift(timedelta(minutes=1))

    def change_telephones_there(self) -> None:
        if self.contacts and self.day.toordinal() % DAYS_BETWEEN_TELEPHONES == 0:
            arguments = self.contacts.change_there(self.bills())
            self.do(Action("change_customer", arguments, is_announced=False))

    def change_telephones_here(self, *, kills: bool) -> None:
        """A collector changes one; nothing is told yet, half an hour later all of it (SIE-24)."""
        if self.contacts is None or self.day.toordinal() % DAYS_BETWEEN_TELEPHONES != 1:
            return
        with self.timed("telephones"):
            before = self.contacts.there()
            if not self.contacts.change_here():
                return
            self.traveller.shift(HALF_AN_HOUR - timedelta(minutes=1))
            self.contacts.push()
            assert self.noise or self.contacts.there() == before
            self.traveller.shift(timedelta(minutes=2))
            if kills and self.noise:
                self.noise.kill_a_worker("push", clock.now())
                self.traveller.shift(timedelta(minutes=6))
            self.contacts.push()
            if self.noise:  # what failed is tried again later
                self.traveller.shift(timedelta(minutes=15))
                self.contacts.push()
            else:
                assert not self.contacts.waits
            self.contacts.check()

    def bargain(self) -> None:
        """Pay what is due of agreements, or undo them, in the ERP; make a new one now and then."""
        if self.desk is None:
            return
        for deal in self.desk.alive:
            due = [n for n, on in deal.dues.items() if on <= self.day and n not in deal.paid]
            if deal.keeps and due:
                self.do(Action("pay", {"bill": deal.bill, "installment": due[0]}))
                deal.paid.append(due[0])
                deal.is_over = len(deal.paid) == len(deal.dues)
            elif not deal.keeps and self.day - deal.made_on > PATIENCE:
                self.do(Action("undo_renegotiation", {"bill": deal.bill}))
                deal.is_over = True
        self.script.held = {deal.bill for deal in self.desk.alive}
        if self.day - self.last_deal >= DAYS_BETWEEN_DEALS:
            self.at(15)
            self.agree()

    def agree(self) -> None:
        assert self.desk
        with self.timed("agreements"):
            deal = self.desk.make(self.bills())
        self.last_deal = self.day
        if deal is None:
            return
        self._bills = None
        self.script.held.add(deal.bill)
        bill = next(bill for bill in self.bills() if bill["bill"] == deal.bill)
        self.paper.agree(bill, deal.originals)
        key = self.paper.current[deal.bill].key
        self.told.setdefault(key, []).extend(
            [
                ("agreement", "Acordo enviado ao ERP"),
                ("recall", "Renegociação", tuple(deal.originals)),
                ("agreement", "Acordo"),
                ("agreement", "Acordo integrado ao ERP"),
            ]
        )
        self.check("an agreement")

    def announce(self, *, kills: bool = False) -> None:
        """Let the ERP tell what happened, and the office read it."""
        with self.timed("deliveries"):
            minutes = HOURS_UNTIL_EVENING * 60 if self.noise else 0
            done = self.webhooks.deliver(minutes=minutes)
            assert done["failed"] == 0, done
        self.process(kills=kills)
        if self.noise is None:
            assert not self.webhooks.waiting(), self.webhooks.waiting()[0].error
        assert not self.webhooks.parked(), self.webhooks.parked()[0].error

    def process(self, *, kills: bool = False) -> None:
        began = clock.now()
        with self.timed("webhooks"):
            if kills and self.noise:
                self.noise.kill_a_worker("webhooks", clock.now())
                # Its lease has to run out.
                self.traveller.shift(timedelta(minutes=6))
            self.webhooks.process()
        self.hear(How.TITLES, self.webhooks.read(self.bills(), began))
        self.conclude()
        self.check("the webhooks")

    def conclude(self) -> None:
        """Let agreements follow what the mirror published."""
        if self.desk:
            with self.timed("conclusions"):
                self.desk.conclude()

    def act(self, wanted: int, *, announced_only: bool) -> None:
        with self.timed("actions"):
            bills = self.bills()
            for action in self.script.actions(self.day, bills, wanted):
                if action.is_announced or not announced_only:
                    self.do(action)

    def do(self, action: Action) -> None:
        self.office.erp.act(action.name, **action.arguments)
        self._read_again(action)
        self.done[action.name] += 1
        title = action.arguments.get("bill", 0)
        self.history.setdefault(title, []).append(
            f"{self.day:%d/%m} {action.name} {action.arguments}"
        )

    def _read_again(self, action: Action) -> None:
        """Read the ERP's book again: as much of it as an action can have changed."""
        if self._bills is None or action.name == "change_customer":
            return
        if "bill" not in action.arguments:
            self._bills = None
            return
        title = action.arguments["bill"]
        with self.timed("reading"):
            found = self.office.erp.bill(title)
        place = next(at for at, bill in enumerate(self._bills) if bill["bill"] == title)
        self._bills = [
            *self._bills[:place],
            *([found] if found else []),
            *self._bills[place + 1 :],
        ]

    def bills(self) -> list[Bill]:
        """Return the ERP's book, read anew only after something was done there."""
        if self._bills is None:
            with self.timed("reading"):
                self._bills = self.office.erp.bills()
        return self._bills

    def load(self, *, full: bool, kills: bool = False) -> None:
        what = "batimento" if full else "load"
        with self.timed(what):
            if kills and self.noise:
                self.noise.kill_a_worker(what, clock.now())
            run = patiently(self.office, full=full)
        if run.status == "done":
            if self.contacts:
                self.contacts.loaded()
                self.contacts.check()
            self.hear(How.FULL if full else How.DAILY)
        else:
            assert self.noise, run.message
            self.noise.failed_loads += 1
        self.conclude()
        self.check(f"the {what}")

    def at(self, hour: int, minute: int = 0) -> None:
        """Move the product's clock."""
        moment = time_of_day(hour, minute)
        self.traveller.move_to(datetime.combine(self.day, moment, ZoneInfo("America/Sao_Paulo")))

    def hear(self, how: How, announced: Announced | None = None) -> None:
        for contract, lines in self.paper.hear(self.bills(), how, announced).items():
            self.told.setdefault(contract, []).extend(lines)
            self.lines.update(
                f"{how}: {' '.join(map(str, line[: 1 + (line[0] == 'recall')]))}" for line in lines
            )
        for title in self.paper.current.keys() - self.known_since.keys():
            bill = next(bill for bill in self.bills() if bill["bill"] == title)
            self.known_since[title] = self.day
            self.came_with[title] = max(row["id"] for row in bill["installments"])

    def check(self, when: str) -> None:
        """Hold tables and timelines against the paper."""
        with self.timed("check"):
            self.last_event, told = reading.timeline_since(self.office.creditor, self.last_event)
            if self.noise:
                # How often an agreement had to be sent is told too, and different each time.
                told, self.told = _without_sendings(told), _without_sendings(self.told)
            assert told == self.told, self.say(when, reading.difference(told, self.told))
            is_news, self.told = bool(self.told), {}
            if is_news or when in DAILY:
                self.check_tables(when)

    def check_tables(self, when: str) -> None:
        here = reading.book_here(self.office.creditor)
        wanted = reading.book_on_paper(self.paper)
        assert here == wanted, self.say(when, reading.difference(here, wanted))
        paid = reading.receipts_here(self.office.creditor)
        wanted_paid = reading.receipts_on_paper(self.paper)
        assert paid == wanted_paid, self.say(when, reading.difference(paid, wanted_paid))

    def check_equal_books(self) -> None:
        """Hold what is owed here against what is owed in the ERP, row by row.

        A title that owes for the first time since the morning is taken in by the next load.
        """
        known = [bill for bill in self.bills() if bill["bill"] in self.paper.current]
        here, there = reading.owed_here(self.office.creditor), reading.owed_there(known)
        assert here == there, self.say("the day's end", reading.difference(here, there))

    def say(self, when: str, what: str) -> str:
        """Return what differs, with what was done to the first title it names."""
        title = re.search(r"\b(\d{4,6})\b(?=@|, )", what)
        done = self.history.get(int(title[1]), []) if title else []
        lines = [f"on {self.day:%a %d/%m/%Y}, after {when}: {what}", "done there:", *done[-12:]]
        return "\n".join(lines)

    def summary(self) -> str:
        spent = {name: round(seconds, 1) for name, seconds in self.spent.items()}
        noise = self.noise and self.noise.counts()
        return f"{spent} {dict(self.done)} {dict(self.lines)} {noise}"

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.spent[what] += time.perf_counter() - began


def _without_sendings(told: dict[str, list[Line]]) -> dict[str, list[Line]]:
    kept = {key: [line for line in lines if line[0] != "agreement"] for key, lines in told.items()}
    return {key: lines for key, lines in kept.items() if lines}
