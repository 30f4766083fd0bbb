"""What the Sienge connector makes known when the product starts."""

from cobranca.campaigns.switches import SwitchParameters, register_switches
from cobranca.creditors import choices
from integrations.core.budget import register_limits
from integrations.core.registry import ConnectorEntry, register
from integrations.sienge import parameters
from integrations.sienge.config import SYSTEM, limits_of_agency, wants_one_task_per_creditor
from integrations.sienge.connector import choices_for, make_connector
from integrations.sienge.creditor_type import SIENGE

register(
    ConnectorEntry(
        system=SYSTEM,
        creditor_type=SIENGE.code,
        label=SIENGE.label,
        layouts=(("carga_sienge", "Carga Sienge"),),
        make=make_connector,
        one_task_per_creditor=wants_one_task_per_creditor,
    )
)
register_limits(SYSTEM, limits_of_agency)
choices.register(parameters.SECTION, choices_for)
register_switches(
    SIENGE.code,
    SwitchParameters(
        interest_on_penalty=parameters.INTEREST_ON_PENALTY,
        annual_correction=parameters.ANNUAL_CORRECTION,
    ),
)
