"""Two debtors found to be one person, and told apart again."""

from random import Random

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Event
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.holdings import OnMerge, holdings
from cobranca.debtors.merging import gather_strays, merge_debtors, undo_merge
from cobranca.debtors.models import Debtor, DebtorReference, DebtorSummary, EmailAddress, Phone
from cobranca.telecobranca.models import QueueEntry
from tests import factories
from tests.cobranca.agreements.making import agree, make_book, make_plain_campaign
from tests.cobranca.debtors.merged import NOW, digest, furnish


@pytest.fixture
def office(in_scope, creditor):
    make_plain_campaign(creditor)
    return in_scope


@pytest.fixture
def pair(office, creditor, collector):
    """A debtor and the same person again."""
    people = [factories.make_debtor(office, name="MARIA DA SILVA") for _ in range(2)]
    for person in people:
        furnish(person, creditor, collector, Random(7))
    return people


def merge(kept, gone, actor, reason=""):
    return merge_debtors(kept_id=kept.pk, gone_id=gone.pk, actor=actor, reason=reason)


# --- merging --------------------------------------------------------------------------------------


def test_everything_is_the_kept_ones_and_nothing_is_lost(pair, supervisor):
    kept, gone = pair
    before = {each.model: each.table._default_manager.count() for each in holdings()}

    merge(kept, gone, supervisor)

    for holding in holdings():
        if (
            holding.hangs
            and holding.on_merge == OnMerge.MOVES
            and holding.model != "debtors.debtor"
        ):
            rows = holding.table._default_manager
            assert not rows.filter(**{holding.owner: gone.pk}).exists(), holding.model
            lost = before[holding.model] - rows.count()
            assert lost <= 0, holding.model
    assert Contract.objects.filter(debtor=kept).count() == 2
    assert DebtorSummary.objects.get(debtor=gone).open_total == 0


def test_contact_data_that_both_have_is_there_once(pair, supervisor):
    kept, gone = pair

    merge(kept, gone, supervisor)

    numbers = list(Phone.objects.filter(debtor=kept).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 2  # the same chance drew the same two
    assert Phone.objects.filter(debtor=kept, is_main=True).count() == 1


def test_one_main_contact_is_left(office, supervisor):
    kept, gone = (factories.make_debtor(office) for _ in range(2))
    for person, name in ((kept, "a"), (gone, "b")):
        EmailAddress.objects.create(
            agency=office, debtor=person, email=f"{name}@exemplo.com.br", is_main=True
        )

    merge(kept, gone, supervisor)

    assert EmailAddress.objects.filter(debtor=kept).count() == 2
    assert EmailAddress.objects.get(debtor=kept, is_main=True).email == "a@exemplo.com.br"


def test_the_kept_one_takes_the_document_it_lacks(office, supervisor):
    kept = factories.make_debtor(office, document="")
    gone = factories.make_debtor(office)

    done = merge(kept, gone, supervisor)

    kept.refresh_from_db()
    assert kept.document == gone.document
    undo_merge(merge_id=done.pk, actor=supervisor)
    assert list(Debtor.objects.order_by("pk").values_list("document", flat=True)) == [
        "",
        gone.document,
    ]


def test_the_kept_one_is_found_by_what_the_other_was_called(pair, supervisor):
    kept, gone = pair
    Debtor.objects.filter(pk=gone.pk).update(name="MARIA SOUZA")

    merge(kept, gone, supervisor)

    found = DebtorSummary.objects.filter(search="souza").values_list("debtor", flat=True)
    assert list(found) == [kept.pk]


def test_it_is_said_on_the_timeline_and_in_the_trail(pair, supervisor):
    kept, gone = pair

    merge(kept, gone, supervisor, "Mesmo CPF digitado duas vezes")

    event = Event.objects.get(title="Unificação de devedores")
    assert (event.debtor_id, event.actor) == (kept.pk, supervisor)
    assert AuditEntry.objects.get(action="debtor.merged").changes["motivo"] == [
        "", "Mesmo CPF digitado duas vezes",
    ]  # fmt: skip


def test_what_is_written_for_one_who_is_gone_goes_to_the_kept_one(pair, supervisor, collector):
    kept, gone = pair
    merge(kept, gone, supervisor)

    event = Event.objects.create(
        agency=gone.agency, debtor=gone, kind="note", text="Página aberta", actor=collector
    )

    event.refresh_from_db()
    assert event.debtor_id == kept.pk


def test_what_strayed_is_gathered_at_night(pair, supervisor):
    kept, gone = pair
    merge(kept, gone, supervisor)
    event = Event.objects.create(agency=gone.agency, debtor=gone, kind="sync", text="Sem autor")

    gather_strays()

    event.refresh_from_db()
    assert event.debtor_id == kept.pk


def test_the_timeline_lets_nobody_else_move_an_event(pair):
    """Only whose an event is may change, and only between two who are one."""
    kept, gone = pair
    event = Event.objects.filter(debtor=gone).first()

    for change in ({"debtor": kept.pk}, {"text": "Outra coisa"}):
        with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
            Event.objects.filter(pk=event.pk).update(**change)
    Debtor.objects.filter(pk=gone.pk).update(merged_into=kept)
    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        Event.objects.filter(pk=event.pk).update(debtor=kept.pk, text="Outra coisa")


# --- refusals -------------------------------------------------------------------------------------


def test_one_cannot_be_merged_with_itself_nor_twice(office, supervisor):
    one, two, three = (factories.make_debtor(office) for _ in range(3))
    merge(one, two, supervisor)

    for pair, words in (((one, one), "dois cadastros"), ((three, two), "já foi unificado")):
        with pytest.raises(DomainError, match=words):
            merge(*pair, supervisor)


def test_two_contracts_in_force_with_one_key_stop_it(office, creditor, supervisor):
    pair = [factories.make_debtor(office) for _ in range(2)]
    for person, code in zip(pair, "12", strict=True):
        contract = factories.make_contract(creditor, person, number=f"77-{code}")
        Contract.objects.filter(pk=contract.pk).update(number="77")

    with pytest.raises(DomainError, match="contrato 77"):
        merge(*pair, supervisor)


def test_a_contract_that_was_transferred_between_them_stands_beside(office, creditor, supervisor):
    old, new = (factories.make_debtor(office) for _ in range(2))
    before = factories.make_contract(
        creditor, old, number="77", external_id="77", is_current=False, status="finished"
    )
    factories.make_contract(creditor, new, number="77", external_id="77")

    done = merge(new, old, supervisor)

    before.refresh_from_db()
    assert (before.debtor_id, before.number) == (new.pk, "77 (2)")
    undo_merge(merge_id=done.pk, actor=supervisor)
    before.refresh_from_db()
    assert (before.debtor_id, before.number) == (old.pk, "77")


def test_another_agencys_debtor_is_not_found(office, other_agency, supervisor):
    stranger = factories.make_debtor(other_agency)

    with pytest.raises(DomainError, match="não encontrado"):
        merge(factories.make_debtor(office), stranger, supervisor)


# --- undoing --------------------------------------------------------------------------------------


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6))
def test_merging_and_undoing_changes_nothing(seed, office, creditor, collector, supervisor):
    chance = Random(seed)
    people = [factories.make_debtor(office) for _ in range(2)]
    if chance.random() < 0.3:
        Debtor.objects.filter(pk=people[0].pk).update(document="")
    for person in people:
        furnish(person, creditor, collector, chance)
    before = digest()

    done = merge(*people, supervisor)
    assert digest() != before
    undo_merge(merge_id=done.pk, actor=supervisor)

    assert digest() == before


