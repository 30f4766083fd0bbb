from decimal import Decimal

import pytest

from cobranca.contracts import mirror as pages
from cobranca.contracts.models import Contract, Event, Installment, Payment, Recall
from cobranca.contracts.records import (
    BoletoRecord,
    DoubtRecord,
    PaymentRecord,
    ProductRecord,
    SaleRecord,
)
from cobranca.creditors.models import Branch
from cobranca.debtors.models import Debtor, DebtorSummary
from tests.cobranca.contracts.mirror.book import (
    DUE,
    TODAY,
    Mirror,
    contract,
    customer,
    open_book,
    parcel,
    title,
)

pytestmark = pytest.mark.usefixtures("in_scope")
MARIA = customer("1", "11144477735", "MARIA DA SILVA")
JOSE = customer("2", "52998224725", "JOSÉ PEREIRA")


@pytest.fixture
def mirror(creditor):
    return Mirror(creditor)


def titles_of(kind):
    return list(Event.objects.filter(kind=kind).values_list("text", flat=True))


def test_a_new_title_is_included_with_its_debtor_branch_and_event(mirror, creditor):
    outcome = mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    assert (outcome.included, outcome.updated, outcome.recalled) == (2, 0, 0)
    one = contract("500")
    assert (one.debtor.name, one.debtor.document) == ("MARIA DA SILVA", "11144477735")
    assert (one.branch.code, one.contract_type.code, one.unit) == ("42", "CT", "AP 500")
    assert len(open_book(creditor)) == 2
    assert "Inclusão de contrato 500: 2 parcela(s), R$ 200,00 em aberto" in titles_of("import")[0]


def test_settled_installments_never_seen_here_stay_in_the_erp(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1, "0.00"), parcel("500", 2))

    assert [row[2] for row in open_book(creditor)] == [2]


def test_the_same_book_again_changes_nothing(mirror):
    book = (MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))
    mirror.load(*book)
    events = Event.objects.count()

    outcome = mirror.load(*book)

    assert (outcome.included, outcome.updated, outcome.recalled) == (0, 0, 0)
    assert Event.objects.count() == events


def test_a_changed_value_due_date_or_note_is_updated_and_told_once(mirror):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    outcome = mirror.load(
        MARIA, title("500", "1"), parcel("500", 1, "60.00"), parcel("500", 2, note="AT")
    )

    assert outcome.updated == 2
    assert Installment.objects.get(number=1).balance == Decimal("60.00")
    assert titles_of("import")[0].endswith("Atualização Contrato 500: 2 parcela(s) 1, 2")


def test_data_stay_as_they_are_when_the_office_says_so(mirror):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))

    outcome = mirror.load(MARIA, title("500", "1"), parcel("500", 1, "60.00"), update_data=False)

    assert outcome.updated == 0
    assert Installment.objects.get(number=1).balance == Decimal("100.00")


def test_what_vanished_from_the_erp_is_recalled_and_the_contract_finished(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    outcome = mirror.load(MARIA)

    assert outcome.recalled == 2
    assert open_book(creditor) == set()
    assert set(Recall.objects.values_list("reason", "recalled_on")) == {("reconciliation", TODAY)}
    assert contract("500").status == "finished"
    assert "Batimento\nData: 21/11/2026\nContrato: 500 Parcela(s): 1, 2" in titles_of("recall")[0]


def test_a_daily_load_removes_nothing_it_was_not_told_of(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    outcome = mirror.load(MARIA, title("500", "1"), parcel("500", 1), full=False)

    assert outcome.recalled == 0
    assert len(open_book(creditor)) == 2


@pytest.mark.parametrize(
    ("closing", "reason"),
    [
        ("payment", "payment"),
        ("renegotiation", "renegotiation"),
        ("termination", "termination"),
        ("", "creditor_request"),
    ],
)
def test_a_daily_load_says_why_the_erp_closed_an_installment(mirror, closing, reason):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    mirror.load(MARIA, title("500", "1"), parcel("500", 1, "0.00", closing=closing), full=False)

    assert Recall.objects.get().reason == reason
    assert contract("500").status == "active"


def test_a_batimento_always_gives_batimento_and_keeps_the_evidence_in_the_note(mirror):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))

    mirror.load(MARIA, title("500", "1"), parcel("500", 1, "0.00", closing="payment"))

    recall = Recall.objects.get()
    assert (recall.reason, recall.note) == ("reconciliation", "Recebida no ERP")


def test_a_contract_cancelled_in_the_erp_is_recalled_whole_by_a_daily_load(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    outcome = mirror.load(SaleRecord("500", is_cancelled=True), full=False)

    assert outcome.recalled == 2
    assert set(Recall.objects.values_list("reason", flat=True)) == {"termination"}
    assert contract("500").status == "finished"


def test_what_came_back_to_the_erp_is_reopened(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))
    mirror.load(MARIA)

    outcome = mirror.load(MARIA, title("500", "1"), parcel("500", 1, "80.00"))

    assert (outcome.included, outcome.reopened, outcome.updated) == (0, 1, 1)
    assert [row[4] for row in open_book(creditor)] == [Decimal("80.00")]
    assert contract("500").status == "active"
    assert Recall.objects.get().reopened_on == TODAY


