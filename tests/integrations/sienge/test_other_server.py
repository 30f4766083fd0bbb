"""What another server written from the same reference does, and the simulator does not."""

import hashlib

import pytest
from django_scopes import scopes_disabled

from cobranca.contracts.records import PersonRecord
from cobranca.debtors.models import PersonRole, RelatedPerson
from integrations.core.inbox import bell
from integrations.core.models import WebhookDelivery, WebhookSubscription
from tests import factories
from tests.cobranca.contracts.mirror.book import Mirror, customer, parcel, title

MARIA = customer("1", "11144477735", "MARIA DA SILVA")
JOINT = PersonRecord("1", PersonRole.CO_BUYER.value, "JOÃO DA SILVA")
TOKEN, HOOK = "token-aleatorio-nosso", "caa132c2-6473-4ec4-8756-b3baa9c3c4c4"


@pytest.fixture
def office(agency, monkeypatch):
    """An agency with one hook over there."""
    monkeypatch.setattr(bell, "ring", lambda agency: None)
    with scopes_disabled():
        WebhookSubscription.objects.create(
            agency=agency,
            system="sienge",
            token_hash=hashlib.sha256(TOKEN.encode()).hexdigest(),
            hooks=[{"hook": HOOK, "event": "RECEIPT_PROCESSED"}],
        )
    return agency


def announce(client, agency, number, *, event_id, hook):
    return client.post(
        f"/webhooks/sienge/{agency.pk}/",
        {"billId": 5600, "installmentId": number},
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {TOKEN}",
            "x-sienge-event": "RECEIPT_PROCESSED",
            "x-sienge-id": event_id,
            "x-sienge-hook-id": hook,
        },
    )


@pytest.mark.django_db
def test_announcements_whose_two_ids_are_crossed_are_not_one(client, office):
    """Reference 3.1: some describe the two headers the other way round."""
    for number, event in ((2, "e-2"), (3, "e-3"), (3, "e-3")):
        announce(client, office, number, event_id=HOOK, hook=event)
    announce(client, office, 4, event_id="e-4", hook=HOOK)

    with scopes_disabled():
        rows = WebhookDelivery.objects.order_by("pk").values_list("key", "hook", "repeats")
        assert list(rows) == [("e-2", HOOK, 0), ("e-3", HOOK, 1), ("e-4", HOOK, 0)]


@pytest.mark.usefixtures("in_scope")
def test_joint_buyers_of_one_company_survive_the_batimento_of_another(creditor):
    """/customers answers the customers of every company of the tenant (reference 2.4)."""
    other = factories.make_creditor(
        creditor.agency, creditor_type=creditor.creditor_type, external_code="99"
    )
    Mirror(creditor).load(MARIA, JOINT, title("500", "1"), parcel("500", 1))

    Mirror(other).load(MARIA, customer("2", "52998224725"), title("9", "2"), parcel("9", 1))

    assert RelatedPerson.objects.get().is_active


@pytest.mark.usefixtures("in_scope")
def test_a_joint_buyer_who_left_the_contract_is_inactivated_by_its_batimento(creditor):
    mirror = Mirror(creditor)
    mirror.load(MARIA, JOINT, title("500", "1"), parcel("500", 1))

    mirror.load(MARIA, title("500", "1"), parcel("500", 1))

    assert not RelatedPerson.objects.get().is_active
