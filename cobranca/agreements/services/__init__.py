"""What may happen to agreements, by subject."""

from cobranca.agreements.services.activation import submit_agreement
from cobranca.agreements.services.approving import approve_agreement, refuse_agreement
from cobranca.agreements.services.authority import authority_of
from cobranca.agreements.services.breaching import break_agreement, break_if_late
from cobranca.agreements.services.cancelling import cancel_agreement, expire_proposal
from cobranca.agreements.services.following import follow_erp
from cobranca.agreements.services.integrating import integrate_agreement
from cobranca.agreements.services.making import DESCRIPTION_LIMIT, make_agreement
from cobranca.agreements.services.paying import Receipt, pay_agreement
from cobranca.agreements.services.reversing import reverse_payment
from cobranca.agreements.services.sending import is_resting, is_sent, send_to_erp
from cobranca.agreements.services.templates import delete_template, save_template
from cobranca.agreements.services.undoing import undo_in_erp

__all__ = [
    "DESCRIPTION_LIMIT",
    "Receipt",
    "approve_agreement",
    "authority_of",
    "break_agreement",
    "break_if_late",
    "cancel_agreement",
    "delete_template",
    "expire_proposal",
    "follow_erp",
    "integrate_agreement",
    "is_resting",
    "is_sent",
    "make_agreement",
    "pay_agreement",
    "refuse_agreement",
    "reverse_payment",
    "save_template",
    "send_to_erp",
    "submit_agreement",
    "undo_in_erp",
]
