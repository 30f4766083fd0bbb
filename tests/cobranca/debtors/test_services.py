"""Contact data as people keep it: validated, audited, on the timeline, safe from the loads."""

from typing import Any

import pytest
from django.db import connection

from cobranca.accounts.models import Agency, User
from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.contacts import ADDRESS, EMAIL, PHONE, place_fingerprint
from cobranca.debtors.models import Address, Debtor, Phone
from cobranca.debtors.services import add_contact, change_contact, set_contact_active
from cobranca.telecobranca.selectors_search import search_debtors
from tests import factories

pytestmark = pytest.mark.usefixtures("in_scope")
MOBILE = {"number": "(48) 99911-2233", "kind": "mobile"}
PLACE = {
    "street": "Rua São José",
    "street_number": "120",
    "complement": "Apto 7",
    "city": "Florianópolis",
    "state": "SC",
    "postal_code": "88010-000",
    "kind": "home",
}


@pytest.fixture
def erp_phone(debtor: Debtor) -> Phone:
    return Phone.objects.create(
        agency=debtor.agency,
        debtor=debtor,
        number="4830278000",
        kind="landline",
        source="erp",
        external_id="10",
        is_main=True,
    )


def add(debtor: Debtor, actor: User, of: Any = PHONE, /, **values: Any) -> Any:
    return add_contact(debtor_id=debtor.pk, kind=of, values=values or MOBILE, actor=actor)


def test_a_phone_is_kept_in_digits_and_the_first_is_the_main_one(
    debtor: Debtor, collector: User
) -> None:
    first = add(debtor, collector)
    second = add(debtor, collector, number="4830278000", kind="landline")

    assert (first.number, first.source, first.is_main) == ("48999112233", "user", True)
    assert not second.is_main


def test_there_is_one_main_phone(debtor: Debtor, collector: User) -> None:
    first = add(debtor, collector)
    second = add(debtor, collector, number="4830278000", kind="landline", is_main=True)

    first.refresh_from_db()
    assert (first.is_main, second.is_main) == (False, True)


def test_a_change_leaves_an_event_and_an_audit_entry(debtor: Debtor, collector: User) -> None:
    phone = add(debtor, collector)

    change_contact(contact=phone, values={**MOBILE, "kind": "work"}, actor=collector)

    titles = list(Event.objects.order_by("pk").values_list("title", "actor"))
    assert titles == [("Telefone incluído", collector.pk), ("Telefone alterado", collector.pk)]
    entry = AuditEntry.objects.get(action="phone.changed")
    assert entry.changes == {"tipo": ["Móvel", "Comercial"]}


def test_a_change_of_nothing_leaves_no_trace(debtor: Debtor, collector: User) -> None:
    phone = add(debtor, collector)
    before = Event.objects.count()

    change_contact(contact=phone, values={**MOBILE, "is_main": True}, actor=collector)

    assert Event.objects.count() == before


def test_a_new_phone_is_found_by_search(debtor: Debtor, collector: User) -> None:
    refresh_summaries([debtor.pk])

    add(debtor, collector)

    assert [row.pk for row in search_debtors("99911-2233").rows] == [debtor.pk]


def test_the_erps_own_number_is_replaced_never_overwritten(
    erp_phone: Phone, collector: User
) -> None:
    new = change_contact(contact=erp_phone, values=MOBILE, actor=collector)

    erp_phone.refresh_from_db()
    assert (erp_phone.number, erp_phone.is_active, erp_phone.is_main) == (
        "4830278000",
        False,
        False,
    )
    assert erp_phone.source == "user"  # so that no load takes it back
    assert (new.number, new.is_main, new.source) == ("48999112233", True, "user")


def test_inactivating_the_erps_phone_keeps_the_loads_away(
    erp_phone: Phone, collector: User
) -> None:
    set_contact_active(contact=erp_phone, active=False, actor=collector)

    erp_phone.refresh_from_db()
    assert (erp_phone.is_active, erp_phone.is_main, erp_phone.source) == (False, False, "user")
    assert Event.objects.get().title == "Telefone inativado"


def test_inactivating_twice_says_it_once(erp_phone: Phone, collector: User) -> None:
    for _ in range(2):
        set_contact_active(contact=erp_phone, active=False, actor=collector)

    assert Event.objects.count() == 1


def test_an_inactive_phone_is_not_changed(erp_phone: Phone, collector: User) -> None:
    set_contact_active(contact=erp_phone, active=False, actor=collector)

    with pytest.raises(DomainError, match="reative antes"):
        change_contact(contact=erp_phone, values=MOBILE, actor=collector)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (PHONE, {"number": "", "kind": "mobile"}, "number"),
        (PHONE, {"number": "123", "kind": "mobile"}, "number"),
        (PHONE, {**MOBILE, "kind": "satellite"}, "kind"),
        (PHONE, {**MOBILE, "note": "x" * 81}, "note"),
        (EMAIL, {"email": "nome@"}, "email"),
        (ADDRESS, {**PLACE, "street": " "}, "street"),
        (ADDRESS, {**PLACE, "state": "XX"}, "state"),
        (ADDRESS, {**PLACE, "postal_code": "123"}, "postal_code"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    debtor: Debtor, collector: User, kind: Any, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        add(debtor, collector, kind, **values)

    assert refused.value.field == field
    assert not Event.objects.exists()


def test_the_same_phone_twice_is_refused_and_an_inactive_one_points_to_the_list(
    debtor: Debtor, collector: User
) -> None:
    phone = add(debtor, collector)
    with pytest.raises(DomainError, match=r"já cadastrado para este devedor\.$"):
        add(debtor, collector)

    set_contact_active(contact=phone, active=False, actor=collector)

    with pytest.raises(DomainError, match="inativo: reative-o"):
        add(debtor, collector)


def test_an_email_is_lower_case(debtor: Debtor, collector: User) -> None:
    email = add(debtor, collector, EMAIL, email=" Nome@Exemplo.COM ")

    assert email.email == "nome@exemplo.com"


def test_an_address_written_otherwise_is_the_same_place(debtor: Debtor, collector: User) -> None:
    add(debtor, collector, ADDRESS, **PLACE)

    with pytest.raises(DomainError, match="já cadastrado"):
        add(debtor, collector, ADDRESS, **{**PLACE, "street": "RUA  SAO JOSE"})


def test_a_place_has_the_fingerprint_that_the_mirror_computes(
    debtor: Debtor, collector: User
) -> None:
    address: Address = add(debtor, collector, ADDRESS, **PLACE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(cobranca_plain(concat_ws('|', street, street_number, complement,"
            " postal_code))) FROM debtors_address WHERE id = %s",
            [address.pk],
        )
        computed = cursor.fetchone()[0]

    assert address.fingerprint == computed == place_fingerprint(vars(address))


def test_another_agencys_debtor_cannot_be_written_to(other_agency: Agency, collector: User) -> None:
    alien = factories.make_debtor(other_agency)

    with pytest.raises(Debtor.DoesNotExist):
        add(alien, collector)
