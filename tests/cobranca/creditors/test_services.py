import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.creditors import selectors, services
from cobranca.creditors import standard_parameters as standard
from cobranca.creditors.models import (
    Branch,
    ContractType,
    ContractTypeAttribute,
    Creditor,
    CreditorTypeActivation,
    ParameterValue,
)
from integrations.sienge import parameters as sienge_parameters
from tests import factories

pytestmark = pytest.mark.usefixtures("in_scope")

AUTOMATIC = {
    "Devolver parcelas originais ao quebrar acordo em andamento": "Não",
    "Finalizar contratos de RENEG ao quebrar acordos sem pagamentos (Sim/Não)": "Não",
    "Permitir quebrar acordos aguardando aprovação (Sim/Não)": "Sim",
    "Remover contratos de RENEG ao excluir o pagamento de efetivação (Sim/Não)": "Não",
    "Remover contratos de RENEG ao quebrar acordos sem pagamentos (Sim/Não)": "Não",
    "Atualizar Observação, Valor e Vencimento da Parcela (Sim / Não)": "Sim",
    "Devolver parcelas inclusas pelo próprio arquivo (Sim/Não)": "Sim",
    "Importação de batimento (1-Obrigatório/2-Opcional)": "2",
    "Reabre Parcelas Devolvidas (Sim / Não)": "Sim",
    "Bloquear novo vencimento ao gerar segunda via do boleto original (Sim/Não)": "Sim",
}


def everything():
    """Return what is stored of creditors' set-up, to compare before and after."""
    values = ParameterValue.objects.values_list("creditor", "section", "key", "needs_validation")
    attributes = ContractTypeAttribute.objects.values_list("contract_type", "key", "position")
    return sorted(values), sorted(attributes), ContractType.objects.count()


# --- creditor types -------------------------------------------------------------------------------


def test_activating_a_creditor_type_twice_changes_nothing(agency, implementer):
    services.activate_creditor_type("SIENGE", agency=agency, actor=implementer)
    services.activate_creditor_type("SIENGE", agency=agency, actor=implementer)

    assert CreditorTypeActivation.objects.count() == 1
    assert AuditEntry.objects.filter(action="creditor_type.activated").count() == 1


def test_an_unknown_creditor_type_cannot_be_activated(agency):
    with pytest.raises(DomainError, match="desconhecido"):
        services.activate_creditor_type("OUTRO", agency=agency, actor=None)


def test_a_creditor_type_in_use_stays_on(sienge, sienge_creditor, implementer):
    with pytest.raises(DomainError, match="Há credores"):
        services.deactivate_creditor_type(activation=sienge, actor=implementer)


def test_a_creditor_of_a_type_that_is_not_on_is_refused(new_creditor, implementer):
    with pytest.raises(DomainError, match="não está ativado") as refused:
        services.save_creditor(creditor=new_creditor(), actor=implementer)

    assert refused.value.field == "creditor_type"
    assert not Creditor.objects.exists()


# --- automatic settings ---------------------------------------------------------------------------


def test_a_sienge_creditor_gets_its_ten_settings_to_be_validated(agency, sienge_creditor):
    lines = [
        line
        for section in selectors.sections("creditor", sienge_creditor)
        for line in selectors.lines_of(section, "creditor", agency=agency, creditor=sienge_creditor)
        if line.is_set
    ]

    assert {line.parameter.label: line.shown for line in lines} == AUTOMATIC
    assert all(line.needs_validation for line in lines)
    assert len({line.parameter.section for line in lines}) == 3


def test_a_sienge_creditor_brings_the_contract_type_ct(sienge_creditor):
    contract_type = ContractType.objects.get(code="CT", creditor_type="SIENGE")

    assert (contract_type.name, contract_type.is_validated) == ("Contrato de Venda", False)
    assert [(each.label, each.is_key) for each in contract_type.attributes.all()] == [
        ("Código", True),
        ("Nome Produto", False),
        ("Espaço Privado", False),
        ("Percentual de participação", False),
        ("Tipo de Imóvel", False),
        ("Matrícula", False),
        ("Estoque Comercial", False),
    ]


