"""Whatever happened in the ERP, told by whichever channels in whichever order: one book."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from cobranca.contracts.models import Event, Installment, Payment
from cobranca.contracts.records import Record
from tests import factories
from tests.cobranca.contracts.mirror.book import (
    DUE,
    NOON,
    Mirror,
    customer,
    open_book,
    parcel,
    receipt,
    title,
)

pytestmark = pytest.mark.usefixtures("in_scope")
MARIA = customer("1", "11144477735", "MARIA DA SILVA")
TITLES = ("500", "501")


@dataclass
class Parcel:
    balance: Decimal = Decimal(100)
    due: int = 0
    closing: str = ""
    # Amount and kind of each receipt.
    receipts: list[tuple[Decimal, str]] = field(default_factory=list)


@dataclass
class Erp:
    """Two titles on paper, and which of them changed since the last daily load."""

    titles: dict[str, dict[int, Parcel]] = field(
        default_factory=lambda: {code: {n: Parcel() for n in (1, 2, 3)} for code in TITLES}
    )
    changed: set[tuple[str, int]] = field(default_factory=set)

    def settle(self, code: str, nth: int, closing: str, share: Decimal) -> None:
        number, it = self._pick(code, nth, is_open=True)
        if it is None:
            return
        part = (it.balance * share).quantize(Decimal("0.01")) or it.balance
        it.balance -= part
        it.receipts.append((part, closing))
        it.closing = closing if not it.balance else ""
        self.changed.add((code, number))

    def reverse(self, code: str, nth: int) -> None:
        number, it = self._pick(code, nth, is_open=False)
        if it is not None and it.receipts:
            amount, _ = it.receipts.pop()
            it.balance, it.closing = it.balance + amount, ""
            self.changed.add((code, number))

    def add(self, code: str) -> None:
        number = max(self.titles[code], default=0) + 1
        self.titles[code][number] = Parcel()
        self.changed.add((code, number))

    def remove(self, code: str, nth: int) -> None:
        number, it = self._pick(code, nth, is_open=True)
        if it is not None and not it.receipts:
            del self.titles[code][number]

    def postpone(self, code: str, nth: int) -> None:
        number, it = self._pick(code, nth, is_open=True)
        if it is not None:
            it.due += 30
            self.changed.add((code, number))

    def remake(self, code: str, nth: int) -> None:
        self.settle(code, nth, "renegotiation", Decimal(1))
        self.add(code)

    def _pick(self, code: str, nth: int, *, is_open: bool) -> Any:
        found = [
            (n, it)
            for n, it in self.titles[code].items()
            if (it.balance > 0 if is_open else it.receipts)
        ]
        return found[nth % len(found)] if found else (0, None)

    def records(self, code: str, only: set[tuple[str, int]] | None = None) -> Iterator[Record]:
        yield title(code, "1")
        for number, it in self.titles[code].items():
            if only is not None and (code, number) not in only:
                continue
            due = DUE + timedelta(days=it.due)
            yield parcel(code, number, str(it.balance), due_date=due, closing=it.closing)
            for sequence, (amount, kind) in enumerate(it.receipts, start=1):
                is_cash = kind == "payment"
                yield receipt(
                    code, number, str(amount), sequence=sequence, kind=kind, is_cash=is_cash
                )

    def all(self) -> list[Record]:
        return [MARIA, *(record for code in TITLES for record in self.records(code))]


CODES = st.sampled_from(TITLES)
NTH = st.integers(0, 3)
FACTS = st.one_of(
    st.tuples(
        st.just("settle"),
        CODES,
        NTH,
        st.sampled_from(["payment", "creditor_request"]),
        st.sampled_from([Decimal("0.3"), Decimal(1)]),
    ),
    st.tuples(st.sampled_from(["reverse", "remove", "postpone", "remake"]), CODES, NTH),
    st.tuples(st.just("add"), CODES),
)
CHANNELS = st.one_of(
    st.tuples(st.sampled_from(["webhook", "opening"]), CODES),
    st.tuples(st.sampled_from(["daily", "batimento", "begin", "end"])),
)
STEPS = st.lists(st.one_of(FACTS, FACTS, CHANNELS), min_size=1, max_size=8)


class Office:
    """Applies what channels tell, in an order of time of its own."""

    def __init__(self, creditor: Any) -> None:
        self.mirror, self.erp = Mirror(creditor), Erp()
        self.minute = 0
        self.begun: tuple[int, list[Record]] | None = None
        self.mirror.load(*self.erp.all(), read_at=NOON)

    def take(self, step: tuple[Any, ...]) -> None:
        name, *given = step
        self.minute += 1
        if hasattr(self.erp, name):
            getattr(self.erp, name)(*given)
        else:
            getattr(self, name)(*given)

    def webhook(self, code: str) -> None:
        self.mirror.read(*self.erp.records(code), minutes=self.minute)

    def opening(self, code: str) -> None:
        self.mirror.open(*self.erp.records(code), minutes=self.minute)

    def daily(self) -> None:
        changed = [record for code in TITLES for record in self.erp.records(code, self.erp.changed)]
        self.mirror.load(*changed, full=False, read_at=self.now)
        self.erp.changed.clear()

    def batimento(self) -> None:
        self.mirror.load(*self.erp.all(), read_at=self.now)

    def read_all(self, how: str) -> None:
        self.minute += 1
        if how == "batimento":
            self.batimento()
        else:
            self.mirror.read(*self.erp.all(), minutes=self.minute)

    def begin(self) -> None:
        """Begin to read a whole load, which something else may overtake."""
        self.begun = self.minute, deepcopy(self.erp.all())

    def end(self) -> None:
        if self.begun is not None:
            minute, records = self.begun
            self.mirror.load(*records, read_at=NOON + timedelta(minutes=minute))
            self.begun = None

    @property
    def now(self) -> Any:
        return NOON + timedelta(minutes=self.minute)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def received(creditor: Any) -> dict[tuple[str, int], list[Decimal]]:
    """Return the receipts of each open installment."""
    found: dict[tuple[str, int], list[Decimal]] = {}
    for row in Installment.objects.filter(contract__creditor=creditor, status="open"):
        receipts = Payment.objects.filter(contract=row.contract_id, number=row.number)
        nets = sorted(receipts.values_list("net", flat=True))
        found[row.contract.external_id, row.number] = nets
    return found


@given(STEPS, st.sampled_from(["batimento", "webhooks"]))
def test_a_last_reading_finds_the_book_of_a_first_load_and_again_finds_nothing(
    creditor, steps, last
):
    with undone():
        office = Office(creditor)
        for step in steps:
            office.take(step)
        office.read_all(last)

        fresh = factories.make_creditor(creditor.agency, creditor_type="SIENGE", external_code="2")
        Mirror(fresh).load(*office.erp.all())
        assert open_book(creditor) == open_book(fresh)
        assert received(creditor) == received(fresh)

        events = Event.objects.count()
        office.daily()
        office.read_all("webhooks")
        office.read_all("batimento")
        assert Event.objects.count() == events


@given(STEPS, CODES)
def test_a_load_overtaken_by_a_reading_leaves_it_alone(creditor, steps, code):
    with undone():
        office = Office(creditor)
        office.begin()
        for step in steps:
            if step[0] not in ("begin", "end"):
                office.take(step)
        office.minute += 1
        office.webhook(code)
        read = {row for row in open_book(creditor) if row[1] == code}

        office.end()

        assert {row for row in open_book(creditor) if row[1] == code} == read
