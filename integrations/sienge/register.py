"""What the Sienge connector makes known when the product starts."""

from cobranca.campaigns.switches import SwitchParameters, register_switches
from cobranca.creditors import choices
from integrations.core.budget import register_limits
from integrations.core.registry import ConnectorEntry, register
from integrations.sienge import parameters
from integrations.sienge.config import (
    LOG_KIND,
    SYSTEM,
    limits_of_agency,
    wants_one_task_per_creditor,
    webhook_days,
)
from integrations.sienge.connector import choices_for, make_connector
from integrations.sienge.creditor_type import SIENGE
from integrations.sienge.gateway import SiengeGateway
from integrations.sienge.webhooks import ANNOUNCED, BOLETO_EVENTS, read_webhook

PAYMENTS = "sienge_pagamentos"

register(
    ConnectorEntry(
        system=SYSTEM,
        creditor_type=SIENGE.code,
        label=SIENGE.label,
        layouts=(("carga_sienge", "Carga Sienge"), (PAYMENTS, "Sienge Pagamentos")),
        payments_layout=PAYMENTS,
        make=make_connector,
        one_task_per_creditor=wants_one_task_per_creditor,
        read_webhook=read_webhook,
        announced=ANNOUNCED,
        boleto_events=BOLETO_EVENTS,
        webhook_days=webhook_days,
        gateway=SiengeGateway,
    )
)
register_limits(SYSTEM, limits_of_agency, label=SIENGE.label, log_kind=LOG_KIND)
choices.register(parameters.SECTION, choices_for)
register_switches(
    SIENGE.code,
    SwitchParameters(
        interest_on_penalty=parameters.INTEREST_ON_PENALTY,
        annual_correction=parameters.ANNUAL_CORRECTION,
    ),
)
