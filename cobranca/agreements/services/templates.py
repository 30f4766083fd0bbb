"""Templates of agreements, and who may not let them change (AGR-09)."""

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.agreements.models import AgreementTemplate
from cobranca.agreements.template_locks import locked_by
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.errors import DomainError

FIELDS = ("name", "effect", "approval", "is_active")
# What a service contract relies on while it uses the template.
LOCKED = ("effect", "approval")


@transaction.atomic
def save_template(*, template: AgreementTemplate, actor: User) -> AgreementTemplate:
    """Save a template; effect and approval of one in use stay as they are."""
    template.name = template.name.strip()
    stored = _stored(template)
    if stored is not None and _differs(stored, template):
        used_by = locked_by(stored)
        if used_by:
            raise DomainError(
                f"O template {stored} está em uso ({used_by}): "
                "a efetivação e a aprovação não mudam.",
                "effect",
            )
    before = trail.stored_snapshot(template, FIELDS)
    template._history_user = actor  # type: ignore[attr-defined]
    template.save()
    changes = trail.differences(before, trail.snapshot(template, FIELDS))
    if changes:
        action = "agreement_template.saved" if before else "agreement_template.created"
        log_action(action, template, actor, agency=template.agency, changes=changes)
    return template


@transaction.atomic
def delete_template(*, template: AgreementTemplate, actor: User) -> None:
    """Delete a template; refused while it is in use, or once it made agreements."""
    used_by = locked_by(template) or ("acordos" if template.agreements.exists() else "")
    if used_by:
        raise DomainError(f"O template {template} está em uso ({used_by}): desative-o.")
    log_action("agreementtemplate.deleted", template, actor, agency=template.agency)
    template.delete()


def _stored(template: AgreementTemplate) -> AgreementTemplate | None:
    if template._state.adding:
        return None
    return AgreementTemplate.objects.select_for_update().filter(pk=template.pk).first()


def _differs(stored: AgreementTemplate, template: AgreementTemplate) -> bool:
    return any(getattr(stored, name) != getattr(template, name) for name in LOCKED)