def test_merges_upon_merges_are_undone_backwards(office, creditor, collector, supervisor):
    first, second, third = (factories.make_debtor(office) for _ in range(3))
    for number, person in enumerate((first, second, third)):
        furnish(person, creditor, collector, Random(number))
    start = digest()
    one = merge(second, first, supervisor)
    middle = digest()
    two = merge(third, second, supervisor)
    first.refresh_from_db()
    assert first.merged_into == third  # one step to whoever is left

    with pytest.raises(DomainError, match="desfaça aquela antes"):
        undo_merge(merge_id=one.pk, actor=supervisor)
    undo_merge(merge_id=two.pk, actor=supervisor)
    assert digest() == middle
    undo_merge(merge_id=one.pk, actor=supervisor)

    assert digest() == start


def test_what_came_since_goes_with_its_contract(pair, creditor, supervisor, collector):
    kept, gone = pair
    theirs = Contract.objects.get(debtor=gone)
    done = merge(kept, gone, supervisor)
    with_contract = Event.objects.create(
        agency=kept.agency, debtor=kept, contract=theirs, kind="note", text="x", actor=collector
    )
    without = Event.objects.create(
        agency=kept.agency, debtor=kept, kind="note", text="y", actor=collector
    )

    undo_merge(merge_id=done.pk, actor=supervisor)

    with_contract.refresh_from_db()
    without.refresh_from_db()
    assert (with_contract.debtor_id, without.debtor_id) == (gone.pk, kept.pk)


def test_an_agreement_over_both_keeps_them_together(office, creditor, supervisor):
    pair = [factories.make_debtor(office) for _ in range(2)]
    contracts = [factories.make_contract(creditor, person) for person in pair]
    for contract in contracts:
        make_book(contract, ["100.00"])
    refresh_summaries([person.pk for person in pair])
    done = merge(*pair, supervisor)
    contracts[0].refresh_from_db()
    agree(contracts[0], supervisor)

    with pytest.raises(DomainError, match="reúne contratos dos dois"):
        undo_merge(merge_id=done.pk, actor=supervisor)


def test_a_merge_is_undone_once(pair, supervisor):
    done = merge(*pair, supervisor)
    undo_merge(merge_id=done.pk, actor=supervisor)

    with pytest.raises(DomainError, match="já foi desfeita"):
        undo_merge(merge_id=done.pk, actor=supervisor)


def test_a_place_in_the_queue_comes_back_in_nobodys_hands(pair, supervisor, collector):
    kept, gone = pair
    QueueEntry.objects.filter(debtor=gone).update(held_by=collector, held_at=NOW, held_until=NOW)

    done = merge(kept, gone, supervisor)

    assert not QueueEntry.objects.filter(debtor=gone).exists()
    undo_merge(merge_id=done.pk, actor=supervisor)
    assert QueueEntry.objects.get(debtor=gone).held_by is None


# --- nothing is forgotten -------------------------------------------------------------------------


def test_every_table_that_names_a_debtor_knows_what_a_merge_does_to_it():
    """A new table with a key to Debtor says so in its room's holdings.py."""
    told = {each.model: each for each in holdings()}
    forgotten = [
        f"{model._meta.label_lower}.{column.name}"
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and column.remote_field.model is Debtor
        if not _is_told(told.get(model._meta.label_lower), column.name)
    ]

    assert forgotten == []


def _is_told(holding, column):
    if holding is None or holding.on_merge == OnMerge.FOLLOWS:
        return False
    return column in (holding.owner, holding.stamp) or holding.on_merge == OnMerge.STAYS


def test_the_codes_in_the_erp_remember_whose_they_were(pair, supervisor):
    kept, gone = pair

    merge(kept, gone, supervisor)

    told = DebtorReference.objects.order_by("pk").values_list("debtor", "merged_from")
    assert list(told) == [(kept.pk, None), (kept.pk, gone.pk)]
