"""Merging contact data into what Sienge has: nothing lost, one main telephone, nothing in vain."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranca.debtors.contacts import place_fingerprint
from integrations.sienge.mapping.contacts import number_of, phone_from
from integrations.sienge.mapping.outgoing import (
    OurAddress,
    OurPhone,
    address_to_send,
    merge_phones,
)
from integrations.sienge.rows import Address, Phone

NOTE = "Inativo-Cobmais"
NUMBERS = ["48999990000", "4833330000", "47988887777", "1130304040", "11977776666"]


def ours(number, *, news=True, active=True, main=False, kind="mobile", note=""):
    return OurPhone(number, kind, note, active, main, news)


def theirs(number, *, main=False, note=None, kind="Celular"):
    return Phone(number=f"0{number}", main=main, note=note, type=kind)


def merged(there, here):
    found = merge_phones(there, here, NOTE)
    return found and {line["number"]: (line["main"], line["note"]) for line in found.lines}


def test_what_is_no_news_is_not_told():
    there = [theirs(NUMBERS[0], main=True)]

    assert merge_phones(there, [ours(NUMBERS[1], news=False)], NOTE) is None
    assert merge_phones(there, [ours(NUMBERS[0], news=False, active=False)], NOTE) is None
    assert merge_phones([], [], NOTE) is None


def test_an_inactive_one_that_was_never_there_is_not_included():
    assert merge_phones([theirs(NUMBERS[0])], [ours(NUMBERS[1], active=False)], NOTE) is None


def test_a_given_up_main_one_gives_its_place_to_one_that_serves():
    there = [
        theirs(NUMBERS[0], main=True),
        theirs(NUMBERS[1], note="INATIVO"),
        theirs(NUMBERS[2]),
    ]

    assert merged(there, [ours(NUMBERS[0], active=False)]) == {
        "048999990000": (False, NOTE),
        "04833330000": (False, "INATIVO"),
        "047988887777": (True, ""),
    }


def test_two_main_ones_there_become_one_with_the_next_change():
    there = [theirs(NUMBERS[0], main=True), theirs(NUMBERS[1], main=True)]

    found = merged(there, [ours(NUMBERS[2])])

    assert [main for main, _ in found.values()] == [True, False, False]


def test_the_note_of_a_number_given_up_by_their_people_stays():
    there = [theirs(NUMBERS[0], main=True), theirs(NUMBERS[1], note="inativo desde maio")]

    assert merge_phones(there, [ours(NUMBERS[1], active=False)], NOTE) is None


def test_a_note_longer_than_theirs_is_cut():
    found = merge_phones([], [ours(NUMBERS[0], note="x" * 80)], NOTE)

    assert found.lines[0]["note"] == "x" * 40


def test_numbers_without_an_area_are_not_sent():
    assert merge_phones([theirs(NUMBERS[0])], [ours("08007010101")], NOTE) is None


phones_there = st.lists(
    st.builds(
        theirs,
        st.sampled_from(NUMBERS),
        main=st.booleans(),
        note=st.sampled_from([None, "", "recado", NOTE, "inativo"]),
        kind=st.sampled_from(["Celular", "Comercial", "Residencial", None, "Recado"]),
    ),
    max_size=5,
)
phones_here = st.lists(
    st.builds(
        ours,
        st.sampled_from(NUMBERS),
        news=st.booleans(),
        active=st.booleans(),
        main=st.booleans(),
        kind=st.sampled_from(["mobile", "landline", "home", "work", "other"]),
        note=st.sampled_from(["", "esposa", NOTE]),
    ),
    max_size=5,
    unique_by=lambda phone: phone.number,
)


@given(there=phones_there, here=phones_here)
def test_nothing_there_is_lost_one_is_main_and_telling_it_again_tells_nothing(there, here):
    found = merge_phones(there, here, NOTE)
    if found is None:
        return

    assert found.numbers[: len(there)] == [number_of(phone) for phone in there]
    assert sum(line["main"] for line in found.lines) == 1
    after = [Phone(**line) for line in found.lines]
    again = merge_phones(after, here, NOTE)
    assert again is None or again.lines == found.lines
    read = {r.number: r for r in (phone_from(phone, "1", NOTE) for phone in after) if r}
    for phone in here:
        if phone.is_news and phone.number in read:
            assert read[phone.number].is_active == phone.is_active
        if phone.is_news and phone.is_active:
            assert phone.number in read


# --- addresses ------------------------------------------------------------------------------------


def at(day):
    return datetime(2026, 11, day, tzinfo=UTC)


def place(street, **more):
    names = ("street", "street_number", "complement", "district", "city", "state", "postal_code")
    return {**dict.fromkeys(names, ""), "street": street, **more}


def ours_at(street, day, *, kind="home", news=True, active=True):
    where = place(street)
    return OurAddress(place_fingerprint(where), kind, where, active, False, news, at(day))


def chosen(code, there, here, modified=None):
    found = address_to_send(code, there, here, modified)
    return found and found[1]["streetName"]


def test_the_latest_of_a_kind_is_sent():
    here = [ours_at("Rua A", 1), ours_at("Rua B", 3), ours_at("Rua C", 9, kind="work")]

    assert chosen("R", [], here) == "Rua B"
    assert chosen("C", [], here) == "Rua C"
    assert chosen("R", [], [ours_at("Rua D", 1, kind="other")]) == "Rua D"


@pytest.mark.parametrize("here", [[], [ours_at("Rua A", 1, news=False)]])
def test_no_news_is_not_sent(here):
    assert chosen("R", [Address(type="Residencial", street_name="Rua Z")], here) is None


def test_what_is_there_is_not_sent_again_in_whatever_spelling():
    there = [Address(type="RESIDENCIAL", street_name="RUA  SÃO JOSÉ ")]

    assert chosen("R", there, [ours_at("Rua São José", 1)]) is None
    assert chosen("R", there, [ours_at("Rua São João", 1)]) == "Rua São João"


def test_what_is_there_and_known_here_since_later_is_newer():
    there = [Address(type="R", street_name="Rua Deles")]
    known = ours_at("Rua Deles", 5, news=False)

    assert chosen("R", there, [known, ours_at("Rua Nossa", 4)]) is None
    assert chosen("R", there, [known, ours_at("Rua Nossa", 6)]) == "Rua Nossa"
    given_up = ours_at("Rua Deles", 5, active=False)
    assert chosen("R", there, [given_up, ours_at("Rua Nossa", 4)]) == "Rua Nossa"


def test_what_is_there_and_not_known_here_is_newer_if_it_was_changed_later():
    there = [Address(type="R", street_name="Rua Deles")]

    assert chosen("R", there, [ours_at("Rua Nossa", 4)], at(5)) is None
    assert chosen("R", there, [ours_at("Rua Nossa", 4)], at(3)) == "Rua Nossa"
    assert chosen("R", there, [ours_at("Rua Nossa", 4)], None) == "Rua Nossa"
