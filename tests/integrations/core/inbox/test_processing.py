"""SIE-16: what is announced is read, applied once and marked done; what goes wrong stands alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.contracts.models import Event, Installment
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    PermanentError,
    RetryableError,
    UnreachableError,
)
from integrations.core.inbox import batch
from integrations.core.inbox.moves import leasing
from integrations.core.inbox.processing import process
from integrations.core.inbox.report import Report
from integrations.core.models import WebhookDelivery
from integrations.core.states import DeliveryStatus
from tests import factories
from tests.integrations.core.inbox import tiny
from tests.integrations.core.inbox.tiny import make_title, received

pytestmark = pytest.mark.django_db
DONE, WAITING, PARKED = DeliveryStatus.DONE, DeliveryStatus.WAITING, DeliveryStatus.PARKED


@dataclass
class Office:
    """An agency that collects for one creditor of a tiny ERP."""

    agency: object
    creditor: object
    book: tiny.Book
    now: object = tiny.NOW

    def announce(self, number: object, title: str = "", **fields: object) -> WebhookDelivery:
        row = received(self.agency, number, contract=title, **fields)  # type: ignore[arg-type]
        WebhookDelivery.objects.filter(pk=row.pk).update(due_at=self.now, received_at=self.now)
        return row

    def process(self, after: timedelta = timedelta(0), **told: bool) -> Report:
        self.now += after  # type: ignore[operator]
        return process(self.agency, clock=lambda: self.now, **told)  # type: ignore[arg-type, return-value]

    def title(self, title: str, *balances: str) -> object:
        return make_title(self.creditor, title, *balances, book=self.book)  # type: ignore[arg-type]


@pytest.fixture
def office(agency, book):
    with scope(agency=agency):
        creditor = factories.make_creditor(agency, creditor_type=tiny.KIND, external_code="1")
        yield Office(agency, creditor, book)


def look(row: WebhookDelivery) -> WebhookDelivery:
    return WebhookDelivery.objects.get(pk=row.pk)


def open_parcels(title: str) -> list[int]:
    found = Installment.objects.filter(contract__external_id=title, status="open")
    return sorted(found.values_list("number", flat=True))


def failing(error: Exception, *titles: str) -> Callable[[object], None]:
    """Return an ERP that answers so when any of the titles (or anything at all) is asked for."""

    def ask(asked: list[str]) -> None:  # type: ignore[misc]
        if not titles or set(asked) & set(titles):
            raise error

    return ask  # type: ignore[return-value]


# --- applied --------------------------------------------------------------------------------------


def test_what_is_announced_is_read_and_applied(office):
    office.title("5600", "1000.00", "1000.00")
    row = office.announce(1, "5600", installment=1)
    office.book.titles["5600"][1] = Decimal(0)

    report = office.process()

    assert open_parcels("5600") == [2]
    assert (look(row).status, look(row).outcome) == (DONE, "Lido no ERP e aplicado")
    assert look(row).processed_at == office.now
    assert (report.taken, report.done) == (1, 1)
    assert report.sentence == "1 processados."


def test_many_announcements_of_a_title_are_one_reading(office):
    office.title("5600", *["1000.00"] * 9)
    rows = [office.announce(number, "5600", installment=number) for number in range(1, 10)]
    office.book.titles["5600"] = dict.fromkeys(range(1, 10), Decimal(0))

    office.process()

    assert office.book.readings == [("5600",)]
    assert {look(row).status for row in rows} == {DONE}
    assert open_parcels("5600") == []


def test_titles_of_a_creditor_are_read_together_and_creditors_apart(office):
    other = factories.make_creditor(office.agency, creditor_type=tiny.KIND, external_code="2")
    for title in ("1", "2"):
        office.title(title)
    make_title(other, "3", book=office.book)
    for number in (1, 2, 3):
        office.announce(number, str(number))

    office.process()

    assert sorted(map(sorted, office.book.readings)) == [["1", "2"], ["3"]]


def test_a_title_two_creditors_had_is_read_for_the_one_it_is_owed_to(office):
    office.title("5600", "1000.00", "1000.00")
    other = factories.make_creditor(office.agency, creditor_type=tiny.KIND, external_code="2")
    left = make_title(other, "5600")
    left.status = "finished"
    left.save()
    office.announce(1, "5600", installment=1)
    office.book.titles["5600"][1] = Decimal(0)

    office.process()

    open_ones = Installment.objects.filter(contract__creditor=office.creditor, status="open")
    assert [row.number for row in open_ones] == [2]


def test_the_order_of_announcements_means_nothing(office):
    office.title("5600")
    office.book.titles["5600"][1] = Decimal(0)
    for number in range(3):
        office.announce(number, "5600")
        office.process()

    events = Event.objects.filter(contract__external_id="5600")
    assert open_parcels("5600") == []
    assert len(events.filter(kind="recall")) == 1


def test_what_asks_for_nothing_is_done_without_asking(office):
    row = office.announce(1, event="BANK_MOVEMENT_CREATED")

    office.process()

    assert (look(row).status, look(row).outcome) == (DONE, "Sem efeito aqui")
    assert office.book.readings == []


def test_a_title_unknown_here_is_kept(office):
    row = office.announce(1, "999")

    report = office.process()

    assert look(row).status == DeliveryStatus.UNMATCHED
    assert "999" in look(row).outcome
    assert report.unmatched == 1


def test_a_title_of_another_agency_is_unknown(office, other_agency):
    with scope(agency=other_agency):
        theirs = factories.make_creditor(other_agency, creditor_type=tiny.KIND)
        make_title(theirs, "5600", book=office.book)
    row = office.announce(1, "5600")

    office.process()

    assert look(row).status == DeliveryStatus.UNMATCHED


def test_a_sales_contract_is_asked_which_title_it_is_of(office):
    office.title("5600")
    office.book.sales = {"812": "5600", "813": "777"}
    known = office.announce(1, sale="812")
    elsewhere = office.announce(2, sale="813")
    nowhere = office.announce(3, sale="814")

    office.process()

    assert look(known).status == DONE
    assert (look(elsewhere).status, look(elsewhere).contract) == ("unmatched", "777")
    assert (look(nowhere).status, look(nowhere).outcome) == (DONE, batch.NO_SALE)
    assert office.book.readings == [("5600",)]


def test_more_than_a_batch_is_processed_to_the_end(office, monkeypatch):
    monkeypatch.setattr(leasing.take, "__kwdefaults__", {"lease": leasing.LEASE, "limit": 3})
    rows = [office.announce(number) for number in range(10)]

    assert office.process().done == 10
    assert {look(row).status for row in rows} == {DONE}


def test_an_announcement_that_comes_while_its_title_is_read_causes_another_reading(office):
    office.title("5600")
    office.announce(1, "5600")

    def arrive(_: object) -> None:
        if office.book.times_read("5600") == 1:
            office.announce(2, "5600")

    office.book.before.append(arrive)

    office.process()

    assert office.book.times_read("5600") == 2
    assert WebhookDelivery.objects.filter(status=DONE).count() == 2


def test_a_nameless_one_that_comes_again_while_its_title_is_read_is_read_again(
    office, announce, monkeypatch
):
    office.title("5600")
    monkeypatch.setattr("cobranca.common.clock.now", lambda: office.now)
    announce({"title": "5600"}, key="")

    def arrive(_: object) -> None:
        if office.book.times_read("5600") == 1:
            office.now += timedelta(seconds=1)
            announce({"title": "5600"}, key="")

    office.book.before.append(arrive)

    office.process()

    assert office.book.times_read("5600") == 2
    assert [row.status for row in WebhookDelivery.objects.all()] == [DONE]


# --- what stands in the way -----------------------------------------------------------------------


def test_a_poisonous_title_does_not_stop_the_others(office):
    titles = [str(number) for number in range(1, 21)]
    rows = {}
    for title in titles:
        office.title(title)
        office.book.titles[title][1] = Decimal(0)
        rows[title] = office.announce(title, title)
    office.book.before.append(failing(PermanentError("Título impossível"), "7"))

    report = office.process()

    done = {title for title in titles if look(rows[title]).status == DONE}
    assert done == set(titles) - {"7"}
    assert open_parcels("7") == [1]
    assert all(open_parcels(title) == [] for title in done)
    poisonous = look(rows["7"])
    assert (poisonous.status, poisonous.attempts) == (WAITING, 1)
    assert poisonous.error == "Título impossível"
    assert (report.done, report.failed) == (19, 1)


def test_it_is_tried_with_growing_pauses_and_then_parked(office):
    office.title("7")
    row = office.announce(1, "7")
    office.book.before.append(failing(PermanentError("Título impossível"), "7"))

    office.process()
    for pause in leasing.PAUSES:
        assert look(row).status == WAITING
        assert office.process(pause - timedelta(seconds=1)).taken == 0
        office.process(timedelta(seconds=1))

    assert (look(row).status, look(row).error) == (PARKED, "Título impossível")
    assert look(row).attempts == len(leasing.PAUSES) + 1
    assert office.process(timedelta(days=30)).taken == 0


def test_one_that_failed_before_is_tried_apart_from_the_others(office):
    for title in "123":
        office.title(title)
    office.announce(1, "1", attempts=1)
    office.announce(2, "2")
    office.announce(3, "3")

    office.process()

    assert sorted(map(sorted, office.book.readings)) == [["1"], ["2", "3"]]


def test_our_own_stumbling_is_told_without_its_details(office):
    office.title("7")
    row = office.announce(1, "7")
    office.book.before.append(failing(KeyError("MARIA DA SILVA")))

    office.process()

    assert look(row).error == "Falha ao aplicar (KeyError)."


# --- the ERP does not answer ----------------------------------------------------------------------

DOWN = (
    UnreachableError("O ERP não atende"),
    BudgetError("A cota acabou", retry_after=40_000),
    ConfigError("Senha recusada"),
    RetryableError("O ERP respondeu 503"),
)


@pytest.mark.parametrize("error", DOWN, ids=lambda error: type(error).__name__)
def test_all_wait_for_an_erp_that_is_down_and_no_attempt_is_counted(office, error):
    rows = []
    for number in range(1, 6):
        office.title(str(number))
        rows.append(office.announce(number, str(number)))
    office.book.before.append(failing(error))

    for _ in range(40):
        office.process(timedelta(hours=1, seconds=1))

    for row in map(look, rows):
        assert (row.status, row.attempts) == (WAITING, 0)
        assert (row.outcome, row.error) == ("Aguardando o ERP", error.message)
    office.book.before.clear()
    assert office.process(timedelta(hours=1, seconds=1)).done == 5


def test_an_erp_that_is_down_is_not_asked_for_each_announcement(office):
    for number in range(1, 6):
        office.title(str(number))
        office.announce(number, str(number))
    office.book.before.append(failing(UnreachableError("O ERP não atende")))
    office.process()

    for number in range(6, 20):
        office.announce(number, "1")
        office.process(timedelta(seconds=1))

    assert len(office.book.readings) == 1
    office.book.before.clear()
    assert office.process(batch.ERP_PAUSE).done == 19


def test_a_person_does_not_have_to_wait_for_the_pause(office):
    office.title("1")
    row = office.announce(1, "1")
    office.book.before.append(failing(UnreachableError("O ERP não atende")))
    office.process()
    office.book.before.clear()

    assert office.process().done == 0
    assert office.process(everything=True).done == 1
    assert look(row).status == DONE


def test_the_erp_says_itself_how_long_it_wants_to_be_left_alone(office):
    office.title("1")
    row = office.announce(1, "1")
    office.book.before.append(failing(RetryableError("Muitas", retry_after=600)))

    office.process()

    assert look(row).due_at == office.now + timedelta(seconds=600)


def test_an_erp_that_stumbles_over_one_title_only_does_not_hold_up_the_others(office):
    rows = {}
    for number in range(1, 21):
        office.title(str(number))
        rows[str(number)] = office.announce(number, str(number))
    office.book.before.append(failing(RetryableError("O ERP respondeu 500"), "7"))

    for pause in (timedelta(0), *leasing.PAUSES):
        office.process(pause)

    assert {title for title, row in rows.items() if look(row).status == DONE} == set(rows) - {"7"}
    assert look(rows["7"]).status == PARKED


def test_a_lonely_title_that_never_answers_is_parked_in_the_end(office):
    office.title("7")
    row = office.announce(1, "7")
    office.book.before.append(failing(RetryableError("O ERP respondeu 500")))

    for _ in range(4 * 24):
        office.process(timedelta(hours=1, seconds=1))

    assert look(row).status == PARKED


def test_a_sale_that_the_erp_cannot_tell_does_not_stop_titles(office):
    office.title("1")
    title = office.announce(1, "1")
    sale = office.announce(2, sale="812")
    office.book.before.append(failing(RetryableError("O ERP respondeu 500"), "sale 812"))

    office.process()

    assert look(title).status == DONE
    assert (look(sale).status, look(sale).attempts) == (WAITING, 1)


# --- killed, late, at once ------------------------------------------------------------------------


class Killed(BaseException):
    """What a SIGKILL would leave: nobody catches it."""


@pytest.mark.parametrize("line", ["reading", "before the effect", "after marking"])
def test_a_killed_workers_announcements_are_taken_up_when_its_lease_is_over(
    office, line, monkeypatch
):
    office.title("5600", "1000.00", "1000.00")
    office.book.titles["5600"][1] = Decimal(0)
    row = office.announce(1, "5600")
    with monkeypatch.context() as patch:
        die_at(line, office, patch)
        with pytest.raises(Killed):
            office.process()
    office.book.before.clear()
    assert look(row).outcome == leasing.AT_WORK
    assert open_parcels("5600") == [1, 2]

    early = office.process(leasing.LEASE - timedelta(seconds=1))
    late = office.process(timedelta(seconds=1))

    assert (early.taken, late.done) == (0, 1)
    assert open_parcels("5600") == [2]
    assert Event.objects.filter(contract__external_id="5600", kind="recall").count() == 1


def die_at(line, office, patch):
    def die(*_: object, **__: object) -> None:
        raise Killed

    real = leasing.settle_with_effect

    def mark_and_die(*args: object, **told: object) -> None:
        real(*args, **told)
        raise Killed

    if line == "reading":
        office.book.before.append(die)
    elif line == "before the effect":
        patch.setattr("cobranca.contracts.mirror.apply", die)
    else:
        patch.setattr(leasing, "settle_with_effect", mark_and_die)


def test_whoever_comes_back_late_writes_nothing(office):
    """The lease ran out while the ERP was being read, and another worker did the work."""
    office.title("5600")
    office.book.titles["5600"][1] = Decimal(0)
    row = office.announce(1, "5600")

    def overtake(_: object) -> None:
        office.book.before.clear()
        WebhookDelivery.objects.filter(pk=row.pk).update(due_at=office.now)
        (held,) = leasing.take(agency_id=office.agency.pk, system="tiny", now=office.now)
        leasing.settle([held], DONE, "by the other", now=office.now)

    office.book.before.append(overtake)

    report = office.process()

    assert look(row).outcome == "by the other"
    assert report.done == 0
    assert open_parcels("5600") == [1], "the late one undid its effect"
