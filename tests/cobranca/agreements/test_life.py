"""Any moves in any order: only those of the table happen, and no centavo gets lost (AGR-04–06)."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cobranca.accounts.models import User
from cobranca.agreements import services
from cobranca.agreements.cover import covered_count, left_over
from cobranca.agreements.models import Agreement, AgreementItem, AgreementPayment
from cobranca.agreements.states import LIVE, Mode
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Event, Installment
from cobranca.contracts.services import lock_installments, move_installments
from cobranca.contracts.states import InstallmentStatus as Status
from cobranca.debtors.models import DebtorSummary
from tests import factories
from tests.cobranca.agreements.making import TODAY, agree, make_book, make_plain_campaign
from tests.cobranca.agreements.test_states import LEGAL

ZERO = Decimal(0)
COLLECTED = (Status.OPEN, Status.NEGOTIATED)
OVER = ("broken", "cancelled")
ANY = 7
WHICH = st.integers(0, ANY)
MODES = st.sampled_from([Mode.PROPOSAL, Mode.ACTIVE, Mode.ACTIVE, Mode.PAYMENT])
MADE = {
    "mode": MODES,
    "numbers": st.sets(st.integers(1, 4), min_size=1),
    "parts": st.integers(1, 4),
    "discount": st.sampled_from([None, "5", "5", "20", "90"]),
    "expenses": st.sampled_from(["0.00", "33.33"]),
}
SHARE = st.sampled_from([0, 1, 20, 50, 99, 100, 100, 101])
PARCEL = st.sampled_from([None, None, None, 0, 1, 2])


@dataclass
class World:
    contract: Contract
    collector: User
    supervisor: User


class Life(RuleBasedStateMachine):
    """Agreements about four installments, moved at random."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        # What was owed of an agreement's uncovered originals when it broke.
        self.room: dict[int, Decimal] = {}
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- what people and the mirror do ------------------------------------------------------------

    @initialize(**MADE)
    def begin(self, **how):
        self.agree_on(**how)

    @rule(**MADE)
    def make(self, **how):
        self.agree_on(**how)

    def agree_on(self, mode, numbers, parts, discount, expenses):
        rows = self.world.contract.installments.filter(number__in=numbers)
        asked = {
            "selection": list(rows.values_list("pk", flat=True)),
            "discount": discount,
            "expenses": Decimal(expenses),
        }
        if parts > 1:
            asked["parts"] = parts
        before = Agreement.objects.count()
        try:
            agree(self.world.contract, self.world.collector, mode, **asked)
        except DomainError:
            assert Agreement.objects.count() == before

    @precondition(lambda self: Agreement.objects.exists())
    @rule(which=WHICH)
    def submit(self, which):
        self.move(which, services.submit_agreement, "proposal", actor=self.world.collector)

    @precondition(lambda self: Agreement.objects.exists())
    @rule(which=WHICH)
    def approve(self, which):
        self.move(which, services.approve_agreement, "waiting", actor=self.world.supervisor)

    @precondition(lambda self: Agreement.objects.exists())
    @rule(which=WHICH)
    def refuse(self, which):
        told = {"actor": self.world.supervisor, "reason": "x"}
        self.move(which, services.refuse_agreement, "waiting", **told)

    @precondition(lambda self: Agreement.objects.exists())
    @rule(which=WHICH)
    def cancel(self, which):
        self.move(which, services.cancel_agreement, actor=self.world.collector, reason="x")

    @precondition(lambda self: Agreement.objects.exists())
    @rule(which=WHICH)
    def breach(self, which):
        self.move(which, services.break_agreement, actor=self.world.collector, reason="x")

    @precondition(lambda self: Agreement.objects.exists())
    @rule(which=WHICH, days=st.sampled_from([0, 30, 45, 200]))
    def grow_late(self, which, days):
        on = TODAY + timedelta(days=days)
        self.move(which, services.break_if_late, on=on)
        self.move(which, services.follow_erp, on=on)
        self.move(which, services.expire_proposal, on=on)

    @precondition(lambda self: Agreement.objects.exists())
    @rule(which=WHICH, share=SHARE, parcel=PARCEL)
    def pay(self, which, share, parcel):
        agreement = self.pick(which, "active")
        remains = sum((each.remaining for each in agreement.parcels.all()), ZERO)
        chosen = agreement.parcels.filter(number=parcel).first()
        receipt = services.Receipt(
            paid_on=TODAY,
            amount=(remains * share / 100).quantize(Decimal("0.01")),
            parcel_id=chosen.pk if chosen else None,
        )
        told = {"actor": self.world.collector, "receipt": receipt}
        self.move(which, services.pay_agreement, "active", **told)

    @precondition(lambda self: AgreementPayment.objects.exists())
    @rule(which=WHICH)
    def reverse(self, which):
        payments = list(AgreementPayment.objects.order_by("pk"))
        payment = payments[which % len(payments)]
        before = payment.agreement.status
        with suppress(DomainError):
            services.reverse_payment(
                payment_id=payment.pk, actor=self.world.collector, on=TODAY, reason="x"
            )
        after = Agreement.objects.get(pk=payment.agreement_id).status
        assert before == after or (before, after) == ("settled", "active")

    @rule(number=st.integers(1, 4), to=st.sampled_from([Status.RECALLED, Status.OPEN]))
    def mirror(self, number, to):
        """Do what a load does: recall what is collected, open again what was recalled."""
        row = self.world.contract.installments.get(number=number)
        opens = to == Status.OPEN and row.status == Status.RECALLED
        recalls = to == Status.RECALLED and row.status in (Status.OPEN, Status.NEGOTIATED)
        if opens or recalls:
            move_installments(lock_installments([row.pk]), to, on=TODAY)

    # --- how --------------------------------------------------------------------------------------

    def pick(self, which: int, wanted: str = "") -> Agreement:
        """Return one that a move is meant for or may still happen to; now and then, any."""
        found = list(Agreement.objects.order_by("-pk"))
        alive = [each for each in found if each.status not in OVER]
        meant = [each for each in alive if each.status == wanted]
        some = found if which == ANY else meant or alive or found
        return some[which % len(some)]

    def move(
        self, which: int, service: Callable[..., object], wanted: str = "", **told: object
    ) -> None:
        """Try a move: it is one of the table, or it is refused and nothing has changed."""
        agreement = self.pick(which, wanted)
        before, events = agreement.status, Event.objects.count()
        state, room = self.state(), room_of(agreement)
        refusal = ""
        try:
            service(agreement_id=agreement.pk, **{"on": TODAY, **told})
        except DomainError as error:
            refusal = error.message
        if refusal:
            assert refusal.endswith(".")
            assert self.state() == state
        agreement.refresh_from_db()
        if agreement.status != before:
            path = {(before, agreement.status)} | self.through(before, agreement.status)
            assert path & LEGAL, path
            assert Event.objects.count() > events
            self.room[agreement.pk] = room

    def through(self, before: str, after: str) -> set[tuple[str, str]]:
        """Return the last step of two taken at once: paid in full, a proposal is settled."""
        return {("active", after)} if (before, after) == ("proposal", "settled") else set()

    def state(self) -> object:
        return (
            list(Agreement.objects.order_by("pk").values_list("status", "waits_for")),
            list(AgreementItem.objects.order_by("pk").values_list("is_live", "covered_on")),
            list(Installment.objects.order_by("pk").values_list("status", "credit")),
            AgreementPayment.objects.count(),
            Event.objects.count(),
        )

    # --- what always holds ------------------------------------------------------------------------

    @invariant()
    def the_books_are_right(self):
        book = Book(self.world.contract)
        check_holding(book)
        for agreement in book.agreements:
            check_parcels(agreement)
            check_money(agreement, self.room.get(agreement.pk, ZERO))
        check_debt(book)


