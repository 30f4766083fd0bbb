"""Registration data both ways (SIE-24, SIE-25): here, over there, and back, against the sandbox."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cobranca.accounts.models import User
from cobranca.contracts.models import Event
from cobranca.debtors.contacts import ADDRESS, PHONE
from cobranca.debtors.models import Address, Debtor, DebtorReference, Phone
from cobranca.debtors.services import add_contact, change_contact, set_contact_active
from cobranca.outbox import delivery
from cobranca.outbox.models import OutboxEvent
from integrations.core.budget import Priority
from integrations.sienge import parameters as p
from integrations.sienge.access import open_access
from tests import factories
from tests.flows.office import Office

TOPIC = "debtor.contacts_changed"
SENT = "Atualização cadastral enviada ao ERP"
NUMBER, OTHER = "48999112233", "4833334444"
PLACE = {
    "street": "Rua São José",
    "street_number": "120",
    "complement": "Apto 7",
    "district": "Centro",
    "city": "Florianópolis",
    "state": "SC",
    "postal_code": "88010-000",
    "kind": "home",
}


@pytest.fixture
def actor(office: Office) -> User:
    return factories.make_user(office.agency)


@pytest.fixture
def code(office: Office) -> str:
    """Return a customer with one telephone and one address of a known shape."""
    office.configure(p.SYNC_CONTACT_DATA, "Sim")
    customer = str(office.erp.bills()[0]["customer"])
    office.erp.act(
        "change_customer",
        customer=int(customer),
        phones=[
            {"number": "(048)999990000", "main": True, "type": "Celular"},
            {"number": "(048)33330000", "type": "Residencial", "note": "recado"},
        ],
        addresses=[
            {
                "type": "Residencial",
                "streetName": "Rua Fictícia",
                "number": "200",
                "city": "Florianópolis",
                "state": "SC",
                "zipCode": "88000000",
            }
        ],
    )
    office.load(full=True)
    return customer


@pytest.fixture
def debtor(code: str) -> Debtor:
    return DebtorReference.objects.get(external_id=code).debtor


def add(debtor: Debtor, actor: User, of: Any = PHONE, /, **values: Any) -> Any:
    return add_contact(debtor_id=debtor.pk, kind=of, values=values, actor=actor)


def half_an_hour_later() -> int:
    # What a load read before is older than what is told now.
    return delivery.deliver_due(clock=lambda: timezone.now() + timedelta(minutes=31))


def over_there(office: Office, code: str) -> Any:
    row = open_access(office.creditor, Priority.PAYMENTS).client.customer(code)
    assert row is not None
    return row.value


def phones_there(office: Office, code: str) -> dict[str, tuple[Any, ...]]:
    found = over_there(office, code).phones
    return {x.number.replace("(048)", "048"): (x.type, x.main, x.note or "") for x in found}


def book(debtor: Debtor) -> list[Any]:
    """Return all contact data of a debtor as it stands here, but for when it was written."""
    phones = Phone.objects.filter(debtor=debtor).order_by("pk")
    places = Address.objects.filter(debtor=debtor).order_by("pk")
    phone = ("number", "kind", "note", "is_active", "is_main", "source")
    place = ("fingerprint", "kind", "is_active", "is_main", "source")
    return [*phones.values_list(*phone), *places.values_list(*place)]


def next_day_changes_nothing(office: Office, debtor: Debtor) -> None:
    before, told = book(debtor), Event.objects.count()
    # The day after: whatever clock this machine has, the ERP was told before the next reading.
    for model in (Phone, Address):
        model.objects.filter(debtor=debtor).update(updated_at=office.now() - timedelta(hours=1))
    office.next_day()
    assert office.load().status == "done"
    office.load(full=True)
    assert book(debtor) == before
    assert Event.objects.count() == told
    assert half_an_hour_later() == 0


def test_a_telephone_included_here_is_there_half_an_hour_later(office, code, debtor, actor):
    add(debtor, actor, number="(48) 99911-2233", kind="mobile", note="esposa")
    assert delivery.deliver_due(clock=timezone.now) == 0
    assert len(phones_there(office, code)) == 2

    assert half_an_hour_later() == 1

    assert phones_there(office, code) == {
        "048999990000": ("Celular", True, ""),
        "04833330000": ("Residencial", False, "recado"),
        "048999112233": ("Celular", False, "esposa"),
    }
    event = Event.objects.get(title=SENT)
    assert "(48) 99911-2233 incluído" in event.text
    assert event.debtor == debtor
    next_day_changes_nothing(office, debtor)


def test_several_changes_in_that_time_are_one_call(office, code, debtor, actor):
    first = add(debtor, actor, number="(48) 99911-2233", kind="mobile")
    change_contact(contact=first, values={"note": "trabalho"}, actor=actor)
    add(debtor, actor, number="4833334444", kind="work")
    set_contact_active(contact=Phone.objects.get(number="4833330000"), active=False, actor=actor)
    add(debtor, actor, ADDRESS, **PLACE)
    assert OutboxEvent.objects.filter(topic=TOPIC).count() == 1
    office.erp.reset_calls()

    assert half_an_hour_later() == 1

    assert office.erp.calls()["rest"] == {
        "GET /customers/{id}": 1,
        "PUT /customers/{id}/addresses/{type}": 1,
        "PUT /customers/{id}/phones": 1,
    }
    assert phones_there(office, code) == {
        "048999990000": ("Celular", True, ""),
        "04833330000": ("Residencial", False, "Inativo-Cobmais"),
        "048999112233": ("Celular", False, "trabalho"),
        "04833334444": ("Comercial", False, ""),
    }
    assert Event.objects.filter(title=SENT).count() == 1
    next_day_changes_nothing(office, debtor)


def test_the_main_one_moves_and_an_inactivated_one_never_takes_it_along(
    office, code, debtor, actor
):
    set_contact_active(contact=Phone.objects.get(number="48999990000"), active=False, actor=actor)

    half_an_hour_later()

    assert phones_there(office, code) == {
        "048999990000": ("Celular", False, "Inativo-Cobmais"),
        "04833330000": ("Residencial", True, "recado"),
    }
    assert Phone.objects.get(number="4833330000").is_main
    next_day_changes_nothing(office, debtor)


def test_the_one_chosen_here_is_the_main_one_there(office, code, debtor, actor):
    change_contact(
        contact=Phone.objects.get(number="4833330000"), values={"is_main": True}, actor=actor
    )
    office.next_day()
    office.load()  # read before it was told: there are not two main ones meanwhile
    assert [x.number for x in Phone.objects.filter(is_main=True, debtor=debtor)] == ["4833330000"]

    half_an_hour_later()

    mains = [number for number, told in phones_there(office, code).items() if told[1]]
    assert mains == ["04833330000"]
    next_day_changes_nothing(office, debtor)


def test_a_telephone_taken_back_loses_its_note_there(office, code, debtor, actor):
    phone = Phone.objects.get(number="4833330000")
    set_contact_active(contact=phone, active=False, actor=actor)
    half_an_hour_later()

    set_contact_active(contact=phone, active=True, actor=actor)
    half_an_hour_later()

    # "recado" was written over by the note and stands here still.
    assert phones_there(office, code)["04833330000"] == ("Residencial", False, "recado")
    next_day_changes_nothing(office, debtor)


def test_an_address_changed_here_is_there_and_the_old_one_is_not(office, code, debtor, actor):
    old = Address.objects.get(debtor=debtor)
    change_contact(contact=old, values=PLACE, actor=actor)

    half_an_hour_later()

    (there,) = over_there(office, code).addresses
    assert (there.type, there.street_name, there.zip_code) == (
        "Residencial",
        "Rua São José",
        "88010000",
    )
    next_day_changes_nothing(office, debtor)
    assert not Address.objects.get(pk=old.pk).is_active


def test_a_second_address_fills_the_other_place(office, code, debtor, actor):
    add(debtor, actor, ADDRESS, **PLACE | {"kind": "work"})

    half_an_hour_later()

    kinds = sorted(each.type for each in over_there(office, code).addresses)
    assert kinds == ["Comercial", "Residencial"]
    next_day_changes_nothing(office, debtor)


def test_a_telephone_told_and_removed_there_is_inactivated_here(office, code, debtor, actor):
    phone = add(debtor, actor, number="(48) 99911-2233", kind="mobile")
    half_an_hour_later()
    next_day_changes_nothing(office, debtor)

    office.erp.act(
        "change_customer",
        customer=int(code),
        phones=[{"number": "048988887777", "main": True, "type": "Celular"}],
    )
    office.next_day()
    office.load()

    phone.refresh_from_db()
    assert not phone.is_active
    active = Phone.objects.filter(debtor=debtor, is_active=True)
    assert [x.number for x in active] == ["48988887777"]


def test_what_waits_to_be_told_is_not_overwritten_by_a_load(office, code, debtor, actor):
    phone = Phone.objects.get(number="4833330000")
    set_contact_active(contact=phone, active=False, actor=actor)
    new = add(debtor, actor, number="(48) 99911-2233", kind="mobile")

    office.next_day()
    office.load()
    office.load(full=True)

    phone.refresh_from_db()
    new.refresh_from_db()
    assert (phone.is_active, new.is_active) == (False, True)


def test_a_load_that_read_before_the_telling_does_not_undo_it(office, code, debtor, actor):
    """It read the ERP, then somebody's change was told, then the load was applied."""
    phone = Phone.objects.get(number="4833330000")
    set_contact_active(contact=phone, active=False, actor=actor)
    half_an_hour_later()
    Phone.objects.filter(pk=phone.pk).update(updated_at=office.now() + timedelta(days=3))
    office.erp.act(
        "change_customer",
        customer=int(code),
        phones=[
            {"number": "048999990000", "main": True, "type": "Celular"},
            {"number": "04833330000", "type": "Residencial", "note": "recado"},
        ],
    )

    office.next_day()
    office.load(full=True)
    phone.refresh_from_db()
    assert not phone.is_active

    office.next_day(5)
    office.load(full=True)  # read after it: the ERP took it back
    phone.refresh_from_db()
    assert phone.is_active


