"""Steps of the implantação that concern the connection and the first load."""

from datetime import datetime, timedelta

from django.db.models import Max
from django.urls import reverse

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.creditors.onboarding import (
    Finding,
    Step,
    done,
    integrated_creditors,
    missing,
    page,
    register,
    to_validate,
)
from cobranca.creditors.selectors import active_types
from integrations.core import onboarding_webhooks  # noqa: F401  (registers)
from integrations.core.models import ConnectionState, ImportRun, IntegrationLog, LoadState
from integrations.core.registry import ConnectorEntry, entries
from integrations.core.states import ALIVE, RunStatus

FORBIDDEN = 403
# A refusal as old as this says nothing of the permissions there are now.
REFUSALS_COUNT = 30


def _connectors(agency: Agency) -> list[ConnectorEntry]:
    """Return the connectors of the creditor types that the agency switched on."""
    codes = {known.code for known in active_types(agency)}
    return [entry for entry in entries() if entry.creditor_type in codes]


def _connection(agency: Agency) -> Finding:
    connectors = _connectors(agency)
    if not connectors:
        return missing("Ative antes o tipo de credor.")
    states = {state.system: state for state in ConnectionState.objects.filter(agency=agency)}
    findings = [_finding_of(entry, states.get(entry.system)) for entry in connectors]
    # The step stands where its worst connection stands.
    return min(findings, key=lambda finding: _SEVERITY.index(finding.state))


_SEVERITY = ("missing", "to_validate", "done")


def _finding_of(entry: ConnectorEntry, state: ConnectionState | None) -> Finding:
    if state is None or state.checked_at is None:
        return missing(f"{entry.label}: conexão ainda não verificada.")
    if not state.is_enabled or not state.is_healthy:
        return missing(f"{entry.label}: {state.message}")
    refused = [line for line in state.report if line.get("state") == "not_granted"]
    if refused:
        return to_validate(f"{entry.label}: {state.message}")
    return done(f"{entry.label}: {state.message}")


def _connection_link(agency: Agency) -> str:
    """Return the check of the first integrated creditor, or the creditors while there is none."""
    creditors = integrated_creditors(agency)
    if not creditors:
        return reverse("admin:creditors_creditor_changelist")
    return reverse("integrations:connection", args=[creditors[0].pk])


def _permissions(agency: Agency) -> Finding:
    """Look at what the ERP refused in use: writing is tried by no check."""
    if not ConnectionState.objects.filter(checked_at__isnull=False).exists():
        return missing("Verifique antes a conexão.")
    since = clock.now() - timedelta(days=REFUSALS_COUNT)
    failed = IntegrationLog.objects.exclude(error="").filter(at__gte=since, status=FORBIDDEN)
    last = dict(failed.order_by().values_list("method").annotate(last=Max("at")))
    refused = [method for method, at in sorted(last.items()) if not _worked_since(method, at)]
    if refused:
        return to_validate(f"O ERP recusou, por falta de permissão: {', '.join(refused)}.")
    return done(f"Nenhuma chamada recusada por permissão em {REFUSALS_COUNT} dias.")


def _worked_since(method: str, at: datetime) -> bool:
    return IntegrationLog.objects.filter(method=method, at__gt=at, error="").exists()


def _first_load(agency: Agency) -> Finding:
    creditors = integrated_creditors(agency)
    if not creditors:
        return missing("Cadastre antes os credores.")
    loaded = LoadState.objects.filter(creditor__in=creditors, full_at__isnull=False)
    have = set(loaded.values_list("creditor_id", flat=True))
    absent = [creditor for creditor in creditors if creditor.pk not in have]
    if not absent:
        return done("Todos os credores tiveram o primeiro batimento.")
    names = ", ".join(map(str, absent))
    runs = ImportRun.objects.filter(creditor__in=absent, dry_run=False)
    if runs.filter(status=RunStatus.WAITING).exists():
        return to_validate(f"Há importação aguardando confirmação. Falta: {names}.")
    if runs.filter(status__in=ALIVE).exists():
        return missing(f"Em andamento. Falta: {names}.")
    return missing(f"Falta o primeiro batimento de: {names}.")


register(
    Step(
        code="connection",
        order=31,
        title="Verificar a conexão com o ERP",
        help="Testa cada recurso e diz que permissão falta liberar no ERP.",
        look=_connection,
        link=_connection_link,
        link_label="Conexão",
    )
)
register(
    Step(
        code="permissions",
        order=32,
        title="Liberar as permissões do usuário de API no ERP",
        help="Cada recurso e verbo, também os de gravação: reparcelamentos, telefones, endereços, "
        "boletos, extratos e webhooks.",
        look=_permissions,
        link=page("integrations:logs", query="?only_errors=on"),
        link_label="Log Integração",
    )
)
register(
    Step(
        code="first_load",
        order=70,
        title="Executar a primeira importação de dados",
        help="Um batimento de cada credor traz a carteira inteira.",
        look=_first_load,
        link=page("integrations:imports"),
        link_label="Importações",
    )
)
