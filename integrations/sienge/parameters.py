"""What an office sets up for Sienge: labels as on the playbook's screens (6.1), order kept."""

import re

from cobranca.common.errors import DomainError
from cobranca.creditors.kinds import CODE_LIST, SECRET, TEXT, URL, YES_NO, one_of, whole
from cobranca.creditors.parameters import CREDITOR, GENERAL, Kind, Parameter, declare
from integrations.sienge.creditor_type import CODE as CREDITOR_TYPE

SECTION = "Integração Sienge"

# (indexer, months back)
IndexerMonths = tuple[tuple[int, int], ...]

API_PATH = "/public/api/v1"
_MOST_MONTHS = 120


def _parse_indexer_months(text: str) -> IndexerMonths:
    """Read pairs `8;2`, several of them separated by blanks or `/`."""
    pairs: dict[int, int] = {}
    for pair in re.split(r"[\s/]+", text.strip()):
        found = re.fullmatch(r"(\d{1,6});(\d{1,3})", pair, re.ASCII)
        if not found or int(found[2]) > _MOST_MONTHS:
            raise DomainError(
                'Informe pares "indexador;meses" separados por espaço ou "/", como 8;2 ou 8;2/5;1.'
            )
        indexer, months = int(found[1]), int(found[2])
        if pairs.setdefault(indexer, months) != months:
            raise DomainError(f"O indexador {indexer} aparece com dois números de meses.")
    return tuple(pairs.items())


def _show_indexer_months(value: IndexerMonths) -> str:
    return "/".join(f"{indexer};{months}" for indexer, months in value)


INDEXER_MONTHS: Kind[IndexerMonths] = Kind(
    "indexer_months",
    _parse_indexer_months,
    _show_indexer_months,
    _show_indexer_months,
    "indexador;meses, como 8;2/5;1",
)


def _parse_api_url(text: str) -> str:
    """Complete an address to the REST base: people copy it with more or less of its path."""
    address = URL.parse(text)
    base = re.sub(r"/public(/api(/bulk-data)?(/v\d+)?)?$", "", address)
    if "/public/" in base:
        raise DomainError(f"O endereço deve terminar em {API_PATH}.")
    return base + API_PATH


API_URL: Kind[str] = Kind(
    "sienge_api_url", _parse_api_url, str, str, f"https://api.sienge.com.br/suaempresa{API_PATH}"
)