class Book:
    """All rows, read at once."""

    def __init__(self, contract: Contract) -> None:
        related = ("items", "parcels", "payments")
        self.agreements = list(Agreement.objects.prefetch_related(*related).order_by("pk"))
        self.installments = list(contract.installments.all())
        self.summary = DebtorSummary.objects.filter(debtor=contract.debtor_id).first()

    @property
    def live(self) -> list[AgreementItem]:
        return [item for each in self.agreements for item in each.items.all() if item.is_live]


def check_holding(book: Book) -> None:
    """An installment is in one live agreement at most; what is in agreement is in one."""
    times = Counter(item.installment_id for item in book.live)
    assert set(times.values()) <= {1}
    for agreement in book.agreements:
        lives = {item.is_live for item in agreement.items.all()}
        assert lives == {agreement.status in LIVE}
    assert {row.pk for row in book.installments if row.status == Status.NEGOTIATED} <= set(times)


def received(agreement: Agreement) -> Decimal:
    standing = [each for each in agreement.payments.all() if each.reversed_on is None]
    return sum((each.amount for each in standing), ZERO)


def check_parcels(agreement: Agreement) -> None:
    """Parcels add up to the agreement, and hold what was received for it and no more."""
    parcels = agreement.parcels.all()
    assert all(0 <= parcel.paid <= parcel.amount for parcel in parcels)
    assert sum(parcel.amount for parcel in parcels) == agreement.total
    assert sum((parcel.paid for parcel in parcels), ZERO) == received(agreement)


