"""What an office sets up for Sienge: labels as on the playbook's screens (6.1), order kept."""

import re
from typing import TypeVar

from cobranca.common.errors import DomainError
from cobranca.creditors.kinds import CODE_LIST, SECRET, TEXT, URL, YES_NO, one_of, whole
from cobranca.creditors.parameters import CREDITOR, GENERAL, Kind, Parameter, declare
from integrations.sienge.creditor_type import CODE as CREDITOR_TYPE

T = TypeVar("T")
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


def _parse_events(text: str) -> tuple[str, ...]:
    """Read names of events separated by `;`, in the order they were told."""
    names = [part.strip().upper() for part in re.split(r"[;,]", text) if part.strip()]
    if not all(re.fullmatch(r"[A-Z0-9_]{1,80}", name) for name in names) or len(names) > 3:
        raise DomainError("Informe até três nomes de eventos separados por ponto e vírgula.")
    return tuple(names)


EVENT_LIST: Kind[tuple[str, ...]] = Kind(
    "sienge_events", _parse_events, ";".join, ";".join, "Nomes de eventos separados por ;"
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
_PACKAGE: Kind[str] = one_of("sienge_package", tuple(PACKAGES))
_DAYS: Kind[int] = whole(1, 365)
_LONGEST_NOTE = 40  # of a phone, over there


def _parse_note(text: str) -> str:
    note = TEXT.parse(text)
    if not note or len(note) > _LONGEST_NOTE:
        raise DomainError(f"Informe um texto de 1 a {_LONGEST_NOTE} letras.")
    return note


_NOTE: Kind[str] = Kind("sienge_note", _parse_note, str, str, f"Até {_LONGEST_NOTE} letras")


def _general(
    key: str, label: str, kind: Kind[T], default: T, help: str, choices: str = ""
) -> Parameter[T]:
    """Declare a parameter of the agency; `choices` is a list that Sienge offers for it."""
    is_secret = kind is SECRET
    return declare(Parameter(SECTION, key, label, GENERAL, kind, default, help, is_secret, choices))


def _of_creditor(key: str, label: str, kind: Kind[T], default: T, help: str) -> Parameter[T]:
    """Declare a parameter that each Sienge creditor has for itself."""
    return declare(
        Parameter(SECTION, key, label, CREDITOR, kind, default, help, creditor_type=CREDITOR_TYPE)
    )


# A table: key, label, kind and default on one line; under it what the parameter does.
# fmt: off
USER = _general(
    "user", "Usuário", TEXT, "",
    "Nome de acesso do usuário de API criado no Sienge.")
PASSWORD = _general(
    "password", "Senha", SECRET, "",
    "Senha que o Sienge mostrou ao criar o usuário de API.")
API_ADDRESS = _general(
    "api_url", "Url Api", API_URL, "",
    "Endereço da API do cliente no Sienge.")
ANNUAL_CORRECTION = _general(
    "annual_correction", "Aplicar Correção Anual no Cálculo", YES_NO, False,
    "Com Sim, o saldo devedor pedido ao Sienge inclui a correção das parcelas anuais.")
INDEXER_BASE_MONTHS = _general(
    "indexer_base_months", "Data Base Retroativa de Indexador", INDEXER_MONTHS, (),
    "Código do indexador e quantos meses a data base do acordo recua; sem ele, um mês.",
    choices="indexers")
IGNORED_COMPANIES = _general(
    "ignored_companies", "Empresas a ignorar", CODE_LIST, (),
    "Códigos de empresas que não devem ser importadas.",
    choices="companies")
IGNORED_PAYMENT_CONDITIONS = _general(
    "ignored_payment_conditions", "Ignorar tipos de condições de pagamento", CODE_LIST, (),
    "Parcelas destas condições não são importadas.",
    choices="payment_condition_types")
IGNORED_DOCUMENTS = _general(
    "ignored_documents", "Ignorar tipos de contrato", CODE_LIST, (),
    "Títulos destes tipos de documento não são importados.",
    choices="document_types")
ONE_TASK_PER_CREDITOR = _general(
    "one_task_per_creditor", "Importação Agendada por Credor", YES_NO, False,
    "Com Sim, cada credor precisa da sua tarefa; com Não, uma tarefa serve todos.")
SYNC_CONTACT_DATA = _general(
    "sync_contact_data", "Sincronizar Atualização Cadastral", YES_NO, False,
    "Telefones e endereços alterados aqui são enviados ao Sienge.")
SYNC_ON_OPEN = _general(
    "sync_on_open", "Sincronizar dados ao abrir Telecobrança", YES_NO, True,
    "Ao abrir um devedor, as parcelas são conferidas no Sienge em segundo plano.")
SYNC_HYGIENE_DATA = _general(
    "sync_hygiene_data", "Sincronizar Dados Cadastrais Higienizados", YES_NO, False,
    "Dados vindos de higienização também são enviados ao Sienge.")
INACTIVE_NOTE = _general(
    "inactive_note", "Observação de Telefone Inativado", _NOTE, "Inativo-Cobmais",
    "O Sienge não exclui telefones: os inativados aqui vão com esta observação.")
PACKAGE = _general(
    "package", "Pacote de APIs", _PACKAGE, "",
    "Pacote contratado com o Sienge: define a cota diária de chamadas. Vazio: sem cota.")
SPC_EVENTS = _general(
    "spc_events", "Eventos de SPC no Sienge", EVENT_LIST, (),
    "Nomes dos eventos de inclusão, atualização e exclusão no SPC, se o Sienge os informou.")

INTEREST_ON_PENALTY = _of_creditor(
    "interest_on_penalty", "Calcular Juros sobre Multa", YES_NO, False,
    "Com Não, os juros incidem sobre o valor original.")
WEBHOOK_RETENTION_DAYS = _of_creditor(
    "webhook_retention_days", "Dias para excluir registros não utilizados webhook", _DAYS, 7,
    "Avisos do Sienge que não encontraram contrato nem parcela são apagados depois disso.")
IMPORT_ENTERPRISES = _of_creditor(
    "import_enterprises", "Importar Empreendimentos Automaticamente", YES_NO, True,
    "Com Não, contratos de filiais não cadastradas ficam de fora e viram críticas.")
# fmt: on
