"""What may happen to agreements, by subject."""

from cobranca.agreements.services.activation import submit_agreement
from cobranca.agreements.services.approving import approve_agreement, refuse_agreement
from cobranca.agreements.services.authority import authority_of
from cobranca.agreements.services.breaching import break_agreement, break_by_erp, break_if_late
from cobranca.agreements.services.cancelling import cancel_agreement, expire_proposal
from cobranca.agreements.services.following import follow_erp
from cobranca.agreements.services.integrating import integrate_agreement
from cobranca.agreements.services.making import DESCRIPTION_LIMIT, make_agreement
from cobranca.agreements.services.paying import Receipt, pay_agreement
from cobranca.agreements.services.reversing import reverse_payment
from cobranca.agreements.services.templates import save_template

__all__ = [
    "DESCRIPTION_LIMIT",
    "Receipt",
    "approve_agreement",
    "authority_of",
    "break_agreement",
    "break_by_erp",
    "break_if_late",
    "cancel_agreement",
    "expire_proposal",
    "follow_erp",
    "integrate_agreement",
    "make_agreement",
    "pay_agreement",
    "refuse_agreement",
    "reverse_payment",
    "save_template",
    "submit_agreement",
]
