"""Tables the tenant would have filled in: conditions, documents, indexers, operations."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ConditionType:
    """A kind of installment; the codes are the tenant's own."""

    code: str
    description: str
    finality: str = "Recursos Próprios"
    interval: int = 1
    ever_monthly: str = "N"


CONDITION_TYPES = {
    kind.code: kind
    for kind in (
        ConditionType("AT", "Ato", interval=0),
        ConditionType("PM", "Parcelas Mensais", ever_monthly="S"),
        ConditionType("PI", "Parcelas Intermediárias", interval=12),
        ConditionType("PS", "Parcelas Semestrais", interval=6),
        ConditionType("CH", "Chaves", interval=0),
        ConditionType("PA", "Mensais com Correção Anual", ever_monthly="S"),
        ConditionType("RE", "Resíduo", interval=0),
        ConditionType("RN", "Renegociação", ever_monthly="S"),
        ConditionType("S", "Sinal", interval=0),
        ConditionType("UN", "Parcela Única", interval=0),
        ConditionType("FI", "Financiamento Bancário", "Financiamento", 0),
        ConditionType("FG", "FGTS", "Financiamento", 0),
        ConditionType("PE", "Permuta", interval=0),
        ConditionType("DS", "Desconto", "Bonificação", 0),
    )
}

DOCUMENT_TYPES = {
    "CT": "CONTRATO",
    "AV": "AVULSO",
    "CAU": "CAUÇÃO",
    "CESS": "CESSÃO DE DIREITOS",
    "CHQ": "CHEQUE",
    "DIST": "DISTRATO",
    "FAT": "FATURA",
    "MUT": "MÚTUO",
    "NF": "NOTA FISCAL",
    "NFS": "NOTA FISCAL DE SERVIÇO",
    "PRV": "PREVISÃO",
    "REC": "RECIBO",
    "TC": "TAXA DE CONDOMÍNIO",
}


@dataclass(frozen=True, slots=True)
class Indexer:
    """A price index that grows by a fixed share each month, so that any day can be computed."""

    id: int
    name: str
    retroactivity: int
    base: Decimal
    monthly_percent: Decimal


INDEXERS = {
    index.id: index
    for index in (
        Indexer(0, "REAL", 0, Decimal(1), Decimal(0)),
        Indexer(2, "INPC", 2, Decimal("4000"), Decimal("0.54")),
        Indexer(5, "INCC-DI", 2, Decimal("402.30"), Decimal("0.54")),
        Indexer(6, "IGP-M", 1, Decimal("600"), Decimal("0.41")),
    )
}

BEARERS = {1: "CARTEIRA", 2: "BANCO COBRANÇA", 3: "SECURITIZADORA"}

RECEIVED, CANCELLED, REMADE, SUBSTITUTED, TERMINATED = 2, 3, 4, 5, 7
ADVANCE_USED, ADVANCE, IN_GOODS, OTHERS, PROMOTION, REVERSED = 8, 10, 11, 12, 14, 22

OPERATIONS = {
    RECEIVED: "Recebimento",
    CANCELLED: "Cancelamento",
    REMADE: "Reparcelamento",
    SUBSTITUTED: "Substituição",
    TERMINATED: "Distrato",
    ADVANCE_USED: "Abatimento de Adiantamento",
    ADVANCE: "Adiantamento",
    IN_GOODS: "Por Bens",
    OTHERS: "Outros",
    PROMOTION: "Promoção",
    REVERSED: "Estorno",
    # The ids of these four are not public; the names are.
    31: "Outros com Resíduo",
    32: "Bonificação",
    33: "Sorteio",
    34: "Repactuação",
}

# Only real money creates a bank movement; an advance was banked when it came in.
MONEY_OPERATIONS = frozenset({RECEIVED, ADVANCE, OTHERS, REVERSED})

ORIGINS = ("CR", "CO", "ME", "CA", "CI", "AR", "SC", "LO", "NE", "NS", "AC", "NF")
