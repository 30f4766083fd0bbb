"""How long an office keeps what it holds about persons."""

# Screens show sections as they are declared, and the admin imports this room early.
from cobranca.creditors import standard_parameters  # noqa: F401
from cobranca.creditors.kinds import whole
from cobranca.creditors.parameters import GENERAL, Parameter, declare

SECTION = "Privacidade"

READINGS_KEPT_YEARS = declare(
    Parameter(
        section=SECTION,
        key="readings_kept_years",
        label="Anos de guarda do registro de leituras",
        scope=GENERAL,
        kind=whole(1, 20),
        default=5,
        help="Quem leu os dados de quem: registros mais antigos do que isto são apagados.",
    )
)
KEPT_YEARS = declare(
    Parameter(
        section=SECTION,
        key="kept_years",
        label="Anos de guarda dos dados após a última movimentação",
        scope=GENERAL,
        kind=whole(0, 30),
        default=5,
        help="Antes disso um titular não é anonimizado: prazo de prescrição da dívida e de guarda "
        "de documentos.",
    )
)
