"""A renegotiation in the ERP begins a negotiation here; what it replaced is finished (SIE-13)."""

import pytest

from cobranca.contracts import mirror as mirror_pages
from cobranca.contracts.models import Event, Installment, Negotiation, Recall
from tests.cobranca.contracts.mirror.book import (
    TODAY,
    Mirror,
    contract,
    customer,
    parcel,
    receipt,
    title,
)

pytestmark = pytest.mark.usefixtures("in_scope")
MARIA = customer("1", "11144477735", "MARIA DA SILVA")
BOOK = (MARIA, title("295", "1"))
MODES = ("batimento", "daily", "titles")


def parcels(*numbers):
    return [parcel("295", number) for number in numbers]


def remade(*numbers):
    return [parcel("295", number, "0.00", closing="renegotiation") for number in numbers]


@pytest.fixture
def mirror(creditor):
    mirror = Mirror(creditor)
    mirror.load(*BOOK, *parcels(1, 2, 3))
    return mirror


def bring(mirror, mode, *records, minutes=0):
    if mode == "titles":
        return mirror.read(*BOOK, *records, minutes=minutes)
    return mirror.load(*BOOK, *records, full=mode == "batimento")


def generations():
    """Return which open installments each negotiation holds, and whether it is finished."""
    return {
        n.number: (
            sorted(
                Installment.objects.filter(
                    contract=n.contract_id, negotiation=n.number, status="open"
                ).values_list("number", flat=True)
            ),
            n.finished_on,
        )
        for n in Negotiation.objects.order_by("number")
    }


@pytest.mark.parametrize("mode", MODES)
def test_a_renegotiation_ends_one_negotiation_and_begins_another(mirror, mode):
    outcome = bring(mirror, mode, *remade(1, 2, 3), *parcels(4, 5))

    assert (outcome.included, outcome.recalled) == (2, 3)
    assert generations() == {1: ([], TODAY), 2: ([4, 5], None)}
    assert Negotiation.objects.get(number=2).started_on == TODAY
    assert contract("295").status == "active"


@pytest.mark.parametrize("mode", MODES)
def test_what_it_did_not_replace_is_still_owed_where_it_was(mirror, mode):
    bring(mirror, mode, *remade(1, 2), *parcels(3, 4, 5))

    assert generations() == {1: ([3], None), 2: ([4, 5], None)}


@pytest.mark.parametrize("mode", MODES)
def test_brought_again_it_begins_nothing(mirror, mode):
    for minutes in (0, 1):
        bring(mirror, mode, *remade(1, 2, 3), *parcels(4, 5), minutes=minutes)

    assert generations() == {1: ([], TODAY), 2: ([4, 5], None)}
    assert Recall.objects.count() == 3


def test_both_halves_seen_one_after_the_other_are_one_renegotiation(mirror):
    mirror.read(*BOOK, *remade(1, 2, 3))
    mirror.read(*BOOK, *remade(1, 2, 3), *parcels(4), minutes=1)
    mirror.read(*BOOK, *remade(1, 2, 3), *parcels(4, 5), minutes=2)

    assert generations() == {1: ([], TODAY), 2: ([4, 5], None)}


def test_a_second_renegotiation_begins_a_third_negotiation(mirror):
    mirror.read(*BOOK, *remade(1, 2), *parcels(3, 4))
    mirror.read(*BOOK, *remade(1, 2, 3, 4), *parcels(5, 6), minutes=1)

    assert generations() == {1: ([], TODAY), 2: ([], TODAY), 3: ([5, 6], None)}


@pytest.mark.parametrize("mode", MODES)
def test_a_new_installment_alone_joins_the_negotiation_there_is(mirror, mode):
    bring(mirror, mode, *parcels(1, 2, 3, 4))

    assert generations() == {1: ([1, 2, 3, 4], None)}


def test_a_new_installment_beside_a_payment_begins_nothing(mirror):
    mirror.read(
        *BOOK, parcel("295", 1, "0.00", closing="payment"), *parcels(2, 3, 4), receipt("295", 1)
    )

    assert generations() == {1: ([2, 3, 4], None)}


