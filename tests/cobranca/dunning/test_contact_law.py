"""What the decision reads of the database, in as many queries whatever is there."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from cobranca.common.errors import DomainError
from cobranca.debtors.blocks import BlockWanted, add_block
from cobranca.debtors.models import Address, EmailAddress, Phone
from cobranca.dunning.contact_law import forget_places, may_contact, open_places
from cobranca.dunning.models import (
    ContactAttempt,
    ContactPolicy,
    ContactRule,
    HolidayScope,
    LegalHoliday,
)
from cobranca.dunning.services import attempt_contact
from cobranca.scheduling.models import Holiday
from tests import factories

# A Tuesday, 14:00 in São Paulo.
NOW = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 8, 17, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)

pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture(autouse=True)
def _nothing_remembered():
    forget_places()


def live_in(debtor, state, city="", **fields):
    given = {"street": "Rua A", "fingerprint": f"{state}{city}", "state": state, "city": city}
    return Address.objects.create(agency=debtor.agency, debtor=debtor, **{**given, **fields})


def phone_of(debtor, number, **fields):
    return Phone.objects.create(agency=debtor.agency, debtor=debtor, number=number, **fields)


def attempt(debtor, actor=None, at=NOW, channel="call", **fields):
    return attempt_contact(debtor=debtor, channel=channel, at=at, actor=actor, **fields)


# --- the law as shipped ---------------------------------------------------------------------------


def test_the_norms_are_there_after_migrate_and_the_unconfirmed_ones_are_off():
    active = set(ContactRule.objects.filter(is_active=True).values_list("state", flat=True))
    off = set(ContactRule.objects.filter(is_active=False).values_list("state", flat=True))

    assert active == {"", "SP", "RJ", "ES", "AL", "AM"}
    assert off == {"PR", "MT", "MS", "PE", "RJ"}
    years = {day.year for day in LegalHoliday.objects.values_list("day", flat=True)}
    assert years >= set(range(2024, 2031))


def test_planting_again_changes_nothing_that_was_changed_here(agency):
    from cobranca.dunning.seeds import plant_law

    ContactRule.objects.filter(state="ES").update(is_active=False)
    before = ContactRule.objects.count(), LegalHoliday.objects.count()

    plant_law()

    assert (ContactRule.objects.count(), LegalHoliday.objects.count()) == before
    assert not ContactRule.objects.get(state="ES").is_active


# --- facts ----------------------------------------------------------------------------------------


def test_the_main_address_tells_the_residence_and_the_main_phone_the_area_code(debtor):
    live_in(debtor, "SP", "São Paulo")
    live_in(debtor, "RJ", "Niterói", is_main=True)
    phone_of(debtor, "11988887777")
    phone_of(debtor, "31988887777", is_main=True)

    facts = may_contact(debtor, "call", NOW).facts

    assert (facts["residence"], facts["city"], facts["dialled"]) == ("RJ", "niteroi", "MG")


def test_an_address_without_state_or_gone_tells_nothing(debtor):
    live_in(debtor, "", "Santos", is_main=True)
    live_in(debtor, "RJ", "Niterói", is_active=False)

    assert may_contact(debtor, "call", NOW).facts["residence"] == ""


def test_a_municipal_holiday_is_found_by_the_citys_name(debtor):
    live_in(debtor, "SP", "SÃO  CARLOS")
    LegalHoliday.objects.create(
        scope=HolidayScope.MUNICIPAL, state="SP", city="São Carlos", day=TODAY, name="Aniversário"
    )

    assert may_contact(debtor, "call", NOW).rule == "holiday:SP"


def test_a_day_off_of_the_office_closes_everything(debtor, agency):
    live_in(debtor, "SP")
    Holiday.objects.create(agency=agency, day=TODAY, name="Inventário")

    decision = may_contact(debtor, "call", NOW)

    assert decision.rule == "holiday:SP"
    assert "Inventário" in decision.reason


def test_a_holiday_that_an_operator_switched_off_is_a_working_day(debtor):
    live_in(debtor, "SP")
    carnival = datetime(2026, 2, 17, 17, 0, tzinfo=UTC)
    assert not may_contact(debtor, "call", carnival).is_allowed

    LegalHoliday.objects.filter(day=carnival.date()).update(is_active=False)

    assert may_contact(debtor, "call", carnival).is_allowed


def test_an_inactive_phone_is_not_called(debtor):
    live_in(debtor, "SP")
    wrong = phone_of(debtor, "11988887777", is_active=False)

    assert may_contact(debtor, "call", NOW, phone=wrong).rule == "number:inactive"


def test_who_was_made_anonymous_is_left_alone(debtor):
    live_in(debtor, "SP")
    debtor.anonymised_at = NOW - timedelta(days=1)

    decision = may_contact(debtor, "letter", NOW)

    assert (decision.rule, decision.next_at) == ("block:general", None)


def test_an_unknown_channel_is_refused_at_its_field(debtor):
    with pytest.raises(DomainError, match="Canal desconhecido") as refusal:
        may_contact(debtor, "fax", NOW)

    assert refusal.value.field == "channel"


def test_a_decision_takes_as_many_queries_whatever_is_there(debtor, collector):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            may_contact(debtor, "call", NOW)
        return len(captured)

    before = queries()
    for number in range(5):
        live_in(debtor, "SP", str(number))
        phone = phone_of(debtor, f"1198888777{number}")
        attempt(debtor, collector, NOW - timedelta(days=1, hours=number))
        wanted = BlockWanted(scope="phone", source="debtor", phone=phone)
        add_block(debtor_id=debtor.pk, wanted=wanted, actor=collector, on=TODAY)

    assert queries() == before == 8


# --- attempts -------------------------------------------------------------------------------------


def test_a_permitted_attempt_is_kept_with_what_permits_it(debtor, collector):
    live_in(debtor, "SP")
    phone = phone_of(debtor, "11988887777")

    row = attempt(debtor, collector)

    row.refresh_from_db()
    assert (row.is_allowed, row.rule, row.phone, row.actor) == (True, "window:SP", phone, collector)
    assert row.reason == "Permitido até 20:00 em SP (Lei SP 15.426/2014)."
    assert row.facts["until"] == "2026-03-10T23:00:00+00:00"


def test_a_refusal_is_kept_with_its_rule_and_facts_and_raises_nothing(debtor):
    live_in(debtor, "RJ")

    row = attempt(debtor, None, SUNDAY)

    row.refresh_from_db()
    assert (row.is_allowed, row.rule, row.actor) == (False, "window:RJ", None)
    assert "Lei RJ 6.854/2014" in row.reason
    assert row.facts["residence"] == "RJ"
    assert row.facts["next_at"] == "2026-03-09T12:00:00+00:00"
    assert ["window:RJ", False] in [check[:2] for check in row.facts["checks"]]


def test_caps_count_permitted_attempts_alone(debtor, collector, agency):
    live_in(debtor, "SP")
    ContactPolicy.objects.create(agency=agency, daily_cap=2, weekly_cap=9, minutes_between=0)
    attempt(debtor, collector, SUNDAY)  # refused

    outcome = [attempt(debtor, collector, NOW + timedelta(minutes=n)) for n in range(3)]

    assert [row.is_allowed for row in outcome] == [True, True, False]
    assert outcome[2].rule == "cap:day"


def test_an_agencys_policy_is_its_own(debtor, other_agency):
    live_in(debtor, "SP")
    with scope(agency=other_agency):
        ContactPolicy.objects.create(agency=other_agency, latest=time(9))

    assert may_contact(debtor, "call", NOW).is_allowed


def test_a_phone_of_somebody_else_is_refused_at_its_field(debtor, collector, agency):
    other = factories.make_debtor(agency)
    phone = phone_of(other, "11988887777")
    email = EmailAddress.objects.create(agency=agency, debtor=other, email="a@b.example")

    with pytest.raises(DomainError, match="não é deste devedor"):
        attempt(debtor, collector, phone=phone)
    with pytest.raises(DomainError, match="não é deste devedor"):
        attempt(debtor, collector, channel="email", email=email)

    assert not ContactAttempt.objects.exists()


def test_nobody_rewrites_an_attempt(debtor, collector):
    row = attempt(debtor, collector)

    for sql in ("UPDATE dunning_contactattempt SET is_allowed = true", "DELETE FROM {0}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format("dunning_contactattempt"))
    with pytest.raises(TypeError):
        row.delete()


# --- places ---------------------------------------------------------------------------------------


def test_open_places_are_those_in_which_a_debtor_could_be_called(debtor):
    pairs = [("SP", "11988887777"), ("RJ", "11988887777"), ("AC", "68988887777"), ("SP", "")]
    names = {("SP", "11988887777"): "SP-SP", ("RJ", "11988887777"): "RJ-SP",
             ("AC", "68988887777"): "AC-AC", ("SP", ""): "SP-"}  # fmt: skip
    for hour in (10, 11, 12, 13, 21, 22, 23):
        at = NOW.replace(hour=hour, minute=30)
        for state, number in pairs:
            Address.objects.filter(debtor=debtor).delete()
            Phone.objects.filter(debtor=debtor).delete()
            live_in(debtor, state)
            if number:
                phone_of(debtor, number)

            is_open = names[state, number] in open_places(at)

            assert is_open == may_contact(debtor, "call", at).is_allowed, (hour, state, number)


def test_open_places_are_remembered_for_the_minute(django_assert_num_queries):
    first = open_places(NOW)

    with django_assert_num_queries(0):
        assert open_places(NOW + timedelta(seconds=59)) == first
    with django_assert_num_queries(4):
        open_places(NOW + timedelta(minutes=1))


def test_nothing_is_open_on_a_sunday():
    assert open_places(SUNDAY) == []
