"""The reading that opening a debtor asks for, in the words of the playbook (7.1.3, SIE-13)."""

import pytest

from cobranca.contracts.models import Event, Installment, Recall
from tests.cobranca.contracts.mirror.book import (
    Mirror,
    contract,
    customer,
    open_book,
    parcel,
    receipt,
    title,
)

pytestmark = pytest.mark.usefixtures("in_scope")
SYNCED = "Parcela(s) sincronizada(s) via webservice"
MARIA = customer("1", "11144477735", "MARIA DA SILVA")


def parcels(*numbers):
    return [parcel("295", number) for number in numbers]


def closed(number, closing):
    return parcel("295", number, "0.00", closing=closing)


@pytest.fixture
def mirror(creditor):
    mirror = Mirror(creditor)
    mirror.load(MARIA, title("295", "1"), *parcels(1, 2, 3, 4))
    return mirror


def timeline():
    """Return what was written since the contract was included, in order."""
    events = Event.objects.exclude(kind="import").order_by("id")
    return [(event.kind, event.text) for event in events]


@pytest.mark.parametrize(
    ("closing", "reason", "words"),
    [
        ("payment", "creditor_request", "Solicitação do credor"),
        ("creditor_request", "creditor_request", "Solicitação do credor"),
        ("", "creditor_request", "Solicitação do credor"),
        ("renegotiation", "renegotiation", "Renegociação"),
        ("termination", "termination", "Distrato"),
    ],
)
def test_what_was_finished_there_is_recalled_here(mirror, closing, reason, words):
    mirror.open(title("295", "1"), *parcels(1, 2, 3), closed(4, closing))

    recall = Recall.objects.get()
    assert (recall.number, recall.reason, recall.note) == (4, reason, SYNCED)
    assert timeline() == [
        ("recall", f"{words}\nData: 21/11/2026\nContrato: 295 Parcela(s): 4\n{SYNCED}")
    ]


def test_what_is_in_agreement_and_was_paid_says_so(mirror):
    Installment.objects.filter(number=4).update(status="negotiated")

    mirror.open(title("295", "1"), *parcels(1, 2, 3), closed(4, "payment"))

    recall = Recall.objects.get()
    assert (recall.reason, recall.note) == ("payment", SYNCED)


def test_what_is_no_longer_there_is_recalled_in_the_same_words(mirror):
    mirror.open(title("295", "1"), *parcels(1, 2, 3))

    recall = Recall.objects.get()
    assert (recall.reason, recall.note) == ("creditor_request", SYNCED)


def test_everything_at_once_is_told_in_the_order_of_the_playbook(mirror):
    mirror.open(
        title("295", "1"),
        closed(1, "payment"),
        parcel("295", 2, "150.00"),
        closed(3, "renegotiation"),
        *parcels(4, 5, 6),
    )

    assert timeline() == [
        (
            "recall",
            f"Solicitação do credor\nData: 21/11/2026\nContrato: 295 Parcela(s): 1\n{SYNCED}",
        ),
        ("sync", "Contrato 295 Parcela(s): 2"),
        ("recall", f"Renegociação\nData: 21/11/2026\nContrato: 295 Parcela(s): 3\n{SYNCED}"),
        ("sync", "Contrato 295 Parcela(s): 5, 6"),
    ]


def test_a_receipt_that_comes_later_corrects_the_reason_and_says_so_once(mirror):
    mirror.open(title("295", "1"), closed(1, "payment"), *parcels(2, 3, 4))
    paid = (title("295", "1"), closed(1, "payment"), *parcels(2, 3, 4), receipt("295", 1))

    for _ in range(2):
        mirror.read(*paid, minutes=1)

    recall = Recall.objects.get()
    assert (recall.reason, recall.note) == ("payment", "Recebimento no Sienge")
    assert timeline()[1:] == [
        (
            "recall",
            "Recebimento\nData: 21/11/2026\nContrato: 295 Parcela(s): 1\nRecebimento no Sienge",
        )
    ]


@pytest.mark.parametrize("full", [True, False])
def test_a_load_corrects_it_too(mirror, full):
    book = (MARIA, title("295", "1"), closed(1, "payment"), *parcels(2, 3, 4))
    mirror.open(*book)

    mirror.load(*book, receipt("295", 1), full=full)

    assert Recall.objects.get().reason == "payment"


def test_opening_again_keeps_its_own_words(mirror):
    book = (title("295", "1"), closed(1, "payment"), *parcels(2, 3, 4), receipt("295", 1))

    for minutes in (0, 1):
        mirror.open(*book, minutes=minutes)

    assert Recall.objects.get().reason == "creditor_request"
    assert len(timeline()) == 1


def test_a_request_of_the_creditor_stays_one(mirror):
    mirror.open(title("295", "1"), closed(1, "creditor_request"), *parcels(2, 3, 4))

    mirror.read(title("295", "1"), closed(1, "creditor_request"), *parcels(2, 3, 4), minutes=1)

    assert Recall.objects.get().reason == "creditor_request"


def test_a_recall_of_another_installment_or_contract_is_not_corrected(mirror):
    mirror.load(MARIA, title("295", "1"), *parcels(1, 2, 3, 4), title("296", "1"), parcel("296", 1))
    mirror.open(title("296", "1"), parcel("296", 1, "0.00", closing="creditor_request"))

    mirror.read(title("295", "1"), closed(1, "payment"), *parcels(2, 3, 4), minutes=1)

    reasons = dict(Recall.objects.values_list("contract__external_id", "reason"))
    assert reasons == {"296": "creditor_request", "295": "payment"}


def test_opened_when_nothing_changed_there_is_nothing_to_tell(mirror, creditor):
    outcome = mirror.open(title("295", "1"), *parcels(1, 2, 3, 4))

    assert (outcome.included, outcome.updated, outcome.recalled) == (0, 0, 0)
    assert timeline() == []
    assert contract("295").status == "active"
    assert len(open_book(creditor)) == 4
