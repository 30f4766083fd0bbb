from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Auditoria."""

    name = "cobranca.audit"
    verbose_name = "Auditoria"

    def ready(self) -> None:
        """Become the recorder of the rooms that may not import this one."""
        from cobranca.audit.services import log_action
        from cobranca.common import trail

        trail.install(log_action)
