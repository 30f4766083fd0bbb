"""SIE-21: an agreement written into a Sienge over HTTP is in both books to the cent."""

from decimal import Decimal

from cobranca.contracts.models import Event, Installment, Negotiation, Recall
from integrations.sienge import parameters as p
from tests.flows.agreeing import (
    PARTS,
    agree,
    at_the_desk,
    bill_of,
    late_contract,
    make_campaign,
    make_supervisor,
    operation_of,
    our_book,
    their_book,
)
from tests.flows.integrated.afterwards import fresh, late_numbers, next_load, texts


def test_an_integrated_agreement_is_in_both_books_to_the_cent(desk, actor, contract):
    originals = late_numbers(desk, contract)

    agreement = agree(desk, contract, actor)

    (remade,) = bill_of(desk, contract)["remakings"]
    assert agreement.status == "active"
    assert sorted(remade["replaced"]) == originals
    assert len(remade["generated"]) == PARTS
    assert str(agreement) in remade["description"]
    assert our_book(contract) == their_book(desk, contract)
    parcels = list(agreement.parcels.order_by("number"))
    assert [parcel.erp_number for parcel in parcels] == remade["generated"]
    assert sum(parcel.amount for parcel in parcels) == agreement.total


def test_its_steps_are_kept(desk, actor, contract):
    agreement = agree(desk, contract, actor)

    assert [step.step for step in operation_of(agreement).steps.all()] == [
        "prepared", "sending", "accepted", "confirmed", "done",
    ]  # fmt: skip


def test_the_originals_leave_and_what_was_generated_is_a_negotiation_of_its_own(
    desk, actor, contract
):
    originals = late_numbers(desk, contract)

    agreement = agree(desk, contract, actor)

    recalls = Recall.objects.filter(contract=contract)
    assert sorted(recalls.values_list("number", flat=True)) == originals
    assert set(recalls.values_list("reason", flat=True)) == {"renegotiation"}
    negotiation = Negotiation.objects.get(contract=contract, is_agreement=True)
    made = Installment.objects.filter(contract=contract, negotiation=negotiation.number)
    assert {row.status for row in made} == {"negotiated"}
    assert made.count() == PARTS
    (told,) = texts(contract, "recall")
    numbers = ", ".join(map(str, originals))
    assert told == (
        f"Renegociação\nData: {desk.day:%d/%m/%Y}\nContrato: {contract} Parcela(s): {numbers}\n"
        f"Acordo {agreement.number} integrado ao ERP"
    )


def test_the_erp_is_told_what_the_limits_allow(desk, actor, contract):
    agreement = agree(desk, contract, actor)

    sent = operation_of(agreement).order
    (condition,) = sent["paymentConditions"]
    row = next(
        each for each in bill_of(desk, contract)["installments"]
        if each["id"] == late_numbers_of(agreement)[0]
    )  # fmt: skip
    assert sent["installments"] == "/".join(map(str, late_numbers_of(agreement)))
    assert (sent["remadeType"], sent["operationType"], sent["differenceType"]) == ("A", "R", "J")
    assert (condition["conditionTypeId"], condition["interestType"]) == ("PM", "N")
    assert condition["indexerId"] == row["indexer"]
    assert condition["baseDate"] == "2026-10-01"
    assert Decimal(condition["totalValue"]) == agreement.total
    assert f"(agreement-{agreement.pk})" in sent["remadeDescription"]


def test_a_retroactive_indexer_goes_further_back(desk, actor, contract):
    rows = {row["id"]: row for row in bill_of(desk, contract)["installments"]}
    indexer = rows[late_numbers(desk, contract)[0]]["indexer"]
    desk.configure(p.INDEXER_BASE_MONTHS, f"{indexer:02d};03")

    agreement = agree(desk, contract, actor)

    (condition,) = operation_of(agreement).order["paymentConditions"]
    assert condition["baseDate"] == "2026-08-01"


def late_numbers_of(agreement):
    return [item.installment.number for item in agreement.items.order_by("position")]


def test_with_a_rate_the_erp_makes_a_price_table_and_the_agreement_follows_it(office):
    office.load(full=True)
    make_campaign(office, monthly=Decimal("1.5"))
    with at_the_desk(office):
        contract = late_contract(office)

        agreement = agree(office, contract, make_supervisor(office))

        (condition,) = operation_of(agreement).order["paymentConditions"]
        assert (condition["interestType"], Decimal(condition["interestPercentage"])) == (
            "P",
            Decimal("1.5"),
        )
        assert our_book(contract) == their_book(office, contract)
        assert sum(parcel.amount for parcel in agreement.parcels.all()) == agreement.total
        assert agreement.financing > 0


def test_loads_afterwards_change_nothing(desk, actor, contract):
    agreement = agree(desk, contract, actor)
    events = Event.objects.filter(contract=contract).count()

    next_load(desk)
    next_load(desk, full=True)

    assert fresh(agreement).status == "active"
    assert our_book(contract) == their_book(desk, contract)
    assert Event.objects.filter(contract=contract, kind__in=["recall", "reopen"]).count() == 1
    assert Event.objects.filter(contract=contract).count() == events