def test_saving_again_changes_nothing(sienge_creditor, implementer):
    services.confirm_validation(creditor=sienge_creditor, actor=implementer)
    before = everything()

    services.save_creditor(creditor=sienge_creditor, actor=implementer)

    assert everything() == before


def test_a_setting_a_person_emptied_does_not_come_back(agency, sienge_creditor, implementer):
    services.set_parameter(
        standard.REOPEN_RECALLED, "", agency=agency, creditor=sienge_creditor, actor=implementer
    )

    services.save_creditor(creditor=sienge_creditor, actor=implementer)

    line = selectors.line_of(standard.REOPEN_RECALLED, agency=agency, creditor=sienge_creditor)
    assert not line.is_set


def test_a_second_creditor_shares_the_contract_type(sienge_creditor, new_creditor, implementer):
    services.save_creditor(creditor=new_creditor(), actor=implementer)

    assert ContractType.objects.count() == 1
    assert ParameterValue.objects.count() == 20


def test_confirming_one_section_leaves_the_others(agency, sienge_creditor, implementer):
    number = services.confirm_validation(
        creditor=sienge_creditor, actor=implementer, section="Importação Padrão"
    )

    assert number == 4
    assert selectors.waiting_by_section(sienge_creditor) == {
        "Configurações de Credor": 5,
        "Boleto · Emissão": 1,
    }


def test_confirming_the_contract_type(sienge_creditor, implementer):
    contract_type = ContractType.objects.get()

    services.confirm_contract_type(contract_type=contract_type, actor=implementer)

    assert ContractType.objects.get().is_validated
    entry = AuditEntry.objects.get(action="contract_type.saved")
    assert entry.changes == {"validado": ["Não", "Sim"]}


# --- creditors ------------------------------------------------------------------------------------


def test_a_creditor_is_stored_in_one_spelling(sienge, new_creditor, implementer):
    creditor = new_creditor(
        document="82.845.322/0001-04",
        postal_code="88.010-000",
        state="sc",
        phone="(48) 3027-8000",
        email=" Alex@Exemplo.COM.BR ",
        external_code="0999",
    )

    services.save_creditor(creditor=creditor, actor=implementer)

    creditor.refresh_from_db()
    assert (creditor.document, creditor.postal_code, creditor.state) == (
        "82845322000104",
        "88010000",
        "SC",
    )
    assert (creditor.phone, creditor.email, creditor.external_code) == (
        "4830278000",
        "alex@exemplo.com.br",
        "999",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("document", "82.845.322/0001-05"),
        ("document", ""),
        ("legal_name", "  "),
        ("postal_code", "123"),
        ("state", "XX"),
        ("phone", "99"),
        ("email", "sem arroba"),
        ("external_code", ""),
        ("external_code", "12A"),
    ],
)
def test_a_field_at_fault_is_named(sienge, new_creditor, implementer, field, value):
    with pytest.raises(DomainError) as refused:
        services.save_creditor(creditor=new_creditor(**{field: value}), actor=implementer)

    assert refused.value.field == field


@pytest.mark.parametrize("document", ["12.ABC.345/01DE-35", "111.444.777-35"])
def test_alphanumeric_cnpj_and_cpf_are_creditors_too(sienge, new_creditor, implementer, document):
    services.save_creditor(creditor=new_creditor(document=document), actor=implementer)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("logo.png", b"<svg onload=alert(1)>", id="not the picture it says"),
        pytest.param("logo.svg", b"<svg></svg>", id="another kind"),
        pytest.param("logo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 600_000, id="too large"),
    ],
)
def test_a_logo_that_will_not_do(sienge, new_creditor, implementer, name, content):
    creditor = new_creditor(logo=SimpleUploadedFile(name, content))

    with pytest.raises(DomainError) as refused:
        services.save_creditor(creditor=creditor, actor=implementer)

    assert refused.value.field == "logo"


