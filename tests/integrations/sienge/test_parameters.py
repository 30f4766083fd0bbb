"""The parameters of SIE-01 and SIE-02: labels, defaults, spellings accepted and refused."""

import pytest

from cobranca.common.errors import DomainError
from cobranca.creditors.parameters import CREDITOR, GENERAL, definitions
from integrations.core.budget import PoolLimit
from integrations.core.calls import BULK, REST
from integrations.core.errors import ConfigError
from integrations.sienge import parameters as p
from integrations.sienge.config import Filters, limits_of_agency, load_config
from tests.integrations.sienge.office import configure

URL = "https://api.sienge.com.br/minhaempresa/public/api/v1"


def labels(scope):
    return [x.label for x in definitions(scope) if x.section == "Integração Sienge"]


def test_general_parameters_carry_the_labels_of_the_playbook():
    assert labels(GENERAL) == [
        "Usuário",
        "Senha",
        "Url Api",
        "Aplicar Correção Anual no Cálculo",
        "Data Base Retroativa de Indexador",
        "Empresas a ignorar",
        "Ignorar tipos de condições de pagamento",
        "Ignorar tipos de contrato",
        "Importação Agendada por Credor",
        "Sincronizar Atualização Cadastral",
        "Sincronizar dados ao abrir Telecobrança",
        "Sincronizar Dados Cadastrais Higienizados",
        "Observação de Telefone Inativado",
        "Pacote de APIs",
        "Eventos de SPC no Sienge",
    ]


def test_creditor_parameters_carry_the_labels_of_the_playbook():
    assert labels(CREDITOR) == [
        "Calcular Juros sobre Multa",
        "Dias para excluir registros não utilizados webhook",
        "Importar Empreendimentos Automaticamente",
    ]


def test_unset_parameters_have_the_defaults_of_the_playbook():
    assert [
        x for x in (p.ANNUAL_CORRECTION, p.SYNC_CONTACT_DATA, p.INTEREST_ON_PENALTY) if x.default
    ] == []
    assert p.SYNC_ON_OPEN.default is True
    assert p.IMPORT_ENTERPRISES.default is True
    assert p.WEBHOOK_RETENTION_DAYS.default == 7


