"""The step of the implantação that has the ERPs announce what happens (playbook 6.9)."""

from django.urls import reverse

from cobranca.accounts.models import Agency
from cobranca.creditors.onboarding import (
    Finding,
    Step,
    done,
    integrated_creditors,
    missing,
    register,
    to_validate,
)
from integrations.core import hooks
from integrations.core.models import WebhookDelivery
from integrations.core.registry import entry_for


def _webhooks(agency: Agency) -> Finding:
    creditors = integrated_creditors(agency)
    systems = {entry_for(one).system: one for one in creditors if entry_for(one).read_webhook}
    if not systems:
        return missing("Cadastre antes os credores.")
    findings = [_of_system(agency, system) for system in systems]
    return min(
        findings, key=lambda finding: ("missing", "to_validate", "done").index(finding.state)
    )


def _of_system(agency: Agency, system: str) -> Finding:
    row = hooks.subscription_of_system(agency, system)
    if row is None or row.installed_at is None:
        told = row.message if row else ""
        return missing(told or "Os webhooks ainda não foram criados no ERP.")
    facts = hooks.told_of(row)
    if not facts["complete"]:
        return to_validate(row.message)
    if not facts["https"]:
        return to_validate("O endereço desta instalação não começa com https.")
    if not WebhookDelivery.objects.filter(agency=agency, system=system).exists():
        return to_validate("Criados; nenhum aviso chegou ainda.")
    return done("Criados, e os avisos chegam.")


def _link(agency: Agency) -> str:
    """Return the webhooks of the first integrated creditor, or the creditors while none is."""
    creditors = integrated_creditors(agency)
    if not creditors:
        return reverse("admin:creditors_creditor_changelist")
    return reverse("integrations:hooks", args=[creditors[0].pk])


register(
    Step(
        code="webhooks",
        order=90,
        title="Criar os webhooks",
        help="Um botão cria no ERP todas as assinaturas, com o endereço e o token da assessoria.",
        look=_webhooks,
        link=_link,
        link_label="Webhooks",
    )
)