def test_a_change_is_audited_from_to(sienge_creditor, implementer):
    sienge_creditor.acronym = "ESH"

    services.save_creditor(creditor=sienge_creditor, actor=implementer)

    entry = AuditEntry.objects.get(action="creditor.saved")
    assert (entry.actor, entry.changes) == (implementer, {"sigla": ["Vazio", "ESH"]})


# --- branches -------------------------------------------------------------------------------------


def test_a_branch_is_spelled_as_its_erp_does(sienge_creditor, implementer):
    branch = Branch(
        agency=sienge_creditor.agency, creditor=sienge_creditor, code="0012", name=" Torre A "
    )

    services.save_branch(branch=branch, actor=implementer)

    assert (branch.code, branch.name) == ("12", "Torre A")


def test_a_branch_of_another_agencys_creditor_is_refused(agency, other_agency, implementer):
    foreign = factories.make_creditor(other_agency)
    branch = Branch(agency=agency, creditor=foreign, code="1", name="Torre")

    with pytest.raises(DomainError):
        services.save_branch(branch=branch, actor=implementer)


# --- parameters -----------------------------------------------------------------------------------


def test_a_parameter_is_validated_stored_and_audited(agency, implementer):
    parameter = sienge_parameters.SYNC_ON_OPEN

    services.set_parameter(parameter, "n", agency=agency, actor=implementer)

    assert selectors.value_of(parameter, agency=agency) is False
    entry = AuditEntry.objects.get(action="parameter.set")
    assert entry.changes == {
        "Integração Sienge · Sincronizar dados ao abrir Telecobrança": ["Vazio", "Não"]
    }


def test_a_wrong_value_is_refused_at_the_field(agency, implementer):
    with pytest.raises(DomainError, match="Sim ou Não") as refused:
        services.set_parameter(
            sienge_parameters.SYNC_ON_OPEN, "talvez", agency=agency, actor=implementer
        )

    assert refused.value.field == "value"


def test_emptying_a_parameter_brings_its_default_back(agency, implementer):
    parameter = sienge_parameters.SYNC_ON_OPEN
    services.set_parameter(parameter, "N", agency=agency, actor=implementer)

    services.set_parameter(parameter, None, agency=agency, actor=implementer)

    assert selectors.value_of(parameter, agency=agency) is True
    assert not ParameterValue.objects.exists()


def test_a_secret_is_encrypted_and_never_told(agency, implementer):
    parameter = sienge_parameters.PASSWORD

    services.set_parameter(parameter, "s3nh4-secreta", agency=agency, actor=implementer)

    assert selectors.value_of(parameter, agency=agency) == "s3nh4-secreta"
    assert selectors.line_of(parameter, agency=agency).shown == selectors.MASKED
    entry = AuditEntry.objects.get(action="parameter.set")
    assert entry.changes == {"Integração Sienge · Senha": "alterado"}


def test_the_same_value_again_is_not_a_change(agency, implementer):
    parameter = sienge_parameters.SYNC_ON_OPEN
    services.set_parameter(parameter, "N", agency=agency, actor=implementer)

    services.set_parameter(parameter, "Não", agency=agency, actor=implementer)

    assert AuditEntry.objects.filter(action="parameter.set").count() == 1


def test_a_creditor_parameter_needs_a_creditor_of_the_agency(agency, other_agency, implementer):
    parameter = standard.RECALL_LIMIT_PERCENT
    foreign = factories.make_creditor(other_agency)

    with pytest.raises(DomainError):
        services.set_parameter(parameter, "10", agency=agency, actor=implementer)
    with pytest.raises(NotFoundError):
        services.set_parameter(parameter, "10", agency=agency, creditor=foreign, actor=implementer)