def test_the_note_is_the_offices_own(office, code, debtor, actor):
    office.configure(p.INACTIVE_NOTE, "Desligado pela Aurora")
    set_contact_active(contact=Phone.objects.get(number="4833330000"), active=False, actor=actor)

    half_an_hour_later()

    assert phones_there(office, code)["04833330000"][2] == "Desligado pela Aurora"
    next_day_changes_nothing(office, debtor)


def test_without_the_parameter_nothing_leaves(office, code, debtor, actor):
    office.configure(p.SYNC_CONTACT_DATA, "Não")

    add(debtor, actor, number="(48) 99911-2233", kind="mobile")

    assert not OutboxEvent.objects.filter(topic=TOPIC).exists()
    office.configure(p.SYNC_CONTACT_DATA, "Sim")
    add(debtor, actor, number="(48) 99911-4444", kind="mobile")
    office.configure(p.SYNC_CONTACT_DATA, "Não")
    half_an_hour_later()
    assert len(phones_there(office, code)) == 2


@pytest.mark.parametrize("is_on", [False, True])
def test_hygiene_is_told_only_when_asked_for(office, code, debtor, actor, is_on):
    office.configure(p.SYNC_HYGIENE_DATA, "Sim" if is_on else "Não")
    add_contact(
        debtor_id=debtor.pk,
        kind=PHONE,
        values={"number": "48999112233", "kind": "mobile"},
        actor=actor,
        source="hygiene",
    )

    half_an_hour_later()

    assert ("048999112233" in phones_there(office, code)) is is_on


def test_an_answer_lost_after_the_erp_did_it_is_told_once(office, code, debtor, actor):
    add(debtor, actor, number="(48) 99911-2233", kind="mobile")
    office.erp.fault("reset-after-apply", f"/customers/{code}/phones", count=1)

    half_an_hour_later()
    event = OutboxEvent.objects.get(topic=TOPIC)
    assert (event.status, event.attempts) == ("pending", 1)
    assert "pode ter sido feito" in event.error
    delivery.deliver_due(clock=lambda: timezone.now() + timedelta(hours=1))

    event.refresh_from_db()
    assert event.status == "delivered"
    assert list(phones_there(office, code)).count("048999112233") == 1
    assert Event.objects.filter(title=SENT).count() == 1
    next_day_changes_nothing(office, debtor)
