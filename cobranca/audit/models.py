"""Who changed what, when, from what to what."""

from django.db import models
from django.db.models.functions import Now

from cobranca.accounts.columns import user_field
from cobranca.common.models import AgencyModel, AppendOnlyModel


class AuditEntry(AgencyModel, AppendOnlyModel):
    """One change made by a person or a task; a database trigger keeps it unalterable."""

    at = models.DateTimeField("quando", db_default=Now())
    actor = user_field("quem")
    action = models.CharField("ação", max_length=60)
    object_type = models.CharField("tipo", max_length=60)
    object_id = models.CharField("código", max_length=40)
    object_label = models.CharField("objeto", max_length=200)
    changes = models.JSONField("alterações", default=dict)

    class Meta:
        verbose_name = "registro de auditoria"
        verbose_name_plural = "auditoria"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["agency", "-at"], name="audit_agency_at_idx")]

    def __str__(self) -> str:
        return f"{self.action}: {self.object_label}"
