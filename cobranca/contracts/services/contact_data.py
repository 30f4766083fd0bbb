"""Contact data that people change here: on the timeline at once, in the ERP a while later."""

from datetime import timedelta

from cobranca.contracts.erp import ErpGateway, gateway_for
from cobranca.contracts.models import EventKind
from cobranca.contracts.services.events import record_event
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Creditor
from cobranca.debtors.changes import ContactChange
from cobranca.debtors.contacts import ADDRESS, PHONE
from cobranca.debtors.models import Debtor
from cobranca.outbox.services import publish_later

CHANGED = "debtor.contacts_changed"
# Somebody who corrects a number corrects it twice: all of it is sent at once (playbook 8.1).
DELAY = timedelta(minutes=30)
SENT_TITLE = "Atualização cadastral enviada ao ERP"
REFUSED_TITLE = "Atualização cadastral recusada pelo ERP"


def record_contact_change(change: ContactChange) -> None:
    """Put a change on the timeline, make it findable in search, and have the ERPs told of it."""
    debtor = change.debtor
    record_event(
        EventKind.CONTACT_DATA,
        debtor=debtor,
        title=change.title,
        text=change.text,
        actor=change.actor,
    )
    refresh_summaries([debtor.pk])
    if change.kind in (PHONE.slug, ADDRESS.slug) and gateways_to_tell(debtor):
        publish_later(
            CHANGED,
            agency=debtor.agency,
            payload={"debtor": debtor.pk},
            subject=f"debtor-{debtor.pk}",
            after=DELAY,
        )


def gateways_to_tell(debtor: Debtor) -> list[ErpGateway]:
    """Return one gateway to each ERP that has this debtor and wants to know: creditors of one
    type share theirs."""
    creditors = Creditor.objects.filter(contracts__debtor=debtor).order_by("pk").distinct()
    found: dict[str, ErpGateway] = {}
    for creditor in creditors:
        if creditor.creditor_type not in found:
            gateway = gateway_for(creditor)
            if gateway.can_push_contacts:
                found[creditor.creditor_type] = gateway
    return list(found.values())


def tell_contacts_sent(debtor: Debtor, sent: list[str]) -> None:
    """Say on the timeline what an ERP was told."""
    record_event(EventKind.CONTACT_DATA, debtor=debtor, title=SENT_TITLE, text=" ".join(sent))


def tell_contacts_refused(debtor: Debtor, why: str) -> None:
    """Say on the timeline that an ERP would not have it, and why."""
    record_event(EventKind.CONTACT_DATA, debtor=debtor, title=REFUSED_TITLE, text=why)
