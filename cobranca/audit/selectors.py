"""Reading the trail."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.timezone import get_current_timezone

from cobranca.accounts.models import Agency
from cobranca.audit.models import AuditEntry
from cobranca.common.viewer import shown_text

EXPORT_HEADER = ("Quando", "Quem", "Ação", "Tipo", "Código", "Objeto", "Campo", "De", "Para")


def entries_of(agency: Agency) -> QuerySet[AuditEntry]:
    """Return the agency's trail, newest first."""
    return AuditEntry.objects.filter(agency=agency).select_related("actor")


def types_in_use(agency: Agency) -> list[tuple[str, str]]:
    """Return (type, name) of what the agency's trail speaks of, by name."""
    types = entries_of(agency).order_by().values_list("object_type", flat=True).distinct()
    return sorted(((each, type_name(each)) for each in types), key=lambda pair: pair[1])


def history_of(obj: Model, *, agency: Agency) -> QuerySet[AuditEntry]:
    """Return what was done to one object, newest first."""
    return entries_of(agency).filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))


# The last word of an action (`creditor.saved`), as people say it.
_VERBS = {
    "created": "Inclusão",
    "saved": "Alteração",
    "set": "Alteração de parâmetro",
    "deleted": "Exclusão",
    "activated": "Ativação",
    "deactivated": "Desativação",
    "validated": "Validação",
    "password_changed": "Troca de senha",
    "two_factor_set_up": "Duas etapas configuradas",
    "two_factor_removed": "Duas etapas removidas",
    "two_factor_reset": "Duas etapas redefinidas",
    "two_factor_failed": "Código de duas etapas recusado",
    "recovery_codes_made": "Novos códigos de recuperação",
    "recovery_code_used": "Código de recuperação usado",
    "sessions_closed": "Sessões encerradas",
    "token_created": "Token da API criado",
    "run_requested": "Execução pedida",
    "retried": "Nova tentativa",
    "discarded": "Descarte",
    "added": "Inclusão",
    "anonymised": "Anonimização",
    "applied": "Distribuição aplicada",
    "broken": "Quebra",
    "brackets_saved": "Alteração de faixas",
    "cancelled": "Cancelamento",
    "copied": "Cópia do mês anterior",
    "done": "Retorno feito",
    "exported": "Exportação",
    "integrated": "Integração ao ERP",
    "hold_taken": "Devedor retomado",
    "installed": "Webhooks instalados",
    "issued": "Emissão",
    "lifted": "Bloqueio retirado",
    "made": "Promessa registrada",
    "mailed": "Envio por e-mail",
    "members_set": "Mudança de pessoas",
    "merged": "Unificação",
    "moved": "Mudança de ordem",
    "opened": "Abertura",
    "paid": "Pagamento",
    "proposed": "Proposta",
    "recorded": "Registro",
    "removed": "Webhooks removidos",
    "rescheduled": "Remarcação",
    "revealed": "Dados revelados",
    "reversed": "Estorno",
    "scheduled": "Agendamento",
    "sent": "Envio",
    "settled": "Quitação",
    "token_changed": "Troca do token",
    "told_apart": "São pessoas diferentes",
    "told_apart_undone": "Voltou a ser sugerido",
    "undone": "Distribuição desfeita",
    "unmerged": "Unificação desfeita",
    "waiting": "Espera de aprovação",
}


def action_name(action: str) -> str:
    """Return what was done, as people say it."""
    return _VERBS.get(action.rpartition(".")[2], action)


def when(entry: AuditEntry) -> str:
    """Return when it was done, to the second, in the office's time zone."""
    return entry.at.astimezone(get_current_timezone()).strftime("%d/%m/%Y %H:%M:%S")


def type_name(object_type: str) -> str:
    """Return the Portuguese name of an entry's kind of object."""
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return object_type


def change_lines(changes: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (field, from, to) of an entry's changes, as whoever looks may see them."""
    told = ((label, *_from_to(change)) for label, change in changes.items())
    return [(label, shown_text(old), shown_text(new)) for label, old, new in told]


def _from_to(change: Any) -> tuple[str, str]:
    if isinstance(change, list) and len(change) == 2:
        return str(change[0]), str(change[1])
    return "", str(change)


def export_rows(entries: QuerySet[AuditEntry]) -> Iterator[tuple[str, ...]]:
    """Yield one row per changed field (one per entry without any), streamed."""
    for entry in entries.iterator(chunk_size=2000):
        what = (action_name(entry.action), type_name(entry.object_type))
        head = (when(entry), str(entry.actor or "Sistema"), *what)
        for line in change_lines(entry.changes) or [("", "", "")]:
            yield (*head, entry.object_id, entry.object_label, *line)
