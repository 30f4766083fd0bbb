"""What contracts delivers: contact data, to the ERPs that have the debtor."""

from cobranca.contracts.erp import ErpRefusalError, ErpUnreachableError
from cobranca.contracts.services.contact_data import (
    CHANGED,
    gateways_to_tell,
    tell_contacts_refused,
    tell_contacts_sent,
)
from cobranca.debtors.models import Debtor
from cobranca.outbox.registry import Delivery, GiveUpError, NotYetError, handles


@handles(CHANGED)
def push_contacts(delivery: Delivery) -> None:
    """Tell each ERP the phones and addresses of a debtor. Payload: debtor.

    Telling again is safe. One ERP that refuses or does not answer keeps nobody else from it.
    """
    people = Debtor.objects.select_related("merged_into")
    found = people.filter(pk=delivery.payload["debtor"]).first()
    if found is None:
        return
    debtor = found.merged_into or found
    refused: list[str] = []
    unreachable: ErpUnreachableError | None = None
    for gateway in gateways_to_tell(debtor):
        try:
            sent = list(gateway.push_contacts(debtor))
        except ErpUnreachableError as error:
            unreachable = error
        except ErpRefusalError as error:
            refused.append(error.message)
        else:
            _tell_sent(debtor, sent, delivery)
    if refused:
        # Told once: the delivery waits for a person, who may have it tried again.
        tell_contacts_refused(debtor, " ".join(refused))
        raise GiveUpError(" ".join(refused))
    if unreachable is not None:
        raise NotYetError(unreachable.message, unreachable.retry_after)


def _tell_sent(debtor: Debtor, sent: list[str], delivery: Delivery) -> None:
    """Say what was sent; when an earlier attempt lost its answer, that it is there."""
    if not sent and delivery.attempt > 1:
        sent = ["O ERP já tem os telefones e endereços daqui."]
    if sent:
        tell_contacts_sent(debtor, sent)
