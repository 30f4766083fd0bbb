"""The step of the implantação that is this room's (playbook 6.6)."""

from cobranca.accounts.models import Agency
from cobranca.campaigns.selectors import creditors_without_campaign
from cobranca.common import clock
from cobranca.creditors.onboarding import Finding, Step, done, missing, page, register
from cobranca.creditors.selectors import creditors_of


def _campaigns(agency: Agency) -> Finding:
    number = creditors_of(agency).count()
    if not number:
        return missing("Cadastre antes os credores.")
    unserved = list(creditors_without_campaign(agency, clock.today()))
    if unserved:
        return missing(f"Sem campanha vigente: {', '.join(map(str, unserved))}.")
    return done("Todos os credores têm campanha vigente.")


register(
    Step(
        code="campaigns",
        order=60,
        title="Cadastrar campanhas de cálculo",
        help="Uma por credor: encargos, honorários e descontos, à vista e parcelado. "
        "Sem ela nada é calculado.",
        look=_campaigns,
        link=page("admin:campaigns_campaign_changelist"),
        link_label="Campanhas de cálculo",
    )
)
