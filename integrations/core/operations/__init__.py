"""Writing into an ERP step by step, so that an answer that got lost is never written twice.

Every step is committed before the next is taken: whoever finds a write that broke off knows what
the ERP may have of it. From SENDING on the ERP is asked what it has before anything is sent.
"""

from integrations.core.operations.pace import Pace
from integrations.core.operations.running import finish, integrate, is_resting, undo
from integrations.core.operations.writer import Made, Standing, WritesRenegotiations

__all__ = [
    "Made",
    "Pace",
    "Standing",
    "WritesRenegotiations",
    "finish",
    "integrate",
    "is_resting",
    "undo",
]
