"""Titles read one by one: the whole of each, and of no other."""

from decimal import Decimal

import pytest

from cobranca.contracts.mirror import MirrorJob
from cobranca.contracts.models import Contract, Event, Installment, Recall, TitleReading
from cobranca.contracts.records import (
    BoletoRecord,
    ContractRecord,
    DoubtRecord,
    PhoneRecord,
    SaleRecord,
)
from cobranca.creditors.models import Branch
from cobranca.debtors.models import Debtor, DebtorSummary, Phone
from tests import factories
from tests.cobranca.contracts.mirror.book import (
    NOON,
    TODAY,
    Mirror,
    contract,
    customer,
    open_book,
    parcel,
    receipt,
    title,
)

pytestmark = pytest.mark.usefixtures("in_scope")
MARIA = customer("1", "11144477735", "MARIA DA SILVA")
JOSE = customer("2", "52998224725", "JOSÉ PEREIRA")
GONE = ContractRecord("500", "", "")


@pytest.fixture
def mirror(creditor):
    """Two titles of Maria's: 500 with three installments, 501 with one."""
    mirror = Mirror(creditor)
    mirror.load(
        MARIA,
        SaleRecord("500", document_number="VIND-1", branch="42", unit="304"),
        title("500", "1"),
        *(parcel("500", number) for number in (1, 2, 3)),
        title("501", "1"),
        parcel("501", 1),
    )
    return mirror


def told(kind):
    return list(Event.objects.filter(kind=kind).order_by("id").values_list("text", flat=True))


def numbers(creditor):
    return {(row[1], row[2]) for row in open_book(creditor)}


def test_what_of_a_title_was_not_told_is_gone_and_other_titles_stay(mirror, creditor):
    outcome = mirror.read(title("500", "1"), parcel("500", 1), parcel("500", 2))

    assert (outcome.included, outcome.updated, outcome.recalled) == (0, 0, 1)
    assert numbers(creditor) == {("500", 1), ("500", 2), ("501", 1)}
    recall = Recall.objects.get()
    assert (recall.number, recall.reason) == (3, "creditor_request")
    assert recall.note == "Não consta mais no ERP"


def test_changed_and_new_installments_are_told_as_a_synchronisation(mirror, creditor):
    outcome = mirror.read(
        title("500", "1"),
        parcel("500", 1, note="AT"),
        parcel("500", 2, "130.00"),
        *(parcel("500", number) for number in (3, 4, 5)),
        BoletoRecord("500", 3, True),
    )

    assert (outcome.included, outcome.updated) == (2, 3)
    assert told("sync") == ["Contrato 500 Parcela(s): 1, 2, 3", "Contrato 500 Parcela(s): 4, 5"]
    assert Event.objects.filter(kind="sync").first().title == "Sincronização de Parcela(s)"
    assert Installment.objects.get(contract__external_id="500", number=3).has_boleto
    assert DebtorSummary.objects.get().open_total == Decimal("630.00")


def test_the_same_title_again_changes_nothing_and_tells_nothing(mirror, creditor):
    read = (title("500", "1"), parcel("500", 1, "60.00"), receipt("500", 1, "40.00"))
    mirror.read(*read)
    events = Event.objects.count()

    outcome = mirror.read(*read)

    assert (outcome.included, outcome.updated, outcome.recalled, outcome.reopened) == (0, 0, 0, 0)
    assert Event.objects.count() == events
    assert Recall.objects.count() == 2


def test_a_title_the_erp_no_longer_has_is_gone_whole(mirror, creditor):
    outcome = mirror.read(GONE)

    assert outcome.recalled == 3
    assert numbers(creditor) == {("501", 1)}
    assert contract("500").status == "finished"
    assert contract("500").contract_type.code == "CT"


def test_a_title_not_known_here_is_left_to_the_loads(mirror, creditor):
    mirror.read(JOSE, title("900", "2"), parcel("900", 1), receipt("900", 1))

    assert numbers(creditor) == {("500", 1), ("500", 2), ("500", 3), ("501", 1)}
    assert Debtor.objects.count() == 1


def test_a_title_of_another_creditor_is_not_touched(mirror, creditor):
    other = factories.make_creditor(creditor.agency, creditor_type="SIENGE", external_code="2")

    Mirror(other).read(GONE)

    assert len(open_book(creditor)) == 4
    assert not TitleReading.objects.exists()


def test_what_is_known_of_the_sale_stays_when_only_the_title_was_read(mirror):
    before = contract("500")

    mirror.read(
        title("500", "1", branch="", is_sale=False, unit="", document_number=""),
        *(parcel("500", number) for number in (1, 2, 3)),
    )

    after = contract("500")
    for fact in ("branch_id", "kind", "unit", "document_number", "attributes", "issued_on"):
        assert getattr(after, fact) == getattr(before, fact)


