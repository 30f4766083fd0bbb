"""Blocks: who adds and lifts them, what they say, whom the queue leaves out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event
from cobranca.debtors.blocks import (
    BlockWanted,
    add_block,
    blocks_in_sight,
    lift_block,
    refresh_blocked,
)
from cobranca.debtors.models import ContactBlock, DebtorSummary, Phone
from cobranca.dunning.tasks_law import keep_law
from tests import factories

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture
def block(debtor, collector):
    def make(scope="general", source="debtor", on=TODAY, **fields):
        wanted = BlockWanted(scope=scope, source=source, **fields)
        return add_block(debtor_id=debtor.pk, wanted=wanted, actor=collector, on=on)

    return make


def is_blocked(debtor) -> bool:
    return DebtorSummary.objects.get(debtor=debtor).is_blocked


def test_a_general_block_takes_the_debtor_out_and_is_told(block, debtor, collector):
    made = block(reason="Ligou irritada.")

    assert is_blocked(debtor)
    event, entry = Event.objects.get(), AuditEntry.objects.get()
    assert (event.title, event.actor) == ("Bloqueio incluído", collector)
    assert event.text == "Geral desde 10/03/2026, pedido do devedor. Ligou irritada."
    assert (entry.action, entry.object_id) == ("block.added", str(made.pk))


def test_lifting_it_brings_the_debtor_back_and_keeps_why(block, debtor, supervisor):
    made = block()

    lift_block(block=made, actor=supervisor, at=NOW, reason="Engano.")

    made.refresh_from_db()
    assert (made.lifted_at, made.lifted_by) == (NOW, supervisor)
    assert not is_blocked(debtor)
    assert not blocks_in_sight(debtor.pk, TODAY).exists()
    event = Event.objects.first()
    assert event.title == "Bloqueio retirado"
    assert event.text.endswith("Engano.")
    assert AuditEntry.objects.filter(action="block.lifted").count() == 1


def test_lifting_twice_is_lifting_once(block, supervisor):
    made = block()
    lift_block(block=made, actor=supervisor, at=NOW, reason="Engano.")

    again = lift_block(block=made, actor=supervisor, at=NOW + timedelta(hours=1), reason="De novo.")

    assert again.lifted_at == NOW
    assert Event.objects.count() == 2


def test_lifting_needs_a_reason(block, supervisor):
    made = block()

    with pytest.raises(DomainError, match="por que") as refusal:
        lift_block(block=made, actor=supervisor, at=NOW, reason=" ")

    assert refusal.value.field == "reason"


def test_a_block_of_one_channel_leaves_the_debtor_in_the_queue(block, debtor):
    block(scope="sms")

    assert not is_blocked(debtor)


def test_a_do_not_call_register_counts_thirty_days_later(block, debtor):
    phone = Phone.objects.create(agency=debtor.agency, debtor=debtor, number="11988887777")

    made = block(scope="phone", source="register", phone=phone)

    assert made.starts_on == date(2026, 4, 9)


def test_blocks_begin_and_end_by_date(block, debtor, agency):
    block(starts_on=TODAY + timedelta(days=2), ends_on=TODAY + timedelta(days=4))
    assert not is_blocked(debtor)

    for days, expected in [(1, False), (2, True), (4, True), (5, False)]:
        refresh_blocked(agency.pk, TODAY + timedelta(days=days))

        assert is_blocked(debtor) == expected, days


def test_the_hourly_task_marks_every_agencys_debtors_and_changes_nothing_twice(block, debtor):
    block()
    DebtorSummary.objects.filter(debtor=debtor).update(is_blocked=False)

    first, second = keep_law(), keep_law()

    assert first >= 1
    assert second == 0
    assert is_blocked(debtor)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"scope": "fax"}, "scope"),
        ({"source": "vizinho"}, "source"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"starts_on": TODAY + timedelta(9), "ends_on": TODAY + timedelta(8)}, "ends_on"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(block, fields, field):
    with pytest.raises(DomainError) as refusal:
        block(**fields)

    assert refusal.value.field == field
    assert not ContactBlock.objects.exists()


def test_a_number_is_blocked_only_for_calls_and_messages_and_only_its_owners(block, debtor):
    own = Phone.objects.create(agency=debtor.agency, debtor=debtor, number="11988887777")
    other = factories.make_debtor(debtor.agency)
    strange = Phone.objects.create(agency=debtor.agency, debtor=other, number="11988886666")

    for fields in ({"scope": "email", "phone": own}, {"scope": "phone", "phone": strange}):
        with pytest.raises(DomainError) as refusal:
            block(**fields)
        assert refusal.value.field == "phone"


def test_the_same_block_twice_is_refused(block):
    block()

    with pytest.raises(DomainError, match="igual em vigor"):
        block()


def test_a_block_cannot_name_another_agencys_debtor(block, other_agency):
    made = block()

    with pytest.raises(IntegrityError), transaction.atomic():
        _give_away(made, other_agency)


def _give_away(block, agency):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "UPDATE debtors_contactblock SET agency_id = %s WHERE id = %s", [agency.pk, block.pk]
        )