def test_what_came_back_stays_recalled_when_the_office_does_not_reopen(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))
    mirror.load(MARIA)

    mirror.load(MARIA, title("500", "1"), parcel("500", 1), reopen_recalled=False)

    assert open_book(creditor) == set()


def test_a_transfer_finishes_the_old_holder_and_tells_both(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    outcome = mirror.load(MARIA, JOSE, title("500", "2"), parcel("500", 1), parcel("500", 2))

    assert outcome.transferred == 1
    old = Contract.objects.get(debtor__name="MARIA DA SILVA")
    assert (old.status, old.is_current) == ("finished", False)
    assert {row[0] for row in open_book(creditor)} == {"2"}
    assert set(Recall.objects.values_list("reason", flat=True)) == {"transfer"}
    told = {event.debtor.name: event.text for event in Event.objects.filter(kind="transfer")}
    assert "transferido para JOSÉ PEREIRA" in told["MARIA DA SILVA"]
    assert "recebido de MARIA DA SILVA" in told["JOSÉ PEREIRA"]


def test_a_title_given_back_is_the_first_holders_old_contract_again(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))
    first = contract("500").pk
    mirror.load(MARIA, JOSE, title("500", "2"), parcel("500", 1))

    mirror.load(MARIA, JOSE, title("500", "1"), parcel("500", 1))

    assert contract("500").pk == first
    assert {row[0] for row in open_book(creditor)} == {"1"}
    assert Contract.objects.count() == 2


def test_a_daily_load_leaves_a_transfer_to_the_batimento(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))

    mirror.load(MARIA, JOSE, title("500", "2"), parcel("500", 1, "70.00"), full=False)

    assert {(row[0], row[4]) for row in open_book(creditor)} == {("1", Decimal("70.00"))}


def test_two_registrations_with_one_document_are_one_debtor(mirror):
    twin = customer("9", MARIA.document, "MARIA D SILVA")

    for _ in range(2):
        mirror.load(
            MARIA, twin, title("500", "1"), title("501", "9"), parcel("500", 1), parcel("501", 1)
        )

    assert Debtor.objects.get().name == "MARIA DA SILVA"
    assert DebtorSummary.objects.get().open_total == Decimal("200.00")


def test_without_a_document_the_erps_code_identifies_the_debtor(mirror):
    mirror.load(
        customer("7"),
        customer("8"),
        title("500", "7"),
        title("501", "8"),
        parcel("500", 1),
        parcel("501", 1),
    )
    mirror.load(
        customer("7", name="NOVO NOME"),
        customer("8"),
        title("500", "7"),
        title("501", "8"),
        parcel("500", 1),
        parcel("501", 1),
    )

    assert set(Debtor.objects.values_list("name", flat=True)) == {"NOVO NOME", "CLIENTE 8"}


def test_a_corrected_document_stays_with_the_same_debtor(mirror):
    mirror.load(customer("1", "39053344705"), title("500", "1"), parcel("500", 1))

    outcome = mirror.load(MARIA, title("500", "1"), parcel("500", 1))

    assert Debtor.objects.get().document == MARIA.document
    assert (outcome.transferred, outcome.recalled) == (0, 0)


def test_an_unregistered_branch_keeps_its_contracts_out_and_says_so(mirror, creditor):
    Branch.objects.create(agency=creditor.agency, creditor=creditor, code="42", name="R")

    outcome = mirror.load(
        MARIA,
        title("500", "1"),
        title("501", "1", branch="43", branch_name="TORRE B"),
        parcel("500", 1),
        parcel("501", 1),
        import_branches=False,
    )

    assert {row[1] for row in open_book(creditor)} == {"500"}
    issue = outcome.issues[0]
    assert (issue.code, issue.contract) == ("branch", "501")
    assert issue.message == "Filial não cadastrada: 43 (TORRE B)."
    assert not Branch.objects.filter(code="43").exists()


def test_a_standalone_title_has_no_branch(mirror):
    mirror.load(
        MARIA,
        title("500", "1", is_sale=False, type_code="NF", branch="42"),
        parcel("500", 1),
        import_branches=False,
    )

    one = contract("500")
    assert (one.branch, one.kind, one.contract_type.code) == (None, "standalone", "NF")


def test_a_customer_the_erp_does_not_show_becomes_an_issue_and_removes_nothing(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))

    outcome = mirror.load(title("500", "77"), parcel("500", 1, "50.00"))

    assert outcome.issues[0].message == "Cliente 77 não encontrado no ERP."
    assert {(row[0], row[4]) for row in open_book(creditor)} == {("1", Decimal("100.00"))}