@pytest.mark.parametrize("reopens", [True, False])
@pytest.mark.parametrize("mode", MODES)
def test_undone_in_the_erp_the_originals_owe_again_whatever_the_office_reopens(
    mirror, mode, reopens
):
    bring(mirror, mode, *remade(1, 2, 3), *parcels(4, 5))

    mirror.read(*BOOK, *parcels(1, 2, 3), minutes=1, reopen_recalled=reopens)

    assert generations() == {1: ([1, 2, 3], None), 2: ([], TODAY)}
    assert set(Recall.objects.filter(reopened_on=None).values_list("number", "reason")) == {
        (4, "creditor_request"),
        (5, "creditor_request"),
    }


@pytest.mark.parametrize("mode", ["batimento", "titles", "opening"])
def test_a_number_that_an_undone_renegotiation_had_is_owed_when_the_erp_gives_it_out_again(
    mirror, mode
):
    def bring(minutes, *records):
        if mode == "batimento":
            return mirror.load(*BOOK, *records, reopen_recalled=False)
        source = "Webhook" if mode == "titles" else mirror_pages.OPENING
        return mirror.read(*BOOK, *records, minutes=minutes, source=source, reopen_recalled=False)

    bring(1, *remade(1, 2, 3), *parcels(4, 5))
    bring(2, *parcels(1, 2, 3))
    assert generations()[1][0] == [1, 2, 3]

    bring(3, *remade(1, 2, 3), *parcels(4, 5))

    assert generations() == {1: ([], TODAY), 2: ([4, 5], None)}


def test_a_contract_first_seen_after_its_renegotiation_has_one_negotiation(creditor):
    Mirror(creditor).load(*BOOK, *remade(1, 2, 3), *parcels(4, 5))

    assert generations() == {1: ([4, 5], None)}


# --- what an agreement generated in the ERP ---------------------------------------------------


@pytest.fixture
def agreed(mirror):
    """An agreement of ours renegotiated 1 and 2; the ERP generated 4 and 5, in agreement here."""
    mirror.read(*BOOK, *remade(1, 2), *parcels(3, 4, 5))
    Negotiation.objects.filter(number=2).update(is_agreement=True)
    Installment.objects.filter(number__in=(4, 5)).update(status="negotiated")
    return mirror


def told_since(event):
    return list(Event.objects.filter(id__gt=event.id).order_by("id").values_list("kind", "text"))


def test_its_payments_and_their_reversal_move_it_without_a_word(agreed, creditor):
    last = Event.objects.latest("id")
    part = receipt("295", 5, "40.00")

    agreed.read(
        *BOOK,
        *remade(1, 2),
        *parcels(3),
        parcel("295", 4, "0.00", closing="payment"),
        parcel("295", 5, "60.00"),
        receipt("295", 4),
        part,
        minutes=1,
    )
    assert Installment.objects.get(number=4).status == "recalled"
    assert Recall.objects.latest("id").reason == "payment"

    agreed.read(*BOOK, *remade(1, 2), *parcels(3, 4), parcel("295", 5, "60.00"), part, minutes=2)
    assert Installment.objects.get(number=4).status == "negotiated"
    assert told_since(last) == []


def test_what_the_erp_removed_of_it_is_recalled_without_a_word(agreed):
    last = Event.objects.latest("id")

    agreed.read(*BOOK, *parcels(1, 2, 3), minutes=1)

    assert set(Installment.objects.filter(number__in=(4, 5)).values_list("status")) == {
        ("recalled",)
    }
    assert told_since(last) == [
        (
            "reopen",
            "Webhook\nContrato: 295 Parcela(s): 1, 2\nVoltou a constar em aberto no ERP",
        )
    ]


def test_a_changed_due_date_of_it_is_told(agreed):
    last = Event.objects.latest("id")

    agreed.read(*BOOK, *remade(1, 2), *parcels(3, 4), parcel("295", 5, note="AT"), minutes=1)

    assert told_since(last) == [("sync", "Contrato 295 Parcela(s): 5")]


def test_a_new_installment_never_joins_an_agreements_negotiation(agreed):
    agreed.read(*BOOK, *remade(1, 2), *parcels(3, 4, 5, 6), minutes=1)

    assert Installment.objects.get(number=6).negotiation == 1
