"""Taking out of the ERP an agreement that was called off while the ERP was being asked."""

from cobranca.agreements.keys import key_of
from cobranca.agreements.models import Agreement
from cobranca.agreements.states import LIVE
from cobranca.contracts.erp import gateway_for
from cobranca.outbox.services import publish

UNDO = "agreement.erp_undo"


def ask_to_undo(agreement: Agreement, why: str = "") -> None:
    """Have what the ERP may have of an agreement undone after this transaction.

    It is delivered until it succeeds. `why` tells apart what is found out more than once.
    """
    payload = {"agreement": agreement.pk}
    publish(UNDO, agency=agreement.agency, payload=payload, key=f"{agreement.pk}:{why}")


def undo_in_erp(agreement_id: int) -> None:
    """Undo in the ERP an agreement that is not wanted there; waits for the network.

    One in force may have been integrated again since it was asked for.
    """
    agreement = Agreement.objects.select_related("creditor__agency").get(pk=agreement_id)
    if agreement.status in LIVE and agreement.is_integrated:
        return
    gateway_for(agreement.creditor).undo(key_of(agreement))
