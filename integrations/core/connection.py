"""The connection check (SIE-03): what the ERP lets us use, resource by resource."""

from dataclasses import asdict

from django.db.models.functions import Now

from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core.connector import ChecksConnection
from integrations.core.errors import IntegrationError
from integrations.core.models import ConnectionState
from integrations.core.registry import entry_for


def check_connection(*, creditor: Creditor) -> ConnectionState:
    """Try every resource of the creditor's ERP and keep what was found for the screen."""
    entry = entry_for(creditor)
    try:
        connector = entry.make(creditor)
        if not isinstance(connector, ChecksConnection):
            raise DomainError(f"{entry.label} não oferece verificação de conexão.")
        checks = connector.check()
    except IntegrationError as error:
        return _save(creditor, entry.system, False, error.message, [])
    report = [asdict(check) for check in checks]
    missing = [check.permission for check in checks if check.state == "not_granted"]
    down = [check.name for check in checks if check.state == "down"]
    return _save(creditor, entry.system, not down, _sentence(missing, down), report)


def _sentence(missing: list[str], down: list[str]) -> str:
    parts = []
    if missing:
        parts.append(f"Falta liberar no ERP: {', '.join(sorted(set(missing)))}.")
    if down:
        parts.append(f"Sem resposta: {', '.join(down)}.")
    return (" ".join(parts) or "Todos os recursos respondem.")[:300]


def _save(
    creditor: Creditor, system: str, healthy: bool, message: str, report: list[dict[str, str]]
) -> ConnectionState:
    state, _ = ConnectionState.objects.update_or_create(
        agency_id=creditor.agency_id,
        system=system,
        defaults={
            "checked_at": Now(),
            "is_healthy": healthy,
            "message": message,
            "report": report,
        },
    )
    state.refresh_from_db(fields=["checked_at"])
    return state
