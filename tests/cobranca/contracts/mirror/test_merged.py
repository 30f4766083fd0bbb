"""Loads after two debtors were merged, or one was anonymised: nobody comes back by them."""

import pytest

from cobranca.contracts.models import Contract, Event
from cobranca.contracts.records import PhoneRecord
from cobranca.creditors.models import ParameterValue
from cobranca.debtors.anonymising import WORD, anonymise_debtor
from cobranca.debtors.digests import digest_of
from cobranca.debtors.merging import merge_debtors, undo_merge
from cobranca.debtors.models import Debtor, DebtorReference, Phone
from cobranca.debtors.parameters import KEPT_YEARS
from tests.cobranca.contracts.mirror.book import (
    NOON,
    TODAY,
    Mirror,
    customer,
    open_book,
    parcel,
    receipt,
    title,
)

MARIA, AGAIN = "11144477735", "52998224725"
BOOK = (
    customer("1", MARIA, "MARIA DA SILVA"),
    customer("2", AGAIN, "MARIA DA SILVA"),
    title("500", "1"),
    title("600", "2"),
    parcel("500", 1),
    parcel("600", 1),
)


@pytest.fixture
def mirror(in_scope, creditor) -> Mirror:
    return Mirror(creditor)


def merge(kept: str, gone: str, actor):
    pair = {row.external_id: row.debtor_id for row in DebtorReference.objects.all()}
    return merge_debtors(kept_id=pair[kept], gone_id=pair[gone], actor=actor)


def named() -> list[tuple[str, str]]:
    """Return name and document of those who are nobody else."""
    found = Debtor.objects.filter(merged_into=None).order_by("pk")
    return list(found.values_list("name", "document"))


@pytest.mark.parametrize(("kept", "gone"), [("1", "2"), ("2", "1")])
def test_a_load_does_not_part_two_who_were_merged(mirror, supervisor, kept, gone):
    mirror.load(*BOOK)
    done = merge(kept, gone, supervisor)
    book = open_book(mirror.creditor)

    outcome = mirror.load(*BOOK)
    mirror.load(*BOOK, full=False)

    assert outcome.extra["debtors_included"] == outcome.extra["debtors_updated"] == 0
    assert outcome.transferred == 0
    assert open_book(mirror.creditor) == book
    assert set(Contract.objects.values_list("debtor", flat=True)) == {done.kept_id}
    assert named() == [("MARIA DA SILVA", MARIA if kept == "1" else AGAIN)]


def test_the_kept_one_goes_on_being_corrected_by_its_own_customer(mirror, supervisor):
    mirror.load(*BOOK)
    merge("2", "1", supervisor)

    renamed = (customer("1", MARIA, "M SILVA"), customer("2", AGAIN, "MARIA DA SILVA SOUZA"))
    mirror.load(*renamed, *BOOK[2:])

    assert named() == [("MARIA DA SILVA SOUZA", AGAIN)]


def test_a_document_corrected_in_the_erp_makes_nobody_new(mirror, supervisor):
    mirror.load(*BOOK)
    merge("1", "2", supervisor)

    corrected = (customer("1", "39053344705", "MARIA DA SILVA"), customer("2", "16899535009", "X"))
    mirror.load(*corrected, *BOOK[2:])

    assert named() == [("MARIA DA SILVA", "39053344705")]


def test_a_new_customer_with_the_document_of_one_who_is_gone_is_the_kept_one(mirror, supervisor):
    mirror.load(*BOOK)
    done = merge("1", "2", supervisor)

    mirror.load(*BOOK, customer("0", AGAIN, "MARIA"), title("700", "0"), parcel("700", 1))

    assert Contract.objects.get(external_id="700").debtor_id == done.kept_id
    assert named() == [("MARIA DA SILVA", MARIA)]


def test_what_came_by_loads_goes_back_with_its_customer(mirror, supervisor):
    """Undone a while later, each has what the ERP says of their own customer."""
    mirror.load(*BOOK)
    done = merge("1", "2", supervisor)
    news = (title("700", "2"), parcel("700", 1), PhoneRecord("2", "48999110009", "mobile"))
    mirror.load(*BOOK, *news)

    undo_merge(merge_id=done.pk, actor=supervisor)

    assert Contract.objects.get(external_id="700").debtor_id == done.gone_id
    assert Contract.objects.get(external_id="500").debtor_id == done.kept_id
    assert Phone.objects.get().debtor_id == done.gone_id
    outcome = mirror.load(*BOOK, *news)
    assert outcome.transferred == outcome.extra["debtors_included"] == 0
    assert outcome.extra["contracts_updated"] == 0


def test_a_title_that_changes_hands_between_two_who_are_one_is_no_transfer(mirror, supervisor):
    mirror.load(*BOOK)
    done = merge("1", "2", supervisor)

    outcome = mirror.load(*BOOK[:3], title("600", "1"), *BOOK[4:])

    assert outcome.transferred == 0
    assert Contract.objects.get(external_id="600").debtor_id == done.kept_id


# --- anonymised -----------------------------------------------------------------------------------


@pytest.fixture
def forgotten(mirror, implementer) -> Debtor:
    """Maria, who paid everything and asked to be forgotten."""
    ParameterValue.objects.create(
        agency=mirror.creditor.agency, section=KEPT_YEARS.section, key=KEPT_YEARS.key, value="0"
    )
    mirror.load(BOOK[0], title("500", "1"), parcel("500", 1))
    mirror.load(BOOK[0], title("500", "1"), parcel("500", 1, "0"), receipt("500", 1))
    debtor = Debtor.objects.get()
    anonymise_debtor(
        debtor_id=debtor.pk, typed=WORD, reason="Pedido do titular", actor=implementer,
        at=NOON, on=TODAY,
    )  # fmt: skip
    debtor.refresh_from_db()
    return debtor


def test_loads_that_tell_of_a_forgotten_person_bring_nothing_back(mirror, forgotten):
    phone = PhoneRecord("1", "48999110009", "mobile")

    for full in (True, False):
        mirror.load(
            BOOK[0], phone, title("500", "1"), parcel("500", 1, "0"), receipt("500", 1), full=full
        )

    assert [name for name, _ in named()] == [forgotten.name]
    assert not Phone.objects.exists()
    assert not DebtorReference.objects.exists()


def test_a_new_debt_brings_the_person_back_and_says_so(mirror, forgotten):
    mirror.load(
        BOOK[0], title("500", "1"), parcel("500", 1, "0"), receipt("500", 1),
        title("900", "1"), parcel("900", 1),
    )  # fmt: skip

    back = Debtor.objects.get(document=MARIA)
    assert back != forgotten
    assert Contract.objects.get(external_id="900").debtor == back
    event = Event.objects.get(title="Titular anonimizado voltou")
    assert event.debtor == back
    assert f"registro {forgotten.pk}" in event.text


def test_a_stranger_with_a_new_debt_is_nobody_who_was_forgotten(mirror, forgotten):
    mirror.load(customer("9", AGAIN), title("900", "9"), parcel("900", 1))

    assert not Event.objects.filter(title="Titular anonimizado voltou").exists()


def test_the_digest_tells_nobody_who_it_was(forgotten, settings):
    told = forgotten.document_digest
    assert len(told) == 64
    assert told == digest_of(MARIA)
    settings.FIELD_ENCRYPTION_KEYS = ["outra-chave"]
    assert digest_of(MARIA) != told
