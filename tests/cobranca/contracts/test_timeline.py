"""Notes on the timeline, its filters, and the letters of an installment."""

from datetime import date
from decimal import Decimal

import pytest

from cobranca.accounts.models import User
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event, EventKind
from cobranca.contracts.selectors import LETTERS, InstallmentRow
from cobranca.contracts.services import NOTE_LIMIT, add_note_event
from cobranca.contracts.timeline import GROUPS, TimelineFilter, timeline_of
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from tests import factories

pytestmark = pytest.mark.usefixtures("in_scope")


def test_a_note_names_its_author_and_contract(
    debtor: Debtor, creditor: Creditor, collector: User
) -> None:
    contract = factories.make_contract(creditor, debtor)

    note = add_note_event(
        debtor=debtor, text="  Retornar amanhã ", actor=collector, contract_id=contract.pk
    )

    assert (note.text, note.kind, note.actor, note.contract) == (
        "Retornar amanhã",
        EventKind.NOTE,
        collector,
        contract,
    )


@pytest.mark.parametrize(
    ("text", "title", "field"),
    [("  ", "", "text"), ("x" * (NOTE_LIMIT + 1), "", "text"), ("x", "t" * 81, "title")],
)
def test_a_note_that_cannot_be_kept_is_refused_at_its_field(
    debtor: Debtor, collector: User, text: str, title: str, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        add_note_event(debtor=debtor, text=text, title=title, actor=collector)

    assert refused.value.field == field
    assert not Event.objects.exists()


def test_a_note_on_somebody_elses_contract_is_refused(
    debtor: Debtor, creditor: Creditor, collector: User
) -> None:
    other = factories.make_contract(creditor, factories.make_debtor(debtor.agency))

    with pytest.raises(DomainError, match="não é deste devedor"):
        add_note_event(debtor=debtor, text="x", actor=collector, contract_id=other.pk)


def test_every_kind_of_event_is_in_exactly_one_group() -> None:
    grouped = [kind for _, kinds in GROUPS.values() for kind in kinds]

    assert sorted(grouped) == sorted(EventKind)


def test_events_of_one_moment_are_neither_repeated_nor_lost(debtor: Debtor) -> None:
    # A load writes all its events in one transaction: they share their moment.
    for number in range(50):
        Event.objects.create(
            agency=debtor.agency, debtor=debtor, kind=EventKind.IMPORT, text=str(number)
        )
    Event.objects.create(agency=debtor.agency, debtor=debtor, kind=EventKind.NOTE, text="x")
    seen: list[int] = []
    after = ""
    for _ in range(4):
        page = timeline_of(debtor.pk, TimelineFilter(group="cargas", after=after))
        seen += [event.pk for event in page.events]
        after = page.after
        if not after:
            break

    assert len(seen) == len(set(seen)) == 50


def test_a_contracts_events_are_told_apart(debtor: Debtor, creditor: Creditor) -> None:
    contract = factories.make_contract(creditor, debtor)
    own = {"agency": debtor.agency, "debtor": debtor, "kind": EventKind.NOTE}
    Event.objects.create(**own, contract=contract, text="deste")
    Event.objects.create(**own, text="de nenhum")

    page = timeline_of(debtor.pk, TimelineFilter(contract_id=contract.pk))

    assert [event.text for event in page.events] == ["deste"]


def test_a_text_that_no_column_can_hold_is_searched_without_what_it_cannot(debtor: Debtor) -> None:
    Event.objects.create(agency=debtor.agency, debtor=debtor, kind=EventKind.NOTE, text="ligou")

    assert len(timeline_of(debtor.pk, TimelineFilter(text="lig\0")).events) == 1


@pytest.mark.parametrize(
    ("status", "balance", "has_boleto", "letters"),
    [
        ("open", "100.00", False, ""),
        ("open", "100.00", True, "B"),
        ("open", "40.00", True, "BR"),
        ("negotiated", "100.00", True, "AB"),
        ("settled", "0.00", True, "P"),
        ("recalled", "100.00", True, "D"),
    ],
)
def test_status_letters(status: str, balance: str, has_boleto: bool, letters: str) -> None:
    row = InstallmentRow(
        *(1, 1, 7, "", date(2026, 1, 1), Decimal("100.00"), Decimal(balance)),
        credit=Decimal("0.00"),
        note="PM",
        status=status,
        has_boleto=has_boleto,
    )

    assert row.letters == letters
    assert set(letters) <= set(LETTERS)
    assert row.shown_number == "7"


def test_what_the_office_received_counts_as_received_in_part() -> None:
    row = InstallmentRow(
        *(1, 1, 7, "", date(2026, 1, 1), Decimal("100.00"), Decimal("100.00")),
        credit=Decimal("40.00"),
        note="PM",
        status="open",
        has_boleto=False,
    )

    assert (row.owed, row.letters) == (Decimal("60.00"), "R")
