"""Contact data from the ERP (SIE-25): what people typed here stays, what changed there comes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from cobranca.contracts.records import AddressRecord, PhoneRecord
from cobranca.debtors.contacts import place_fingerprint
from cobranca.debtors.models import Address, Debtor, Phone
from tests.cobranca.contracts.mirror.book import Mirror, customer, parcel, title

pytestmark = pytest.mark.usefixtures("in_scope")
MARIA = customer("1", "11144477735", "MARIA DA SILVA")
MOBILE, HOME = "48999990000", "4833330000"
LATER = datetime(2099, 1, 5, tzinfo=UTC)


@pytest.fixture
def mirror(creditor):
    return Mirror(creditor)


def phone(number=MOBILE, **facts):
    return PhoneRecord("1", number, **facts)


def load(mirror, *contacts, read_at=LATER):
    return mirror.load(MARIA, *contacts, title("500", "1"), parcel("500", 1), read_at=read_at)


def here(number):
    found = Phone.objects.get(number=number)
    return found.source, found.is_active, found.is_main


def type_here(number=MOBILE, **facts):
    debtor = Debtor.objects.get()
    given = {"source": "user", "is_active": True, **facts}
    return Phone.objects.create(agency=debtor.agency, debtor=debtor, number=number, **given)


def test_a_number_changed_there_is_inactivated_here_and_the_new_one_included(mirror):
    load(mirror, phone(is_main=True))
    load(mirror, phone(HOME, is_main=True))

    assert here(MOBILE) == ("erp", False, False)
    assert here(HOME) == ("erp", True, True)


def test_a_number_given_up_there_is_inactivated_here(mirror):
    load(mirror, phone(is_main=True))
    load(mirror, phone(is_active=False, note="Inativo-Cobmais"), phone(HOME))

    assert here(MOBILE)[1] is False


def test_what_was_typed_here_and_not_told_is_left_alone(mirror):
    load(mirror, phone(HOME))
    type_here()
    given_up = Phone.objects.get(number=HOME)
    Phone.objects.filter(pk=given_up.pk).update(source="user", is_active=False, external_id="")

    load(mirror, phone(HOME))

    assert here(MOBILE) == ("user", True, False)
    assert here(HOME) == ("user", False, False)


def test_our_own_note_coming_back_keeps_it_inactive(mirror):
    load(mirror, phone(HOME))
    Phone.objects.update(source="user", is_active=False, external_id="1")

    load(mirror, phone(HOME, is_active=False, note="Inativo-Cobmais"))

    assert here(HOME) == ("user", False, False)


def test_what_was_told_and_is_gone_there_is_inactivated_here(mirror):
    load(mirror, phone(HOME))
    type_here(external_id="1")

    load(mirror, phone(HOME))

    assert here(MOBILE) == ("erp", False, False)


def test_what_was_told_as_given_up_and_serves_there_again_serves_here(mirror):
    load(mirror, phone(HOME))
    type_here(external_id="1", is_active=False)

    load(mirror, phone(HOME), phone())

    assert here(MOBILE) == ("erp", True, False)


@pytest.mark.parametrize("read_at", [None, datetime(2020, 1, 1, tzinfo=UTC)])
def test_a_reading_older_than_the_telling_changes_nothing(mirror, read_at):
    load(mirror, phone(HOME))
    type_here(external_id="1")
    Phone.objects.filter(number=HOME).update(
        source="user", is_active=False, external_id="1", updated_at=Now()
    )

    load(mirror, phone(HOME), read_at=read_at)

    assert here(MOBILE) == ("user", True, False)
    assert here(HOME) == ("user", False, False)


def test_what_another_customer_was_told_is_not_missing_here(mirror):
    load(mirror, phone(HOME))
    type_here(external_id="9")

    load(mirror, phone(HOME))

    assert here(MOBILE) == ("user", True, False)


def test_the_main_one_chosen_here_stays_it_until_the_erp_has_heard(mirror):
    load(mirror, phone(HOME, is_main=True))
    Phone.objects.update(is_main=False)
    mine = type_here(is_main=True)

    load(mirror, phone(HOME, is_main=True))
    assert (here(HOME)[2], here(MOBILE)[2]) == (False, True)

    # It was told; then somebody over there chose another one.
    mine.external_id = "1"
    mine.save()
    load(mirror, phone(HOME, is_main=True), phone(MOBILE))
    assert (here(HOME)[2], here(MOBILE)[2]) == (True, False)
    assert here(MOBILE)[0] == "user"


def test_facts_typed_here_are_not_overwritten_by_what_the_erp_made_of_them(mirror):
    load(mirror, phone(HOME))
    mine = type_here(external_id="1", kind="landline", note="da irmã")

    load(mirror, phone(HOME), phone(kind="home", note="DA IRMA"))

    mine.refresh_from_db()
    assert (mine.kind, mine.note, mine.source) == ("landline", "da irmã", "user")


def place(street):
    return {"street": street, "street_number": "", "complement": "", "postal_code": ""}


def test_an_address_told_and_replaced_there_is_inactivated_here(mirror):
    load(mirror, AddressRecord("1", "home", "Rua A"))
    debtor = Debtor.objects.get()
    Address.objects.create(
        agency=debtor.agency,
        debtor=debtor,
        street="Rua Nossa",
        fingerprint=place_fingerprint(place("Rua Nossa")),
        external_id="1",
        is_main=True,
    )

    load(mirror, AddressRecord("1", "home", "RUA NOSSA", is_main=False))
    ours = Address.objects.get(street="Rua Nossa")
    assert (ours.is_active, ours.is_main, ours.source) == (True, True, "user")

    load(mirror, AddressRecord("1", "home", "Rua B", is_main=True))
    ours.refresh_from_db()
    assert (ours.is_active, ours.source) == (False, "erp")
    assert Address.objects.get(street="Rua B").is_main


def test_a_second_load_of_the_same_touches_nothing(mirror):
    told = (phone(is_main=True), phone(HOME, is_active=False, note="Inativo-Cobmais"))
    load(mirror, *told)
    type_here("4733332222", external_id="1")
    told = (*told, phone("4733332222"))
    load(mirror, *told)
    before = list(Phone.objects.order_by("pk").values())

    load(mirror, *told, read_at=timezone.now() + timedelta(days=1))

    assert list(Phone.objects.order_by("pk").values()) == before