def test_only_the_password_is_a_secret():
    assert [x for x in definitions() if x.section == p.SECTION and x.secret] == [p.PASSWORD]
    assert "s3nh@" not in p.PASSWORD.kind.show("s3nh@")


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "shown"),
    [
        (p.SYNC_ON_OPEN.kind, " sim ", "S", "Sim"),
        (p.SYNC_ON_OPEN.kind, "N", "N", "Não"),
        (p.SYNC_ON_OPEN.kind, "NÃO", "N", "Não"),
        (p.IGNORED_DOCUMENTS.kind, "TC;FAT,NF; nfe;;TC", "TC;FAT;NF;NFE", "TC;FAT;NF;NFE"),
        (p.IGNORED_COMPANIES.kind, "17", "17", "17"),
        (p.INDEXER_BASE_MONTHS.kind, "8;2", "8;2", "8;2"),
        (p.INDEXER_BASE_MONTHS.kind, "08;02", "8;2", "8;2"),
        (p.INDEXER_BASE_MONTHS.kind, " 8;2 5;1/3;0 ", "8;2/5;1/3;0", "8;2/5;1/3;0"),
        (p.INDEXER_BASE_MONTHS.kind, "8;2/8;2", "8;2", "8;2"),
        (p.API_ADDRESS.kind, URL + "/", URL, URL),
        (p.API_ADDRESS.kind, "https://api.sienge.com.br/minhaempresa", URL, URL),
        (p.API_ADDRESS.kind, "https://api.sienge.com.br/minhaempresa/public/api/", URL, URL),
        (p.API_ADDRESS.kind, URL.replace("api/v1", "api/bulk-data/v1"), URL, URL),
        (
            p.API_ADDRESS.kind,
            "http://127.0.0.1:9000/x/public/api/v1",
            "http://127.0.0.1:9000/x/public/api/v1",
            "http://127.0.0.1:9000/x/public/api/v1",
        ),
        (p.PACKAGE.kind, "free", "Free", "Free"),
        (p.INACTIVE_NOTE.kind, " Desativado ", "Desativado", "Desativado"),
        (p.WEBHOOK_RETENTION_DAYS.kind, " 2 ", "2", "2"),
    ],
)
def test_what_people_type_is_stored_in_one_spelling(kind, typed, stored, shown):
    value = kind.parse(typed)

    assert (kind.store(value), kind.show(value)) == (stored, shown)
    assert kind.parse(kind.store(value)) == kind.parse(kind.show(value)) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (p.SYNC_ON_OPEN.kind, "talvez"),
        (p.INACTIVE_NOTE.kind, "x" * 41),
        (p.SYNC_ON_OPEN.kind, ""),
        (p.IGNORED_DOCUMENTS.kind, "FAT NF"),
        (p.INDEXER_BASE_MONTHS.kind, "8-2"),
        (p.INDEXER_BASE_MONTHS.kind, "8;2;5;1"),
        (p.INDEXER_BASE_MONTHS.kind, "8;2 8;3"),
        (p.INDEXER_BASE_MONTHS.kind, "8;999"),
        (p.INDEXER_BASE_MONTHS.kind, ""),
        (p.API_ADDRESS.kind, "api.sienge.com.br/minhaempresa"),
        (p.API_ADDRESS.kind, "ftp://api.sienge.com.br/minhaempresa"),
        (p.API_ADDRESS.kind, "https://usuario:senha@api.sienge.com.br/x/public/api/v1"),
        (p.API_ADDRESS.kind, URL + "?token=1"),
        (p.API_ADDRESS.kind, URL + "/customers"),
        (p.API_ADDRESS.kind, "https://api.sienge.com.br:porta/x"),
        (p.API_ADDRESS.kind, "https://"),
        (p.PACKAGE.kind, "Ouro"),
        (p.WEBHOOK_RETENTION_DAYS.kind, "0"),
        (p.WEBHOOK_RETENTION_DAYS.kind, "sete"),
        (p.PASSWORD.kind, " "),
        (p.USER.kind, "duas\nlinhas"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(kind, typed):
    with pytest.raises(DomainError) as refused:
        kind.parse(typed)

    assert refused.value.message.endswith((".", ")."))


def test_the_configuration_is_read_from_the_parameters(in_scope, creditor):
    configure(
        in_scope,
        {
            p.USER: "minhaempresa-cobranca",
            p.PASSWORD: "segredo",
            p.API_ADDRESS: URL,
            p.IGNORED_COMPANIES: "017;9",
            p.IGNORED_DOCUMENTS: "fat",
        },
    )
    creditor.external_code = "0017"

    config = load_config(in_scope, creditor)

    assert config.api_url == URL
    assert config.bulk_url == URL.replace("api/v1", "api/bulk-data/v1")
    assert config.filters == Filters(
        "17", frozenset({"17", "9"}), frozenset(), frozenset({"FAT"}), "Inativo-Cobmais"
    )
    assert config.imports_branches
    assert "segredo" not in repr(config)


def test_what_is_unset_is_named(in_scope, creditor):
    configure(in_scope, {p.USER: "minhaempresa-cobranca"})

    with pytest.raises(ConfigError, match="Senha, Url Api"):
        load_config(in_scope, creditor)


def test_the_package_gives_the_daily_quota(in_scope):
    assert limits_of_agency(in_scope)[REST] == PoolLimit(195)

    configure(in_scope, {p.PACKAGE: "Free"})

    assert limits_of_agency(in_scope) == {REST: PoolLimit(195, 100), BULK: PoolLimit(18, 10)}
