"""Which writes nobody wants any more, and taking one out of its ERP."""

from cobranca.agreements.keys import agreement_id_of
from cobranca.agreements.models import Agreement
from cobranca.agreements.services import is_sent
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import gateway_for
from integrations.core.models import ErpOperation
from integrations.core.operations.reading import ENDED
from integrations.core.states import OperationStep

WANTED = "O acordo ainda espera por esta gravação: cancele o acordo antes."


def is_wanted(operation: ErpOperation) -> bool:
    """Tell whether the agreement still waits for it: then it is sent again by its own sweeper.

    What began to be undone is undone first, whoever wants it by now.
    """
    if operation.step == OperationStep.UNDOING:
        return False
    agreement_id = agreement_id_of(operation.key)
    agreement = Agreement.objects.filter(pk=agreement_id).first() if agreement_id else None
    return agreement is not None and is_sent(agreement)


def undo(operation: ErpOperation) -> None:
    """Take what was written out of the ERP; a DomainError says why it is still there."""
    gateway_for(operation.creditor).undo(operation.key)


def undo_now(operation: ErpOperation) -> None:
    """Undo what a person does not want to wait for; refused where nothing is to be undone."""
    if operation.step in ENDED:
        state = operation.get_step_display()
        raise DomainError(f"Nada a desfazer: esta gravação já terminou ({state}).")
    if is_wanted(operation):
        raise DomainError(WANTED)
    undo(operation)