def check_money(agreement: Agreement, room: Decimal) -> None:
    """Every centavo received covers an original, was credited by the breach, or pays the rest."""
    items = sorted(agreement.items.all(), key=lambda item: item.position)
    nets, paid = [item.net for item in items], received(agreement)
    by_money = covered_count(nets, paid)
    by_erp = any(parcel.status == "cancelled" for parcel in agreement.parcels.all())
    assert all(item.covered_on for item in items[:by_money])
    assert by_erp or not any(item.covered_on for item in items[by_money:])
    credited, beyond = sum((item.credited for item in items), ZERO), left_over(nets, paid)
    assert credited == (min(beyond, room) if agreement.status == "broken" else ZERO)
    assert paid == sum(nets[:by_money], ZERO) + credited + (beyond - credited)


def check_debt(book: Book) -> None:
    """What is owed is never negative, less by what breaches credited, and the debtor's sum."""
    given: Counter[int] = Counter()
    for agreement in book.agreements:
        for item in agreement.items.all():
            given[item.installment_id] += item.credited  # type: ignore[assignment]
    for row in book.installments:
        # What a credit paid off whole is settled, and needs none.
        paid_off = row.status == Status.SETTLED and row.credit <= given[row.pk]
        assert paid_off or row.credit == given[row.pk]
        assert 0 <= given[row.pk] <= row.balance
    owed = sum((row.owed for row in book.installments if row.status in COLLECTED), ZERO)
    assert book.summary is None or book.summary.open_total == owed


def room_of(agreement: Agreement) -> Decimal:
    """Return what is owed of the originals that the agreement holds and no money covered."""
    items = agreement.items.filter(
        is_live=True, covered_on=None, installment__status=Status.NEGOTIATED
    )
    return sum((item.installment.owed for item in items.select_related("installment")), ZERO)


@pytest.fixture
def world(in_scope, creditor, debtor, collector, supervisor) -> World:
    make_plain_campaign(creditor, fee_percent=Decimal(10))
    contract = factories.make_contract(creditor, debtor)
    make_book(contract, ["1000.00", "250.50", "0.07", "999.99"])
    return World(contract, collector, supervisor)


def test_any_life_keeps_the_table_and_the_money(world):
    tries = max(5, settings.default.max_examples // 3)
    run_state_machine_as_test(
        lambda: Life(world),
        settings=settings(settings.default, max_examples=tries, stateful_step_count=15),
    )
