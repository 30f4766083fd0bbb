"""Whom a call to an ERP is about: seen whole by who sets the integration up, masked by others.

The log keeps what was sent and answered, for without it no dispute with an ERP is ever settled.
"""

from typing import Any

from cobranca.common.masking import mask_personal

# Implementers, who repair connections; supervisors and auditors read the log masked (PLT-18).
SEES_WHOLE = "integrations.change_connectionstate"


def sees_whole(user: Any) -> bool:
    """Tell whether somebody sees personal data in the log."""
    return bool(user.has_perm(SEES_WHOLE))


def shown(text: str, user: Any) -> str:
    """Return a part of the log as somebody may see it."""
    return text if sees_whole(user) else mask_personal(text)