def test_a_doubtful_row_leaves_what_it_names_as_it_is(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    mirror.load(MARIA, title("500", "1"), parcel("500", 1), DoubtRecord("500", 2))

    assert {row[2] for row in open_book(creditor)} == {1, 2}


def test_a_row_without_a_legible_key_holds_every_removal(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))

    outcome = mirror.load(MARIA, title("500", "1"), parcel("500", 1), DoubtRecord())

    assert outcome.recalled == 0
    assert "sem chave legível" in outcome.removals_held
    assert len(open_book(creditor)) == 2


def test_removals_above_the_limit_wait_for_a_person(mirror, creditor):
    book = [MARIA, title("500", "1"), *(parcel("500", n) for n in range(1, 11))]
    mirror.load(*book)
    shrunk = book[:8]

    held = mirror.load(*shrunk, recall_limit_percent=Decimal(30))
    assert held.needs_confirmation
    assert (held.recalled, held.open_before) == (4, 10)
    assert len(open_book(creditor)) == 10

    mirror.load(*shrunk, recall_limit_percent=Decimal(30), confirmed=True)
    assert len(open_book(creditor)) == 6


def test_removals_at_the_limit_go_on(mirror, creditor):
    book = [MARIA, title("500", "1"), *(parcel("500", n) for n in range(1, 11))]
    mirror.load(*book)

    outcome = mirror.load(*book[:9], recall_limit_percent=Decimal(30))

    assert (outcome.needs_confirmation, outcome.recalled) == (False, 3)


def test_a_simulation_counts_and_lists_but_changes_nothing(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1), parcel("500", 2))
    before = (open_book(creditor), Event.objects.count())

    outcome = mirror.load(
        MARIA, title("500", "1"), parcel("500", 1, "70.00"), parcel("500", 3), dry_run=True
    )

    assert (outcome.included, outcome.updated, outcome.recalled) == (1, 1, 1)
    assert [line["kind"] for line in outcome.preview] == ["Devolver", "Atualizar", "Incluir"]
    assert outcome.preview[1]["before"] == "10/01/2026 · R$ 100,00"
    assert (open_book(creditor), Event.objects.count()) == before


def test_a_row_told_twice_counts_once_as_last_told(mirror, creditor):
    outcome = mirror.load(
        MARIA, title("500", "1"), title("500", "1"), parcel("500", 1), parcel("500", 1, "70.00")
    )

    assert outcome.included == 1
    assert [row[4] for row in open_book(creditor)] == [Decimal("70.00")]


def test_a_row_told_again_by_a_later_page_counts_as_that_page_told_it(mirror, creditor):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))
    run = 919_999
    mirror.stage(run, [MARIA, title("500", "1"), parcel("500", 1, "90.00")])
    pages.stage(run, 2, [parcel("500", 1)])

    outcome = pages.apply(mirror.job(run, full=True))
    pages.discard(run)

    assert outcome.updated == 0
    assert [row[4] for row in open_book(creditor)] == [Decimal("100.00")]


def test_boletos_and_product_attributes_come_along(mirror):
    mirror.load(
        MARIA,
        title("500", "1"),
        SaleRecord("500", document_number="VIND-1", branch="42", unit="304", unit_id="1304"),
        ProductRecord("1304", '{"matricula": "12.345"}'),
        parcel("500", 1),
        BoletoRecord("500", 1, True),
    )

    one = contract("500")
    assert (one.document_number, one.attributes) == ("VIND-1", {"matricula": "12.345"})
    assert Installment.objects.get().has_boleto


def test_a_boleto_told_apart_from_its_installment_is_noticed_by_a_daily_load(mirror):
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))

    mirror.load(BoletoRecord("500", 1, True), full=False)

    assert Installment.objects.get().has_boleto


def test_a_partial_receipt_is_recorded_once_and_told_with_what_remains(mirror):
    paid = PaymentRecord(
        "500",
        1,
        DUE,
        1,
        "Recebimento",
        True,
        *[Decimal("43.45")] * 2,
        Decimal("0.00"),
        Decimal("0.00"),
    )
    mirror.load(MARIA, title("500", "1"), parcel("500", 1))

    for _ in range(2):
        mirror.load(MARIA, title("500", "1"), parcel("500", 1, "56.55"), paid, full=False)

    assert Payment.objects.get().net == Decimal("43.45")
    assert "Valor Pago: R$ 43,45 Saldo Parcial: R$ 56,55" in titles_of("direct_payment")[0]


def test_text_that_copy_would_trip_over_arrives_whole(mirror):
    name = 'JOÃO\t"O\\BRABO"\nNone'

    mirror.load(customer("1", MARIA.document, name), title("500", "1"), parcel("500", 1))

    assert Debtor.objects.get().name == name


def test_another_creditor_of_the_agency_keeps_its_book(mirror, creditor):
    from tests import factories

    other = factories.make_creditor(creditor.agency, creditor_type="SIENGE", external_code="2")
    Mirror(other).load(MARIA, title("900", "1"), parcel("900", 1))

    mirror.load(MARIA, title("500", "1"), parcel("500", 1))
    mirror.load(MARIA)

    assert {row[1] for row in open_book(other)} == {"900"}
    assert Debtor.objects.count() == 1