def test_a_branch_nobody_registered_does_not_keep_a_known_title_out(mirror, creditor):
    outcome = mirror.read(
        title("500", "1", branch="77"),
        SaleRecord("500", document_number="VIND-1", branch="77", unit="304", is_cancelled=True),
        *(parcel("500", number) for number in (1, 2, 3)),
        import_branches=False,
    )

    assert outcome.issues == []
    assert numbers(creditor) == {("501", 1)}
    assert contract("500").branch.code == "42"
    assert not Branch.objects.filter(code="77").exists()


def test_a_cancelled_contract_is_recalled_whole_told_row_by_row_or_not(mirror, creditor):
    mirror.read(
        title("500", "1"),
        SaleRecord("500", is_cancelled=True),
        parcel("500", 1, "0.00", closing="termination"),
        parcel("500", 2),
    )

    assert numbers(creditor) == {("501", 1)}
    recalls = set(Recall.objects.values_list("number", "reason", "note"))
    assert recalls == {(n, "termination", "Distrato no ERP") for n in (1, 2, 3)}
    assert told("recall") == [
        "Distrato\nData: 21/11/2026\nContrato: 500 Parcela(s): 1, 2, 3\nDistrato no ERP"
    ]


def test_a_new_holder_is_noticed_once_and_left_to_the_batimento(mirror, creditor):
    ceded = (JOSE, title("500", "2"), *(parcel("500", number) for number in (1, 2, 3)))

    for _ in range(2):
        mirror.read(*ceded)

    assert told("transfer") == [
        "Contrato 500: o ERP indica outro titular, o cliente 2. "
        "A cessão será aplicada no próximo batimento."
    ]
    assert contract("500").debtor.name == "MARIA DA SILVA"
    assert contract("500").external_debtor == "1"
    assert Debtor.objects.count() == 1

    mirror.load(MARIA, *ceded, title("501", "1"), parcel("501", 1))

    assert contract("500").debtor.name == "JOSÉ PEREIRA"
    assert len(told("transfer")) == 3


def test_another_registration_of_the_same_person_is_no_new_holder(mirror):
    twin = customer("9", MARIA.document)
    mirror.load(
        MARIA,
        twin,
        title("500", "1"),
        *(parcel("500", number) for number in (1, 2, 3)),
        title("501", "9"),
        parcel("501", 1),
    )

    mirror.read(title("501", "1"), parcel("501", 1))

    assert told("transfer") == []


def test_installments_of_a_ceded_title_are_followed_with_the_old_holder_meanwhile(mirror, creditor):
    mirror.read(title("500", "2"), parcel("500", 1, "70.00"))

    assert {row[0] for row in open_book(creditor)} == {"1"}
    assert numbers(creditor) == {("500", 1), ("501", 1)}


def test_what_could_not_be_understood_stays_as_it_is(mirror, creditor):
    mirror.read(title("500", "1"), parcel("500", 1), DoubtRecord("500", 2))

    assert numbers(creditor) == {("500", 1), ("500", 2), ("501", 1)}


def test_a_row_without_a_legible_key_holds_every_removal(mirror, creditor):
    outcome = mirror.read(title("500", "1"), parcel("500", 1, "50.00"), DoubtRecord())

    assert (outcome.updated, outcome.recalled) == (1, 0)
    assert "sem chave legível" in outcome.removals_held
    assert len(open_book(creditor)) == 4


def test_what_the_parameter_keeps_from_batimentos_is_still_gone_here(mirror, creditor):
    mirror.read(title("500", "1"), parcel("500", 1), recall_imported=False)

    assert numbers(creditor) == {("500", 1), ("501", 1)}


def test_no_share_of_a_few_titles_waits_for_a_person(mirror, creditor):
    outcome = mirror.read(GONE, recall_limit_percent=Decimal(30))

    assert (outcome.needs_confirmation, outcome.recalled) == (False, 3)


def test_contact_data_that_come_along_are_of_those_known_here(mirror):
    mirror.read(
        MARIA,
        PhoneRecord("1", "48999990000", "mobile", True),
        title("500", "1"),
        *(parcel("500", number) for number in (1, 2, 3)),
    )

    assert Phone.objects.get().number == "48999990000"


def test_a_simulation_changes_nothing(mirror, creditor):
    outcome = mirror.read(GONE, dry_run=True)

    assert outcome.recalled == 3
    assert len(open_book(creditor)) == 4
    assert not TitleReading.objects.exists()


def test_titles_are_read_at_a_known_moment_and_never_as_a_batimento(mirror):
    with pytest.raises(ValueError, match="at a moment"):
        mirror.job(-1, False, titles=True)
    with pytest.raises(ValueError, match="at a moment"):
        MirrorJob(-1, 1, 1, "SIENGE", "x", TODAY, full=True, titles=True, read_at=NOON)


def test_nothing_staged_changes_nothing(mirror, creditor):
    outcome = mirror.read()

    assert (outcome.recalled, outcome.extra["events"]) == (0, 0)
    assert Contract.objects.count() == 2
