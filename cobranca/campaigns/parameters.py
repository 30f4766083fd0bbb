"""Switches of the calculation that an office sets per creditor."""

from cobranca.creditors.kinds import YES_NO
from cobranca.creditors.parameters import CREDITOR, Parameter, declare

SECTION = "Cálculo"

INTEREST_ON_PENALTY = declare(
    Parameter(
        section=SECTION,
        key="interest_on_penalty",
        label="Calcular Juros sobre Multa (Sim/Não)",
        scope=CREDITOR,
        kind=YES_NO,
        default=False,
        help="Com Sim, os juros incidem sobre o valor mais a multa; com Não, só sobre o valor.",
    )
)
ANNUAL_CORRECTION = declare(
    Parameter(
        section=SECTION,
        key="annual_correction",
        label="Aplicar Correção Anual no Cálculo",
        scope=CREDITOR,
        kind=YES_NO,
        default=False,
        help="Com Sim, o índice só corrige a cada doze meses completos; com Não, a cada mês.",
    )
)
