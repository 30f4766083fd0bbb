"""Receipts: told as the playbook does (7.5, SIE-18), counted once, and taken back when reversed."""

from datetime import date
from decimal import Decimal

import pytest

from cobranca.contracts import mirror as pages
from cobranca.contracts.models import Event, Installment, Payment, Recall
from cobranca.contracts.records import DoubtRecord
from tests.cobranca.contracts.mirror.book import (
    NOON,
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
BOOK = (MARIA, title("295", "1"))
DAY = date(2021, 11, 24)
CHANNELS = ("batimento", "daily", "titles")


def owing(number, balance):
    return parcel("295", number, balance, principal=Decimal("1000.00"))


def paid(number=3, net="434.52", **changes):
    return receipt("295", number, net, **{"paid_on": DAY, **changes})


@pytest.fixture
def mirror(creditor):
    mirror = Mirror(creditor)
    mirror.load(*BOOK, owing(3, "1000.00"), owing(4, "1000.00"))
    return mirror


def bring(mirror, channel, *records, **rules):
    if channel == "titles":
        return mirror.read(*BOOK, *records, **rules)
    return mirror.load(*BOOK, *records, full=channel == "batimento", **rules)


def told(*kinds):
    events = Event.objects.filter(kind__in=kinds or ("direct_payment",)).order_by("id")
    return [(event.title, event.text) for event in events]


def received():
    """Return what counts as received of installment 3."""
    of_it = Payment.objects.filter(number=3, is_cash=True)
    return sum(of_it.values_list("net", flat=True), Decimal(0))


PARTIAL = (
    "Pagamento Direto",
    "Data: 24/11/2021 Valor: R$ 434,52\nContrato: 295\n"
    "Parcela: 3 Valor Original: R$ 1.000,00 Valor Pago: R$ 434,52 Saldo Parcial: R$ 565,48\n"
    "Recebimento no Sienge",
)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_partial_receipt_is_told_as_in_the_playbook(mirror, channel):
    bring(mirror, channel, owing(3, "565.48"), owing(4, "1000.00"), paid())

    assert told() == [PARTIAL]
    assert received() == Decimal("434.52")
    assert Installment.objects.get(number=3).status == "open"


def test_a_balance_that_fell_by_a_receipt_is_told_by_the_receipt_alone(mirror):
    mirror.read(*BOOK, owing(3, "565.48"), owing(4, "900.00"), paid())

    assert told("sync") == [("Sincronização de Parcela(s)", "Contrato 295 Parcela(s): 4")]


def test_a_due_date_that_changed_with_it_is_told_as_well(mirror):
    moved = owing(3, "565.48")._replace(due_date=date(2026, 12, 10))

    mirror.read(*BOOK, moved, owing(4, "1000.00"), paid())

    assert told() == [PARTIAL]
    assert told("sync") == [("Sincronização de Parcela(s)", "Contrato 295 Parcela(s): 3")]


@pytest.mark.parametrize(
    "kind",
    [
        *("Abatimento de Adiantamento", "Adiantamento", "Bonificação", "Cancelamento", "Outros"),
        *("Outros com Resíduo", "Por Bens", "Promoção", "Recebimento", "Sorteio", "Substituição"),
    ],
)
def test_every_settlement_type_that_leaves_something_is_told_by_its_name(mirror, kind):
    part = paid(kind=kind, is_cash=False)

    mirror.read(*BOOK, owing(3, "565.48"), owing(4, "1000.00"), part)

    assert [text.splitlines()[-1] for _, text in told()] == [f"{kind} no Sienge"]


@pytest.mark.parametrize("net", ["1000.00", "434.52", "0.01"])
def test_a_total_receipt_settles_the_installment_whatever_its_value(mirror, creditor, net):
    closed = parcel("295", 3, "0.00", closing="payment")

    mirror.read(*BOOK, closed, owing(4, "1000.00"), paid(net=net))

    assert {row[2] for row in open_book(creditor)} == {4}
    recall = Recall.objects.get()
    assert (recall.reason, recall.note) == ("payment", "Recebimento no Sienge")
    assert told() == []
    assert told("recall")[0][1].startswith("Recebimento\n")


def test_two_receipts_of_a_day_are_two_each_with_what_it_left(mirror):
    mirror.read(
        *BOOK, owing(3, "400.00"), owing(4, "1000.00"),
        paid(net="300.00", sequence=2), paid(net="300.00", sequence=1),
    )  # fmt: skip

    assert received() == Decimal("600.00")
    left = [text.split("Saldo Parcial: ")[1].splitlines()[0] for _, text in told()]
    assert left == ["R$ 700,00", "R$ 400,00"]


# --- once, whoever tells ----------------------------------------------------------------------


@pytest.mark.parametrize("first", CHANNELS)
@pytest.mark.parametrize("second", CHANNELS)
def test_a_receipt_told_by_two_channels_is_received_once(mirror, first, second):
    for channel in (first, second):
        bring(mirror, channel, owing(3, "565.48"), owing(4, "1000.00"), paid())

    assert received() == Decimal("434.52")
    assert told() == [PARTIAL]


def test_a_channel_that_numbers_receipts_in_its_own_way_tells_none_anew(mirror):
    rest = (owing(3, "400.00"), owing(4, "1000.00"))
    mirror.read(*BOOK, *rest, paid(net="300.00", sequence=1), paid(net="300.00", sequence=2))

    outcome = mirror.read(
        *BOOK, *rest, paid(net="300.00", sequence=0), paid(net="300.00", sequence=1), minutes=1
    )

    assert (outcome.extra["payments_included"], outcome.extra["payments_reversed"]) == (0, 0)
    assert received() == Decimal("600.00")
    assert len(told()) == 2


def test_one_more_receipt_numbered_in_another_way_is_one_more(mirror):
    mirror.read(*BOOK, owing(3, "700.00"), owing(4, "1000.00"), paid(net="300.00", sequence=7))

    mirror.read(
        *BOOK, owing(3, "450.00"), owing(4, "1000.00"),
        paid(net="300.00", sequence=0), paid(net="250.00", sequence=1), minutes=1,
    )  # fmt: skip

    assert sorted(Payment.objects.values_list("net", flat=True)) == [250, 300]
    assert [text.splitlines()[0] for _, text in told()] == [
        "Data: 24/11/2021 Valor: R$ 300,00",
        "Data: 24/11/2021 Valor: R$ 250,00",
    ]


def test_a_receipt_staged_twice_counts_once_as_last_told(mirror):
    run = -919_000
    mirror.load(*BOOK, owing(3, "600.00"), owing(4, "1000.00"), paid(net="400.00", sequence=9))
    pages.stage(run, 1, [*BOOK, owing(3, "565.48"), owing(4, "1000.00"), paid(net="1.00")])
    pages.stage(run, 2, [paid()])

    pages.apply(mirror.job(run, False, titles=True, read_at=NOON))
    pages.discard(run)

    assert received() == Decimal("434.52")


def test_a_corrected_value_is_the_one_that_counts(mirror):
    mirror.read(*BOOK, owing(3, "565.48"), owing(4, "1000.00"), paid())

    mirror.read(*BOOK, owing(3, "600.00"), owing(4, "1000.00"), paid(net="400.00"), minutes=1)

    assert received() == Decimal("400.00")
    assert told() == [PARTIAL]


def test_a_receipt_whose_parts_were_corrected_is_corrected(mirror):
    rest = (owing(3, "565.48"), owing(4, "1000.00"))
    mirror.read(*BOOK, *rest, paid())
    parts = {"gross": Decimal("430.00"), "charges": Decimal("4.52"), "is_cash": False}

    mirror.read(*BOOK, *rest, paid(**parts), minutes=1)

    facts = Payment.objects.values("gross", "charges", "is_cash").get()
    assert facts == parts
    assert told() == [PARTIAL]


def test_an_installment_of_which_a_receipt_is_not_understood_goes_on(mirror):
    mirror.read(
        *BOOK, owing(3, "565.48"), owing(4, "1000.00"), DoubtRecord("295", 3, of_receipts=True)
    )

    assert Installment.objects.get(number=3).balance == Decimal("565.48")


def test_a_receipt_of_an_installment_never_here_is_none_of_ours(mirror):
    mirror.read(
        *BOOK, owing(3, "1000.00"), owing(4, "1000.00"),
        parcel("295", 1, "0.00", closing="payment"), paid(number=1),
    )  # fmt: skip

    assert not Payment.objects.exists()


# --- taken back -------------------------------------------------------------------------------

REVERSED = (
    "Estorno de Recebimento",
    "Data: 21/11/2026 Valor: R$ 434,52\nContrato: 295\n"
    "Parcela: 3 Valor Original: R$ 1.000,00 Saldo: R$ 1.000,00\n"
    "Recebimento de 24/11/2021 não consta mais no Sienge",
)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_receipt_the_erp_no_longer_tells_was_reversed(mirror, channel):
    mirror.read(*BOOK, owing(3, "565.48"), owing(4, "1000.00"), paid())

    outcome = bring(mirror, channel, owing(3, "1000.00"), owing(4, "1000.00"))

    assert received() == 0
    assert outcome.extra["payments_reversed"] == 1
    assert told() == [PARTIAL, REVERSED]
    assert Installment.objects.get(number=3).balance == Decimal("1000.00")


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_installment_it_settled_owes_again_whatever_the_office_reopens(
    mirror, creditor, channel
):
    closed = parcel("295", 3, "0.00", closing="payment")
    bring(mirror, channel, closed, owing(4, "1000.00"), paid(net="1000.00"))

    bring(mirror, channel, owing(3, "1000.00"), owing(4, "1000.00"), reopen_recalled=False)

    assert {row[2] for row in open_book(creditor)} == {3, 4}
    assert received() == 0
    assert len(told("reopen")) == 1


def test_reversed_and_received_again_it_counts_once(mirror):
    once = (owing(3, "565.48"), owing(4, "1000.00"), paid())
    mirror.read(*BOOK, *once)
    mirror.read(*BOOK, owing(3, "1000.00"), owing(4, "1000.00"), minutes=1)
    mirror.read(*BOOK, *once, minutes=2)

    assert received() == Decimal("434.52")
    assert told() == [PARTIAL, REVERSED, PARTIAL]


def test_an_estorno_that_stays_beside_what_it_reverses_takes_it_away(mirror, creditor):
    closed = parcel("295", 3, "0.00", closing="payment")
    money = paid(net="1000.00")
    mirror.read(*BOOK, closed, owing(4, "1000.00"), money)
    back = paid(net="-1000.00", kind="Estorno", sequence=2)

    for minutes in (1, 2):
        mirror.read(*BOOK, owing(3, "1000.00"), owing(4, "1000.00"), money, back, minutes=minutes)

    assert {row[2] for row in open_book(creditor)} == {3, 4}
    assert received() == 0
    assert told() == [
        (
            "Estorno de Recebimento",
            "Data: 24/11/2021 Valor: R$ 1.000,00\nContrato: 295\n"
            "Parcela: 3 Valor Original: R$ 1.000,00 Saldo: R$ 1.000,00\nEstorno no Sienge",
        )
    ]


def test_what_opening_recalled_as_a_request_is_reopened_when_its_receipt_is_reversed(
    mirror, creditor
):
    closed = parcel("295", 3, "0.00", closing="payment")
    mirror.open(*BOOK, closed, owing(4, "1000.00"), paid(net="1000.00"))

    mirror.read(
        *BOOK, owing(3, "1000.00"), owing(4, "1000.00"), minutes=1, reopen_recalled=False
    )  # fmt: skip

    assert {row[2] for row in open_book(creditor)} == {3, 4}


def test_a_request_of_the_creditor_taken_back_waits_for_the_parameter(mirror, creditor):
    closed = parcel("295", 3, "0.00", closing="creditor_request")
    mirror.read(*BOOK, closed, owing(4, "1000.00"))
    back = (owing(3, "1000.00"), owing(4, "1000.00"))

    mirror.read(*BOOK, *back, minutes=1, reopen_recalled=False)
    assert {row[2] for row in open_book(creditor)} == {4}

    mirror.read(*BOOK, *back, minutes=2)
    assert {row[2] for row in open_book(creditor)} == {3, 4}


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([title("295", "1", has_receipts=False)], id="receipts were not read"),
        pytest.param([DoubtRecord("295", 3)], id="it could not be understood"),
        pytest.param(
            [DoubtRecord("295", 3, of_receipts=True)], id="one of its receipts was not understood"
        ),
    ],
)
def test_a_reading_that_does_not_know_takes_nothing_back(mirror, records):
    mirror.read(*BOOK, owing(3, "565.48"), owing(4, "1000.00"), paid())

    mirror.read(*BOOK, owing(3, "565.48"), owing(4, "1000.00"), *records, minutes=1)

    assert received() == Decimal("434.52")


def test_an_installment_a_daily_load_did_not_tell_keeps_its_receipts(mirror):
    mirror.read(*BOOK, owing(3, "565.48"), owing(4, "1000.00"), paid())

    mirror.load(*BOOK, owing(4, "1000.00"), paid(number=4), full=False)

    assert received() == Decimal("434.52")


def test_what_ended_without_money_and_began_again_is_no_reversal(mirror):
    remade = paid(kind="Reparcelamento", is_cash=False, net="1000.00")
    closed = parcel("295", 3, "0.00", closing="renegotiation")
    mirror.read(*BOOK, closed, owing(4, "1000.00"), remade)

    mirror.read(*BOOK, owing(3, "1000.00"), owing(4, "1000.00"), minutes=1)

    assert not Payment.objects.exists()
    assert told() == []
    assert contract("295").installments.filter(status="open").count() == 2
