"""Parameters that every creditor has, whatever its ERP (names and values of playbook 6.3)."""

from cobranca.common.errors import DomainError
from cobranca.creditors.kinds import YES_NO, whole
from cobranca.creditors.parameters import CREDITOR, GENERAL, Kind, Parameter, declare

CREDITOR_SECTION = "Configurações de Credor"
IMPORT_SECTION = "Importação Padrão"
BOLETO_SECTION = "Boleto · Emissão"
INTEGRATION_SECTION = "Integrações"
ACCESS_SECTION = "Acesso"

FULL_LOAD_REQUIRED, FULL_LOAD_OPTIONAL = 1, 2


def _yes_no(section: str, key: str, label: str, *, default: bool, help: str) -> Parameter[bool]:
    return declare(
        Parameter(
            section=section,
            key=key,
            label=label,
            scope=CREDITOR,
            kind=YES_NO,
            default=default,
            help=help,
        )
    )


RECALL_ORIGINALS_ON_BREACH = _yes_no(
    CREDITOR_SECTION,
    "recall_originals_on_breach",
    "Devolver parcelas originais ao quebrar acordo em andamento",
    default=False,
    help="Ao quebrar um acordo com pagamentos, as parcelas originais voltam ao credor.",
)
FINISH_RENEGOTIATED_ON_BREACH = _yes_no(
    CREDITOR_SECTION,
    "finish_renegotiated_on_breach",
    "Finalizar contratos de RENEG ao quebrar acordos sem pagamentos (Sim/Não)",
    default=False,
    help="O contrato criado pela renegociação é finalizado quando o acordo quebra sem pagamento.",
)
ALLOW_BREACH_WAITING_APPROVAL = _yes_no(
    CREDITOR_SECTION,
    "allow_breach_waiting_approval",
    "Permitir quebrar acordos aguardando aprovação (Sim/Não)",
    default=True,
    help="Um acordo que ainda espera aprovação pode ser quebrado.",
)
REMOVE_RENEGOTIATED_ON_PAYMENT_REMOVAL = _yes_no(
    CREDITOR_SECTION,
    "remove_renegotiated_on_payment_removal",
    "Remover contratos de RENEG ao excluir o pagamento de efetivação (Sim/Não)",
    default=False,
    help="Excluir o pagamento que efetivou o acordo remove o contrato da renegociação.",
)
REMOVE_RENEGOTIATED_ON_BREACH = _yes_no(
    CREDITOR_SECTION,
    "remove_renegotiated_on_breach",
    "Remover contratos de RENEG ao quebrar acordos sem pagamentos (Sim/Não)",
    default=False,
    help="O contrato da renegociação é removido quando o acordo quebra sem pagamento.",
)

UPDATE_INSTALLMENT_DATA = _yes_no(
    IMPORT_SECTION,
    "update_installment_data",
    "Atualizar Observação, Valor e Vencimento da Parcela (Sim / Não)",
    default=True,
    help="A importação altera parcelas que mudaram no ERP; com Não, elas ficam como estão aqui.",
)
RECALL_IMPORTED = _yes_no(
    IMPORT_SECTION,
    "recall_imported",
    "Devolver parcelas inclusas pelo próprio arquivo (Sim/Não)",
    default=True,
    help="O batimento devolve as parcelas importadas que já não estão no ERP.",
)


def _parse_policy(text: str) -> int:
    if text.strip() not in ("1", "2"):
        raise DomainError("Informe 1 (Obrigatório) ou 2 (Opcional).")
    return int(text)


FULL_LOAD_POLICY = declare(
    Parameter(
        section=IMPORT_SECTION,
        key="full_load_policy",
        label="Importação de batimento (1-Obrigatório/2-Opcional)",
        scope=CREDITOR,
        kind=Kind("full_load_policy", _parse_policy, str, str, "1 (Obrigatório) ou 2 (Opcional)"),
        default=FULL_LOAD_OPTIONAL,
        help="Com 1, toda importação do credor é um batimento; com 2, quem importa escolhe.",
    )
)
REOPEN_RECALLED = _yes_no(
    IMPORT_SECTION,
    "reopen_recalled",
    "Reabre Parcelas Devolvidas (Sim / Não)",
    default=True,
    help="Uma parcela devolvida que volta a aparecer no ERP é reaberta aqui.",
)
RECALL_LIMIT_PERCENT = declare(
    Parameter(
        section=IMPORT_SECTION,
        key="recall_limit_percent",
        label="Limite de devoluções por batimento (%)",
        scope=CREDITOR,
        kind=whole(0, 100),
        default=30,
        help="Um batimento que devolveria mais do que isto da carteira espera uma confirmação.",
    )
)

BLOCK_NEW_DUE_DATE = _yes_no(
    BOLETO_SECTION,
    "block_new_due_date",
    "Bloquear novo vencimento ao gerar segunda via do boleto original (Sim/Não)",
    default=True,
    help="A segunda via do boleto original sai sempre com o vencimento original.",
)

LOG_RETENTION_DAYS = declare(
    Parameter(
        section=INTEGRATION_SECTION,
        key="log_retention_days",
        label="Dias de retenção dos logs de integração",
        scope=GENERAL,
        kind=whole(1, 3650),
        default=90,
        help="Chamadas mais antigas do que isto são apagadas do log.",
    )
)

SUPERVISORS_NEED_TWO_FACTOR = declare(
    Parameter(
        section=ACCESS_SECTION,
        key="supervisors_need_two_factor",
        label="Exigir verificação em duas etapas de supervisores (Sim/Não)",
        scope=GENERAL,
        kind=YES_NO,
        default=False,
        help="Quem altera configurações sempre precisa dela; com Sim, supervisores também.",
    )
)
