"""Writing the trail."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.db.models import Model

from cobranca.accounts.models import Agency, User
from cobranca.audit.models import AuditEntry

logger = structlog.get_logger(__name__)


def log_action(
    action: str,
    obj: Model,
    actor: User | None,
    *,
    agency: Agency | None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Record that `actor` (None: the system itself) did `action` to `obj`, and what changed.

    Call it in the transaction of the change. `changes` is label → [from, to]; a secret is never
    among them, only the word "alterado". What concerns no agency goes to the log alone.
    """
    if agency is None:
        logger.info(
            action, object=obj._meta.label, object_id=obj.pk, actor=getattr(actor, "pk", None)
        )
        return
    AuditEntry(
        agency=agency,
        actor=actor,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        changes=dict(changes or {}),
    ).save()
