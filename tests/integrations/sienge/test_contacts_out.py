"""Telling Sienge of contact data when something goes wrong (SIE-24), against a tiny server."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from cobranca.contracts.models import Event
from cobranca.debtors.contacts import ADDRESS, EMAIL, PHONE
from cobranca.debtors.models import DebtorReference, Phone
from cobranca.debtors.services import add_contact, set_contact_active
from cobranca.outbox import delivery
from cobranca.outbox.models import OutboxEvent
from integrations.core import http as http_module
from integrations.core.models import CallUsage, IntegrationLog
from integrations.sienge import parameters as p
from tests import factories
from tests.integrations.answering import Answer
from tests.integrations.sienge.office import configure

SENT, REFUSED = "Atualização cadastral enviada ao ERP", "Atualização cadastral recusada pelo ERP"
PLACE = {"street": "Rua Nova", "street_number": "9", "city": "Joinville", "kind": "home"}


@pytest.fixture
def customer(sienge) -> dict[str, Any]:
    row = {
        "id": 3431,
        "name": "MARIA",
        "phones": [{"number": "(048)33330000", "main": True, "type": "Residencial"}],
        "addresses": [],
    }
    sienge.lists["customers"] = [row]
    return row


@pytest.fixture
def debtor(connect, in_scope, company, customer):
    configure(in_scope, {p.SYNC_CONTACT_DATA: "S"})
    debtor = factories.make_debtor(in_scope)
    factories.make_contract(company, debtor)
    DebtorReference.objects.create(
        agency=in_scope, debtor=debtor, system="SIENGE", external_id="3431"
    )
    return debtor


@pytest.fixture
def actor(in_scope):
    return factories.make_user(in_scope)


@pytest.fixture
def puts(sienge, customer):
    """Return what is put, and obey it as Sienge would; `faults` go first."""
    seen: list[Any] = []

    def obey(asked):
        if asked.verb != "PUT":
            return None
        seen.append(asked)
        if asked.path.endswith("/phones"):
            customer["phones"] = asked.sent["phones"]
        else:
            kind = {"R": "Residencial", "C": "Comercial"}[asked.path[-1]]
            customer["addresses"] = [{**asked.sent, "type": kind}]
        return Answer(204)

    sienge.faults.append(obey)
    return seen


def add(debtor, actor, of=PHONE, /, **values):
    values = values or {"number": "48999112233", "kind": "mobile"}
    return add_contact(debtor_id=debtor.pk, kind=of, values=values, actor=actor)


def later(**after):
    after = after or {"minutes": 31}
    return delivery.deliver_due(clock=lambda: timezone.now() + timedelta(**after))


def waiting():
    return OutboxEvent.objects.get(topic="debtor.contacts_changed")


def titles():
    return list(Event.objects.filter(title__startswith="Atualização").values_list("title", "text"))


def failing(answer, times=1):
    """Return a fault for so many writes."""
    left = [times]

    def fault(asked):
        if asked.verb != "PUT" or not left[0]:
            return None
        left[0] -= 1
        return answer

    return fault


def test_what_is_sent_says_so(debtor, actor, puts):
    Phone.objects.create(
        agency=debtor.agency,
        debtor=debtor,
        number="4833330000",
        source="erp",
        external_id="3431",
        is_main=True,
    )
    add(debtor, actor)

    assert later() == 1

    assert [asked.path.rsplit("v1")[-1] for asked in puts] == ["/customers/3431/phones"]
    assert puts[0].sent == {
        "phones": [
            {"number": "04833330000", "main": True, "type": "RE", "note": ""},
            {"number": "048999112233", "main": False, "type": "CE", "note": "", "idd": "55"},
        ]
    }
    assert titles() == [(SENT, "Telefones do cliente 3431: (48) 99911-2233 incluído.")]
    assert Phone.objects.get(number="48999112233").external_id == "3431"
    log = IntegrationLog.objects.get(verb="PUT")
    assert (log.method, log.status) == ("AtualizarTelefones", 204)


def test_what_sienge_has_already_is_not_sent(debtor, actor, puts):
    add(debtor, actor, number="4833330000", kind="home")

    assert later() == 1

    assert puts == []
    assert titles() == []
    assert Phone.objects.get().external_id == "3431"


def test_e_mails_are_nothing_that_sienge_takes(debtor, actor):
    add(debtor, actor, EMAIL, email="maria@example.com")

    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize("lost", [Answer(500), Answer(drop=True), Answer(200, b"<html>")])
def test_a_lost_answer_is_tried_again_and_ends_as_sent(debtor, actor, puts, sienge, lost):
    sienge.faults.insert(0, failing(lost))
    add(debtor, actor)

    assert later() == 0
    assert (waiting().status, waiting().attempts) == ("pending", 1)
    assert later(minutes=40) == 1

    assert len(puts) == 1
    assert [title for title, _ in titles()] == [SENT]


def test_an_answer_lost_after_it_was_done_is_said_once(debtor, actor, puts, sienge):
    def do_and_hang_up(asked):
        if asked.verb == "PUT" and not puts:
            sienge.faults[1](asked)
            return Answer(drop=True)
        return None

    sienge.faults.insert(0, do_and_hang_up)
    add(debtor, actor)
    later()

    later(minutes=40)
    later(hours=9)

    assert len(puts) == 1
    assert titles() == [(SENT, "O ERP já tem os telefones e endereços daqui.")]
    assert Phone.objects.get(number="48999112233").external_id == "3431"


def test_a_time_out_is_a_lost_answer(debtor, actor, puts, sienge, monkeypatch):
    monkeypatch.setattr(http_module, "READ_TIMEOUT", 0.2)
    sienge.faults.insert(0, failing(Answer(204, late=0.6)))
    add(debtor, actor)

    later()

    assert "pode ter sido feito" in waiting().error
    assert waiting().status == "pending"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (422, {"clientMessage": "DDD 48 não atende"}, "DDD 48 não atende."),
        (400, {"errors": [{"field": "phones[1].number", "message": "inválido"}]}, "phones[1]"),
        (403, {}, "não tem permissão para Telefones do cliente"),
    ],
)
def test_a_refusal_waits_for_a_person_with_the_erps_words(
    debtor, actor, puts, sienge, status, body, words
):
    sienge.faults.insert(0, failing(Answer(status, body), times=9))
    add(debtor, actor)

    assert later() == 0

    assert waiting().status == "parked"
    assert words in waiting().error
    ((title, text),) = titles()
    assert (title, words in text) == (REFUSED, True)
    assert later(hours=9) == 0
    assert Phone.objects.get().external_id == ""


def test_an_address_is_sent_though_the_telephones_were_refused(debtor, actor, puts, sienge):
    sienge.faults.insert(0, failing(Answer(422, {"clientMessage": "Não"})))
    add(debtor, actor)
    add(debtor, actor, ADDRESS, **PLACE)

    later()

    assert [asked.path[-1] for asked in puts] == ["R"]
    assert waiting().status == "parked"


def test_a_customer_who_is_gone_is_a_refusal(debtor, actor, puts, sienge):
    sienge.lists["customers"] = []
    add(debtor, actor)

    later()

    assert waiting().status == "parked"
    assert titles() == [(REFUSED, "O cliente 3431 não existe mais no Sienge.")]


def test_each_customer_of_the_debtor_is_told_and_one_who_is_gone_is_passed_over(
    debtor, actor, puts, sienge, customer
):
    twin = {"id": 9, "name": "MARIA", "phones": [], "addresses": []}
    sienge.lists["customers"].append(twin)
    for code in ("77", "9"):
        DebtorReference.objects.create(
            agency=debtor.agency, debtor=debtor, system="SIENGE", external_id=code
        )
    add(debtor, actor)

    assert later() == 1

    assert [asked.path.split("/")[-2] for asked in puts] == ["3431", "9"]
    assert [phone["main"] for phone in puts[1].sent["phones"]] == [True]


def test_two_creditors_of_one_erp_are_one_call(debtor, actor, puts, sienge):
    other = factories.make_creditor(debtor.agency, creditor_type="SIENGE", external_code="18")
    factories.make_contract(other, debtor)
    add(debtor, actor)

    later()

    assert len(puts) == 1
    assert len(sienge.server.asked) == 2


def test_a_debtor_without_telephones_leaves_the_list_alone(debtor, actor, puts, customer):
    customer["phones"] = []
    phone = add(debtor, actor)
    set_contact_active(contact=phone, active=False, actor=actor)

    assert later() == 1

    assert puts == []
    phone.refresh_from_db()
    assert phone.external_id == "3431"


def test_the_only_telephone_stays_the_main_one_though_it_was_given_up(debtor, actor, puts):
    phone = add(debtor, actor, number="4833330000", kind="home")
    set_contact_active(contact=phone, active=False, actor=actor)

    later()

    (line,) = puts[0].sent["phones"]
    assert (line["main"], line["note"]) == (True, "Inativo-Cobmais")


def test_a_spent_budget_waits_until_there_is_more(debtor, actor, puts, in_scope):
    configure(in_scope, {p.PACKAGE: "Free"})
    day = f"{timezone.localtime():%Y-%m-%d}"
    CallUsage.objects.create(
        agency=in_scope, system="sienge", pool="rest", window=day, priority=0, used=60
    )
    add(debtor, actor)

    later()

    event = waiting()
    assert event.status == "pending"
    assert "cota diária" in event.error
    midnight = timezone.localtime() + timedelta(days=1)
    assert timezone.localtime(event.due_at).date() >= midnight.date()
    assert puts == []


def test_an_erp_that_is_down_is_tried_again(debtor, actor, puts, sienge):
    sienge.faults.insert(0, lambda asked: Answer(503) if asked.verb == "GET" else None)
    add(debtor, actor)

    later()

    assert waiting().status == "pending"
    assert titles() == []


def test_a_customer_who_cannot_be_read_is_left_alone(debtor, actor, puts, customer):
    customer["phones"] = "x"
    add(debtor, actor)

    later()

    assert puts == []
    assert waiting().status == "parked"


@pytest.mark.django_db(transaction=True)
def test_what_changes_while_it_is_told_is_told_again(debtor, actor, puts, sienge, customer):
    phone = add(debtor, actor)

    def meanwhile(asked):  # as it arrives over there, somebody gives the number up here
        if asked.verb == "PUT" and not puts:
            with scope(agency=actor.agency):
                set_contact_active(contact=phone, active=False, actor=actor)
            connection.close()

    sienge.faults.insert(0, meanwhile)
    later()
    phone.refresh_from_db()
    assert phone.external_id == ""

    later(minutes=70)

    assert customer["phones"][1]["note"] == "Inativo-Cobmais"
    phone.refresh_from_db()
    assert phone.external_id == "3431"


def test_numbers_that_are_not_known_here_go_back_as_they_came(debtor, actor, puts, customer):
    customer["phones"] = [
        {"number": "999990000", "ddd": "48", "main": "S", "type": "Celular", "note": "x" * 40},
        {"number": "2125551234", "idd": "1", "ddd": "212", "main": False, "type": "Recado"},
        {"number": "12345", "main": False, "type": None, "note": None},
    ]
    add(debtor, actor)

    later()

    assert puts[0].sent["phones"][:3] == [
        # The only telephone here is the main one here, and so it is there.
        {"number": "048999990000", "main": False, "type": "CE", "note": "x" * 40},
        {
            "number": "2125551234",
            "main": False,
            "type": "RE",
            "note": "",
            "idd": "1",
            "ddd": "212",
        },
        {"number": "12345", "main": False, "type": "RE", "note": ""},
    ]


def test_a_newer_address_there_is_not_overwritten(debtor, actor, puts, customer):
    """Somebody changed it there after it was typed here, and no load has read it yet."""
    customer["addresses"] = [{"type": "Residencial", "streetName": "Rua Deles", "number": "1"}]
    customer["modifiedAtDateTime"] = "2999-01-01 10:00:00.000"
    add(debtor, actor, ADDRESS, **PLACE)

    later()

    assert puts == []
    customer["modifiedAtDateTime"] = "2020-01-01 10:00:00.000"
    add(debtor, actor, ADDRESS, **PLACE | {"street": "Rua Novíssima"})
    later(minutes=70)
    assert puts[0].sent["streetName"] == "Rua Novíssima"


def test_the_code_of_the_city_goes_along_where_it_is_the_same_city(debtor, actor, puts, customer):
    customer["addresses"] = [
        {"type": "Residencial", "streetName": "Rua Velha", "city": "JOINVILLE", "cityId": 4321}
    ]
    add(debtor, actor, ADDRESS, **PLACE)

    later()

    assert puts[0].sent["cityId"] == 4321


@pytest.mark.parametrize("known", [True, False])
def test_telephones_that_are_not_told_are_not_erased(debtor, actor, customer, puts, known):
    """An answer without them is no answer that there are none: what is put is the whole list."""
    if known:
        Phone.objects.create(
            agency=debtor.agency, debtor=debtor, number="4833330000", source="erp",
            external_id="3431",
        )  # fmt: skip
    customer["phones"] = None
    add(debtor, actor)

    later()

    assert [asked.path[-7:] for asked in puts] == ([] if known else ["/phones"])
