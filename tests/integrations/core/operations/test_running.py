"""SIE-21: a write goes forth or back, and is done once, whatever the ERP answers."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cobranca.contracts.erp import (
    ErpRefusalError,
    ErpUnconfirmedError,
    ErpUnreachableError,
    Renegotiation,
    RenegotiationParcel,
)
from cobranca.contracts.erp_steps import steps_of
from integrations.core.errors import (
    ConfigError,
    PermanentError,
    RefusedError,
    RetryableError,
    UnknownOutcomeError,
    UnreachableError,
)
from integrations.core.models import ErpOperation
from integrations.core.operations import (
    Made,
    Pace,
    Standing,
    finish,
    integrate,
    is_resting,
    pace,
    undo,
)
from integrations.core.operations.steps import only_one
from tests import factories

PARCELS = [RenegotiationParcel(39, date(2026, 4, 10), Decimal("1500.00"))]
LOST = UnknownOutcomeError("Sem confirmação.")
DOWN = RetryableError("Fora do ar.")


@dataclass
class Erp:
    """An ERP with one title: what it has, what it was sent, and what goes wrong with each call."""

    system: str = "erp"
    has: bool = False
    others: int = 0
    same_day: int = 0
    # Looks until what was written is shown.
    lag: int = 0
    sent: int = 0
    removed: int = 0
    looks: int = 0
    wrong: dict = field(default_factory=dict)
    does_it_anyway: bool = True

    def prepare(self, order):
        self._fail("prepare")
        return {"title": order.contract.external_id}

    def look(self, order):
        self.looks += 1
        self._fail("look")
        if self.has and self.lag:
            self.lag -= 1
            return Standing(None, self.others, self.same_day)
        made = Made("295 de 16/03/2026", [39]) if self.has else None
        return Standing(made, self.others, self.same_day)

    def send(self, order):
        self.sent += 1
        problem = self.wrong.get("send")
        if problem is None or (problem is LOST and self.does_it_anyway):
            self.has = True
        self._fail("send")

    def parcels(self, order, made):
        self._fail("parcels")
        return PARCELS

    def remove(self, order):
        self.removed += 1
        problem = self.wrong.get("remove")
        if problem is None or problem is LOST:
            self.has = False
        self._fail("remove")

    def _fail(self, call):
        if call in self.wrong:
            raise self.wrong[call]


@dataclass
class Clock:
    at: datetime = datetime(2026, 3, 16, 15, tzinfo=UTC)

    def now(self):
        return self.at

    def pass_by(self, minutes):
        self.at += timedelta(minutes=minutes)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    told = Pace(now=clock.now, sleep=lambda seconds: None, pauses=(1, 1))
    monkeypatch.setattr(pace, "PACE", told)
    return clock


@pytest.fixture
def erp(clock):
    return Erp()


@pytest.fixture
def contract(in_scope, creditor, debtor):
    return factories.make_contract(creditor, debtor, number="295")


@pytest.fixture
def order(contract):
    return Renegotiation(
        key="agreement-7", contract=contract, installments=[1, 2], on=date(2026, 3, 16),
        base_month=date(2026, 2, 1), monthly_rate_percent=Decimal(0), down_payment=Decimal(0),
        parcels=PARCELS, discount=Decimal(0), financed=Decimal("1500.00"), title="Acordo 7",
    )  # fmt: skip


def steps():
    return [step.step for step in ErpOperation.objects.get().steps.all()]


def test_it_is_sent_once_and_read_back(erp, creditor, order, clock):
    receipt = integrate(erp, creditor, order)

    assert (receipt.external_id, list(receipt.parcels)) == ("295 de 16/03/2026", PARCELS)
    assert receipt.read_at == clock.at
    assert erp.sent == 1
    assert steps() == ["prepared", "sending", "accepted", "confirmed"]


def test_asked_again_it_is_told_and_not_sent(erp, creditor, order):
    first = integrate(erp, creditor, order)
    looks = erp.looks

    assert integrate(erp, creditor, order) == first

    assert (erp.sent, erp.looks) == (1, looks)


def test_finished_it_is_still_told(erp, creditor, order):
    first = integrate(erp, creditor, order)
    finish(creditor, order.key)

    assert steps()[-1] == "done"
    assert integrate(erp, creditor, order) == first


# --- lost answers ---------------------------------------------------------------------------------


def test_an_answer_that_got_lost_is_looked_for(erp, creditor, order):
    erp.wrong["send"] = LOST

    assert integrate(erp, creditor, order).external_id

    assert erp.sent == 1


def test_what_lags_is_looked_for_a_few_times(erp, creditor, order):
    erp.wrong["send"], erp.lag = LOST, 2

    assert integrate(erp, creditor, order).external_id

    assert erp.sent == 1


def test_unseen_it_is_not_sent_again_before_it_is_settled(erp, creditor, order, clock):
    erp.wrong["send"], erp.does_it_anyway = LOST, False
    with pytest.raises(ErpUnconfirmedError):
        integrate(erp, creditor, order)
    del erp.wrong["send"]

    clock.pass_by(1)
    with pytest.raises(ErpUnconfirmedError):
        integrate(erp, creditor, order)
    assert erp.sent == 1
    clock.pass_by(2)
    integrate(erp, creditor, order)

    assert erp.sent == 2
    assert steps() == ["prepared", "sending", "sending", "sending", "accepted", "confirmed"]


def test_shown_later_it_is_found_and_not_sent_again(erp, creditor, order, clock):
    erp.wrong["send"], erp.lag = LOST, 4
    with pytest.raises(ErpUnconfirmedError):
        integrate(erp, creditor, order)
    del erp.wrong["send"]
    clock.pass_by(10)
    erp.lag = 0

    integrate(erp, creditor, order)

    assert erp.sent == 1


def test_a_refusal_of_what_was_done_before_is_no_refusal(erp, creditor, order, clock):
    """Sent again because nothing showed it, and refused because the first one had been done."""
    erp.wrong["send"], erp.does_it_anyway = LOST, False
    with pytest.raises(ErpUnconfirmedError):
        integrate(erp, creditor, order)
    clock.pass_by(10)
    erp.has, erp.lag = True, 1
    erp.wrong["send"] = RefusedError("Parcela sem saldo.")

    assert integrate(erp, creditor, order).external_id


def test_nobody_there_is_known_to_have_done_nothing(erp, creditor, order):
    erp.wrong["send"] = UnreachableError("Ninguém atende.")
    with pytest.raises(ErpUnreachableError, match="Ninguém atende"):
        integrate(erp, creditor, order)
    del erp.wrong["send"]

    integrate(erp, creditor, order)  # at once: nothing can be under way

    assert erp.sent == 2


def test_accepted_and_not_shown_it_is_confirmed_later(erp, creditor, order):
    erp.lag = 9
    with pytest.raises(ErpUnconfirmedError, match="ainda não o mostra"):
        integrate(erp, creditor, order)
    assert steps()[-1] == "accepted"
    erp.lag = 0

    integrate(erp, creditor, order)

    assert erp.sent == 1


@pytest.mark.parametrize("problem", [DOWN, ConfigError("Sem permissão."), PermanentError("?")])
def test_after_sending_nothing_that_cannot_be_asked_is_a_refusal(erp, creditor, order, problem):
    erp.wrong["parcels"] = problem

    with pytest.raises(ErpUnreachableError):
        integrate(erp, creditor, order)

    assert erp.has
    assert ErpOperation.objects.get().message == problem.message


def test_what_got_nowhere_rests_longer_each_time(erp, creditor, order, clock):
    erp.wrong["look"] = DOWN
    for minutes in (2, 4, 8):
        with pytest.raises(ErpUnreachableError):
            integrate(erp, creditor, order)
        clock.pass_by(minutes - 1)
        assert is_resting(creditor, order.key)
        clock.pass_by(1)
        assert not is_resting(creditor, order.key)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "problem", [RefusedError("Título bloqueado."), ConfigError("Sem permissão.")]
)
def test_refused_it_says_so_in_the_erps_words(erp, creditor, order, problem):
    erp.wrong["send"] = problem

    with pytest.raises(ErpRefusalError, match=problem.message):
        integrate(erp, creditor, order)

    assert steps() == ["prepared", "sending", "refused"]
    assert [each.state for each in steps_of(order.key)] == ["done", "done", "failed"]


def test_refused_it_may_be_ordered_again(erp, creditor, order):
    erp.wrong["send"] = RefusedError("Título bloqueado.")
    with pytest.raises(ErpRefusalError):
        integrate(erp, creditor, order)
    del erp.wrong["send"]

    assert integrate(erp, creditor, order).external_id


def test_what_is_there_before_anything_was_sent_is_somebody_elses(erp, creditor, order):
    erp.has = True

    with pytest.raises(ErpRefusalError, match="já foram reparceladas"):
        integrate(erp, creditor, order)

    assert erp.sent == 0


def test_one_renegotiation_a_title(erp, creditor, order):
    erp.others = 1

    with pytest.raises(ErpRefusalError, match="Só um reparcelamento por contrato"):
        integrate(erp, creditor, order)

    assert erp.sent == 0


@pytest.mark.parametrize(
    ("problem", "raised"), [(DOWN, ErpUnreachableError), (ConfigError("Não."), ErpRefusalError)]
)
def test_what_cannot_be_asked_before_sending_sends_nothing(erp, creditor, order, problem, raised):
    erp.wrong["look"] = problem

    with pytest.raises(raised):
        integrate(erp, creditor, order)

    assert erp.sent == 0
    assert set(steps()) == {"prepared"}


# --- two at once ----------------------------------------------------------------------------------


def test_one_that_lost_its_turn_can_write_no_more(erp, creditor, order):
    """A process that lost its lock without noticing meets the attempt of whoever came after."""

    def lose(given):
        ErpOperation.objects.update(attempts=9)
        erp.has = True

    erp.send = lose

    with pytest.raises(ErpUnreachableError, match="outro processo"):
        integrate(erp, creditor, order)

    assert steps() == ["prepared", "sending"]


def test_the_lock_is_let_go_of(erp, creditor, order):
    integrate(erp, creditor, order)
    operation = ErpOperation.objects.get()

    with only_one(operation), only_one(operation):
        pass  # one session may take its own lock twice


def test_while_another_one_may_still_arrive_nothing_is_sent(erp, creditor, order, clock):
    """Called off with its answer lost, and agreed on anew: over there both would look the same."""
    erp.wrong["send"], erp.does_it_anyway = LOST, False
    with pytest.raises(ErpUnconfirmedError):
        integrate(erp, creditor, order)
    del erp.wrong["send"]
    with pytest.raises(ErpUnconfirmedError):
        undo(erp, creditor, order.key)
    again = replace(order, key="agreement-8")

    with pytest.raises(ErpUnreachableError, match="Outro acordo deste contrato"):
        integrate(erp, creditor, again)
    assert erp.sent == 1
    clock.pass_by(10)
    undo(erp, creditor, order.key)
    integrate(erp, creditor, again)
    undo(erp, creditor, order.key)

    assert (erp.sent, erp.has, erp.removed) == (2, True, 0)


# --- back -----------------------------------------------------------------------------------------


def test_undone_it_is_gone_over_there(erp, creditor, order):
    integrate(erp, creditor, order)

    undo(erp, creditor, order.key)
    undo(erp, creditor, order.key)

    assert (erp.has, erp.removed) == (False, 1)
    assert steps()[-2:] == ["undoing", "undone"]


def test_what_was_never_written_is_undone_at_once(erp, creditor, order):
    undo(erp, creditor, order.key)
    erp.wrong["look"] = DOWN
    with pytest.raises(ErpUnreachableError):
        integrate(erp, creditor, order)

    undo(erp, creditor, order.key)

    assert steps() == ["prepared", "prepared", "undone"]


def test_what_may_still_be_done_is_not_believed_undone(erp, creditor, order, clock):
    erp.wrong["send"], erp.does_it_anyway = LOST, False
    with pytest.raises(ErpUnconfirmedError):
        integrate(erp, creditor, order)

    with pytest.raises(ErpUnconfirmedError):
        undo(erp, creditor, order.key)
    erp.has = True  # the request arrives after all
    clock.pass_by(10)
    undo(erp, creditor, order.key)

    assert not erp.has
    assert steps()[-1] == "undone"


def test_accepted_and_not_shown_yet_it_is_not_believed_undone(erp, creditor, order, clock):
    erp.lag = 4
    with pytest.raises(ErpUnconfirmedError):
        integrate(erp, creditor, order)
    assert steps()[-1] == "accepted"

    with pytest.raises(ErpUnconfirmedError):
        undo(erp, creditor, order.key)
    clock.pass_by(10)
    undo(erp, creditor, order.key)

    assert not erp.has
    assert steps()[-1] == "undone"


def test_an_undoing_whose_answer_got_lost_is_looked_for(erp, creditor, order):
    integrate(erp, creditor, order)
    erp.wrong["remove"] = LOST
    with pytest.raises(ErpUnreachableError):
        undo(erp, creditor, order.key)

    undo(erp, creditor, order.key)

    assert erp.removed == 1
    assert steps()[-1] == "undone"


def test_one_that_the_erp_will_not_undo_says_why_and_stays(erp, creditor, order):
    integrate(erp, creditor, order)
    erp.wrong["remove"] = RefusedError("Parcelas geradas possuem cobrança.")

    with pytest.raises(ErpRefusalError, match="possuem cobrança"):
        undo(erp, creditor, order.key)

    assert ErpOperation.objects.get().message == "Parcelas geradas possuem cobrança."
    assert [each.state for each in steps_of(order.key)][-1] == "now"
    with pytest.raises(ErpUnreachableError, match="sendo desfeito"):
        integrate(erp, creditor, order)


def test_what_is_in_force_here_is_never_undone_from_here(erp, creditor, order):
    integrate(erp, creditor, order)
    finish(creditor, order.key)

    undo(erp, creditor, order.key)

    assert (erp.has, erp.removed) == (True, 0)
    assert steps()[-1] == "done"


def test_what_is_being_undone_is_not_put_in_force(erp, creditor, order):
    integrate(erp, creditor, order)
    erp.wrong["look"] = DOWN
    with pytest.raises(ErpUnreachableError):
        undo(erp, creditor, order.key)

    with pytest.raises(ErpUnreachableError, match="sendo desfeito"):
        finish(creditor, order.key)


def test_never_another_one_of_the_same_day(erp, creditor, order):
    """The ERP undoes by title and day: it could not tell ours from another."""
    integrate(erp, creditor, order)
    erp.same_day = 1

    with pytest.raises(ErpRefusalError, match="outro reparcelamento deste título na mesma data"):
        undo(erp, creditor, order.key)

    assert erp.removed == 0