USER = declare(
    Parameter(
        section=SECTION,
        key="user",
        label="Usuário",
        scope=GENERAL,
        kind=TEXT,
        default="",
        help="Nome de acesso do usuário de API criado no Sienge.",
    )
)
PASSWORD = declare(
    Parameter(
        section=SECTION,
        key="password",
        label="Senha",
        scope=GENERAL,
        kind=SECRET,
        default="",
        help="Senha que o Sienge mostrou ao criar o usuário de API.",
        secret=True,
    )
)
API_ADDRESS = declare(
    Parameter(
        section=SECTION,
        key="api_url",
        label="Url Api",
        scope=GENERAL,
        kind=API_URL,
        default="",
        help="Endereço da API do cliente no Sienge.",
    )
)
ANNUAL_CORRECTION = declare(
    Parameter(
        section=SECTION,
        key="annual_correction",
        label="Aplicar Correção Anual no Cálculo",
        scope=GENERAL,
        kind=YES_NO,
        default=False,
        help="Com Sim, o saldo devedor pedido ao Sienge inclui a correção das parcelas anuais.",
    )
)
INDEXER_BASE_MONTHS = declare(
    Parameter(
        section=SECTION,
        key="indexer_base_months",
        label="Data Base Retroativa de Indexador",
        scope=GENERAL,
        kind=INDEXER_MONTHS,
        default=(),
        help="Código do indexador e quantos meses a data base do acordo recua; sem ele, um mês.",
        choices="indexers",
    )
)
IGNORED_COMPANIES = declare(
    Parameter(
        section=SECTION,
        key="ignored_companies",
        label="Empresas a ignorar",
        scope=GENERAL,
        kind=CODE_LIST,
        default=(),
        help="Códigos de empresas que não devem ser importadas.",
        choices="companies",
    )
)
IGNORED_PAYMENT_CONDITIONS = declare(
    Parameter(
        section=SECTION,
        key="ignored_payment_conditions",
        label="Ignorar tipos de condições de pagamento",
        scope=GENERAL,
        kind=CODE_LIST,
        default=(),
        help="Parcelas destas condições não são importadas.",
        choices="payment_condition_types",
    )
)
IGNORED_DOCUMENTS = declare(
    Parameter(
        section=SECTION,
        key="ignored_documents",
        label="Ignorar tipos de contrato",
        scope=GENERAL,
        kind=CODE_LIST,
        default=(),
        help="Títulos destes tipos de documento não são importados.",
        choices="document_types",
    )
)
ONE_TASK_PER_CREDITOR = declare(
    Parameter(
        section=SECTION,
        key="one_task_per_creditor",
        label="Importação Agendada por Credor",
        scope=GENERAL,
        kind=YES_NO,
        default=False,
        help="Com Sim, cada credor precisa da sua tarefa; com Não, uma tarefa serve todos.",
    )
)
SYNC_CONTACT_DATA = declare(
    Parameter(
        section=SECTION,
        key="sync_contact_data",
        label="Sincronizar Atualização Cadastral",
        scope=GENERAL,
        kind=YES_NO,
        default=False,
        help="Telefones e endereços alterados aqui são enviados ao Sienge.",
    )
)
SYNC_ON_OPEN = declare(
    Parameter(
        section=SECTION,
        key="sync_on_open",
        label="Sincronizar dados ao abrir Telecobrança",
        scope=GENERAL,
        kind=YES_NO,
        default=True,
        help="Ao abrir um devedor, as parcelas são conferidas no Sienge em segundo plano.",
    )
)
SYNC_HYGIENE_DATA = declare(
    Parameter(
        section=SECTION,
        key="sync_hygiene_data",
        label="Sincronizar Dados Cadastrais Higienizados",
        scope=GENERAL,
        kind=YES_NO,
        default=False,
        help="Dados vindos de higienização também são enviados ao Sienge.",
    )
)

# Calls a day of each package (reference, 1.3): name → (REST, BULK).
PACKAGES: dict[str, tuple[int, int]] = {
    "Free": (100, 10),
    "Start": (1_000, 20),
    "Special": (2_500, 50),
    "Essencial": (5_000, 100),
    "Enterprise": (10_000, 200),
    "Business": (30_000, 600),
    "Ultimate": (75_000, 28_800),
    "Infinity": (200_000, 30_000),
}
PACKAGE = declare(
    Parameter(
        section=SECTION,
        key="package",
        label="Pacote de APIs",
        scope=GENERAL,
        kind=one_of("sienge_package", tuple(PACKAGES)),
        default="",
        help="Pacote contratado com o Sienge: define a cota diária de chamadas. Vazio: sem cota.",
    )
)

INTEREST_ON_PENALTY = declare(
    Parameter(
        section=SECTION,
        key="interest_on_penalty",
        label="Calcular Juros sobre Multa",
        scope=CREDITOR,
        kind=YES_NO,
        default=False,
        help="Com Não, os juros incidem sobre o valor original.",
        creditor_type=CREDITOR_TYPE,
    )
)
WEBHOOK_RETENTION_DAYS = declare(
    Parameter(
        section=SECTION,
        key="webhook_retention_days",
        label="Dias para excluir registros não utilizados webhook",
        scope=CREDITOR,
        kind=whole(1, 365),
        default=7,
        help="Avisos do Sienge que não encontraram contrato nem parcela são apagados depois disso.",
        creditor_type=CREDITOR_TYPE,
    )
)
IMPORT_ENTERPRISES = declare(
    Parameter(
        section=SECTION,
        key="import_enterprises",
        label="Importar Empreendimentos Automaticamente",
        scope=CREDITOR,
        kind=YES_NO,
        default=True,
        help="Com Não, contratos de filiais não cadastradas ficam de fora e viram críticas.",
        creditor_type=CREDITOR_TYPE,
    )
)
