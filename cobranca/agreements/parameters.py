"""What an office decides about its agreements, creditor by creditor."""

# Screens show sections as they are declared, and the admin imports this room early.
from cobranca.creditors import standard_parameters  # noqa: F401
from cobranca.creditors.kinds import YES_NO, whole
from cobranca.creditors.parameters import CREDITOR, Parameter, declare

SECTION = "Acordos"


def _whole(key: str, label: str, *, most: int, default: int, help: str) -> Parameter[int]:
    return declare(
        Parameter(
            section=SECTION,
            key=key,
            label=label,
            scope=CREDITOR,
            kind=whole(0, most),
            default=default,
            help=help,
        )
    )


def _authority(key: str, role: str, default: int) -> Parameter[int]:
    return _whole(
        key,
        f"Alçada de desconto do {role} (%)",
        most=100,
        default=default,
        help="Desconto máximo, em % da dívida atualizada, que passa sem a aprovação de outro.",
    )


COLLECTOR_AUTHORITY = _authority("collector_authority", "cobrador", 10)
SUPERVISOR_AUTHORITY = _authority("supervisor_authority", "supervisor", 50)
IMPLEMENTER_AUTHORITY = _authority("implementer_authority", "implementador", 100)
DAYS_TO_BREACH = _whole(
    "days_to_breach",
    "Dias de atraso para a quebra automática (0 = nunca)",
    most=3650,
    default=10,
    help="Um acordo com uma parcela atrasada há este número de dias é quebrado sozinho.",
)
PROPOSAL_DAYS = _whole(
    "proposal_days",
    "Validade da proposta em dias (0 = sem limite)",
    most=3650,
    default=5,
    help="Depois disso a proposta não pode mais ser efetivada: os valores são de outro dia.",
)
DAYS_TO_FIRST_PARCEL = _whole(
    "days_to_first_parcel",
    "Dias até a primeira parcela do parcelado",
    most=365,
    default=30,
    help="Vencimento sugerido para a primeira parcela, contado da data do cálculo.",
)
ROLL_DUE_DATES = declare(
    Parameter(
        section=SECTION,
        key="roll_due_dates",
        label="Vencimentos só em dias úteis (Sim/Não)",
        scope=CREDITOR,
        kind=YES_NO,
        default=False,
        help="Com Sim, a parcela que venceria num dia sem expediente passa para o próximo útil.",
    )
)
